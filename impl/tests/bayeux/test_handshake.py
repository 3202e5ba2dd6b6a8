"""Handshake: which clients get a session, and what the reply says."""

from __future__ import annotations

from typing import Any

import pytest

from .conversation import (
    BOB,
    HANDSHAKE_AGAIN,
    NEVER_AGAIN,
    RETRY,
    Conversation,
    connect,
    handshake,
    subscribe,
)


def test_a_handshake_makes_a_session_and_says_everything_that_a_client_needs() -> None:
    """HS-1, HS-2, HS-12, AD-5: Bayeux 1.0, Handshake response; CometD, Configuration: integer milliseconds."""
    assert Conversation().ask(handshake(id="1", minimumVersion="1.0", advice={"timeout": 60000}, ext={})) == [
        {
            "id": "1",
            "channel": "/meta/handshake",
            "successful": True,
            "version": "1.0",
            "supportedConnectionTypes": ["long-polling"],
            "clientId": "c1",
            "advice": RETRY,
        }
    ]


def test_only_what_works_here_is_offered() -> None:
    """HS-4, HS-6, CB-5: Bayeux 1.0, supportedConnectionTypes: clients use any that is listed."""
    types = ["websocket", "long-polling", "callback-polling"]
    [reply] = Conversation().ask(handshake(supportedConnectionTypes=types))
    assert reply["supportedConnectionTypes"] == ["long-polling"]


@pytest.mark.parametrize("types", [["websocket"], ["callback-polling", "iframe"], []])
def test_a_handshake_without_a_common_connection_type_fails_for_good(types: list[str]) -> None:
    """HS-3, HS-10: Bayeux 1.0, Handshake response and Unsuccessful handshake."""
    assert Conversation().ask(handshake(id="1", supportedConnectionTypes=types)) == [
        {
            "id": "1",
            "channel": "/meta/handshake",
            "successful": False,
            "error": "301:long-polling:No common connection type",
            "advice": NEVER_AGAIN,
        }
    ]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"version": None}, "400:version:Missing field"),
        ({"version": 1.0}, "400:version:Field of the wrong type or value"),
        ({"version": "0.9"}, "400:1.0:Unsupported Bayeux version"),
        ({"minimumVersion": "1.1"}, "400:1.0:Unsupported Bayeux version"),
        ({"minimumVersion": []}, "400:minimumVersion:Field of the wrong type or value"),
        ({"supportedConnectionTypes": None}, "400:supportedConnectionTypes:Missing field"),
        (
            {"supportedConnectionTypes": "long-polling"},
            "400:supportedConnectionTypes:Field of the wrong type or value",
        ),
        ({"supportedConnectionTypes": [{}]}, "400:supportedConnectionTypes:Field of the wrong type or value"),
        ({"ext": "x"}, "400:ext:Field of the wrong type or value"),
    ],
)
def test_a_failed_handshake_has_an_error_but_no_client_id_and_advises_against_another(
    fields: dict[str, Any], error: str
) -> None:
    """HS-9, HS-10: Bayeux 1.0, Handshake request and Unsuccessful handshake."""
    assert Conversation().ask(handshake(**fields)) == [
        {"channel": "/meta/handshake", "successful": False, "error": error, "advice": NEVER_AGAIN}
    ]


def test_other_messages_beside_a_handshake_are_ignored() -> None:
    """HS-11: Bayeux 1.0, Handshake request."""
    talk = Conversation()
    client_id = talk.begin()
    replies = talk.ask(
        subscribe(client_id, "/a", id="1"), handshake(id="2"), handshake(id="3"), connect(client_id)
    )
    assert [(reply["id"], reply["clientId"]) for reply in replies] == [("2", "c2")]


def test_every_handshake_makes_a_new_session_and_ends_none() -> None:
    """HS-7, HS-14: Bayeux 1.0, Client ID; CometD, Multiple sessions."""
    talk = Conversation()
    first, second = talk.begin(), talk.begin()
    assert first != second
    assert talk.knows(first)
    assert talk.knows(second)


def test_an_owner_with_too_many_sessions_may_shake_hands_again_later_and_others_are_unharmed() -> None:
    """SE-6, HS-10: CometD, Security: limits."""
    talk = Conversation(max_sessions=1)
    talk.begin()
    assert talk.ask(handshake()) == [
        {
            "channel": "/meta/handshake",
            "successful": False,
            "error": "403::Too many sessions",
            "advice": HANDSHAKE_AGAIN,
        }
    ]
    assert talk.ask(handshake(), owner=BOB)[0]["successful"]
    talk.pass_time(10)
    assert talk.ask(handshake())[0]["successful"]
