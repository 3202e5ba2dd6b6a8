"""Ends the run's own calls and no others: after each scenario, and after a crash from the ledger alone.

It hangs up as each party in turn, the owner first, and reports every call that may be left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from callproof.json_values import as_object, text_of
from callproof.judge.legs import Leg
from callproof.judge.notification import FINAL_STATES
from callproof.runner.agent_sessions import AgentSessions, Request, log_ends
from callproof.runner.ledger import Ledger, OwnLeg
from callproof.runner.timing import Timing


@dataclass(frozen=True)
class Ending:
    """The result of a teardown. `sentinels`: agents whose last own release arrived; `lost`: those for whom it did not."""

    left: tuple[str, ...]
    sentinels: frozenset[str]
    lost: frozenset[str]
    marks: Mapping[str, int]


async def tear_down(sessions: AgentSessions, ledger: Ledger, timing: Timing) -> Ending:
    """Hang up every own call that was not seen Released, and wait for the notifications of that."""
    marks = log_ends(sessions)
    _note_releases(sessions, ledger, dict.fromkeys(sessions.agents, 0))
    to_end = {leg.agent for leg in ledger.open_legs}
    refused: dict[Leg, str] = {}
    for leg in ledger.open_legs:
        if not ledger.is_open(leg.key) or not await _hangs_up(leg, sessions, refused):
            continue
        await _wait(sessions, ledger, marks, timing.patience_s, [leg.key])
        # A call of two parties ends for both: wait for the other's release before asking for that too.
        await _wait(sessions, ledger, marks, timing.quiet_s, _open(ledger))
    await _wait(sessions, ledger, marks, timing.patience_s, _open(ledger))
    left = [_left(leg, refused) for leg in ledger.open_legs if await _is_up(leg, sessions, ledger)]
    lost = frozenset(leg.agent for leg in ledger.open_legs)
    await _settle_idle(sessions, ledger, sessions.agents)
    return Ending((*left, *ledger.unlearnt), frozenset(to_end) - lost, lost, marks)


async def end_at_once(
    sessions: AgentSessions, ledger: Ledger, timing: Timing, limit_s: float, adopt: Callable[[], None]
) -> Ending:
    """Hang up every own call at the same time, as `tear_down` does in turn, and be done within `limit_s` seconds.

    `adopt` adds what was notified meanwhile to the ledger. Only for a run that judges nothing any more.
    """
    marks, refused = log_ends(sessions), dict[Leg, str]()

    async def hang_up() -> None:
        adopt()
        _note_releases(sessions, ledger, dict.fromkeys(sessions.agents, 0))
        await asyncio.gather(*(_hangs_up(leg, sessions, refused) for leg in ledger.open_legs))

    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            await hang_up()
            if ledger.waiting:  # the answer to a request was not waited for: its call may be notified now
                await sessions.changed(log_ends(sessions), sessions.now() + timing.quiet_min_s)
                await hang_up()
            await _wait(sessions, ledger, marks, min(timing.patience_s, limit_s / 2), _open(ledger))
            await asyncio.gather(*(_is_up(leg, sessions, ledger) for leg in ledger.open_legs))
            await _settle_idle(sessions, ledger, sessions.agents)
    left = tuple(_left(leg, refused) for leg in ledger.open_legs)
    return Ending((*left, *ledger.unlearnt), frozenset(), frozenset(), marks)


async def quiet(sessions: AgentSessions, window_s: float) -> None:
    """Wait until no notification has arrived for this long."""
    while True:
        seen = log_ends(sessions)
        await sessions.changed(seen, sessions.now() + window_s)
        if log_ends(sessions) == seen:
            return


async def clean_up(
    sessions: AgentSessions, ledger: Ledger, helpless: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """End the calls that an earlier run left, without notifications; return a line for every call that may still be up.

    `helpless` are agents as whom no request can be sent, each with the reason.
    """
    reasons = helpless or {}
    able = [agent for agent in sessions.agents if agent not in reasons]
    refused: dict[Leg, str] = {}
    for leg in ledger.open_legs:
        if leg.agent not in able:
            refused[leg.key] = reasons.get(leg.agent, f"{leg.agent} has no session")
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
    return (*left, *await doubtful_left(sessions, ledger, reasons))


async def doubtful_left(
    sessions: AgentSessions, ledger: Ledger, helpless: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """A line for every call that is up and may be the run's or somebody else's. Such a call is not ended: people may be talking."""
    why = "it may be this run's or somebody else's, so it was not ended; hang it up if nobody is talking"
    unable = helpless or {}
    up = [leg for leg in ledger.doubtful if leg.agent in unable or await _is_up(leg, sessions, ledger)]
    return tuple(
        f"the call {leg.id} of {leg.agent} ({leg.scenario}): {unable.get(leg.agent, why)}" for leg in up
    )


async def _settle_idle(sessions: AgentSessions, ledger: Ledger, agents: Sequence[str]) -> None:
    """A call whose id never became known is over if its agent has no call. Calls that the agent has are not touched."""
    for agent in (name for name in ledger.waiting if name in agents):
        reply = await sessions.request(agent, Request("GET", "/me/calls?fields=*"))
        if as_object(reply.value.get("body")).get("calls") == []:
            while agent in ledger.waiting:
                ledger.settle(agent)


async def _hangs_up(leg: OwnLeg, sessions: AgentSessions, refused: dict[Leg, str]) -> bool:
    """Hang up a leg; whether that was accepted. The reason of a refusal goes into `refused`."""
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
    """Wait until all these legs were seen Released, but not longer than this."""
    deadline = sessions.now() + seconds
    while True:
        _note_releases(sessions, ledger, marks)
        if not any(map(ledger.is_open, legs)) or sessions.now() >= deadline:
            return
        await sessions.changed(log_ends(sessions), deadline)


def _note_releases(sessions: AgentSessions, ledger: Ledger, marks: Mapping[str, int]) -> None:
    for agent in sessions.agents:
        for heard in sessions.log(agent)[marks[agent] :]:
            if heard.has_ended:
                ledger.release(heard.leg)


async def _is_up(leg: OwnLeg, sessions: AgentSessions, ledger: Ledger) -> bool:
    """Ask the server before reporting a call as left: a lost notification is not a lost call."""
    if leg.agent not in sessions.agents:
        return True
    reply = await sessions.request(leg.agent, Request("GET", f"/me/calls/{leg.id}"))
    if not reply.answered or reply.status_code is None:
        return True
    call = as_object(as_object(reply.value.get("body")).get("call"))
    is_gone = reply.status_code == 6 or text_of(call.get("state")) in FINAL_STATES
    if is_gone:
        ledger.release(leg.key)
    return not is_gone


def _left(leg: OwnLeg, refused: Mapping[Leg, str]) -> str:
    why = refused.get(leg.key, "its release was never notified")
    return f"the call {leg.id} of {leg.agent} ({leg.scenario}): {why}"
