"""How a session is closed, opened again, or does not get ready; and that no secret of it is written down."""

import asyncio
import json
from pathlib import Path

import pytest

from callproof.bayeux import Message, State
from callproof.wire import Clock, NoAnswer, NotReady, Ready, Recorder

from .small_server import CALLS, URL, Play, SmallServer, agent_for, events_of, opened


def test_closing_disconnects_and_leaves_nothing_running(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        await clock.sleep(1)
        await recorder.close()

        assert server.sessions == {}
        assert (recorder.state, clock.monotonic()) == (State.DISCONNECTED, 1)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await recorder.close()

    play(story())


def test_closing_does_not_wait_for_a_server_that_is_away(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        server.is_away = True
        server.forget()
        await clock.sleep(2.5)
        await recorder.close()

        assert clock.monotonic() == 2.5
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(story())


def test_closing_does_not_wait_for_ever_for_a_held_connect(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        server.lets_go = False
        await clock.sleep(1)
        await recorder.close(limit_s=3)

        assert clock.monotonic() == 4
        await clock.sleep(0)  # for the small server to put its own things away
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(story())


def test_a_closed_recorder_can_be_opened_again(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        with pytest.raises(RuntimeError, match="the recorder of alice is open"):
            await recorder.open()
        await recorder.close()
        assert isinstance(await recorder.open(), Ready)
        mark = recorder.mark()
        server.publish("again")

        assert await events_of(recorder, mark, 1) == ["again"]
        assert recorder.session_number == 2
        await recorder.close()

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
        recorder = Recorder(agent_for(server), URL, [CALLS])
        outcome = await recorder.open()

        assert isinstance(outcome, NotReady)
        assert outcome.why == why
        assert ("/meta/disconnect" in server.channels_asked()) == ("handshake" not in why)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        server.changed_replies.clear()
        assert isinstance(await recorder.open(), Ready)
        await recorder.close()

    play(story())


def test_a_server_that_is_not_there_is_said_to_be(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        server.is_away = True
        outcome = await Recorder(agent_for(server), URL, [CALLS]).open()

        assert isinstance(outcome, NotReady)
        assert outcome.why == "there was no reply on /meta/handshake: there was no answer: connection failed"
        assert isinstance(outcome.exchange, NoAnswer)

    play(story())


def test_no_planted_secret_is_in_the_transcript(play: Play, clock: Clock, tmp_path: Path) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        file = tmp_path / "transcript.jsonl"
        agent = agent_for(server, file=file)
        recorder = Recorder(agent, URL, [CALLS])
        await recorder.open()
        server.publish({"userName": "planted-user", "text": "planted-password", "calls": [{"id": "9"}]})
        await events_of(recorder, 0, 1)
        server.forget()
        await recorder.wait_until(lambda: recorder.session_number == 2, 60)
        await recorder.raw_exchange([{"id": "1", "channel": "/meta/connect", "clientId": "planted-client-1"}])
        await recorder.close()
        agent.transcript.close()

        written = file.read_text(encoding="utf-8")
        assert "planted" not in written
        assert "cGxhbnRl" not in written  # the same in base64
        assert all(f"client#{number}" in written for number in (1, 2))
        assert "402:client#1:Unknown client" in written
        assert [json.loads(line)["id"] for line in written.splitlines()] == [
            entry.id for entry in agent.transcript.entries
        ]

    play(story())
