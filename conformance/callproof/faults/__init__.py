"""The fault bench: deliberately faulty and odd but legal servers, made of the reference server and a line that alters its traffic.

A variant is data (`*.yaml`, `fault.schema.json`); `read_variants` reads them all. `Line` is a variant's line, pure; `Proxy` carries it.
"""

from .line import Line
from .model import Rule, TableChange, Variant
from .proxy import Proxy
from .table import NoSuchRow, changed_table, copy_contract
from .variants import BadVariants, parse, read_variants

__all__ = [
    "BadVariants",
    "Line",
    "NoSuchRow",
    "Proxy",
    "Rule",
    "TableChange",
    "Variant",
    "changed_table",
    "copy_contract",
    "parse",
    "read_variants",
]
