"""What the server's operator can do to its sessions: list them, forget one, give one unusual advice."""

from __future__ import annotations

from typing import Any

import pytest

from refswitch.bayeux import Cause, Client

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


def test_every_session_is_listed_with_its_owner_subscriptions_and_queue(talk: Conversation) -> None:
    talk.begin(BOB)
    talk.publish(1)
    talk.hold("c2", owner=BOB)
    assert talk.server.clients() == [
        Client("c1", ALICE, (CALLS,), 1, is_held=False),
        Client("c2", BOB, (), 0, is_held=True),
    ]


def test_a_forgotten_client_learns_it_from_its_held_connect(talk: Conversation) -> None:
    poll = talk.hold("c1")
    assert talk.server.forget("c1")
    assert talk.ready() == [poll]
    assert talk.take(poll) == [unknown_client("/meta/connect", advice=HANDSHAKE_AGAIN)]
    assert talk.server.next_deadline() is None


def test_a_forgotten_client_is_unknown_at_its_next_message(talk: Conversation) -> None:
    talk.publish(1)
    assert talk.server.forget("c1")
    assert talk.ask(subscribe("c1", "/a")) == [unknown_client("/meta/subscribe", subscription="/a")]
    assert talk.ask(connect("c1")) == [unknown_client("/meta/connect", advice=HANDSHAKE_AGAIN)]


def test_an_unknown_client_can_be_neither_forgotten_nor_advised(talk: Conversation) -> None:
    assert not talk.server.forget("c9")
    assert not talk.server.advise("c9", {"interval": 1})


def test_advice_goes_out_at_once_with_a_held_connect(talk: Conversation) -> None:
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


@pytest.mark.parametrize(
    ("cause", "error", "advice"),
    [
        (Cause.UNKNOWN_CLIENT, "402::Unknown client", {"advice": HANDSHAKE_AGAIN}),
        (Cause.UNKNOWN_CLIENT_403, "403::Unknown client", {"advice": HANDSHAKE_AGAIN}),
        (Cause.UNKNOWN_CLIENT_UNADVISED, "402::Unknown client", {}),
    ],
)
def test_a_forgotten_client_gets_the_answer_of_other_servers_held_or_not_and_nobody_else_does(
    talk: Conversation, cause: Cause, error: str, advice: dict[str, Any]
) -> None:
    told = {"channel": "/meta/connect", "successful": False, "error": error, **advice}
    poll = talk.hold("c1")
    talk.server.forget("c1", cause)
    assert talk.take(poll) == [told]
    assert talk.ask(connect("c1")) == [told]
    assert talk.ask(connect("c1"), owner=BOB) == [unknown_client("/meta/connect", advice=HANDSHAKE_AGAIN)]


def test_only_so_many_farewells_are_remembered() -> None:
    talk = Conversation(max_farewells=1)
    for client_id in ("c1", "c2"):
        talk.begin(ALICE)
        talk.server.forget(client_id, Cause.UNKNOWN_CLIENT_403)
    assert talk.ask(connect("c1"))[0]["error"] == "402::Unknown client"
    assert talk.ask(connect("c2"))[0]["error"] == "403::Unknown client"
