"""A recorder keeps what a session tells it: every message once, what is known of the session, what broke the protocol."""

import asyncio

from callproof.bayeux import (
    ConnectDone,
    Delivered,
    Event,
    HandshakeDone,
    Json,
    Subscribed,
    UnknownClient,
)
from callproof.bayeux.messages import Advice
from callproof.wire import (
    Clock,
    Delivery,
    Fact,
    FactKind,
    Kind,
    Received,
    Recorder,
    Transcript,
    wait_for_change,
)
from conformance.tests.aiobayeux.small_server import CALLS, Play

BEGUN = HandshakeDone(0, "c1", "websocket", Advice(), ())
EVENT: Json = {"channel": CALLS, "data": {"n": 1}}
REPLY: Json = {"channel": "/meta/connect", "successful": True}


def told(recorder: Recorder, value: Json, *events: Event, at: float = 1.0) -> None:
    recorder.received(Delivery(value, "t0001", "t0002", at), events)


def test_each_message_is_kept_with_its_session_its_delivery_and_an_entry_of_its_own(
    play: Play, clock: Clock
) -> None:
    async def story() -> None:
        transcript = Transcript(clock)
        recorder = Recorder("alice", clock, transcript)
        told(recorder, [{"channel": "/meta/handshake"}], BEGUN)
        told(recorder, [EVENT, REPLY], Delivered(0, CALLS, {"n": 1}), ConnectDone(1), at=2.0)

        [entry] = transcript.entries
        assert (entry.kind, entry.body) == (
            Kind.NOTIFICATION,
            {"answer": "t0002", "index": 0, "message": EVENT},
        )
        assert recorder.received_since(1) == (
            Received("alice", 1, 2.0, "t0001", entry.id, 0, CALLS, EVENT),
            Received("alice", 1, 2.0, "t0001", "t0002", 1, "/meta/connect", REPLY),
        )
        assert recorder.facts == (
            Fact(1.0, FactKind.SESSION_BEGUN, 1, "t0001", "websocket"),
            Fact(2.0, FactKind.CONNECT_COMPLETED, 1, "t0001"),
        )
        assert recorder.connection_types == {"websocket"}

    play(story())


def test_an_item_that_is_not_a_message_is_kept_too(play: Play, clock: Clock) -> None:
    async def story() -> None:
        recorder = Recorder("alice", clock, Transcript(clock))
        told(recorder, [7])
        told(recorder, {"channel": 8})
        assert [(heard.channel, heard.value, heard.is_event) for heard in recorder.log] == [
            ("", 7, False),
            ("", {"channel": 8}, False),
        ]

    play(story())


def test_silence_means_something_only_in_the_same_session_with_a_sign_of_life(
    play: Play, clock: Clock
) -> None:
    async def story() -> None:
        recorder = Recorder("alice", clock, Transcript(clock))
        assert not recorder.alive_since(0)
        told(recorder, [REPLY], ConnectDone(0), at=1.0)
        assert (recorder.alive_since(1), recorder.alive_since(1.1)) == (True, False)
        told(recorder, [REPLY], Subscribed(0, (CALLS,)), at=2.0)
        assert recorder.alive_since(1.1)
        told(recorder, [REPLY], UnknownClient(0, None), at=3.0)
        assert not recorder.alive_since(1)
        told(recorder, [REPLY], ConnectDone(0), at=4.0)
        assert recorder.alive_since(3.5)
        await clock.sleep(5)
        recorder.broke("the answer was HTTP 500", "t0003")
        assert not recorder.alive_since(3.5)
        await clock.sleep(1)
        recorder.stopped()
        assert recorder.facts[-2:] == (
            Fact(5, FactKind.TRANSPORT_ERROR, 0, "t0003", "the answer was HTTP 500"),
            Fact(6, FactKind.STOPPED, 0, ""),
        )

    play(story())


def test_waiting_ends_when_any_recorder_gets_what_is_waited_for(play: Play, clock: Clock) -> None:
    async def story() -> None:
        alice, bob = (Recorder(name, clock, Transcript(clock)) for name in ("alice", "bob"))
        waiting = asyncio.create_task(wait_for_change([alice, bob], lambda: len(bob.log) == 2, 60, clock))
        await clock.sleep(1)
        told(alice, [REPLY])
        told(bob, [REPLY])
        await clock.sleep(1)
        assert not waiting.done()
        told(bob, [REPLY])
        await waiting
        assert clock.monotonic() == 2

    play(story())


def test_messages_beyond_the_bound_are_dropped_until_the_next_scenario(play: Play, clock: Clock) -> None:
    async def story() -> None:
        transcript = Transcript(clock)
        recorder = Recorder("alice", clock, transcript, most_messages=3)
        for _ in range(3):
            told(recorder, [EVENT, EVENT], Delivered(0, CALLS, {"n": 1}), Delivered(1, CALLS, {"n": 1}))
        assert (len(recorder.log), recorder.is_flooded) == (3, True)
        assert [entry.body["text"] for entry in transcript.entries if entry.kind is Kind.NOTE] == [
            "more than 3 messages in one scenario; later ones are dropped (limits.messages_per_scenario)"
        ]

        recorder.count_anew()
        told(recorder, [EVENT], Delivered(0, CALLS, {"n": 1}))
        assert (len(recorder.log), recorder.is_flooded) == (4, False)

    play(story())
