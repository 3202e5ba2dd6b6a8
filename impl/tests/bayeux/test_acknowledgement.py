"""The acknowledgement extension: no message is lost in transit, and a client that acknowledges receives none twice."""

from __future__ import annotations

from typing import Any

import pytest

from .conversation import ALICE, CALLS, Conversation, connect, connected, event, handshake, subscribe


def numbered(number: int, **fields: Any) -> dict[str, Any]:
    """A connect reply with its number."""
    return connected(ext={"ack": number}, **fields)


def acking(client_id: str, number: object, **fields: Any) -> dict[str, Any]:
    """A connect that is answered at once and acknowledges a reply."""
    return connect(client_id, ext={"ack": number}, **fields)


@pytest.fixture
def talk() -> Conversation:
    """Alice is c1, acknowledges, and has had the first connect reply, number 1."""
    talk = Conversation()
    [reply] = talk.ask(handshake(ext={"ack": True}))
    assert reply["ext"] == {"ack": True}
    talk.ask(subscribe("c1", CALLS))
    [first] = talk.ask(acking("c1", 0))
    assert first["ext"] == {"ack": 1}
    return talk


def test_the_server_never_imposes_acknowledgement() -> None:
    """ACK-1: CometD, Acknowledge: ACK-2."""
    talk = Conversation()
    for ext in ({}, {"ack": False}, {"ack": 1}, None, "x"):
        [reply] = talk.ask(handshake(ext=ext))
        assert "ext" not in reply
    assert talk.ask(connect("c1", ext={"ack": 5}))[0].get("ext") is None


def test_a_server_may_lack_acknowledgement() -> None:
    talk = Conversation(acknowledge=False)
    assert "ext" not in talk.ask(handshake(ext={"ack": True}))[0]


def test_every_connect_reply_has_the_next_number_with_messages_or_without(talk: Conversation) -> None:
    """ACK-8, HS-13, ACK-3."""
    talk.publish(1)
    assert talk.ask(acking("c1", 1)) == [event(1), numbered(2)]
    poll = talk.hold("c1", ext={"ack": 2})
    assert talk.pass_time(30) == [poll]
    assert talk.take(poll) == [numbered(3)]


def test_unacknowledged_messages_come_again_at_once_and_before_newer_ones(talk: Conversation) -> None:
    """ACK-4, ACK-9: a response was lost in transit."""
    talk.publish(1)
    assert talk.ask(acking("c1", 1)) == [event(1), numbered(2)]
    talk.publish(2)
    assert talk.ask(acking("c1", 1)) == [event(1), event(2), numbered(3)]
    poll = talk.hold("c1", ext={"ack": 3})
    assert poll not in talk.ready()


def test_only_missing_messages_come_again(talk: Conversation) -> None:
    """ACK-6: messages sent with one reply belong to its number alone."""
    talk.publish(1)
    talk.ask(acking("c1", 1))
    talk.publish(2)
    assert talk.ask(acking("c1", 2)) == [event(2), numbered(3)]
    assert talk.ask(acking("c1", 2)) == [event(2), numbered(4)]


def test_a_poll_whose_client_leaves_before_the_answer_has_sent_nothing(talk: Conversation) -> None:
    poll = talk.hold("c1", ext={"ack": 1})
    talk.publish(1)
    talk.server.lost(poll, talk.now)
    assert talk.ask(acking("c1", 1)) == [event(1), numbered(2)]


def test_messages_go_out_with_connect_replies_only(talk: Conversation) -> None:
    """ACK-5."""
    talk.publish(1)
    [reply] = talk.ask(subscribe("c1", "/other"))
    assert reply["channel"] == "/meta/subscribe"
    assert "ext" not in reply


@pytest.mark.parametrize("number", [None, "2", 1.5, True, [], -1])
def test_anything_but_a_number_acknowledges_nothing(talk: Conversation, number: object) -> None:
    """ACK-8."""
    talk.publish(1)
    talk.ask(acking("c1", 1))
    assert talk.ask(acking("c1", number)) == [event(1), numbered(3)]


def test_a_number_that_was_never_sent_acknowledges_everything(talk: Conversation) -> None:
    talk.publish(1)
    talk.ask(acking("c1", 1))
    assert talk.hold("c1", ext={"ack": 99}) not in talk.ready()


def test_unacknowledged_messages_count_as_waiting_and_too_many_end_the_session() -> None:
    """SE-6, ACK-7: a client that never acknowledges would otherwise fill the server's memory."""
    talk = Conversation(max_queue=3)
    talk.ask(handshake(ext={"ack": True}))
    talk.ask(subscribe("c1", CALLS))
    talk.publish(1)
    talk.publish(2)
    talk.ask(acking("c1", 0))
    assert [client.queued for client in talk.server.clients()] == [2]
    talk.publish(3)
    assert talk.knows("c1", ALICE)
    talk.publish(4)
    assert not talk.knows("c1", ALICE)
