"""Carrying out an operation on a call, with the outcome that it meets.

Nothing here waits: between reading the world and publishing what became of it, nobody else is served.
"""

from __future__ import annotations

from dataclasses import replace

from refswitch.calls import Dial, Operate
from refswitch.numbers import OUTCOME_KEY, NoSuchOutcome
from refswitch.refusals import BadValue, RefusedOnPurpose
from refswitch.stubs import resources

from .caller import Caller


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
    with sandbox.outcomes.playing(agent, met):
        sandbox.switch.apply(replace(command, is_simulated=met.is_simulated))
    caller.answer = met.outcome.answer
    return {"statusCode": 0}
