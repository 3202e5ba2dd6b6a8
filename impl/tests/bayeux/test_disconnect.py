"""How a session ends: by a disconnect, by silence, by a full queue; and what does not end it."""

from __future__ import annotations

from typing import Any

import pytest

from .conversation import (
    ALICE,
    BOB,
    CALLS,
    HANDSHAKE_AGAIN,
    NEVER_AGAIN,
    RETRY,
    Conversation,
    connect,
    connected,
    disconnect,
    event,
    handshake,
    subscribe,
    unknown_client,
)


@pytest.fixture
def talk() -> Conversation:
    """Alice is c1 and subscribed to her calls."""
    talk = Conversation()
    talk.begin(ALICE, CALLS)
    return talk


def test_a_disconnect_is_answered_and_the_session_is_unknown_from_then_on(talk: Conversation) -> None:
    """DC-1, DC-3: Bayeux 1.0, Disconnect."""
    assert talk.ask(disconnect("c1", id="7")) == [
        {"id": "7", "channel": "/meta/disconnect", "successful": True}
    ]
    assert talk.ask(connect("c1")) == [unknown_client("/meta/connect", advice=HANDSHAKE_AGAIN)]
    assert talk.ask(subscribe("c1", "/a")) == [unknown_client("/meta/subscribe", subscription="/a")]
    assert talk.ask(disconnect("c1")) == [unknown_client("/meta/disconnect")]
    assert talk.server.next_deadline() is None


def test_a_disconnect_first_releases_the_held_connect_and_advises_it_to_stop(talk: Conversation) -> None:
    """DC-2, AD-2: Bayeux 1.0, Disconnect."""
    poll = talk.hold("c1", id="6")
    last = talk.send(disconnect("c1", id="7"))
    assert talk.ready() == [poll, last]
    assert talk.take(poll) == [connected(id="6", advice=NEVER_AGAIN)]
    assert talk.take(last) == [{"id": "7", "channel": "/meta/disconnect", "successful": True}]


def test_events_published_before_the_disconnect_still_leave_with_the_held_connect(talk: Conversation) -> None:
    """Bayeux 1.0, Delivery."""
    poll = talk.hold("c1")
    talk.publish(1)
    talk.send(disconnect("c1"))
    assert talk.take(poll) == [event(1), connected(advice=NEVER_AGAIN)]


@pytest.mark.parametrize("fields", [{"clientId": None}, {"clientId": 7}, {"ext": 7}])
def test_a_refused_disconnect_ends_nothing(talk: Conversation, fields: dict[str, Any]) -> None:
    [reply] = talk.ask(disconnect("c1") | fields)
    assert reply["successful"] is False
    assert talk.knows("c1")


def test_nobody_can_disconnect_another_owners_session(talk: Conversation) -> None:
    """CometD, Security."""
    assert talk.ask(disconnect("c1"), owner=BOB) == [unknown_client("/meta/disconnect")]
    assert talk.knows("c1")


def test_a_new_session_hears_nothing_until_it_subscribes_again(talk: Conversation) -> None:
    """SU-12: Bayeux 1.0, Subscribe: subscriptions end with the session."""
    talk.publish(1)
    talk.ask(disconnect("c1"))
    talk.ask(handshake())
    assert talk.ask(connect("c2")) == [connected(advice=RETRY)]


def test_a_session_without_a_connect_for_the_maximum_interval_is_swept(talk: Conversation) -> None:
    """DC-4, DC-7: CometD, Configuration: maxInterval, counted from the last connect reply."""
    assert talk.server.next_deadline() == 10
    talk.pass_time(9.999)
    assert talk.ask(connect("c1", advice={"timeout": 0}))[0]["successful"]
    talk.pass_time(9.999)
    talk.pass_time(0.001)
    assert talk.ask(connect("c1")) == [unknown_client("/meta/connect", advice=HANDSHAKE_AGAIN)]


def test_the_advised_interval_is_added(talk: Conversation) -> None:
    """CometD, Configuration: interval and maxInterval."""
    talk = Conversation(interval_ms=2000)
    talk.begin(ALICE)
    assert talk.server.next_deadline() == 12


def test_a_session_that_never_connects_is_swept_too() -> None:
    """DC-6: CometD, Configuration: maxInterval."""
    talk = Conversation()
    talk.ask(handshake())
    talk.pass_time(10)
    assert not talk.knows("c1")


def test_only_a_sessions_own_messages_prolong_it(talk: Conversation) -> None:
    """CometD, Configuration: maxInterval."""
    talk.pass_time(9)
    talk.ask(subscribe("c1", "/b"))
    talk.pass_time(9)
    talk.ask(subscribe("c1", "/c"), owner=BOB)
    talk.pass_time(1)
    assert not talk.knows("c1")


def test_a_session_is_kept_while_its_connect_is_held_and_its_time_begins_with_the_reply() -> None:
    """DC-5: CometD, Configuration: maxInterval."""
    talk = Conversation(timeout_ms=60_000)
    talk.begin(ALICE)
    poll = talk.hold("c1")
    talk.pass_time(59)
    assert talk.pass_time(1) == [poll]
    talk.pass_time(100)  # the transport takes its time
    talk.take(poll)
    talk.pass_time(9.999)
    assert talk.knows("c1")


def test_a_lost_connection_leaves_session_and_queue_for_the_maximum_interval(talk: Conversation) -> None:
    """DC-8, DC-7: CometD, Configuration: maxInterval; Bayeux 1.0, Disconnect: the server relies on no disconnect."""
    poll = talk.hold("c1")
    talk.pass_time(20)
    talk.server.lost(poll, talk.now)
    assert talk.server.next_deadline() == 30
    talk.publish(1)
    assert talk.ready() == []
    assert talk.pass_time(9.999) == []
    assert talk.ask(connect("c1", advice={"timeout": 0})) == [event(1), connected(advice=RETRY)]


def test_a_connection_lost_when_its_answer_is_ready_loses_nothing(talk: Conversation) -> None:
    """Bayeux 1.0, Delivery: messages leave the queue only when the answer is about to be written."""
    poll = talk.hold("c1")
    talk.publish(1)
    assert talk.ready() == [poll]
    talk.server.lost(poll, talk.now)
    talk.server.lost(poll, talk.now)
    assert talk.ask(connect("c1")) == [event(1), connected()]


def test_a_lost_session_is_swept_with_its_queue(talk: Conversation) -> None:
    """ACK-7: CometD, Configuration: maxInterval."""
    talk.server.lost(talk.hold("c1"), talk.now)
    talk.publish(1)
    talk.pass_time(10)
    talk.publish(2)
    assert not talk.knows("c1")


def test_losing_a_superseded_connect_does_not_touch_the_one_that_is_held(talk: Conversation) -> None:
    """Bayeux 1.0, Connect: one outstanding connect per client."""
    first, second = talk.hold("c1"), talk.hold("c1")
    talk.server.lost(first, talk.now)
    talk.publish(1)
    assert talk.ready() == [second]


OVERFLOWN = unknown_client("/meta/connect") | {"error": "402::Too many messages were waiting"}


def test_one_message_too_many_ends_the_session_rather_than_lose_an_event_silently() -> None:
    """SE-6: CometD, Security: limits. The client learns from its next connect that it must shake hands again."""
    talk = Conversation(max_queue=3)
    talk.begin(ALICE, CALLS)
    talk.begin(ALICE, CALLS)
    for number in range(3):
        talk.publish(number)
    assert talk.ask(connect("c1"))[:-1] == [event(0), event(1), event(2)]
    talk.publish(3)
    assert talk.ask(connect("c1"))[:-1] == [event(3)]
    assert talk.ask(connect("c2")) == [OVERFLOWN | {"advice": HANDSHAKE_AGAIN}]


def test_the_held_connect_reports_an_overflow_within_one_turn() -> None:
    """Bayeux 1.0, Connection Negotiation."""
    talk = Conversation(max_queue=2)
    talk.begin(ALICE, CALLS)
    poll = talk.hold("c1", id="3")
    for number in range(9):
        talk.publish(number)
    assert talk.ready() == [poll]
    assert talk.take(poll) == [OVERFLOWN | {"id": "3", "advice": HANDSHAKE_AGAIN}]
    assert talk.server.next_deadline() is None
