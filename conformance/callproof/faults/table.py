"""Faulty call models: a copy of the contract's directory with changes, given as data, to its table of calls."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from callproof.json_values import Json, as_object

from .members import edited
from .model import TableChange

_PARTS = ("operations", "network")
_BUNDLES = ("openapi.json", "asyncapi.json", "call-model.json")


class NoSuchRow(Exception):
    """A change names a row that the call model does not have, so the variant would equal the sound server."""

    def __init__(self, row: str) -> None:
        self.row = row
        super().__init__(f"the call model has no row {row}")


def changed_table(call_model: dict[str, Json], changes: Sequence[TableChange]) -> dict[str, Json]:
    """Return a changed copy of the call model. Raises NoSuchRow."""
    table = copy.deepcopy(call_model)
    for change in changes:
        if change.adds:
            rows = table[change.to]
            assert isinstance(rows, list)
            rows.append(dict(change.adds))
        else:
            _change_row(table, change)
    return table


def copy_contract(directory: Path, changes: Sequence[TableChange], into: Path) -> None:
    """Write the contract's bundles into a directory, with the changed call model. Raises NoSuchRow."""
    for name in _BUNDLES:
        shutil.copyfile(directory / name, into / name)
    place = into / "call-model.json"
    table = changed_table(json.loads(place.read_text(encoding="utf-8")), changes)
    place.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def _change_row(table: dict[str, Json], change: TableChange) -> None:
    for part in _PARTS:
        rows = table[part]
        assert isinstance(rows, list)
        for index, row in enumerate(rows):
            if as_object(row).get("id") != change.row:
                continue
            if change.removes:
                del rows[index]
            else:
                rows[index] = edited(row, change.edit)
            return
    raise NoSuchRow(change.row)
