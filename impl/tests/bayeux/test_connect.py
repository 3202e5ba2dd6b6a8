"""Connect: when it is held, when it is answered, and what it delivers."""

from __future__ import annotations

from typing import Any

import pytest

from .conversation import (
    ALICE,
    BOB,
    CALLS,
    HANDSHAKE_AGAIN,
    RETRY,
    Conversation,
    connect,
    connected,
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


def test_the_first_connect_after_a_handshake_is_answered_at_once_and_with_advice() -> None:
    """CN-5, AD-4, AD-3: CometD, Configuration: clients that send no advice wait for this reply before they go on."""
    talk = Conversation()
    talk.ask(handshake())
    assert talk.ask(connect("c1", id="2")) == [connected(id="2", advice=RETRY)]


def test_a_connect_is_held_until_its_time_is_up_and_then_answered_without_advice(talk: Conversation) -> None:
    """CN-2, CN-12, AD-4: Bayeux 1.0, Polling transports; CometD, Configuration: timeout."""
    poll = talk.hold("c1", id="3")
    assert talk.server.next_deadline() == 30
    assert talk.pass_time(29.999) == []
    assert talk.pass_time(0.001) == [poll]
    assert talk.take(poll) == [connected(id="3")]


def test_an_event_releases_the_held_connect_and_comes_before_its_reply(talk: Conversation) -> None:
    """CN-3: Bayeux 1.0, The long-polling Transport."""
    poll = talk.hold("c1", id="3")
    talk.publish(1)
    assert talk.ready() == [poll]
    assert talk.take(poll) == [event(1), connected(id="3")]


def test_an_answered_exchange_is_not_named_again(talk: Conversation) -> None:
    poll = talk.hold("c1")
    talk.publish(1)
    talk.take(poll)
    assert talk.ready() == []


def test_events_published_in_one_turn_leave_together_and_in_order(talk: Conversation) -> None:
    """DL-7, DL-8: CometD, Message ordering."""
    poll = talk.hold("c1")
    for number in range(200):
        talk.publish(number)
    assert talk.ready() == [poll]
    assert talk.take(poll) == [*map(event, range(200)), connected()]


def test_an_event_between_two_connects_waits_for_the_next_which_is_not_held(talk: Conversation) -> None:
    """DL-4: Bayeux 1.0, Delivery."""
    talk.publish(1)
    talk.publish(2)
    assert talk.ask(connect("c1")) == [event(1), event(2), connected()]
    talk.hold("c1")


@pytest.mark.parametrize(("asked", "held_for"), [(1500, 1.5), (0.5, 0.0005), (10**400, 30), (1e300, 30)])
def test_the_timeout_that_a_connect_asks_for_is_honoured_up_to_ours(
    talk: Conversation, asked: float, held_for: float
) -> None:
    """CN-4, SE-8: Bayeux 1.0, timeout advice field. A request with advice gets advice back."""
    poll = talk.hold("c1", advice={"timeout": asked})
    assert talk.server.next_deadline() == held_for
    assert talk.pass_time(held_for) == [poll]
    assert talk.take(poll) == [connected(advice=RETRY)]


def test_a_timeout_of_zero_is_answered_at_once_with_advice(talk: Conversation) -> None:
    """Bayeux 1.0, timeout advice field."""
    assert talk.ask(connect("c1", advice={"timeout": 0})) == [connected(advice=RETRY)]


def test_a_first_connect_that_asks_for_a_timeout_gets_it() -> None:
    """Bayeux 1.0, timeout advice field."""
    talk = Conversation()
    talk.ask(handshake())
    talk.hold("c1", advice={"timeout": 500})
    assert talk.server.next_deadline() == 0.5


def test_advice_without_a_timeout_changes_nothing(talk: Conversation) -> None:
    talk.hold("c1", advice={"interval": 0})
    assert talk.server.next_deadline() == 30


def test_a_second_connect_releases_the_first_with_success_and_takes_its_place(talk: Conversation) -> None:
    """CN-6, CN-7, CN-11: Bayeux 1.0, Connect: one outstanding connect per client."""
    first = talk.hold("c1", id="3")
    second = talk.hold("c1", id="4")
    assert talk.exchange == second
    assert talk.take(first) == [connected(id="3")]
    talk.publish(1)
    assert talk.ready() == [second]
    assert talk.take(second) == [event(1), connected(id="4")]


def test_a_second_connect_gets_the_events_that_the_first_has_not_taken_yet(talk: Conversation) -> None:
    """DL-3: Bayeux 1.0, Delivery: once."""
    first = talk.hold("c1", id="3")
    talk.publish(1)
    second = talk.send(connect("c1", id="4"))
    assert talk.ready() == [first, second]
    assert talk.take(first) == [connected(id="3")]
    assert talk.take(second) == [event(1), connected(id="4")]


def test_a_connect_that_arrived_with_other_messages_is_not_held(talk: Conversation) -> None:
    """CN-8: CometD: the replies to the other messages would wait with it."""
    talk.publish(1)
    assert talk.ask(subscribe("c1", "/b", id="1"), connect("c1", id="2")) == [
        {"id": "1", "channel": "/meta/subscribe", "successful": True, "subscription": "/b"},
        event(1),
        connected(id="2"),
    ]


def test_a_batched_connect_releases_the_one_that_is_held(talk: Conversation) -> None:
    """Bayeux 1.0, Connect: one outstanding connect per client."""
    first = talk.hold("c1", id="3")
    both = talk.send(connect("c1", id="4"), connect("c1", id="5"))
    assert talk.ready() == [first, both]
    assert talk.take(first) == [connected(id="3")]
    assert talk.take(both) == [connected(id="4"), connected(id="5")]


def test_other_messages_of_the_session_are_answered_while_its_connect_is_held(talk: Conversation) -> None:
    """CN-9, DL-7: Bayeux 1.0, Two connection operation. Events do not leave with those replies: their order would be lost."""
    poll = talk.hold("c1")
    other = talk.send(subscribe("c1", "/b"))
    assert talk.server.next_deadline() == 30
    talk.publish(1)
    assert talk.ready() == [other, poll]
    assert len(talk.take(other)) == 1
    assert talk.take(poll) == [event(1), connected()]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"connectionType": None}, "400:connectionType:Missing field"),
        ({"connectionType": 7}, "400:connectionType:Field of the wrong type or value"),
        ({"connectionType": "websocket"}, "301:long-polling:Connection type was not offered"),
        ({"advice": "soon"}, "400:advice:Field of the wrong type or value"),
        ({"advice": {"timeout": "0"}}, "400:advice:Field of the wrong type or value"),
        ({"advice": {"timeout": True}}, "400:advice:Field of the wrong type or value"),
        ({"advice": {"timeout": None}}, "400:advice:Field of the wrong type or value"),
        ({"advice": {"timeout": -1}}, "400:advice:Field of the wrong type or value"),
        ({"advice": {"timeout": float("inf")}}, "400:advice:Field of the wrong type or value"),
        ({"ext": []}, "400:ext:Field of the wrong type or value"),
    ],
)
def test_a_connect_with_a_missing_or_wrong_field_is_refused_and_changes_nothing(
    talk: Conversation, fields: dict[str, Any], error: str
) -> None:
    """CN-13, SE-7: Bayeux 1.0, Connect request: connectionType MUST be included."""
    poll = talk.hold("c1")
    refused = talk.ask(connect("c1", id="9", **fields))
    assert refused == [{"id": "9", "channel": "/meta/connect", "successful": False, "error": error}]
    talk.publish(1)
    assert talk.ready() == [poll]


@pytest.mark.parametrize("field", ["ext", "advice"])
def test_null_counts_as_absent_for_an_optional_field(talk: Conversation, field: str) -> None:
    """EXT-6: Bayeux 1.0, ext."""
    talk.send(connect("c1", **{field: None}))
    assert talk.ready() == []


@pytest.mark.parametrize("client_id", ["c2", "", None, 7, ["c1"], {"c1": 1}, "c1\ud800"])
def test_an_unknown_client_is_advised_to_shake_hands_at_once_and_is_never_held(
    talk: Conversation, client_id: Any
) -> None:
    """ER-2, ER-3, ER-4, ER-5, ER-6, AD-2: Bayeux 1.0, Connection Negotiation."""
    assert talk.ask(connect(client_id, id="1")) == [
        unknown_client("/meta/connect", id="1", advice=HANDSHAKE_AGAIN)
    ]


def test_an_unknown_client_is_not_made_to_wait_for_the_interval() -> None:
    talk = Conversation(interval_ms=2000)
    [reply] = talk.ask(connect("c1"))
    assert reply["advice"] == {"reconnect": "handshake", "interval": 0, "timeout": 30_000}


def test_another_owners_client_id_is_unknown_and_its_session_is_unharmed(talk: Conversation) -> None:
    """SE-1: CometD, Security."""
    poll = talk.hold("c1")
    assert talk.ask(connect("c1"), owner=BOB) == [unknown_client("/meta/connect", advice=HANDSHAKE_AGAIN)]
    talk.publish(1)
    assert talk.ready() == [poll]
    assert talk.take(poll) == [event(1), connected()]


def test_a_server_that_shuts_down_answers_held_connects_and_holds_none(talk: Conversation) -> None:
    """AD-1: Bayeux 1.0, reconnect: a client advised none would not come back."""
    poll = talk.hold("c1")
    talk.server.stop_holding()
    assert talk.ready() == [poll]
    assert talk.take(poll) == [connected()]
    assert talk.ask(connect("c1")) == [connected()]


def test_a_client_that_reads_in_order_gets_its_held_connect_first() -> None:
    """CB-4: scripts run one after the other."""
    talk = Conversation()
    talk.begin(ALICE, CALLS)
    poll = talk.hold("c1")
    talk.server.receive([subscribe("c1", "/a")], owner=ALICE, exchange=99, now=talk.now, releases_held=True)
    assert talk.ready() == [poll, 99]
    assert talk.take(poll) == [connected()]
