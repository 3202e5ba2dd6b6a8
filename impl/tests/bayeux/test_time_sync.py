"""The time synchronisation extension (CometD, Timesync), EXT-1."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refswitch.bayeux import Server, Settings

NOON = 1_800_000_000_000


def told(asked: object, *, wait: float = 0.0, time_of_day: int | None = NOON) -> Any:
    """The reply to a handshake with this field, given after some seconds."""
    server = Server(Settings(), lambda: "c1")
    message: Any = {
        "channel": "/meta/handshake",
        "version": "1.0",
        "supportedConnectionTypes": ["long-polling"],
    }
    server.receive([{**message, "ext": asked}], owner="15000", exchange=1, now=5.0, time_of_day=time_of_day)
    (reply,) = server.take(1, 5.0 + wait)
    return json.loads(reply).get("ext")


def test_a_client_learns_the_servers_time_how_long_it_waited_and_how_good_its_estimate_was() -> None:
    """EXT-1."""
    asked = {"timesync": {"tc": NOON - 300, "l": 20, "o": 200}}
    assert told(asked, wait=1.5) == {"timesync": {"tc": NOON - 300, "ts": NOON, "p": 1500, "a": -80}}


def test_the_first_estimate_is_answered_however_good_and_a_good_one_is_left_alone_afterwards() -> None:
    assert told({"timesync": {"tc": NOON, "l": 0, "o": 0}}) == {
        "timesync": {"tc": NOON, "ts": NOON, "p": 0, "a": 0}
    }
    assert told({"timesync": {"tc": NOON - 300, "l": 20, "o": 260}}) is None


def test_it_works_together_with_acknowledgement() -> None:
    assert set(told({"ack": True, "timesync": {"tc": NOON, "l": 0, "o": 0}})) == {"ack", "timesync"}


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "x",
        {},
        {"timesync": None},
        {"timesync": []},
        {"timesync": {}},
        {"timesync": {"tc": "1"}},
        {"timesync": {"tc": True}},
        {"timesync": {"tc": 1e300}},
        {"timesync": {"tc": NOON, "l": None}},
        {"timesync": {"tc": NOON, "o": [1]}},
    ],
)
def test_an_invalid_time_request_gets_no_answer(asked: object) -> None:
    assert told(asked) is None


def test_without_a_time_of_day_no_client_gets_one() -> None:
    assert told({"timesync": {"tc": NOON, "l": 0, "o": 0}}, time_of_day=None) is None
