"""A change of a notification breaks the clients that read it or the servers that send it; Bayeux requests go the other way."""

from __future__ import annotations

from typing import Any

from conformance.tests.contract_diff.small import asyncapi, told

STATE = {
    "type": "object",
    "required": ["state"],
    "properties": {"state": {"type": "string", "enum": ["Held"]}},
}


def test_a_new_type_of_notification_breaks_clients_and_one_that_is_gone_breaks_both() -> None:
    one, two = asyncapi({"StatusChange": STATE}), asyncapi({"StatusChange": STATE, "DtmfSent": STATE})
    assert told("asyncapi", one, two) == [
        ("breaks clients", "DtmfSent on /v2/me/calls", "added: a client may now receive it")
    ]
    assert told("asyncapi", two, one) == [
        (
            "breaks clients and servers",
            "DtmfSent on /v2/me/calls",
            "removed: a server may no longer send it, and a client that waits for it waits in vain",
        )
    ]


def test_the_same_change_of_a_schema_breaks_the_reader_of_either_direction() -> None:
    wider = {**STATE, "properties": {"state": {"type": "string", "enum": ["Held", "Parked"]}}}
    sent = told("asyncapi", asyncapi({"M": STATE}), asyncapi({"M": wider}))
    assert sent == [
        ("breaks clients", "M on /v2/me/calls, state", "Parked added: a client may now receive Parked")
    ]
    received = told("asyncapi", asyncapi({"M": STATE}, "receive"), asyncapi({"M": wider}, "receive"))
    assert received == [
        ("breaks servers", "M on /v2/me/calls, state", "Parked added: a server must now accept Parked")
    ]


def test_a_reply_goes_the_other_way_than_its_request() -> None:
    def half(**reply: Any) -> dict[str, Any]:
        document = asyncapi({"Request": STATE, "Reply": {**STATE, **reply}}, "receive", "/meta/connect")
        channel = {"$ref": "#/channels/calls"}
        at = "#/channels/calls/messages"
        document["operations"]["tell"] |= {
            "messages": [{"$ref": f"{at}/Request"}],
            "reply": {"channel": channel, "messages": [{"$ref": f"{at}/Reply"}]},
        }
        return document

    assert told("asyncapi", half(), half(required=[])) == [
        (
            "breaks clients",
            "Reply on /meta/connect",
            "state is no longer required: a client may now receive an object without state",
        )
    ]


def test_a_channel_that_is_gone_breaks_clients_and_a_new_one_asks_something_of_servers() -> None:
    one, other = (
        asyncapi({"M": STATE}, address="/v2/me/calls"),
        asyncapi({"M": STATE}, address="/v2/me/chats"),
    )
    assert told("asyncapi", one, other) == [
        (
            "breaks clients",
            "channel /v2/me/calls",
            "removed: a client that subscribes or sends there is left without it",
        ),
        ("breaks servers", "channel /v2/me/chats", "added: a server must now offer it"),
    ]


def test_a_message_under_another_key_is_the_same_message() -> None:
    old, new = asyncapi({"M": STATE}), asyncapi({"M": STATE})
    messages = new["channels"]["calls"]["messages"]
    messages["other"] = messages.pop("M")
    assert told("asyncapi", old, new) == []


def test_words_about_a_channel_and_a_message_are_documents_only() -> None:
    old, new = asyncapi({"M": STATE}), asyncapi({"M": STATE})
    new["channels"]["calls"]["description"] = "The agent's calls."
    new["channels"]["calls"]["messages"]["M"]["title"] = "A message"
    assert told("asyncapi", old, new) == [
        ("documents only", "channel /v2/me/calls", "description changed"),
        ("documents only", "M on /v2/me/calls", "title changed"),
    ]
