"""Whatever a server advises, a session never loops without waiting, and `listen` reports each kind of failure once."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from callproof.aiobayeux import Session
from callproof.bayeux import Message
from callproof.commands.listening.reports import Reports
from callproof.wire import Clock

from .small_server import CALLS, URL, Play, SmallServer, agent_for

CONNECT, HANDSHAKE = "/meta/connect", "/meta/handshake"
RETRY: Message = {"reconnect": "retry", "interval": 0, "timeout": 0}
CONNECTED = "connected over long-polling"


async def said_within(server: SmallServer, seconds: float) -> list[str]:
    """Listen to the server for so long; return what `listen` says of the connection."""
    session = Session(URL, [CALLS], acknowledge=False, agent=agent_for(server))
    reports = Reports(session, "15000", "long-polling")
    said: list[str] = []
    async with session:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for happening in session:
                    said += filter(None, [reports.line(happening)])
    return said


@pytest.mark.parametrize("advice", [RETRY, RETRY | {"interval": 1e300}, {}])
def test_a_server_that_answers_every_connect_at_once_is_asked_once_a_second(
    play: Play, clock: Clock, advice: Message
) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        server.hold_s = 0.0
        server.changed_replies = {HANDSHAKE: {"advice": advice}, CONNECT: {"advice": advice}}
        await said_within(server, 5)

        assert server.moments(CONNECT) == [0, 0, 0.02, 0.04, 0.06, 1.06, 2.06, 3.06, 4.06]

    play(story())


def test_a_server_that_always_has_an_event_is_asked_fifty_times_a_second(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        server.hold_s = 0.0
        server.beside_connect = [{"channel": CALLS, "data": 1}]
        await said_within(server, 1)

        assert len(server.moments(CONNECT)) == 51

    play(story())


def test_an_order_to_shake_hands_after_every_answer_is_obeyed_ever_more_slowly_and_reported_once(
    play: Play, clock: Clock
) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        server.changed_replies = {CONNECT: {"advice": {"reconnect": "handshake", "interval": 0}}}
        said = await said_within(server, 20)

        assert server.moments(HANDSHAKE) == [0, 1, 3, 6, 10, 15]
        lost = "the server asks for a new session; starting a new one; notifications may be missing"
        assert said == [CONNECTED, lost, CONNECTED]

    play(story())


def test_a_server_that_knows_no_session_at_its_second_connect_is_not_stormed(
    play: Play, clock: Clock
) -> None:
    """Two nodes without sticky sessions look like this."""

    async def story() -> None:
        server = SmallServer(clock)
        server.knows_for = 1
        said = await said_within(server, 20)

        assert server.moments(HANDSHAKE) == [0, 1, 3, 6, 10, 15]
        lost = "the server no longer knows the session "
        assert [line.split("(")[0] for line in said] == [CONNECTED, lost, CONNECTED]

    play(story())


def test_a_connect_that_is_refused_for_ever_is_reported_once_and_repeated_ever_more_slowly(
    play: Play, clock: Clock
) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        server.changed_replies = {
            CONNECT: {"successful": False, "error": "500::internal trouble", "advice": RETRY}
        }
        said = await said_within(server, 20)

        assert server.moments(CONNECT) == [0, 1, 3, 6, 10, 15]
        assert said == [CONNECTED, "the connect was refused: 500::internal trouble; trying again"]

    play(story())


def test_a_failure_is_reported_again_after_the_connection_has_worked(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        listening = asyncio.create_task(said_within(server, 200))
        for _ in range(2):
            await clock.sleep(40)
            server.forget()
            await clock.sleep(5)
            server.forget()

        lost = "the server no longer knows the session "
        assert [line.split("(")[0] for line in await listening] == [CONNECTED, *[lost, CONNECTED] * 4]

    play(story())
