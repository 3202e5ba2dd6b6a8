"""Faults: outcomes of simulated numbers that operations meet at any number while the fault is armed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refswitch.numbers import NoSuchOutcome, read_numbers
from refswitch.outcomes import Fault
from refswitch.refusals import BadValue

from .request import DONE, AdminRequest, Json


def list_faults(request: AdminRequest) -> Json:
    return {"faults": [_shown(fault) for fault in request.sandbox.outcomes.faults]}


def arm_faults(request: AdminRequest) -> Json:
    """Replace the armed faults. Raises BadValue for an outcome or an agent that does not exist."""
    seats = {seat.number for seat in request.sandbox.seating.seats}
    faults = []
    for index, entry in enumerate(request.body["faults"]):
        place = f"$.faults[{index}]"
        if entry.get("agent") not in (None, *seats):
            raise BadValue(f"{place}.agent", "is not the number of a seat")
        faults.append(_read(entry, place))
    request.sandbox.outcomes.faults = tuple(faults)
    return DONE


def disarm_faults(request: AdminRequest) -> Json:
    request.sandbox.outcomes.faults = ()
    return DONE


def _read(entry: Mapping[str, Any], place: str) -> Fault:
    try:
        outcome = read_numbers().named(entry["outcome"])
    except NoSuchOutcome as problem:
        raise BadValue(f"{place}.outcome", str(problem)) from None
    return Fault(outcome, entry.get("agent"), entry.get("operation"), entry.get("times"))


def _shown(fault: Fault) -> Json:
    said = {
        "outcome": fault.outcome.name,
        "agent": fault.agent,
        "operation": fault.operation,
        "times": fault.times,
    }
    return {name: value for name, value in said.items() if value is not None}
