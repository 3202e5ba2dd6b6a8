"""Ends the run's own calls, and nothing else: after each scenario, and after a crash from the ledger alone.

Several ways are tried, by the owner first and then by each other party; what is left is told and never hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callproof.json_values import as_object
from callproof.judge.legs import Leg
from callproof.runner.agent_sessions import AgentSessions, Request, log_ends
from callproof.runner.ledger import Ledger, OwnLeg
from callproof.runner.stage import Timing


@dataclass(frozen=True)
class Ending:
    """How a teardown went. `sentinels`: agents whose last own release arrived; `lost`: those for whom it did not."""

    left: tuple[str, ...]
    sentinels: frozenset[str]
    lost: frozenset[str]
    marks: Mapping[str, int]


async def tear_down(sessions: AgentSessions, ledger: Ledger, timing: Timing) -> Ending:
    """Hang up every own call that is not known to be Released, and wait for the releases to be told."""
    marks = log_ends(sessions)
    _note_releases(sessions, ledger, dict.fromkeys(sessions.agents, 0))
    to_end = {leg.agent for leg in ledger.open_legs}
    refused: dict[Leg, str] = {}
    for leg in ledger.open_legs:
        if not ledger.is_open(leg.key) or not await _hangs_up(leg, sessions, refused):
            continue
        await _wait(sessions, ledger, marks, timing.patience_s, [leg.key])
        # A call of two ends for both: give the other's release the time to arrive before asking for that too.
        await _wait(sessions, ledger, marks, timing.quiet_min_s, _open(ledger))
    await _wait(sessions, ledger, marks, timing.patience_s, _open(ledger))
    left = [_left(leg, refused) for leg in ledger.open_legs if await _is_up(leg, sessions, ledger)]
    lost = frozenset(leg.agent for leg in ledger.open_legs)
    await _settle_idle(sessions, ledger, sessions.agents)
    return Ending((*left, *ledger.unlearnt), frozenset(to_end) - lost, lost, marks)


async def quiet(sessions: AgentSessions, window_s: float) -> None:
    """Wait until nobody has heard anything for this long."""
    while True:
        seen = log_ends(sessions)
        await sessions.changed(seen, sessions.now() + window_s)
        if log_ends(sessions) == seen:
            return


async def clean_up(
    sessions: AgentSessions, ledger: Ledger, helpless: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """End what an earlier run left, with no notification to rely on; return a line for every call that may still be up.

    `helpless` are agents for whom nothing can be asked, each with the reason.
    """
    reasons = helpless or {}
    able = [agent for agent in sessions.agents if agent not in reasons]
    refused: dict[Leg, str] = {}
    for leg in ledger.open_legs:
        if leg.agent not in able:
            refused[leg.key] = reasons.get(leg.agent, f"{leg.agent} has no line")
        elif await _is_up(leg, sessions, ledger):
            await _hangs_up(leg, sessions, refused)
    left = [
        _left(leg, refused)
        for leg in ledger.open_legs
        if leg.agent not in able or await _is_up(leg, sessions, ledger)
    ]
    await _settle_idle(sessions, ledger, able)
    for agent in ledger.waiting:
        why = f": {reasons[agent]}" if agent in reasons else ""
        left += [f"{call}{why}" for call in ledger.unlearnt_of(agent)]
    return tuple(left)


async def _settle_idle(sessions: AgentSessions, ledger: Ledger, agents: Sequence[str]) -> None:
    """A call whose id was never told is over when its agent has no call at all. What he has is only counted, never touched."""
    for agent in (name for name in ledger.waiting if name in agents):
        reply = await sessions.request(agent, Request("GET", "/me/calls?fields=*"))
        if as_object(reply.value.get("body")).get("calls") == []:
            while agent in ledger.waiting:
                ledger.settle(agent)


async def _hangs_up(leg: OwnLeg, sessions: AgentSessions, refused: dict[Leg, str]) -> bool:
    """Ask for the end of a leg; why that was refused, if it was, goes into `refused`."""
    hangup = Request("POST", f"/me/calls/{leg.id}", {"operationName": "Hangup"})
    reply = await sessions.request(leg.agent, hangup)
    if reply.status_code != 0:
        refused[leg.key] = reply.why or f"Hangup was answered with statusCode {reply.status_code}"
    return reply.status_code == 0


def _open(ledger: Ledger) -> list[Leg]:
    return [leg.key for leg in ledger.open_legs]


async def _wait(
    sessions: AgentSessions,
    ledger: Ledger,
    marks: Mapping[str, int],
    seconds: float,
    legs: Sequence[Leg],
) -> None:
    """Wait until all these legs have been seen Released, for no longer than this."""
    deadline = sessions.now() + seconds
    while True:
        _note_releases(sessions, ledger, marks)
        if not any(map(ledger.is_open, legs)) or sessions.now() >= deadline:
            return
        await sessions.changed(log_ends(sessions), deadline)


def _note_releases(sessions: AgentSessions, ledger: Ledger, marks: Mapping[str, int]) -> None:
    for agent in sessions.agents:
        for heard in sessions.log(agent)[marks[agent] :]:
            if heard.state == "Released":
                ledger.release(heard.leg)


async def _is_up(leg: OwnLeg, sessions: AgentSessions, ledger: Ledger) -> bool:
    """Ask the server itself before a call is reported as left: a lost notification is not a lost call."""
    if leg.agent not in sessions.agents:
        return True
    reply = await sessions.request(leg.agent, Request("GET", f"/me/calls/{leg.id}"))
    if not reply.answered or reply.status_code is None:
        return True
    call = as_object(as_object(reply.value.get("body")).get("call"))
    is_gone = reply.status_code == 6 or call.get("state") == "Released"
    if is_gone:
        ledger.release(leg.key)
    return not is_gone


def _left(leg: OwnLeg, refused: Mapping[Leg, str]) -> str:
    why = refused.get(leg.key, "no release was told")
    return f"the call {leg.id} of {leg.agent} ({leg.scenario}): {why}"
