"""What whoever runs the server can do to its sessions: see them, forget one, give one other advice."""

from __future__ import annotations

import pytest

from refswitch.bayeux import Client

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
    subscribe,
    unknown_client,
)


@pytest.fixture
def talk() -> Conversation:
    """Alice is c1 and subscribed to her calls."""
    talk = Conversation()
    talk.begin(ALICE, CALLS)
    return talk


def test_every_session_is_seen_with_its_owner_subscriptions_and_queue(talk: Conversation) -> None:
    talk.begin(BOB)
    talk.publish(1)
    talk.hold("c2", owner=BOB)
    assert talk.server.clients() == [
        Client("c1", ALICE, (CALLS,), 1, is_held=False),
        Client("c2", BOB, (), 0, is_held=True),
    ]


def test_a_forgotten_client_is_told_so_in_its_held_connect(talk: Conversation) -> None:
    poll = talk.hold("c1")
    assert talk.server.forget("c1")
    assert talk.ready() == [poll]
    assert talk.take(poll) == [unknown_client("/meta/connect", advice=HANDSHAKE_AGAIN)]
    assert talk.server.next_deadline() is None


def test_a_forgotten_client_is_unknown_with_its_next_message(talk: Conversation) -> None:
    talk.publish(1)
    assert talk.server.forget("c1")
    assert talk.ask(subscribe("c1", "/a")) == [unknown_client("/meta/subscribe", subscription="/a")]
    assert talk.ask(connect("c1")) == [unknown_client("/meta/connect", advice=HANDSHAKE_AGAIN)]


def test_who_is_not_there_can_be_neither_forgotten_nor_advised(talk: Conversation) -> None:
    assert not talk.server.forget("c9")
    assert not talk.server.advise("c9", {"interval": 1})


def test_advice_leaves_at_once_with_a_held_connect(talk: Conversation) -> None:
    poll = talk.hold("c1")
    assert talk.server.advise("c1", {"interval": 500})
    assert talk.ready() == [poll]
    assert talk.take(poll) == [connected(advice={**RETRY, "interval": 500})]


def test_advice_waits_for_the_next_connect_and_is_given_once(talk: Conversation) -> None:
    assert talk.server.advise("c1", {"reconnect": "none"})
    talk.publish(1)
    assert talk.ask(connect("c1")) == [event(1), connected(advice={**RETRY, "reconnect": "none"})]
    talk.publish(2)
    assert talk.ask(connect("c1")) == [event(2), connected()]
