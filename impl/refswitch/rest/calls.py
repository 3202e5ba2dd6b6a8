"""The agent's calls: reading them, placing them, operating on them.

Nothing here waits: between reading the world and publishing its changes, no other request is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from refswitch.calls import Dial, LegKey, Operate
from refswitch.numbers import OUTCOME_KEY, NoSuchOutcome
from refswitch.refusals import BadValue, RefusedOnPurpose
from refswitch.stubs import bodies, resources

from .answers import collection
from .caller import Caller, check_own


def list_calls(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """The agent's live legs: their addresses, or with `fields` the legs or the members asked for."""
    calls = caller.sandbox.switch.calls(caller.seat.number)
    return collection("calls", [call["uri"] for call in calls], calls, fields)


def read_call(caller: Caller, id: str) -> resources.CallAnswer:
    """One live leg, always complete."""
    return {"statusCode": 0, "call": caller.sandbox.switch.call(caller.seat.number, id)}


def dial(caller: Caller, operation: bodies.DiallingOperation, id: str) -> resources.Accepted:
    """Dial from the agent's own device."""
    check_own(caller, id)
    return carry_out(caller, Dial(caller.seat.number, operation))


def operate_on_call(caller: Caller, operation: bodies.CallOperation, id: str) -> resources.Accepted:
    """Every operation on a leg. The call model says what each does."""
    return carry_out(caller, Operate(LegKey(caller.seat.number, id), operation))


def carry_out(caller: Caller, command: Operate | Dial) -> resources.Accepted:
    """Apply the command to the caller's switch. Raises Refused, BadValue and RefusedOnPurpose, and then no call has changed."""
    sandbox, agent = caller.sandbox, caller.seat.number
    try:
        met = sandbox.outcomes.met(agent, command)
    except NoSuchOutcome as problem:
        raise BadValue(f"$.userData.{OUTCOME_KEY}", str(problem)) from None
    if met is None:
        sandbox.switch.apply(command)
        return {"statusCode": 0}
    if met.outcome.refusal is not None:
        if met.outcome.refusal.ends_session:
            sandbox.access.sessions.end(caller.session)
        raise RefusedOnPurpose(met.outcome.refusal)
    with sandbox.outcomes.applying(agent, met):
        sandbox.switch.apply(replace(command, is_simulated=met.is_simulated))
    caller.answer = met.outcome.answer
    return {"statusCode": 0}
