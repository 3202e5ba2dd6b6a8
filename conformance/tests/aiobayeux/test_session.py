"""One agent's session against a small server: what is heard, what is known of it, what happens when it breaks."""

import asyncio

from callproof.bayeux import Message, State
from callproof.wire import Clock, FactKind, Kind, Received

from .small_server import CALLS, Play, SmallServer, opened


def test_ready_means_handshake_subscription_and_one_connect(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)

        assert server.channels_asked() == ["/meta/handshake", "/meta/subscribe", "/meta/connect"]
        assert [fact.kind for fact in alice.recorder.facts] == [
            FactKind.SESSION_BEGUN,
            FactKind.SUBSCRIBED,
            FactKind.CONNECT_COMPLETED,
        ]
        assert (alice.recorder.session_number, alice.session.client.state) == (1, State.CONNECTED)
        await alice.session.leave()

    play(story())


def test_a_message_is_logged_with_all_that_a_check_needs(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        await clock.sleep(2)
        mark = alice.mark()
        server.publish({"n": 1}, {"n": 2})
        assert await alice.told(mark, 2) == [{"n": 1}, {"n": 2}]

        first, second, reply = alice.recorder.received_since(mark)
        assert first == Received(
            agent="alice",
            session_number=1,
            received=2.0,
            exchange_id=first.exchange_id,
            entry_id=first.entry_id,
            index=0,
            channel=CALLS,
            value={"channel": CALLS, "data": {"n": 1}},
        )
        assert (second.index, second.exchange_id, second.is_event) == (1, first.exchange_id, True)
        assert (reply.channel, reply.index, reply.is_event) == ("/meta/connect", 2, False)
        entries = {entry.id: entry for entry in alice.agent.transcript.entries}
        assert entries[first.exchange_id].kind is Kind.BAYEUX_REQUEST
        assert entries[first.entry_id].kind is Kind.NOTIFICATION
        assert entries[first.entry_id].body["message"] == first.value
        assert entries[reply.entry_id].kind is Kind.BAYEUX_RESPONSE
        await alice.session.leave()

    play(story())


def test_events_published_between_connects_are_delivered(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        mark = alice.mark()
        for number in range(5):
            server.publish(number)

        assert await alice.told(mark, 5) == [0, 1, 2, 3, 4]
        await alice.session.leave()

    play(story())


def test_waiting_ends_with_the_message_or_with_the_deadline(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        mark = alice.mark()

        assert not await alice.recorder.wait_until(
            lambda: bool(alice.events_since(mark)), clock.monotonic() + 5
        )
        assert clock.monotonic() == 5
        assert not await alice.recorder.wait_until(lambda: False, clock.monotonic() - 1)
        assert await alice.recorder.wait_until(lambda: True, clock.monotonic() - 1)
        server.publish("x")
        assert await alice.recorder.wait_until(lambda: bool(alice.events_since(mark)), clock.monotonic() + 5)
        assert clock.monotonic() == 5
        await alice.session.leave()

    play(story())


def test_a_quiet_session_connects_again_after_each_hold(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        await clock.sleep(61)

        assert alice.moments(FactKind.CONNECT_COMPLETED) == [0, 30, 60]
        assert alice.recorder.alive_since(0.5)
        assert not alice.recorder.alive_since(60.5)
        await alice.session.leave()

    play(story())


def test_a_shorter_hold_can_be_asked_for(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server, hold_ms=2000)
        await clock.sleep(5)

        assert alice.moments(FactKind.CONNECT_COMPLETED) == [0, 2, 4]
        await alice.session.leave()

    play(story())


def test_a_session_can_be_proved_alive_while_nothing_happens(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        await clock.sleep(1)
        assert not alice.recorder.alive_since(1)

        await alice.session.ask_for_sign_of_life()
        assert alice.recorder.alive_since(1)
        assert alice.moments(FactKind.CONNECT_COMPLETED) == [0]

        server.sessions.clear()  # forgotten, and the connect is held all the same
        await alice.session.ask_for_sign_of_life()
        assert not alice.recorder.alive_since(1)
        await alice.session.leave()

    play(story())


def test_an_unknown_client_handshakes_and_subscribes_again_and_hears_on(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        await clock.sleep(1)
        mark = alice.mark()
        server.forget()
        assert await alice.recorder.wait_until(
            lambda: alice.recorder.rehandshakes_since(1) == 1, clock.monotonic() + 5
        )
        await alice.recorder.wait_until(
            lambda: len(alice.moments(FactKind.CONNECT_COMPLETED)) >= 3, clock.monotonic() + 5
        )
        server.publish("after")

        assert await alice.told(mark, 1) == ["after"]
        assert alice.recorder.session_number == 2
        assert alice.events_since(mark)[0].session_number == 2
        assert not alice.recorder.alive_since(1)
        assert alice.recorder.rehandshakes_since(0) == 1
        await alice.session.leave()

    play(story())


def test_a_server_that_goes_away_is_tried_again_ever_more_slowly(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        mark = alice.mark()
        await clock.sleep(1)
        server.is_away = True
        server.forget()
        await clock.sleep(12)
        assert [fact.at for fact in alice.recorder.facts if fact.kind is FactKind.TRANSPORT_ERROR] == [
            1,
            2,
            4,
            7,
            11,
        ]

        server.is_away = False
        await clock.sleep(8)
        server.publish("back")
        assert await alice.told(mark, 1) == ["back"]
        assert alice.recorder.session_number == 2
        await alice.session.leave()

    play(story())


def test_an_http_error_is_a_transport_error_and_the_session_goes_on(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        mark = alice.mark()
        server.status = 500
        server.publish("queued")
        assert await alice.recorder.wait_until(lambda: alice.moments(FactKind.TRANSPORT_ERROR) != [], 100)
        server.status = 200

        assert await alice.told(mark, 1) == ["queued"]
        assert alice.recorder.session_number == 1
        assert [fact.detail for fact in alice.recorder.facts if fact.kind is FactKind.TRANSPORT_ERROR] == [
            "the answer was HTTP 500"
        ]
        await alice.session.leave()

    play(story())


def test_events_in_the_answer_to_another_request_are_delivered(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        mark = alice.mark()
        server.beside_subscribe = [{"channel": CALLS, "data": "rider"}]
        await alice.session.subscribe("/v2/me/devices")

        assert [heard.data for heard in alice.events_since(mark)] == ["rider"]
        await alice.session.leave()

    play(story())


def test_two_requests_at_a_time_are_enough(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        alice = await opened(server)
        server.slow_s = 0.5
        await asyncio.gather(*(alice.session.subscribe(f"/v2/me/{name}") for name in ("a", "b", "c")))

        assert server.most_under_way == 2
        await alice.session.leave()

    play(story())


def test_a_session_that_is_lost_during_an_interval_is_replaced(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        advice: Message = {"reconnect": "retry", "interval": 2000, "timeout": 30000}
        server.changed_replies["/meta/connect"] = {"advice": advice}
        alice = await opened(server)
        server.changed_replies.clear()
        await clock.sleep(1)
        server.forget()
        await alice.session.ask_for_sign_of_life()
        await clock.sleep(4)

        assert alice.recorder.session_number == 2
        assert alice.session.client.state is State.CONNECTED
        await alice.session.leave()

    play(story())
