"""Plays a plan against a target and yields what happens as a stream of `events`.

One scenario at a time: play, tear down, wait for quiet, judge. An interruption ends the current scenario, tears down its calls, and still
yields the end; a run without `RunEnded` was cut short.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from callproof.catalogue.planning import GENERATED, Plan, Play
from callproof.catalogue.requirement import Level
from callproof.catalogue.scenario import Scenario
from callproof.json_values import Json
from callproof.judge.bodies import Body
from callproof.judge.checks import CheckDone
from callproof.judge.legs import Leg, is_attributable
from callproof.judge.played import PlayedScenario, SessionHealth
from callproof.judge.scoring import checks, judged
from callproof.runner import generated
from callproof.runner.agent_sessions import AgentSessions, log_ends
from callproof.runner.connecting import network_sessions
from callproof.runner.events import (
    CleanupDone,
    Event,
    RunEnded,
    RunStarted,
    ScenarioEnded,
    ScenarioLeftOut,
    ScenarioStarted,
)
from callproof.runner.ledger import Ledger
from callproof.runner.masking import masked, redactor_for
from callproof.runner.network_sessions import NetworkSessions
from callproof.runner.preflight import NotReady, ready
from callproof.runner.stage import People, Stage, Timing
from callproof.runner.teardown import Ending, quiet, tear_down
from callproof.runner.validation import Validation
from callproof.target.target import Target
from callproof.validator.schemas import Schemas
from callproof.wire import Clock, SystemClock, Transcript

__all__ = ["NotReady", "Outside", "Runner"]

#: This many scenarios in a row without a connection end the run.
_ABORT_AFTER = 3
_LONGEST_SCENARIO_S = 120.0
_WITHOUT_EVIDENCE = frozenset({"blocked", "inconclusive"})


@dataclass(frozen=True)
class Outside:
    """What a run needs besides its plan: the target, the contract's schemas, the catalogue's levels, where to write."""

    target: Target
    schemas: Schemas
    levels: Mapping[str, Level]
    ledger_file: Path | None = None
    transcript_file: Path | None = None
    openapi: Mapping[str, Json] | None = None
    embedded: bool = False  # the server was started for this run and ends with it


class Runner:
    """One run. Iterate over `events` once; `interrupt` may be called meanwhile. `transcript` holds every message."""

    def __init__(
        self,
        plan: Plan,
        outside: Outside,
        started: RunStarted,
        *,
        clock: Clock | None = None,
        sessions: AgentSessions | None = None,
    ) -> None:
        self.clock = SystemClock() if clock is None else clock
        self.transcript = Transcript(self.clock, redactor_for(outside.target), outside.transcript_file)
        self.ledger = Ledger(outside.ledger_file, self.transcript.redactor.text)
        self._plan = plan
        self._outside = outside
        self._target = outside.target
        self._started = started
        self._given = sessions
        self._wire: NetworkSessions | None = None
        self._validation = Validation(outside.schemas)
        self._timing = Timing(
            self._target.event_timeout_s, self._target.quiet_min_s, self._target.time_factor
        )
        self._chance = random.Random(started.seed)  # noqa: S311  # repeatable test data, no secret
        self._task: asyncio.Task[None] | None = None
        self._interrupted = False
        self._delays: list[tuple[str, float]] = []
        self._foreign: dict[str, int] = {}
        self._without_connection = 0
        self._no_session = ""
        self._left: tuple[str, ...] = ()
        self._stopped = ""

    def interrupt(self) -> None:
        """End the current scenario, tear down, and yield the end. A signal handler of the loop may call this."""
        self._interrupted = True
        if self._task is not None:
            self._task.cancel()

    async def events(self) -> AsyncIterator[Event]:
        """Run. Before the first event it raises NotReady if nothing can be judged, LedgerNotUsable if calls cannot be recorded.

        What the events and NotReady tell is masked.
        """
        try:
            async for event in self._events():
                yield masked(event, self.transcript.redactor)
        except NotReady as error:
            raise NotReady(self.transcript.redactor.shown(str(error))) from None

    async def _events(self) -> AsyncIterator[Event]:
        self.ledger.begin(self._target.base_url, embedded=self._outside.embedded)
        sessions = self._given if self._given is not None else self._connected()
        try:
            people = await ready(sessions, self._plan, self._target)
            yield self._started
            for skipped in self._plan.left_out:
                yield _left_out(skipped.scenario, skipped.reason)
            if self._plan.generated:
                async for event in self._generated(sessions):
                    yield event
            async for event in self._plays(sessions, people):
                yield event
            yield CleanupDone(not self._left, self._left)
            yield self._ended(self._why_stop() or self._stopped)
        finally:
            await self._close()

    async def _plays(self, sessions: AgentSessions, people: People) -> AsyncIterator[Event]:
        """Play every planned scenario, or leave it out with the reason."""
        for play in self._plan.plays:
            if reason := self._why_not(play):
                self._stopped = self._stopped or reason
                yield _left_out(play.scenario, reason)
                continue
            yield _scenario_started(play.scenario, self._plan)
            async for event in self._scenario(play, sessions, people):
                yield event

    # Before ---------------------------------------------------------------------------------------------------------

    def _connected(self) -> NetworkSessions:
        self._wire = network_sessions(
            self._target, self._plan.agents or tuple(self._target.agents), self.transcript, self.clock
        )
        return self._wire

    async def _open_sessions(self, play: Play) -> None:
        """Open the agents' sessions before the first call. A failure only blocks here; it is judged elsewhere."""
        if self._wire is not None and play.scenario.places_calls and not self._wire.is_open:
            self._no_session = await self._wire.open(self._plan.agents)

    # A scenario -----------------------------------------------------------------------------------------------------

    async def _scenario(self, play: Play, sessions: AgentSessions, people: People) -> AsyncIterator[Event]:
        entry, began = self.transcript.mark(), sessions.now()
        await self._open_sessions(play)
        known = self.ledger.own
        stopped = self._no_session if play.scenario.places_calls else ""
        stage = Stage(
            play, sessions, people, self.ledger, self._timing, self._validation, self._chance, stopped
        )
        failed = await self._play(stage)
        ending = await self._end(stage, sessions)
        self._left = ending.left
        if failed is not None:
            raise failed
        if not self._interrupted:
            played = await self._played(stage, sessions, ending, known)
            done = checks(played, self._plan.unasked, self._outside.levels, self._validation.of_notification)
            self._note(played, stage, done)
            for check in done:
                yield check
        given = [
            f"given: {given.call} is {given.flow} between {' and '.join(given.agents)}"
            for given in play.scenario.given
        ]
        ended = ScenarioEnded(
            play.scenario.id,
            round((sessions.now() - began) * 1000),
            set_up_by="operations of the API" if given else "",
            flow="\n".join([*given, *(step.title for step in play.scenario.steps)]),
        )
        yield self._bounded(ended, entry)

    async def _generated(self, sessions: AgentSessions) -> AsyncIterator[Event]:
        """Send bodies generated from the contract; if there are none, leave the scenario out with the reason."""
        covered = tuple(sorted(generated.proves(self._plan.unasked)))
        seed, openapi = self._started.seed, self._outside.openapi
        made, reason = tuple[Body, ...](), "no contract was given to make bodies from"
        try:
            made = generated.bodies(openapi, self._validation, seed) if openapi else ()
        except generated.NotInstalled as missing:
            reason = str(missing)
        if not made:
            yield ScenarioLeftOut(GENERATED, generated.TITLE, "http", reason, covered)
            return
        entry, began = self.transcript.mark(), sessions.now()
        yield ScenarioStarted(GENERATED, generated.TITLE, "http", covered)
        findings = await generated.play(
            sessions, "alice", made, self._plan.unasked, self._validation, self._chance
        )
        for check in judged(findings, self._outside.levels):
            yield check
        flow = f"alice sends {len(made)} bodies, made with seed {seed}, to calls that do not exist"
        ended = ScenarioEnded(GENERATED, round((sessions.now() - began) * 1000), flow=flow)
        yield self._bounded(ended, entry)

    def _bounded(self, ended: ScenarioEnded, mark: int) -> ScenarioEnded:
        """The event with the first and last entry of its part of the transcript, which starts at the mark."""
        entries = self.transcript.since(mark)
        return replace(ended, first_entry=entries[0].id, last_entry=entries[-1].id) if entries else ended

    async def _play(self, stage: Stage) -> BaseException | None:
        """Play every step, unless interrupted or out of time; return the suite's own error that stopped it."""
        if self._interrupted:
            return None
        self._task = asyncio.create_task(stage.play_all())
        await asyncio.wait({self._task}, timeout=_LONGEST_SCENARIO_S * self._timing.time_factor)
        task, self._task = self._task, None
        task.cancel()
        await asyncio.wait({task})
        return None if task.cancelled() else task.exception()

    async def _end(self, stage: Stage, sessions: AgentSessions) -> Ending:
        if not stage.play.scenario.places_calls or self._no_session:
            return Ending((), frozenset(), frozenset(), log_ends(sessions))
        if self.ledger.waiting:
            # A requested call has no known id yet: wait for its notification before ending anything.
            await quiet(sessions, self._timing.quiet_min_s)
        stage.adopt_notified()
        ending = await tear_down(sessions, self.ledger, self._timing)
        if not self._interrupted:
            largest = max((delay for _, delay in (*self._delays, *stage.delays)), default=0.0)
            await quiet(sessions, min(max(self._timing.quiet_min_s, 3 * largest), self._timing.patience_s))
        return ending

    async def _played(
        self, stage: Stage, sessions: AgentSessions, ending: Ending, known: frozenset[Leg]
    ) -> PlayedScenario:
        """What was played; every session is asked for one more sign of life after the barrier."""
        health: dict[str, SessionHealth] = {}
        ended = sessions.now()
        for agent in sessions.agents if stage.play.scenario.places_calls and not self._no_session else ():
            health[agent] = SessionHealth(
                alive=await sessions.alive(agent, ended),
                interrupted=sessions.interrupted(agent, stage.started),
                strangers=self._strangers(agent, stage, sessions),
            )
        return PlayedScenario(
            play=stage.play,
            steps=tuple(stage.steps),
            log={agent: tuple(sessions.log(agent)) for agent in sessions.agents},
            legs=stage.legs,
            scope=stage.scope,
            earlier=stage.earlier,
            teardown=ending.marks,
            sessions=health,
            sentinels=ending.sentinels,
            lost_sentinels=ending.lost,
            known=known,
        )

    def _strangers(self, agent: str, stage: Stage, sessions: AgentSessions) -> int:
        """How many notifications of calls outside this run arrived meanwhile."""
        own = self.ledger.own | stage.legs.own
        count = sum(
            bool(each.call_id) and each.leg not in own and not is_attributable(each, stage.legs, stage.scope)
            for each in sessions.log(agent)[stage.earlier[agent] :]
        )
        if count:
            self._foreign[agent] = self._foreign.get(agent, 0) + count
        return count

    def _note(self, played: PlayedScenario, stage: Stage, done: Sequence[CheckDone]) -> None:
        """Count the consecutive scenarios without a working connection."""
        self._delays.extend(stage.delays)
        has_evidence = not done or any(check.verdict not in _WITHOUT_EVIDENCE for check in done)
        is_lost = not has_evidence and (bool(self._no_session) or _lacks_connection(played))
        self._without_connection = self._without_connection + 1 if is_lost else 0

    # After ----------------------------------------------------------------------------------------------------------

    def _why_stop(self) -> str:
        if self._interrupted:
            return "the run was interrupted"
        if self._without_connection >= _ABORT_AFTER:
            return f"{_ABORT_AFTER} scenarios in a row had no working connection"
        return ""

    def _why_not(self, play: Play) -> str:
        """Why this scenario cannot be played now. The limit of calls stops only scenarios that place calls."""
        if play.scenario.places_calls and self.ledger.calls >= self._target.calls_total:
            limit = (
                f"limits.calls_total is {self._target.calls_total}, and that many calls have been requested"
            )
            return self._why_stop() or limit
        return self._why_stop()

    def _ended(self, stopped: str) -> RunEnded:
        return RunEnded(
            ended=self.clock.now().isoformat(timespec="seconds"),
            complete=not stopped,
            interrupted=self._interrupted,
            stopped=stopped,
            delays_ms=_percentiles(self._delays),
            foreign_traffic=dict(self._foreign),
            transports=self._wire.connection_types if self._wire is not None else (),
        )

    async def _close(self) -> None:
        if self._wire is not None:
            await self._wire.close()
        self.ledger.close()
        self.transcript.close()


def _lacks_connection(played: PlayedScenario) -> bool:
    """Whether a request had no answer, or a session showed no sign of life."""
    replies = (step.reply for step in played.steps if not step.wrong_request)
    is_unanswered = any(reply is not None and not reply.answered for reply in replies)
    return is_unanswered or any(not session.alive for session in played.sessions.values())


def _percentiles(delays: Sequence[tuple[str, float]]) -> Mapping[str, Mapping[str, float]]:
    """How long each kind of notification took, in milliseconds; reported, never judged."""
    found: dict[str, Mapping[str, float]] = {}
    for kind in sorted({kind for kind, _ in delays}):
        times = sorted(delay * 1000 for name, delay in delays if name == kind)
        found[kind] = {
            "count": len(times),
            "p50": round(times[len(times) // 2], 1),
            "p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
            "max": round(times[-1], 1),
        }
    return found


def _left_out(scenario: Scenario, reason: str) -> ScenarioLeftOut:
    return ScenarioLeftOut(
        scenario.id, scenario.title, scenario.profile, reason, tuple(sorted(scenario.proves))
    )


def _scenario_started(scenario: Scenario, plan: Plan) -> ScenarioStarted:
    proves = scenario.proves | (plan.unasked.proves if scenario.places_calls else frozenset())
    return ScenarioStarted(scenario.id, scenario.title, scenario.profile, tuple(sorted(proves)))
