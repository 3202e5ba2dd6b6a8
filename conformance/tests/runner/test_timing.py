"""A slow server is not a silent one: the measured latency lengthens every wait, shortens none, and is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from callproof.catalogue.planning import plan
from callproof.catalogue.scenario import Claim, Predicate
from callproof.judge.claims import judge_claim
from callproof.judge.findings import About, Met, Unmet
from callproof.judge.predicates import NO_SCOPE
from callproof.runner.agent_sessions import Batch, Request
from callproof.runner.connecting import network_sessions
from callproof.runner.embedded import local_target
from callproof.runner.events import RunEnded
from callproof.runner.timing import Timing, latency_of
from callproof.wire import SystemClock, Transcript
from conformance.tests.performing import checks, events, suite, wrong
from conformance.tests.switchboard import Switchboard, Told
from conformance.tests.wire.raw_server import answer, asked, serving

FILE = Timing(event_timeout_s=5, quiet_min_s=1, time_factor=1)


def late(told: Sequence[Told]) -> Sequence[Told]:
    """Everything arrives after the patience that a fast server gets, as over a line with three seconds of delay."""
    return [replace(each, after=9.0) for each in told]


class Slow(Switchboard):
    """A switch whose answers take three seconds."""

    def latency_s(self) -> float:
        return 3.0


def test_a_slow_server_is_not_accused_of_silence() -> None:
    assert wrong(checks(Slow(late))) == {}


def test_the_same_silence_of_a_fast_server_is_not_simply_accepted() -> None:
    assert wrong(checks(Switchboard(late))) != {}


def test_latency_only_lengthens() -> None:
    assert FILE.at(0.0) == FILE
    slow = FILE.at(3.0)
    assert (slow.patience_s, slow.quiet_s, slow.longest_s(120)) == (14.0, 10.0, 360.0)
    assert slow.at(0.1) == slow
    assert (FILE.patience_s, FILE.quiet_s, FILE.longest_s(120)) == (5.0, 1.0, 120.0)


def test_the_time_factor_lengthens_the_silence_too_and_never_shortens_it() -> None:
    assert replace(FILE, time_factor=3).quiet_s == 3.0
    assert replace(FILE, time_factor=0.1).quiet_s == 1.0


@pytest.mark.parametrize(
    ("elapsed", "latency"),
    [([], 0.0), ([0.2], 0.2), ([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 9.0], 0.1), ([3.0] * 8, 3.0)],
)
def test_one_slow_answer_is_not_yet_a_slow_server(elapsed: list[float], latency: float) -> None:
    assert latency_of(elapsed) == latency


def test_the_report_says_what_was_waited_and_why() -> None:
    [ended] = [event for event in events(Slow(late), select=["http/login"]) if isinstance(event, RunEnded)]
    assert FILE.at(3.0).as_json() == {
        "latency_ms": 3000,
        "notification_ms": 14000,
        "silence_ms": 10000,
        "time_factor": 1,
        "why": "An answer took 3 s, so the suite waited up to 14 s for a notification and 10 s for silence. "
        "timing.time_factor lengthens every wait.",
    }
    assert dict(ended.waits) == FILE.at(3.0).as_json()
    assert "why" not in FILE.at(0.01).as_json()


def test_a_claim_about_time_allows_for_the_latency_and_for_no_more() -> None:
    claim = Claim(("CLAIM-1",), (Predicate("elapsed", "below", 4),))

    def outcome(elapsed: float, allowance: float) -> type[object]:
        value = {"elapsed": elapsed, "allowance": allowance}
        [found] = judge_claim(claim, dict(value), NO_SCOPE, About(expected=""))
        return type(found)

    assert outcome(9.9, 6.0) is Met
    assert outcome(10.1, 6.0) is Unmet
    assert outcome(3.9, 0.0) is Met
    assert outcome(4.1, 0.0) is Unmet


def test_the_latency_is_that_of_the_answers() -> None:
    """Every request measures; messages made by hand get the time of three more journeys, and their claims an allowance."""

    async def story() -> None:
        async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await asked(reader)
                writer.write(answer(b"{}"))

        planned = plan(suite().scenarios, suite().flows, select=["http/login"])
        async with serving(server) as url:
            clock = SystemClock()
            target = replace(local_target(1), base_url=url, cometd_url=f"{url}/cometd")
            sessions = network_sessions(target, planned.agents, Transcript(clock), clock)
            assert sessions.latency_s() == 0.0
            taken = []
            for _ in range(4):
                reply = await sessions.request("alice", Request("GET", "/me"))
                taken.append(reply.value["elapsed"])
            assert sessions.latency_s() in taken
            reply = await sessions.exchange(
                "alice", Batch(({"id": "1", "channel": "/meta/handshake"},), limit_s=30)
            )
            assert reply.value["allowance"] == 2 * sessions.latency_s()
            await sessions.close()

    asyncio.run(story())
