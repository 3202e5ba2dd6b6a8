"""How a session is closed, opened again, or does not get ready; and that no secret of it is written down."""

import asyncio
import json
from pathlib import Path

import pytest

from callproof.aiobayeux import NotReady
from callproof.bayeux import Message, State
from callproof.wire import Clock, FactKind

from .small_server import URL, Alice, Play, SmallServer, opened


def test_closing_disconnects_and_leaves_nothing_running(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        await clock.sleep(1)
        await alice.session.leave()

        assert server.sessions == {}
        assert (alice.session.client.state, clock.monotonic()) == (State.DISCONNECTED, 1)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await alice.session.leave()

    play(story())


def test_closing_does_not_wait_for_a_server_that_is_away(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        server.is_away = True
        server.forget()
        await clock.sleep(2.5)
        await alice.session.leave()

        assert clock.monotonic() == 2.5
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(story())


def test_closing_does_not_wait_for_ever_for_a_held_connect(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        server.lets_go = False
        await clock.sleep(1)
        await alice.session.leave(limit_s=3)

        assert clock.monotonic() == 4
        await clock.sleep(0)  # for the small server to put its own things away
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(story())


def test_a_recorder_goes_on_with_another_session_of_its_agent(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        await alice.session.leave()
        alice.session = alice.another_session()
        await alice.session.open()
        mark = alice.mark()
        server.publish("again")

        assert await alice.told(mark, 1) == ["again"]
        assert alice.recorder.session_number == 2
        await alice.session.leave()

    play(story())


@pytest.mark.parametrize(
    ("channel", "change", "why"),
    [
        (
            "/meta/handshake",
            {"successful": False, "error": "403::denied"},
            "the handshake was refused (403::denied)",
        ),
        (
            "/meta/subscribe",
            {"successful": False, "error": "403::denied"},
            "the subscription to /v2/me/calls was refused (403::denied)",
        ),
        (
            "/meta/connect",
            {"successful": False, "error": "500::broken"},
            "the connect was refused (500::broken)",
        ),
        ("/meta/connect", {"id": "77"}, "there was no reply on /meta/connect"),
        (
            "/meta/handshake",
            {"advice": {"interval": -1, "timeout": 0}},
            "the server advises not to connect at all",
        ),
    ],
)
def test_a_session_that_does_not_get_ready_says_why(
    play: Play, clock: Clock, channel: str, change: Message, why: str
) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        server.changed_replies[channel] = change
        alice = Alice(server)
        with pytest.raises(NotReady) as raised:
            await alice.session.open()

        assert str(raised.value) == why
        assert ("/meta/disconnect" in server.channels_asked()) == ("handshake" not in why)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(story())


def test_a_server_that_is_not_there_is_said_to_be(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        server.is_away = True
        alice = Alice(server)
        with pytest.raises(NotReady) as raised:
            await alice.session.open()

        assert (
            str(raised.value)
            == "there was no reply on /meta/handshake: there was no answer: connection failed"
        )
        [fact] = alice.recorder.facts
        asked = alice.agent.transcript.entries[0]
        assert (fact.kind, fact.exchange_id) == (FactKind.TRANSPORT_ERROR, asked.id)

    play(story())


def test_no_planted_secret_is_in_the_transcript(play: Play, clock: Clock, tmp_path: Path) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        file = tmp_path / "transcript.jsonl"
        alice = Alice(server, file=file)
        await alice.session.open()
        server.publish({"userName": "planted-user", "text": "planted-password", "calls": [{"id": "9"}]})
        await alice.told(0, 1)
        server.forget()
        await alice.recorder.wait_until(lambda: alice.recorder.session_number == 2, 60)
        stale: Message = {"id": "1", "channel": "/meta/connect", "clientId": "planted-client-1"}
        await alice.agent.request("POST", URL, json=[stale])
        await alice.session.leave()
        alice.agent.transcript.close()

        written = file.read_text(encoding="utf-8")
        assert "planted" not in written
        assert "cGxhbnRl" not in written  # the same in base64
        assert all(f"client#{number}" in written for number in (1, 2))
        assert "402:client#1:Unknown client" in written
        assert [json.loads(line)["id"] for line in written.splitlines()] == [
            entry.id for entry in alice.agent.transcript.entries
        ]

    play(story())
