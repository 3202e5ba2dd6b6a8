"""The ways in which public client programs begin and end: each works from first request to last."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from .house import ALICE, BOB, DEVICES, FIRST, House, visit

SHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
TOPICS = ["/v2/me/calls", "/v2/me/devices", "/v2/me/channels", "/v2/me/chats", "/v2/me/emails"]
START = {"operationName": "StartContactCenterSession", "channels": ["voice"]}


class Desktop:
    """A client with a cookie store that sends its credentials until it has a cookie."""

    def __init__(self, house: House, agent: str) -> None:
        self.credentials: httpx.BasicAuth | None = httpx.BasicAuth(agent, agent)
        transport = httpx.ASGITransport(house.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://switch.example:8080")
        self.client_id = ""

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send one request; from the second on, only the cookie identifies the client."""
        answer = await self.http.request(method, f"/api/v2{path}", json=body, auth=self.credentials)
        self.credentials = None
        return answer.json()

    async def shake_hands(self) -> None:
        (reply,) = await self.ask("POST", "/notifications/handshake", [SHAKE])
        assert reply["successful"], reply
        self.client_id = reply["clientId"]

    async def bayeux(self, channel: str, **more: object) -> list[Any]:
        message = {"channel": channel, "clientId": self.client_id, **more}
        told: list[Any] = await self.ask("POST", "/notifications", [message])
        return told

    async def subscribe(self, *topics: str) -> None:
        """Send one request for each; all must succeed, because some programs do not start otherwise."""
        for topic in topics:
            (reply,) = await self.bayeux("/meta/subscribe", subscription=topic)
            assert reply["successful"], reply

    async def heard(self) -> list[str]:
        """The notifications since the last time, in short."""
        told = await self.bayeux("/meta/connect", connectionType="long-polling", advice={"timeout": 0})
        return [in_short(message) for message in told if "data" in message]


def in_short(message: Any) -> str:
    data = message["data"]
    if "call" in data:
        return f"{message['channel']} {data['call']['state']}"
    (what,) = data.get("devices") or data["channels"]
    return f"{message['channel']} {what['userState']['state']}"


@pytest.mark.parametrize("me", ["/me", "/me/"])
def test_me_then_cometd_then_five_subscriptions_then_the_session(me: str) -> None:
    async def story(house: House) -> None:
        desktop = Desktop(house, ALICE)
        await desktop.ask("GET", f"{me}?subresources=*")
        await desktop.shake_hands()
        await desktop.subscribe(*TOPICS)
        assert await desktop.ask("POST", me, START) == {"statusCode": 0}
        assert await desktop.ask("POST", me, {"operationName": "Ready"}) == {"statusCode": 0}
        assert await desktop.heard() == [
            "/v2/me/devices LoggedIn",
            "/v2/me/channels LoggedIn",
            "/v2/me/devices Ready",
            "/v2/me/channels Ready",
        ]
        await house.dial(ALICE, agent=BOB)
        answer = {"operationName": "Answer"}
        assert await desktop.ask("POST", f"/me/calls/{FIRST}", answer) == {"statusCode": 0}
        assert await desktop.heard() == ["/v2/me/calls Ringing", "/v2/me/calls Established"]
        await desktop.bayeux("/meta/disconnect")
        assert await desktop.ask("POST", me, {"operationName": "EndContactCenterSession"}) == {
            "statusCode": 0
        }
        assert (await desktop.ask("GET", me))["statusCode"] == 20

    visit(story)


def test_the_session_before_cometd_and_the_state_read_afterwards() -> None:
    async def story(house: House) -> None:
        desktop = Desktop(house, ALICE)
        before = await desktop.ask("GET", "/me?subresources=features,devices,channels")
        assert before["user"]["devices"][0]["userState"]["state"] == "LoggedOut"
        assert before["user"]["channels"] == []
        both = {"operationName": "StartContactCenterSession", "channels": ["voice", "chat"]}
        assert (await desktop.ask("POST", "/me", both))["statusCode"] == 7
        await desktop.shake_hands()
        await desktop.subscribe("/v2/me/*")
        assert await desktop.ask("POST", "/me/channels/voice", {"operationName": "NotReady"}) == {
            "statusCode": 0
        }
        caught_up = await desktop.ask("GET", "/me/?subresources=devices,calls,channels,interactions,chats")
        user = caught_up["user"]
        assert user["devices"][0]["userState"]["displayName"] == "Not Ready"
        assert (user["calls"], "interactions" in user, "chats" in user) == ([], False, False)
        assert await desktop.heard() == ["/v2/me/devices NotReady", "/v2/me/channels NotReady"]

    visit(story)


def test_a_desktop_that_goes_through_all_subresources_at_once_finds_them_before_any_session() -> None:
    """A public client program reads the state of the first device and the sections of settings without asking whether they are there."""

    async def story(house: House) -> None:
        user = (await Desktop(house, ALICE).ask("GET", "/me?subresources=*"))["user"]
        assert user["devices"][0]["userState"]["state"] == "LoggedOut"
        assert {section: dict(settings) for section, settings in user["settings"].items()} == {}
        assert [channel["userState"] for channel in user["channels"]] == []

    visit(story)


def test_cometd_first_and_calls_without_any_session() -> None:
    async def story(house: House) -> None:
        desktop = Desktop(house, ALICE)
        await desktop.shake_hands()
        await desktop.subscribe("/**")
        dial = {"operationName": "Dial", "destination": {"phoneNumber": BOB}}
        assert await desktop.ask("POST", f"/me/devices/{DEVICES[ALICE]}/calls", dial) == {"statusCode": 0}
        await house.operate(FIRST, "Answer", agent=BOB)
        assert await desktop.heard() == ["/v2/me/calls Dialing", "/v2/me/calls Established"]

    visit(story)


def test_a_new_handshake_needs_no_new_session() -> None:
    async def story(house: House) -> None:
        desktop = Desktop(house, ALICE)
        await desktop.ask("POST", "/me", START)
        await desktop.ask("POST", "/me", {"operationName": "Ready"})
        for _ in range(2):
            await desktop.shake_hands()
            await desktop.subscribe(*TOPICS)
        assert await desktop.heard() == []
        assert await desktop.ask("POST", "/me", START) == {"statusCode": 0}
        assert await desktop.heard() == [], "a session that has started already changes nothing"

    visit(story)
