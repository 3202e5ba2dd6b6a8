"""Bayeux in scripts, over a real port: off unless enabled."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from ..process import serving  # noqa: TID252  # one floor up, as the house is

PATH = "/api/v2/notifications"
TYPE = {"connectionType": "callback-polling"}
OFFER = {"version": "1.0", "supportedConnectionTypes": ["callback-polling"]}


class Page:
    """What a page's scripts can do: GET, with the browser's cookies and credentials."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, auth=("15000", "15000"), timeout=60)

    def get(self, *messages: Any, **query: str) -> httpx.Response:
        return self.http.get(PATH, params={"message": json.dumps(messages), **query})

    def ask(self, *messages: Any) -> list[Any]:
        answer = self.get(*messages)
        called = re.fullmatch(r"/\*\*/jsonpcallback\((.*)\);", answer.text)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript;charset=UTF-8")
        assert called is not None
        told: list[Any] = json.loads(called[1])
        return told


def test_a_session_works_over_scripts_where_they_are_enabled() -> None:
    """HS-5, CB-1, CB-2."""
    with serving("--callback-polling") as address:
        page = Page(address)
        with page.http:
            [reply] = page.ask({"channel": "/meta/handshake", **OFFER})
            assert reply["supportedConnectionTypes"] == ["websocket", "long-polling", "callback-polling"]
            me = {"clientId": reply["clientId"]}
            page.ask({"channel": "/meta/subscribe", "subscription": "/v2/me/calls", **me})
            page.ask({"channel": "/meta/connect", **TYPE, **me})
            told = {"agent": "15000", "channel": "/v2/me/calls", "data": {"text": "\u2028"}}
            page.http.post("/__admin/v1/publish", json=told)
            [event, _] = page.ask({"channel": "/meta/connect", **TYPE, **me})
            assert event == {"channel": "/v2/me/calls", "data": {"text": "\u2028"}}
            answer = page.get({"channel": "/meta/disconnect", **me}, jsonp="window.call_1")
            assert answer.text.startswith(
                '/**/window.call_1([{"channel":"/meta/disconnect","successful":true'
            )
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_function_name_that_is_not_an_identifier_is_refused_and_so_is_anything_but_messages() -> None:
    """CB-3: otherwise the author of the address could run a program."""
    with serving("--callback-polling") as address:
        page = Page(address)
        with page.http:
            for name in ("alert(1)//", "a b", "1a", "a..b", "x" * 65, "a\n"):
                answer = page.get({"channel": "/meta/handshake", **OFFER}, jsonp=name)
                assert (answer.status_code, answer.json()["statusCode"]) == (400, 10)
            assert page.http.get(PATH, params={"message": "x"}).status_code == 400
            assert page.http.get(PATH).status_code == 405
            many = "&".join(f"a{number}=1" for number in range(100))
            assert page.http.get(f"{PATH}?{many}").status_code == 405


def test_scripts_are_not_served_by_default() -> None:
    """CB-5, SE-5."""
    with serving() as address:
        page = Page(address)
        with page.http:
            assert page.get({"channel": "/meta/handshake", **OFFER}).status_code == 405
