"""Batches, ids, publishing and nonsense: every message is answered."""

from __future__ import annotations

from typing import Any

import pytest

from refswitch.bayeux import Settings

from .conversation import (
    ALICE,
    BOB,
    CALLS,
    RETRY,
    Conversation,
    connect,
    connected,
    disconnect,
    handshake,
    subscribe,
    unknown_client,
)


@pytest.fixture
def talk() -> Conversation:
    """Alice is c1 and subscribed to everything."""
    talk = Conversation()
    talk.begin(ALICE, "/**")
    return talk


def test_a_batch_is_answered_in_order_and_a_failed_message_does_not_stop_the_others(
    talk: Conversation,
) -> None:
    """BT-1, BT-2, BT-3, BT-4, MSG-8, MSG-10: Bayeux 1.0, Messages."""
    replies = talk.ask(
        subscribe("c1", "/a", id="1"),
        subscribe("c1", "/a/*/b", id="2"),
        {"id": "3"},
        {"channel": "/v2/x", "clientId": "c1", "data": {}, "id": "4"},
        disconnect("c1", id="5"),
        subscribe("c1", "/c", id="6"),
    )
    assert [(reply["id"], reply["successful"], reply.get("error")) for reply in replies] == [
        ("1", True, None),
        ("2", False, "405:/a/*/b:Invalid channel"),
        ("3", False, "400:channel:Missing field"),
        ("4", False, "403:/v2/x:Publish denied"),
        ("5", True, None),
        ("6", False, "402::Unknown client"),
    ]


@pytest.mark.parametrize("id_", ["0", "a1", "", "ö😀\ud800", "\u2028", 0, 7, -1.5, 10**30])
def test_an_id_is_returned_as_it_was_sent(talk: Conversation, id_: Any) -> None:
    """MSG-5, MSG-6, MSG-7: Bayeux 1.0, id: with the same type."""
    for message in (
        handshake(),
        connect("c1"),
        subscribe("c1", "/a"),
        {"channel": "/meta/x"},
        {"channel": "/x"},
    ):
        [reply] = talk.ask({**message, "id": id_, "advice": {"timeout": 0}})
        assert reply["id"] == id_
        assert type(reply["id"]) is type(id_)


@pytest.mark.parametrize("id_", [None, True, [], {}, float("inf")])
def test_an_id_that_no_reply_could_carry_is_refused(talk: Conversation, id_: Any) -> None:
    """MSG-11: Bayeux 1.0, id."""
    assert talk.ask(subscribe("c1", "/a", id=id_)) == [
        {
            "channel": "/meta/subscribe",
            "successful": False,
            "error": "405::Invalid message id",
            "subscription": "/a",
        }
    ]


@pytest.mark.parametrize("channel", [CALLS, "/v2/x", "/chat"])
def test_a_client_cannot_publish_and_its_reply_has_no_data(talk: Conversation, channel: str) -> None:
    """MSG-9, PB-1, PB-4, ER-11: Bayeux 1.0, Publish response: clients tell events from replies by data."""
    talk.begin(BOB, "/**")
    published = {"channel": channel, "clientId": "c2", "id": "9", "data": {"forged": True}}
    assert talk.ask(published, owner=BOB) == [
        {"id": "9", "channel": channel, "successful": False, "error": f"403:{channel}:Publish denied"}
    ]
    talk.hold("c1")  # an event that waited would have released it
    talk.hold("c2", owner=BOB)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"channel": "/v2/x", "clientId": "c1"}, "400:data:Missing field"),
        ({"channel": "/v2/x", "data": {}}, "402::Unknown client"),
        ({"channel": "/v2/x", "data": {}, "clientId": "c9"}, "402::Unknown client"),
        ({"channel": "/v2/*", "data": {}, "clientId": "c1"}, "405:/v2/*:Invalid channel"),
        ({"channel": "", "data": {}, "clientId": "c1"}, "405::Invalid channel"),
        ({"channel": "/meta/nosuch"}, "404:/meta/nosuch:Unknown meta channel"),
        ({"channel": "/meta/connect/x"}, "404:/meta/connect/x:Unknown meta channel"),
        ({"channel": "/meta"}, "404:/meta:Unknown meta channel"),
    ],
)
def test_a_message_that_is_neither_a_publish_nor_on_a_known_meta_channel_is_answered_with_an_error(
    talk: Conversation, message: dict[str, Any], error: str
) -> None:
    """MSG-13, PB-2, PB-3, ER-7: Bayeux 1.0, Publish request and Meta Channels."""
    assert talk.ask(message) == [{"channel": message["channel"], "successful": False, "error": error}]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({}, "400:channel:Missing field"),
        ({"channel": None}, "400:channel:Missing field"),
        ({"channel": 7}, "400:channel:Field of the wrong type or value"),
        ({"channel": ["/meta/connect"]}, "400:channel:Field of the wrong type or value"),
    ],
)
def test_a_message_without_a_channel_is_answered_with_an_error(
    talk: Conversation, message: dict[str, Any], error: str
) -> None:
    """MSG-1: Bayeux 1.0, Messages."""
    assert talk.ask(message | {"id": "1"}) == [{"id": "1", "successful": False, "error": error}]


def test_unknown_fields_are_tolerated(talk: Conversation) -> None:
    """MSG-12, MSG-14, EXT-6: Bayeux 1.0, ext; the official client's timestamp is not in ISO 8601."""
    extra = {"timestamp": "Mon, 23 Nov 2026 10:00:00 GMT", "ext": {"ack": True}, "advice": 7, "x": [None]}
    assert talk.ask(subscribe("c1", "/a", **extra))[0]["successful"]


def test_sessions_of_two_owners_do_not_mix_in_one_batch(talk: Conversation) -> None:
    """SE-1: CometD, Security."""
    talk.begin(BOB)
    replies = talk.ask(subscribe("c2", "/a"), subscribe("c1", "/a"), owner=BOB)
    assert [reply["successful"] for reply in replies] == [True, False]
    assert replies[1] == unknown_client("/meta/subscribe", subscription="/a")


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="timeout_ms, max_queue"):
        Settings(timeout_ms=-1, max_queue=-1)
    with pytest.raises(ValueError, match="no connection type"):
        Settings(connection_types=())


def test_a_message_on_a_service_channel_is_accepted_and_goes_no_further() -> None:
    """CH-6, MSG-6: like servers without such a service."""
    talk = Conversation()
    talk.begin(ALICE, "/**")
    told = {"channel": "/service/x", "clientId": "c1", "id": "7", "data": {}}
    assert talk.ask(told) == [{"id": "7", "channel": "/service/x", "successful": True}]
    assert talk.ask(connect("c1", advice={"timeout": 0})) == [connected(advice=RETRY)]
