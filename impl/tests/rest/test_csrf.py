"""CSRF protection, when on: requests that change something need the token from a GET, on REST and on CometD."""

from __future__ import annotations

import re

import pytest

from ..house import ALICE, BOB, FIRST, House, Told, visit  # noqa: TID252  # the whole house is one floor up

SHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
START = {"operationName": "StartContactCenterSession", "channels": ["voice"]}
REFUSED = {"statusCode": 3, "statusMessage": "Missing or invalid Csrf token"}


def cookie_of(told: Told) -> str:
    return str(told.headers["set-cookie"]).partition(";")[0]


async def entered(house: House, agent: str = ALICE) -> dict[str, str]:
    """The headers of a client that has read /me: its cookie, and the token under the name that the answer gave."""
    told = await house.get("/me", agent=agent)
    return {"Cookie": cookie_of(told), told.headers["x-csrf-header"]: told.headers["x-csrf-token"]}


def test_every_answer_to_a_get_names_the_header_and_carries_the_token_of_the_session() -> None:
    async def story(house: House) -> None:
        headers = await entered(house)
        token = headers["X-CSRF-TOKEN"]
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", token)
        for method, path in (
            ("GET", "/me/calls"),
            ("GET", "/nowhere"),
            ("HEAD", "/me"),
            ("GET", "/notifications"),
        ):
            told = await house.ask(method, path, agent=None, headers={"Cookie": headers["Cookie"]})
            assert (told.headers["x-csrf-header"], told.headers["x-csrf-token"]) == ("X-CSRF-TOKEN", token)
        assert (await entered(house))["X-CSRF-TOKEN"] != token, "another session has another token"

    visit(story, csrf=True)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/me", START),
        ("POST", "/me/calls/XX", {"operationName": "Hold"}),
        ("POST", "/nowhere", {}),
        ("PUT", "/me", {}),
        ("DELETE", "/me", None),
        ("POST", "/notifications", [SHAKE]),
        ("POST", "/notifications/handshake", [SHAKE]),
    ],
)
def test_a_request_that_changes_something_must_send_the_token_of_its_session(
    method: str, path: str, body: object
) -> None:
    async def story(house: House) -> None:
        mine, other = await entered(house), await entered(house, BOB)
        cookie = {"Cookie": mine["Cookie"]}
        for headers in (
            cookie,
            {**cookie, "X-CSRF-TOKEN": ""},
            {**cookie, "X-CSRF-TOKEN": other["X-CSRF-TOKEN"]},
            {"Cookie": other["Cookie"], "X-CSRF-TOKEN": mine["X-CSRF-TOKEN"]},
        ):
            told = await house.ask(method, path, body, agent=None, headers=headers)
            assert (told.status, told.body) == (403, REFUSED)
            assert told.headers["content-type"] == "application/json"
        assert (await house.ask(method, path, body, agent=None, headers=mine)).body != REFUSED

    visit(story, csrf=True)


def test_a_client_that_keeps_no_cookies_is_refused_despite_its_credentials() -> None:
    async def story(house: House) -> None:
        mine = await entered(house)
        told = await house.ask("POST", "/me", START, headers={"X-CSRF-TOKEN": mine["X-CSRF-TOKEN"]})
        assert (told.status, told.body) == (403, REFUSED)
        assert "JSESSIONID" in cookie_of(told), "so that it can ask for the token of this session"

    visit(story, csrf=True)


def test_credentials_are_checked_before_the_token() -> None:
    async def story(house: House) -> None:
        told = await house.ask("POST", "/me", START, agent=None, headers={"X-CSRF-TOKEN": "x"})
        assert told.code == (403, 20)

    visit(story, csrf=True)


def test_a_token_that_is_sent_twice_is_not_accepted() -> None:
    async def story(house: House) -> None:
        mine = await entered(house)
        sent: list[dict[str, object]] = []
        token = mine["X-CSRF-TOKEN"].encode()
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/v2/me",
            "query_string": b"",
            "headers": [
                (b"cookie", mine["Cookie"].encode()),
                (b"x-csrf-token", token),
                (b"x-csrf-token", token),
                (b"content-type", b"application/json"),
            ],
        }

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def send(event: dict[str, object]) -> None:
            sent.append(event)

        await house.app(scope, receive, send)  # type: ignore[arg-type]  # ASGI's own shapes
        assert sent[0]["status"] == 403

    visit(story, csrf=True)


def test_a_refused_request_has_changed_nothing_and_a_whole_conversation_works_with_the_token() -> None:
    async def story(house: House) -> None:
        mine = await entered(house)
        await house.dial(BOB)  # with credentials and neither cookie nor token
        assert (await house.get("/me/calls")).body["uris"] == []
        device = (await house.get("/me/devices?fields=id")).body["devices"][0]["id"]
        dial = {"operationName": "Dial", "destination": {"phoneNumber": BOB}}
        told = await house.ask("POST", f"/me/devices/{device}/calls", dial, agent=None, headers=mine)
        assert told.body == {"statusCode": 0}
        hangup = {"operationName": "Hangup"}
        assert (await house.ask("POST", f"/me/calls/{FIRST}", hangup, agent=None, headers=mine)).code == (
            200,
            0,
        )
        shaken = (await house.ask("POST", "/notifications", [SHAKE], agent=None, headers=mine)).body[0]
        assert shaken["successful"] is True
        assert (
            await house.ask(
                "POST", "/me", {"operationName": "EndContactCenterSession"}, agent=None, headers=mine
            )
        ).code == (200, 0)
        assert (await house.ask("GET", "/me", agent=None, headers=mine)).code == (403, 20)

    visit(story, csrf=True)


def test_without_the_option_there_is_no_token_and_none_is_required() -> None:
    async def story(house: House) -> None:
        told = await house.get("/me")
        assert not [name for name in told.headers if "csrf" in name]
        assert (await house.post("/me", START)).code == (200, 0)

    visit(story)
