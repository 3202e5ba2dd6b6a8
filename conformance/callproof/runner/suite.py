"""The packaged suite. Only this module opens the files of the catalogue."""

from __future__ import annotations

from pathlib import Path

from callproof import catalogue
from callproof.catalogue.loading import Suite, suite
from callproof.contract.bundles import Contract

FOLDER = Path(catalogue.__file__).parent
_KINDS = frozenset({".yaml", ".json", ".txt"})


def texts_in(folder: Path = FOLDER) -> dict[str, str]:
    """The text of every data file below the folder, by its path there. Raises OSError."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in _KINDS
    }


def read_suite(contract: Contract, folder: Path = FOLDER) -> Suite:
    """The requirements and scenarios of the folder, with the contract's clauses. Raises BadCatalogue with all mistakes."""
    return suite(texts_in(folder), contract.clauses)
