"""The agent's calls: reading them, placing them, operating on them."""

from __future__ import annotations

from collections.abc import Mapping

from refswitch.calls import Dial, LegKey, Operate
from refswitch.stubs import bodies, resources

from .answers import collection
from .caller import Caller
from .devices import check_own
from .operations import carry_out


def list_calls(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """The agent's live legs: their addresses, or with `fields` the legs or the members asked for."""
    calls = caller.sandbox.switch.calls(caller.seat.number)
    return collection("calls", [call["uri"] for call in calls], calls, fields)


def read_call(caller: Caller, id: str) -> resources.CallAnswer:
    """One live leg, always whole."""
    return {"statusCode": 0, "call": caller.sandbox.switch.call(caller.seat.number, id)}


def dial(caller: Caller, operation: bodies.DiallingOperation, id: str) -> resources.Accepted:
    """Dial from the agent's own device."""
    check_own(caller, id)
    return carry_out(caller, Dial(caller.seat.number, operation))


def operate_on_call(caller: Caller, operation: bodies.CallOperation, id: str) -> resources.Accepted:
    """Every operation on a leg. What each does, the call model says."""
    return carry_out(caller, Operate(LegKey(caller.seat.number, id), operation))
