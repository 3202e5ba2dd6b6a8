"""Turns the contract's call model into the table that calls follow, or refuses it and names file and row.

The contract's call-model.schema.json says what a row may contain; this module adds what this server requires.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import jsonschema_rs

from .calls import EFFECTS, BadTable, ModelData, Table, read_table
from .contract import CALL_MODEL, Contract, ContractBroken
from .stubs import bodies
from .stubs.operations import CallOperationTable, DiallingOperationTable
from .violations import Violation, violations

_SCHEMA = json.loads(Path(__file__).with_name("call-model.schema.json").read_text(encoding="utf-8"))
_VALIDATOR = jsonschema_rs.Draft7Validator(_SCHEMA)
#: Target of a row -> the operations that can be posted to it.
_SERVED: Mapping[str, frozenset[str]] = {
    "call": frozenset(CallOperationTable.__annotations__),
    "device": frozenset(DiallingOperationTable.__annotations__),
}
_FORMS = "must say when it is possible (in, or target: device and opens) and which notifications follow (tells, or served: false)"


def read_call_model(contract: Contract) -> Table:
    """The table of the contract's call model. Raises ContractBroken."""
    file = contract.directory / CALL_MODEL
    check_call_model(contract)
    model = cast(ModelData, contract.call_model)
    for row, problem in _not_servable(model):
        raise ContractBroken(file, f"row {row} {problem}")
    try:
        return read_table(model, EFFECTS)
    except BadTable as bad:
        raise ContractBroken(file, f"row {bad.row} {bad.problem}") from None


def check_call_model(contract: Contract) -> None:
    """Raises ContractBroken for a call model that does not fit its own schema."""
    for violation in violations(_VALIDATOR.iter_errors(contract.call_model)):
        raise ContractBroken(contract.directory / CALL_MODEL, _said(violation, contract.call_model))


def _not_servable(model: ModelData) -> Iterator[tuple[str, str]]:
    """Rows that need something from a request that no such request contains."""
    for row in model["operations"]:
        if not row.get("served", True):
            continue
        name, known = row["operation"], _SERVED[row.get("target", "call")]
        if name not in known:
            yield (
                row["id"],
                f"is for {name}, which this server does not know; known: {', '.join(sorted(known))}",
            )
        elif "opens" in row and "destination" not in getattr(bodies, name).__annotations__:
            yield row["id"], f"opens a leg, but {name} names no destination to dial"


def _said(violation: Violation, model: object) -> str:
    rule = _FORMS if violation.keyword == "anyOf" else violation.rule
    return f"{_row(violation.steps, model)}{violation.place} {rule}"


def _row(steps: Sequence[str | int], model: object) -> str:
    """`row hold, ` for a place in that row: its index in the file would say little to a reader."""
    row = model
    for step in steps[:2] if len(steps) > 1 and isinstance(steps[1], int) else ():
        row = cast("Mapping[str | int, object]", row)[step]
    name = row.get("id") if isinstance(row, dict) and row is not model else None
    return f"row {name[:64]}, " if isinstance(name, str) else ""
