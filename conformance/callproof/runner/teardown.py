"""Ends the run's own calls, and nothing else: after each scenario, and after a crash from the ledger alone.

Several ways are tried, by the owner first and then by each other party; what is left is told and never hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from callproof.json_values import Json
from callproof.judge.legs import Leg
from callproof.judge.predicates import lookup
from callproof.runner.agent_sessions import AgentSessions, Request
from callproof.runner.ledger import Ledger, OwnLeg
from callproof.runner.stage import Timing


@dataclass(frozen=True)
class Ending:
    """How a teardown went. `sentinels`: agents whose last own release arrived; `lost`: those for whom it did not."""

    left: tuple[str, ...]
    sentinels: frozenset[str]
    lost: frozenset[str]
    marks: Mapping[str, int]


async def tear_down(lines: AgentSessions, ledger: Ledger, timing: Timing) -> Ending:
    """Hang up every own call that is not known to be Released, and wait for the releases to be told."""
    marks = {agent: len(lines.log(agent)) for agent in lines.agents}
    _note_releases(lines, ledger, dict.fromkeys(lines.agents, 0))
    to_end = {leg.agent for leg in ledger.open_legs}
    refused: dict[Leg, str] = {}
    for leg in ledger.open_legs:
        if leg.key in {still.key for still in ledger.open_legs}:
            await _hang_up(leg, lines, ledger, timing, marks, refused)
    if ledger.open_legs:
        await _wait(lines, ledger, marks, timing.patience_s, lambda: not ledger.open_legs)
    left = [_left(leg, refused) for leg in ledger.open_legs if await _is_up(leg, lines, ledger)]
    lost = frozenset(leg.agent for leg in ledger.open_legs)
    await _settle_idle(lines, ledger, lines.agents)
    return Ending((*left, *ledger.unlearnt), frozenset(to_end) - lost, lost, marks)


async def quiet(lines: AgentSessions, window_s: float) -> None:
    """Wait until nobody has heard anything for this long."""
    while True:
        seen = {agent: len(lines.log(agent)) for agent in lines.agents}
        await lines.changed(seen, lines.now() + window_s)
        if {agent: len(lines.log(agent)) for agent in lines.agents} == seen:
            return


async def clean_up(
    lines: AgentSessions, ledger: Ledger, helpless: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """End what an earlier run left, with no notification to rely on; return a line for every call that may still be up.

    `helpless` are agents for whom nothing can be asked, each with the reason.
    """
    reasons = helpless or {}
    able = [agent for agent in lines.agents if agent not in reasons]
    refused: dict[Leg, str] = {}
    for leg in ledger.open_legs:
        if leg.agent not in able:
            refused[leg.key] = reasons.get(leg.agent, f"{leg.agent} has no line")
        elif await _is_up(leg, lines, ledger):
            reply = await lines.request(
                leg.agent, Request("POST", f"/me/calls/{leg.id}", {"operationName": "Hangup"})
            )
            if reply.status_code != 0:
                refused[leg.key] = _why(reply.why, reply.status_code)
    left = [
        _left(leg, refused)
        for leg in ledger.open_legs
        if leg.agent not in able or await _is_up(leg, lines, ledger)
    ]
    await _settle_idle(lines, ledger, able)
    for agent in ledger.waiting:
        why = f": {reasons[agent]}" if agent in reasons else ""
        left += [f"{call}{why}" for call in ledger.unlearnt_of(agent)]
    return tuple(left)


async def _settle_idle(lines: AgentSessions, ledger: Ledger, agents: Sequence[str]) -> None:
    """A call whose id was never told is over when its agent has no call at all. What he has is only counted, never touched."""
    for agent in (name for name in ledger.waiting if name in agents):
        reply = await lines.request(agent, Request("GET", "/me/calls?fields=*"))
        calls = lookup(reply.value.get("body"), "calls")
        if calls and calls[0] == []:
            while agent in ledger.waiting:
                ledger.settle(agent)


async def _hang_up(
    leg: OwnLeg,
    lines: AgentSessions,
    ledger: Ledger,
    timing: Timing,
    marks: Mapping[str, int],
    refused: dict[Leg, str],
) -> None:
    reply = await lines.request(
        leg.agent, Request("POST", f"/me/calls/{leg.id}", {"operationName": "Hangup"})
    )
    if reply.status_code != 0:
        refused[leg.key] = _why(reply.why, reply.status_code)
        return
    await _wait(
        lines,
        ledger,
        marks,
        timing.patience_s,
        lambda: leg.key not in {still.key for still in ledger.open_legs},
    )
    # A call of two ends for both: give the other's release the time to arrive before he is asked to hang up too.
    await _wait(lines, ledger, marks, timing.quiet_min_s, lambda: not ledger.open_legs)


async def _wait(
    lines: AgentSessions, ledger: Ledger, marks: Mapping[str, int], seconds: float, done: Callable[[], bool]
) -> None:
    deadline = lines.now() + seconds
    while True:
        _note_releases(lines, ledger, marks)
        if done() or lines.now() >= deadline:
            return
        await lines.changed({agent: len(lines.log(agent)) for agent in lines.agents}, deadline)


def _note_releases(lines: AgentSessions, ledger: Ledger, marks: Mapping[str, int]) -> None:
    for agent in lines.agents:
        for heard in lines.log(agent)[marks[agent] :]:
            if heard.state == "Released":
                ledger.release((agent, heard.call_id))


async def _is_up(leg: OwnLeg, lines: AgentSessions, ledger: Ledger) -> bool:
    """Ask the server itself before a call is reported as left: a lost notification is not a lost call."""
    if leg.agent not in lines.agents:
        return True
    reply = await lines.request(leg.agent, Request("GET", f"/me/calls/{leg.id}"))
    if not reply.answered or reply.status_code is None:
        return True
    body = reply.value.get("body")
    call: Json = body.get("call") if isinstance(body, dict) else None
    is_gone = reply.status_code == 6 or (isinstance(call, dict) and call.get("state") == "Released")
    if is_gone:
        ledger.release(leg.key)
    return not is_gone


def _left(leg: OwnLeg, refused: Mapping[Leg, str]) -> str:
    why = refused.get(leg.key, "no release was told")
    return f"the call {leg.id} of {leg.agent} ({leg.scenario}): {why}"


def _why(why: str, code: int | None) -> str:
    return why or f"Hangup was answered with statusCode {code}"
