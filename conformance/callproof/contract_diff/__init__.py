"""Compares two versions of a contract and says which change breaks whom. Pure: documents in, changes out.

What one side sends, the other reads: a schema that becomes narrower breaks the sender, one that becomes wider breaks the reader. Clients
send requests; servers send answers and notifications. So the same change of a schema breaks different sides in the two directions.
"""

from callproof.contract_diff.changes import Change, Effect, Gathered, gathered
from callproof.contract_diff.comparing import Bundles, NotComparable, compare
from callproof.contract_diff.text import as_json, as_text

__all__ = [
    "Bundles",
    "Change",
    "Effect",
    "Gathered",
    "NotComparable",
    "as_json",
    "as_text",
    "compare",
    "gathered",
]
