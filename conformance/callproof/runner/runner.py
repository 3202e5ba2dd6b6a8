"""Plays a plan against a target and yields what happens as a stream of `events`.

One scenario at a time: play, tear down, wait for quiet, judge. An interruption ends whatever the run waits for, ends its calls within
the target's `teardown_s`, and still yields the end; a run without `RunEnded` was cut short. A run that cannot end its calls, or cannot
write, dials no more.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from callproof import limits
from callproof.catalogue.planning import GENERATED, Plan, Play
from callproof.catalogue.requirement import Level
from callproof.catalogue.scenario import Scenario
from callproof.json_values import Json
from callproof.judge.bodies import Body
from callproof.judge.checks import CheckDone
from callproof.judge.foreign import in_words, is_real
from callproof.judge.legs import Leg, is_attributable
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedScenario, SessionHealth
from callproof.judge.scoring import checks, judged
from callproof.judge.sentences import NOTHING_SAID, Said
from callproof.not_written import FileNotWritten, in_one_sentence
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
from callproof.runner.stage import People, Stage
from callproof.runner.teardown import Ending, doubtful_left, end_at_once, quiet, tear_down
from callproof.runner.timing import Timing
from callproof.runner.validation import Validation
from callproof.target.target import Target
from callproof.validator.schemas import Schemas
from callproof.wire import Clock, SystemClock, Transcript

__all__ = ["Interrupted", "NotReady", "Outside", "Runner"]

_T = TypeVar("_T")
_ABORT_AFTER = limits.WITHOUT_CONNECTION.default
_HASTY_FAREWELL_S = 1.0  # after an interruption; a server drops a session without a farewell by itself
_WITHOUT_EVIDENCE = frozenset({"blocked", "inconclusive"})


class Interrupted(Exception):
    """The run was interrupted before its first event, so nothing was judged and no call was placed."""


@dataclass(frozen=True)
class Outside:
    """What a run needs besides its plan: the target, the contract's schemas, the catalogue's levels, where to write.

    Without a `ledger`, the run's calls are only in memory.
    """

    target: Target
    schemas: Schemas
    levels: Mapping[str, Level]
    ledger: Ledger | None = None
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
        self.ledger = Ledger() if outside.ledger is None else outside.ledger
        self.ledger.mask = self.transcript.redactor.text
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
        self._task: asyncio.Task[Any] | None = None
        self._interrupted = False
        self._delays: list[tuple[str, float]] = []
        self._foreign: dict[str, int] = {}
        self._others: dict[Leg, Notification] = {}  # calls of other people, with their first notifications
        self._looked_to: Mapping[str, int] | None = None
        self._without_connection = 0
        self._no_session = ""
        self._left: tuple[str, ...] = ()
        self._stopped = ""

    def interrupt(self) -> None:
        """End what the run waits for, end its calls, and yield the end. Call it in the run's loop."""
        self._interrupted = True
        if self._task is not None:
            self._task.cancel()

    async def events(self) -> AsyncIterator[Event]:
        """Run. Before the first event it raises NotReady if nothing can be judged, LedgerNotUsable or FileNotWritten if calls cannot be
        recorded, and Interrupted. What the events and NotReady tell is masked.
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
            people = await self._interruptible(ready(sessions, self._plan, self._target))
            self.ledger.alone = self._target.require_idle
            yield self._started
            for skipped in self._plan.left_out:
                yield _left_out(skipped.scenario, skipped.reason)
            if self._plan.generated:
                async for event in self._generated(sessions):
                    yield event
            async for event in self._plays(sessions, people):
                yield event
            left = (*self._left, *await self._doubtful_left(sessions))
            yield CleanupDone(self._outside.embedded or not left, left)
            yield self._ended(self._why_stop() or self._stopped)
        finally:
            await self._close()

    @property
    def failures(self) -> tuple[FileNotWritten, ...]:
        """The files that could not be written so far."""
        return tuple(failure for failure in (self.ledger.failure, self.transcript.failure) if failure)

    async def _interruptible(self, doing: Coroutine[Any, Any, _T]) -> _T:
        """The coroutine's result. Raises Interrupted, and cancels it, when the run is interrupted."""
        task = asyncio.create_task(doing)
        self._task = task
        try:
            if self._interrupted:
                task.cancel()
            await asyncio.wait({task})
        finally:
            task.cancel()
            self._task = None
        if task.cancelled():
            raise Interrupted("the run was interrupted before anything was judged")
        return task.result()

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

    async def _doubtful_left(self, sessions: AgentSessions) -> tuple[str, ...]:
        """The calls that may be the run's and are still up, asked for within the time that a teardown may take."""
        try:
            async with asyncio.timeout(self._target.teardown_s):
                return await doubtful_left(sessions, self.ledger)
        except TimeoutError:
            unasked = {
                leg.agent: "the server did not say in time whether it is up" for leg in self.ledger.doubtful
            }
            return await doubtful_left(sessions, self.ledger, unasked)

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
        with suppress(Interrupted):
            await self._interruptible(self._open_sessions(play))
        self._timing = self._timing.at(sessions.latency_s())
        known = self.ledger.own
        stopped = self._no_session if play.scenario.places_calls else ""
        stage = Stage(
            play,
            sessions,
            people,
            self.ledger,
            self._timing,
            self._validation,
            self._chance,
            stopped,
            self._looked_to,
        )
        failed = await self._play(stage)
        ending = await self._end(stage, sessions)
        self._left = ending.left
        if failed is not None:
            raise failed
        for check in await self._checks(stage, sessions, ending, known):
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
        playing = generated.play(sessions, "alice", made, self._plan.unasked, self._validation, self._chance)
        with suppress(Interrupted):
            for check in judged(await self._interruptible(playing), self._outside.levels):
                yield check
        flow = f"alice sends {len(made)} bodies, made with seed {seed}, to calls that do not exist"
        ended = ScenarioEnded(GENERATED, round((sessions.now() - began) * 1000), flow=flow)
        yield self._bounded(ended, entry)

    def _bounded(self, ended: ScenarioEnded, mark: int) -> ScenarioEnded:
        """The event with the first and last entry of its part of the transcript, which starts at the mark."""
        entries = self.transcript.since(mark)
        return replace(ended, first_entry=entries[0].id, last_entry=entries[-1].id) if entries else ended

    async def _play(self, stage: Stage) -> Exception | None:
        """Play every step, unless interrupted or out of time; return the suite's own error that stopped it.

        A ledger that cannot be written stops it too, before a call is requested; `failures` has the reason.
        """

        async def within_time() -> None:
            async with asyncio.timeout(self._timing.longest_s(limits.SCENARIO.default)):
                await stage.play_all()

        try:
            await self._interruptible(within_time())
        except (Interrupted, TimeoutError, FileNotWritten):
            return None
        except Exception as error:  # noqa: BLE001  # the calls are ended first, then it is raised
            return error
        return None

    async def _end(self, stage: Stage, sessions: AgentSessions) -> Ending:
        """End the scenario's calls; at once if the run is interrupted, before or meanwhile."""
        if not stage.play.scenario.places_calls or self._no_session:
            return Ending((), frozenset(), frozenset(), log_ends(sessions))
        with suppress(Interrupted):
            return await self._interruptible(self._end_in_turn(stage, sessions))
        return await end_at_once(
            sessions, self.ledger, self._timing, self._target.teardown_s, stage.adopt_notified
        )

    async def _end_in_turn(self, stage: Stage, sessions: AgentSessions) -> Ending:
        if self.ledger.waiting:
            # A requested call has no known id yet: wait for its notification before ending anything.
            await quiet(sessions, self._timing.quiet_s)
        stage.adopt_notified()
        ending = await tear_down(sessions, self.ledger, self._timing)
        largest = max((delay for _, delay in (*self._delays, *stage.delays)), default=0.0)
        await quiet(sessions, min(max(self._timing.quiet_s, 3 * largest), self._timing.patience_s))
        await stage.ask_about_others()  # what came after the last step, or after one that blocked the rest
        return ending

    async def _checks(
        self, stage: Stage, sessions: AgentSessions, ending: Ending, known: frozenset[Leg]
    ) -> Sequence[CheckDone]:
        """The checks of the scenario; none if it was interrupted, or if it stopped because a call could not be recorded."""
        if self._interrupted or self.ledger.failure is not None:
            return ()
        try:
            played = await self._interruptible(self._played(stage, sessions, ending, known))
        except Interrupted:
            return ()
        done = checks(played, self._plan.unasked, self._outside.levels, self._validation.of_notification)
        self._note(played, stage, done)
        return done

    async def _played(
        self, stage: Stage, sessions: AgentSessions, ending: Ending, known: frozenset[Leg]
    ) -> PlayedScenario:
        """What was played; every session is asked for one more sign of life after the barrier."""
        health: dict[str, SessionHealth] = {}
        ended = sessions.now()
        foreign = self._calls_of_others(stage, sessions)
        for agent in sessions.agents if stage.play.scenario.places_calls and not self._no_session else ():
            health[agent] = SessionHealth(
                alive=await sessions.alive(agent, ended),
                interrupted=sessions.interrupted(agent, stage.started),
                flooded=sessions.flooded(agent),
                strangers=self._strangers(agent, stage, sessions),
                foreign=foreign,
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
            foreign=foreign,
        )

    def _calls_of_others(self, stage: Stage, sessions: AgentSessions) -> Said:
        """What shows that somebody else used the agents during the scenario; empty if nothing does."""
        for begun in stage.unexplained().all:
            log = sessions.log(begun.agent)
            if is_real(begun, log, stage.asked.get(begun.leg)):
                self._others[begun.leg] = begun
                self.ledger.alone = False
        self._looked_to = log_ends(sessions)
        for begun in self._others.values():
            before = sessions.log(begun.agent)[: stage.earlier[begun.agent]]
            if not any(each.leg == begun.leg and each.has_ended for each in before):
                return in_words(begun, stage.scope)
        return NOTHING_SAID

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
        if self.failures:
            return f"the run dials no more, because it cannot write: {in_one_sentence(self.failures)}"
        if self._left:
            return "the run dials no more, because it could not end its calls"
        if self._without_connection >= _ABORT_AFTER:
            return f"{_ABORT_AFTER} scenarios in a row had no working connection"
        if self.transcript.is_full:
            return f"the transcript has reached {limits.TRANSCRIPT_BYTES.option}"
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
            failed=in_one_sentence(self.failures),
            delays_ms=_percentiles(self._delays),
            foreign_traffic=dict(self._foreign),
            transports=self._wire.connection_types if self._wire is not None else (),
            waits=self._timing.as_json(),
        )

    async def _close(self) -> None:
        if self._wire is not None:
            await self._wire.close(_HASTY_FAREWELL_S if self._interrupted else limits.RUN_FAREWELL.default)
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
