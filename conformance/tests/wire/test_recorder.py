"""One agent's session against a small server: what is heard, what is known of it, what happens when it breaks."""

import asyncio

from callproof.bayeux import Message, Rule, State
from callproof.wire import Clock, Exchange, FactKind, Heard, Kind

from .small_server import CALLS, Play, SmallServer, events_of, opened


def test_ready_means_handshake_subscription_and_one_connect(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)

        assert server.channels_asked() == ["/meta/handshake", "/meta/subscribe", "/meta/connect"]
        assert [fact.kind for fact in recorder.facts] == [
            FactKind.SESSION_BEGUN,
            FactKind.SUBSCRIBED,
            FactKind.CONNECT_COMPLETED,
        ]
        assert (recorder.session_number, recorder.state) == (1, State.CONNECTED)
        await recorder.close()

    play(story())


def test_a_message_is_logged_with_all_that_a_check_needs(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        await clock.sleep(2)
        mark = recorder.mark()
        server.publish({"n": 1}, {"n": 2})
        assert await events_of(recorder, mark, 2) == [{"n": 1}, {"n": 2}]

        first, second, reply = recorder.heard_since(mark)
        assert first == Heard(
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
        entries = {entry.id: entry for entry in recorder.agent.transcript.entries}
        assert entries[first.exchange_id].kind is Kind.BAYEUX_REQUEST
        assert entries[first.entry_id].kind is Kind.NOTIFICATION
        assert entries[first.entry_id].body["message"] == first.value
        assert entries[reply.entry_id].kind is Kind.BAYEUX_RESPONSE
        await recorder.close()

    play(story())


def test_what_is_published_between_connects_is_heard(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        mark = recorder.mark()
        for number in range(5):
            server.publish(number)

        assert await events_of(recorder, mark, 5) == [0, 1, 2, 3, 4]
        await recorder.close()

    play(story())


def test_waiting_ends_with_the_message_or_with_the_deadline(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        mark = recorder.mark()

        assert not await recorder.wait_until(lambda: bool(recorder.events_since(mark)), clock.monotonic() + 5)
        assert clock.monotonic() == 5
        assert not await recorder.wait_until(lambda: False, clock.monotonic() - 1)
        assert await recorder.wait_until(lambda: True, clock.monotonic() - 1)
        server.publish("x")
        assert await recorder.wait_until(lambda: bool(recorder.events_since(mark)), clock.monotonic() + 5)
        assert clock.monotonic() == 5
        await recorder.close()

    play(story())


def test_a_quiet_session_connects_again_after_each_hold(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        await clock.sleep(61)

        assert recorder.connects_completed_since(0.5) == 2
        assert recorder.alive_since(0.5)
        assert not recorder.alive_since(60.5)
        await recorder.close()

    play(story())


def test_a_shorter_hold_can_be_asked_for(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server, hold_ms=2000)
        await clock.sleep(5)

        assert recorder.connects_completed_since(0.5) == 2
        await recorder.close()

    play(story())


def test_a_session_can_be_proved_alive_while_nothing_happens(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        await clock.sleep(1)
        assert not recorder.alive_since(1)

        assert await recorder.prove_alive()
        assert recorder.alive_since(1)
        assert recorder.connects_completed_since(1) == 0

        server.sessions.clear()  # forgotten, and the connect is held all the same
        assert not await recorder.prove_alive()
        assert not recorder.alive_since(1)
        await recorder.close()

    play(story())


def test_an_unknown_client_handshakes_and_subscribes_again_and_hears_on(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        await clock.sleep(1)
        mark = recorder.mark()
        server.forget()
        assert await recorder.wait_until(lambda: recorder.rehandshakes_since(1) == 1, clock.monotonic() + 5)
        await recorder.wait_until(lambda: recorder.connects_completed_since(1) >= 2, clock.monotonic() + 5)
        server.publish("after")

        assert await events_of(recorder, mark, 1) == ["after"]
        assert recorder.session_number == 2
        assert recorder.events_since(mark)[0].session_number == 2
        assert not recorder.alive_since(1)
        assert recorder.rehandshakes_since(0) == 1
        await recorder.close()

    play(story())


def test_a_server_that_goes_away_is_tried_again_ever_more_slowly(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        mark = recorder.mark()
        await clock.sleep(1)
        server.is_away = True
        server.forget()
        await clock.sleep(12)
        assert [fact.at for fact in recorder.facts if fact.kind is FactKind.TRANSPORT_ERROR] == [
            1,
            2,
            4,
            7,
            11,
        ]
        assert recorder.transport_errors_since(2) == 4

        server.is_away = False
        await clock.sleep(8)
        server.publish("back")
        assert await events_of(recorder, mark, 1) == ["back"]
        assert recorder.session_number == 2
        await recorder.close()

    play(story())


def test_an_http_error_is_a_transport_error_and_the_session_goes_on(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        mark = recorder.mark()
        server.status = 500
        server.publish("queued")
        assert await recorder.wait_until(lambda: recorder.transport_errors_since(0) > 0, 100)
        server.status = 200

        assert await events_of(recorder, mark, 1) == ["queued"]
        assert recorder.session_number == 1
        assert [fact.detail for fact in recorder.facts if fact.kind is FactKind.TRANSPORT_ERROR] == [
            "the answer was HTTP 500"
        ]
        await recorder.close()

    play(story())


def test_events_that_ride_on_another_answer_are_heard(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        mark = recorder.mark()
        server.beside_subscribe = [{"channel": CALLS, "data": "rider"}]
        await recorder.subscribe("/v2/me/devices")

        assert [heard.data for heard in recorder.events_since(mark)] == ["rider"]
        await recorder.close()

    play(story())


def test_messages_made_by_hand_go_beside_the_session(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        mark = recorder.mark()
        server.beside_subscribe = [{"channel": CALLS, "data": "rider"}]
        own: Message = {
            "id": recorder.new_id(),
            "channel": "/meta/subscribe",
            "subscription": CALLS,
            "clientId": recorder.client_id,
        }
        exchange = await recorder.raw_exchange([own])
        foreign = await recorder.raw_exchange([{**own, "clientId": "nobody"}])

        assert isinstance(exchange, Exchange)
        assert isinstance(exchange.value, list)
        assert [heard.data for heard in recorder.events_since(mark)] == ["rider"]
        assert isinstance(foreign, Exchange)
        assert recorder.remarks == ()
        assert recorder.state is State.CONNECTED
        await recorder.close()

    play(story())


def test_a_second_session_of_the_same_agent_can_be_made_by_hand(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        handshake: Message = {"id": "1", "channel": "/meta/handshake", "version": "1.0"}
        exchange = await recorder.raw_exchange([handshake], identity=recorder.agent.fresh_identity())

        assert isinstance(exchange, Exchange)
        sent = {name.lower() for name, _ in exchange.request_headers}
        assert "authorization" in sent
        assert "cookie" not in sent
        assert (len(server.sessions), recorder.session_number) == (2, 1)
        await recorder.close()

    play(story())


def test_two_requests_at_a_time_are_enough(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        recorder = await opened(server)
        server.slow_s = 0.5
        await asyncio.gather(*(recorder.subscribe(f"/v2/me/{name}") for name in ("a", "b", "c")))

        assert server.most_under_way == 2
        await recorder.close()

    play(story())


def test_a_session_that_is_lost_during_an_interval_is_made_anew(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        advice: Message = {"reconnect": "retry", "interval": 2000, "timeout": 30000}
        server.changed_replies["/meta/connect"] = {"advice": advice}
        recorder = await opened(server)
        server.changed_replies.clear()
        await clock.sleep(1)
        server.forget()
        assert not await recorder.prove_alive()
        await clock.sleep(4)

        assert recorder.session_number == 2
        assert recorder.state is State.CONNECTED
        await recorder.close()

    play(story())


def test_what_breaks_the_protocol_is_remarked(play: Play, clock: Clock) -> None:
    async def story() -> None:
        server = SmallServer(clock)
        server.changed_replies["/meta/connect"] = {"data": 1}
        recorder = await opened(server)

        remark = recorder.remarks[0]
        assert (remark.what.rule, remark.what.place) == (Rule.REPLY_WITH_DATA, "$[0].data")
        assert recorder.agent.transcript.entries[-1].id == remark.answer_id
        await recorder.close()

    play(story())
