"""Bayeux over a WebSocket, over a real port: uvicorn as refswitch runs it, and an independent client library."""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from refswitch.cli.values import limit

from ..process import serving  # noqa: TID252  # one floor up, as the house is
from .driver import ALICE, BOB, CALLS, connect, disconnect, event, handshake, subscribe

PATH = "/api/v2/notifications"
OFFER = ["websocket", "long-polling"]
TYPE = {"connectionType": "websocket"}
#: Seconds after which something must be hanging, however busy the machine is.
PATIENCE_S = 60.0


def basic(number: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{number}:{number}".encode()).decode()}


class Site:
    """A server's address, and the ways to reach it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = httpx.AsyncClient(base_url=address, timeout=PATIENCE_S)

    @asynccontextmanager
    async def socket(
        self,
        user: str | None = ALICE,
        path: str = PATH,
        headers: Mapping[str, str] | None = None,
        sock: socket.socket | None = None,
    ) -> AsyncIterator[Socket]:
        url = self.address.replace("http", "ws", 1) + path
        sent = {**(basic(user) if user else {}), **(headers or {})}
        async with open_socket(
            url, additional_headers=sent, sock=sock, open_timeout=PATIENCE_S, ping_interval=None
        ) as connection:
            yield Socket(connection)

    async def ask(self, path: str, body: Any = None) -> Any:
        answer = await self.client.request(
            "POST" if body else "GET", "/api/v2" + path, json=body, headers=basic(ALICE)
        )
        return answer.json()

    async def sessions(self) -> list[Any]:
        sessions: list[Any] = (await self.client.get("/__admin/v1/sessions")).json()["sessions"]
        return sessions

    async def until_held(self, expected: bool) -> None:
        """Wait until the only session's connect is held, or no longer held."""
        held = not expected
        while held is not expected:
            [session] = await self.sessions()
            held = session["held"]

    async def post(self, *messages: Mapping[str, Any], user: str = ALICE) -> list[Any]:
        answer = await self.client.post(PATH, json=list(messages), headers=basic(user))
        assert answer.status_code == 200
        replies: list[Any] = answer.json()
        return replies

    async def publish(self, *numbers: int, agent: str = ALICE) -> None:
        for number in numbers:
            told = {"agent": agent, "channel": CALLS, "data": {"number": number}}
            await self.client.post("/__admin/v1/publish", json=told)


class Socket:
    """One open WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, *messages: Mapping[str, Any]) -> None:
        await self.connection.send(json.dumps(messages))

    async def frame(self) -> list[Any]:
        text = await self.connection.recv()
        assert isinstance(text, str)
        messages: list[Any] = json.loads(text)
        return messages

    async def ask(self, *messages: Mapping[str, Any]) -> list[Any]:
        await self.send(*messages)
        return await self.frame()

    async def begin(self) -> str:
        """A session that is subscribed and has connected once."""
        [reply] = await self.ask(handshake(supportedConnectionTypes=OFFER))
        client_id: str = reply["clientId"]
        await self.ask(subscribe(client_id))
        await self.ask(connect(client_id, **TYPE, advice={"timeout": 0}))
        return client_id

    async def closing(self) -> tuple[int | None, str | None]:
        """The server's close code and reason, after everything it sends has been read."""
        with suppress(ConnectionClosedError):
            async for _ in self.connection:
                pass
        return self.connection.close_code, self.connection.close_reason


def over_a_port(*options: str) -> Callable[[Callable[[Site], Awaitable[None]]], Callable[[], None]]:
    def decorate(test: Callable[[Site], Awaitable[None]]) -> Callable[[], None]:
        def played() -> None:
            async def play(address: str) -> None:
                async with asyncio.timeout(2 * PATIENCE_S):
                    site = Site(address)
                    async with site.client:
                        await test(site)

            with serving("--clock", "frozen", *options) as address:
                asyncio.run(play(address))

        played.__doc__ = test.__doc__
        return played

    return decorate


@over_a_port()
async def test_a_session_begins_receives_events_and_ends_on_one_socket(site: Site) -> None:
    """WS-1 to WS-4, WS-7 to WS-10, WS-13: arrays in text frames, and a held connect delays nothing."""
    async with site.socket() as talk:
        [reply] = await talk.ask(handshake(id="1", supportedConnectionTypes=OFFER))
        client_id = reply["clientId"]
        assert reply["supportedConnectionTypes"] == OFFER
        await talk.send(connect(client_id, **TYPE, id="2"))
        [first] = await talk.frame()
        assert (first["id"], first["successful"]) == ("2", True)
        await talk.send(connect(client_id, **TYPE, id="3"))
        [reply] = await talk.ask(subscribe(client_id))
        assert reply["channel"] == "/meta/subscribe"
        await site.publish(1)
        assert await talk.frame() == [event(1)]
        await site.publish(2)
        assert await talk.frame() == [event(2)]
        await talk.send(disconnect(client_id, id="4"))
        [released], [reply] = await talk.frame(), await talk.frame()
        assert (released["id"], released["advice"]["reconnect"]) == ("3", "none")
        assert reply == {"id": "4", "channel": "/meta/disconnect", "successful": True}
        assert await talk.closing() == (1000, "Disconnected")


@over_a_port()
async def test_a_socket_that_breaks_leaves_the_session_for_the_next_one_or_for_polling(site: Site) -> None:
    """WS-5, WS-11, EXT-3."""
    async with site.socket() as talk:
        client_id = await talk.begin()
        await talk.send(connect(client_id, **TYPE))
        await site.until_held(True)
        talk.connection.transport.abort()
    await site.until_held(False)
    await site.publish(1)
    async with site.socket() as talk:
        await talk.send(connect(client_id, **TYPE))
        assert await talk.frame() == [event(1)]
    await site.publish(2)
    [told, reply] = await site.post(connect(client_id, advice={"timeout": 0}))
    assert (told, reply["successful"]) == (event(2), True)


@over_a_port()
async def test_another_agents_session_is_unknown_and_unharmed(site: Site) -> None:
    """SE-1."""
    async with site.socket() as talk, site.socket(BOB) as other:
        client_id = await talk.begin()
        [reply] = await other.ask(connect(client_id, **TYPE))
        assert reply["error"] == "402::Unknown client"
        await site.publish(1)
        assert await talk.frame() == [event(1)]


@over_a_port()
async def test_two_hundred_messages_come_once_and_in_order(site: Site) -> None:
    """DL-3, DL-7."""
    async with site.socket() as talk:
        client_id = await talk.begin()
        await talk.send(connect(client_id, **TYPE))
        await site.publish(*range(200))
        heard: list[Any] = []
        while len(heard) < 200:
            heard += await talk.frame()
        assert heard == [event(number) for number in range(200)]


@over_a_port()
async def test_anything_but_bayeux_messages_closes_the_socket_with_a_reason(site: Site) -> None:
    """WS-3, WS-14, WS-15, RFC 6455, Defined Status Codes."""
    bad: list[tuple[str | bytes, tuple[int, str]]] = [
        ("not json", (1007, "$: must be JSON: Expecting value at line 1 column 1")),
        ("[]", (1007, "$: must hold 1 to 100 messages, but holds 0")),
        ('[{"channel":"/meta/x"},null]', (1007, "$[1]: must be an object, but is null")),
        ("[" * 100 + "]" * 100, (1007, "$: must not be nested deeper than 32 levels")),
        (b"[]", (1003, "Bayeux messages travel in text frames")),
    ]
    for frame, closing in bad:
        async with site.socket() as talk:
            await talk.connection.send(frame)
            assert await talk.closing() == closing
    async with site.socket() as talk:
        await talk.connection.send("[" + " " * 65_536 + "]")
        code, _ = await talk.closing()
        assert code == 1009


@over_a_port("--cors", "http://desk.example")
async def test_an_upgrade_is_checked_before_it_is_made(site: Site) -> None:
    """WS-16, WS-17, SE-4: a refusal gives its reason, as everywhere else in the API."""

    async def refused(*, path: str = PATH, **headers: str) -> tuple[int, str]:
        with pytest.raises(InvalidStatus) as refusal:
            async with site.socket(path=path, headers=headers):
                pass
        answer = json.loads(refusal.value.response.body)
        return refusal.value.response.status_code, answer["statusMessage"]

    assert (await refused(Authorization="Basic bm9ib2R5Og=="))[0] == 403
    evil = await refused(Origin="http://evil.example")
    assert evil == (403, "Pages of this origin may not open a WebSocket here")
    elsewhere = await refused(path="/api/v2/me/calls")
    assert elsewhere == (404, "There is no WebSocket at /api/v2/me/calls")
    async with site.socket(headers={"Origin": "http://desk.example"}) as talk:
        await talk.begin()


@over_a_port("--no-websocket")
async def test_a_server_that_offers_polling_only_refuses_the_upgrade(site: Site) -> None:
    """WS-19, HS-6."""
    with pytest.raises(InvalidStatus, match="404"):
        async with site.socket():
            pass
    [reply] = await site.post(handshake(supportedConnectionTypes=OFFER))
    assert reply["supportedConnectionTypes"] == ["long-polling"]


@over_a_port()
async def test_a_cookie_opens_a_socket_too(site: Site) -> None:
    """WS-16: a browser cannot send the header; the cookie of its HTTP session is all there is."""
    answer = await site.client.get("/api/v2/me", headers=basic(ALICE))
    cookie = re.split("[=;]", answer.headers["set-cookie"])
    url = site.address.replace("http", "ws", 1) + PATH
    async with open_socket(url, additional_headers={"Cookie": f"{cookie[0]}={cookie[1]}"}) as connection:
        await Socket(connection).begin()


@over_a_port()
async def test_an_agent_opens_a_limited_number_of_sockets(site: Site) -> None:
    """SE-6."""
    sockets = [site.socket() for _ in range(50)]
    for one in sockets:
        await one.__aenter__()
    with pytest.raises(InvalidStatus, match="503"):
        async with site.socket():
            pass
    async with site.socket(BOB):
        pass
    for one in sockets:
        await one.__aexit__(None, None, None)


@over_a_port("--limit", "queue=100")
async def test_a_client_that_does_not_read_is_cut_off_and_learns_why_when_it_returns(site: Site) -> None:
    """SE-6: its waiting messages are limited, and other clients are not delayed."""
    host, _, port = site.address.removeprefix("http://").partition(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # or the system would read for the client
    narrow.connect((host, int(port)))
    async with site.socket(sock=narrow) as slow, site.socket(BOB) as other:
        client_id = await slow.begin()
        await other.begin()
        slow.connection.transport.pause_reading()
        big = {"agent": ALICE, "channel": CALLS, "data": {"text": "x" * 60_000}}
        while ALICE in [session["agent"] for session in await site.sessions()]:
            await site.client.post("/__admin/v1/publish", json=big)
        await site.publish(1, agent=BOB)
        assert await other.frame() == [event(1)]
        [reply] = await site.post(connect(client_id))
        assert reply["error"] == "402::Too many messages were waiting"
        slow.connection.transport.abort()


@over_a_port()
async def test_faults_that_break_connections_break_sockets_too_and_lose_nothing(site: Site) -> None:
    """Bayeux 1.0, Polling transports: connections break, and clients connect again."""
    async with site.socket() as first:
        client_id = await first.begin()
        await first.send(connect(client_id, **TYPE))
        [device] = (await site.ask("/me/devices?fields=*"))["devices"]
        cut = {"operationName": "Dial", "destination": {"phoneNumber": "70307"}}
        await site.ask(f"/me/devices/{device['id']}/calls", cut)
        with pytest.raises(ConnectionClosedError):
            await first.connection.recv()
    async with site.socket() as second:
        await second.send(connect(client_id, **TYPE))
        heard = await second.frame()
        assert heard[0]["data"]["call"]["state"] == "Dialing"


@over_a_port()
async def test_client_ids_cannot_be_guessed(site: Site) -> None:
    """HS-7, HS-8: 160 random bits, and no two alike."""
    ids = set()
    for _ in range(20):
        [reply] = await site.post(handshake())
        assert re.fullmatch("[0-9a-f]{40}", reply["clientId"])
        ids.add(reply["clientId"])
    assert len(ids) == 20


@over_a_port("--limit", "body=300", "--limit", "messages=1", "--limit", "sockets=1", "--limit", "polls=2")
async def test_the_command_line_sets_the_limits(site: Site) -> None:
    """SE-6, CK-4: each has its own error."""
    long = [handshake(supportedConnectionTypes=["long-polling", "x" * 300])]
    answer = await site.client.post(PATH, json=long, headers=basic(ALICE))
    assert (answer.status_code, answer.json()["statusMessage"]) == (
        413,
        "Body must not be longer than 300 bytes",
    )
    answer = await site.client.post(PATH, json=[{}, {}], headers=basic(ALICE))
    assert (answer.status_code, answer.json()["statusMessage"]) == (
        400, "Body: $: must hold 1 to 1 messages, but holds 2",
    )  # fmt: skip
    async with site.socket() as talk:
        with pytest.raises(InvalidStatus, match="503"):
            async with site.socket():
                pass
        await talk.connection.send(json.dumps(long))
        assert (await talk.closing())[0] == 1009


def test_an_impossible_limit_is_refused() -> None:
    for text, told in [
        ("speed=1", "speed is not a limit; the limits are body, messages, depth, queue"),
        ("queue=many", "queue=many: a limit is a number from 1 to 999999999"),
        ("queue=0", "queue=0: a limit is a number from 1 to 999999999"),
    ]:
        with pytest.raises(argparse.ArgumentTypeError, match=re.escape(told)):
            limit(text)
    assert limit("polls=0") == ("polls", 0)


@over_a_port()
async def test_dropping_a_sandbox_closes_its_sockets(site: Site) -> None:
    """A client that stayed on one would have every connect answered at once, endlessly, and without events."""
    path = "/s/build-7" + PATH
    async with site.socket(path=path) as talk:
        client_id = await talk.begin()
        await talk.send(connect(client_id, **TYPE, id="9"))
        while not (await site.client.get("/s/build-7/__admin/v1/sessions")).json()["sessions"][0]["held"]:
            pass
        await site.client.delete("/__admin/v1/sandboxes/build-7")
        [reply] = await talk.frame()
        assert (reply["id"], reply["successful"]) == ("9", True)
        assert await talk.closing() == (1001, "Going away")


@over_a_port()
async def test_a_refused_upgrade_is_in_the_journal(site: Site) -> None:
    with pytest.raises(InvalidStatus):
        async with site.socket(headers={"Origin": "http://evil.example"}):
            pass
    entries = (await site.client.get("/__admin/v1/journal?kind=http")).json()["entries"]
    asked, told = entries[-2:]
    assert (asked["method"], asked["path"]) == ("GET", PATH)
    assert (told["status"], told["statusCode"]) == (403, 20)


def test_a_socket_is_logged_when_it_opens_and_not_again_when_it_closes() -> None:
    """A socket may stay open for hours."""
    lines: list[str] = []

    async def play(address: str) -> None:
        site = Site(address)
        async with site.client, site.socket():
            pass

    with serving(log=lines) as address:
        asyncio.run(play(address))
    opened = [line for line in lines if f" {ALICE} GET {PATH} - 101 " in line]
    assert len(opened) == 1
    assert len([line for line in lines if PATH in line]) == 1
