"""The fault layer's WebSockets, with a miniature of a server behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from callproof.faults import Line, Proxy
from callproof.faults.traffic import Message, basic

from .talk import line, told

HELD, DIALING = told("Held"), told("Dialing", call="A")
Event = MutableMapping[str, Any]


class Server:
    """Answers each message with success, but a connect, which it holds; sends the frames that it is given."""

    def __init__(self) -> None:
        self.refuses: HTTPStatus | None = None
        self.came: asyncio.Queue[list[Message]] = asyncio.Queue()
        self.logins: list[str | None] = []
        self.connection: ServerConnection | None = None

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        self.logins.append(request.headers.get("authorization"))
        return None if self.refuses is None else connection.respond(self.refuses, "")

    async def talk(self, connection: ServerConnection) -> None:
        self.connection = connection
        async for frame in connection:
            messages = json.loads(frame)
            for message in messages:
                if message["channel"] != "/meta/connect":
                    reply = {"channel": message["channel"], "id": message["id"], "successful": True}
                    shaken = {"clientId": "c1"} if message["channel"] == "/meta/handshake" else {}
                    await connection.send(json.dumps([{**reply, **shaken}]))
            self.came.put_nowait(messages)

    async def send(self, *messages: Message) -> None:
        assert self.connection is not None
        await self.connection.send(json.dumps(messages))


class Talk:
    """Alice's WebSocket in front of a line with a server behind it."""

    def __init__(self, on: Line, server: Server, port: int) -> None:
        self.server = server
        self.proxy = Proxy(on, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}"))
        self._to_line: asyncio.Queue[Event] = asyncio.Queue()
        self._from_line: asyncio.Queue[Event] = asyncio.Queue()
        self._to_line.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(self._carry())

    async def _carry(self) -> None:
        scope = {
            "type": "websocket",
            "path": "/api/v2/notifications",
            "query_string": b"",
            "headers": [(b"authorization", basic("alice").encode())],
        }
        await self.proxy(scope, self._to_line.get, self._from_line.put)

    async def event(self) -> Event:
        return await self._from_line.get()

    async def frame(self) -> list[Message]:
        event = await self.event()
        assert event["type"] == "websocket.send", event
        frame: list[Message] = json.loads(event["text"])
        return frame

    def send(self, *messages: Message) -> None:
        self._to_line.put_nowait({"type": "websocket.receive", "text": json.dumps(messages)})

    async def open(self) -> None:
        """Shake hands and subscribe, and leave a connect open."""
        assert await self.event() == {"type": "websocket.accept"}
        self.send({"channel": "/meta/handshake", "id": "1"})
        await self.frame()
        self.send({"channel": "/meta/subscribe", "id": "2", "clientId": "c1", "subscription": "/v2/me/calls"})
        await self.frame()
        self.send({"channel": "/meta/connect", "id": "3", "clientId": "c1"})
        for _ in range(3):
            await self.server.came.get()

    async def leave(self) -> None:
        self._to_line.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await self.task


@asynccontextmanager
async def talking(rules: str = "", refuses: HTTPStatus | None = None) -> AsyncIterator[Talk]:
    server = Server()
    server.refuses = refuses
    async with serve(server.talk, "127.0.0.1", 0, process_request=server.admit, compression=None) as behind:
        talk = Talk(line(rules), server, next(iter(behind.sockets)).getsockname()[1])
        try:
            yield talk
        finally:
            await talk.leave()


CONNECT_REPLY: Message = {"channel": "/meta/connect", "id": "3", "successful": True}


def test_frames_go_both_ways_with_the_clients_credentials() -> None:
    async def story() -> None:
        async with talking() as talk:
            await talk.open()
            await talk.server.send(HELD)
            assert await talk.frame() == [HELD]
            await talk.server.send(DIALING, CONNECT_REPLY)  # as to whoever acknowledges
            assert await talk.frame() == [DIALING, CONNECT_REPLY]
            assert talk.server.logins == [basic("alice")]

    asyncio.run(story())


def test_an_event_that_is_kept_back_comes_in_a_frame_of_its_own_when_it_is_due() -> None:
    async def story() -> None:
        async with talking("{notification: {state: Held}, behind the next: true}") as talk:
            await talk.open()
            await talk.server.send(HELD)
            await talk.server.send(CONNECT_REPLY)
            assert await talk.frame() == [CONNECT_REPLY]
            await talk.server.send(DIALING)
            assert await talk.frame() == [DIALING, HELD]

    asyncio.run(story())


def test_a_late_event_is_sent_without_waiting_for_another() -> None:
    async def story() -> None:
        async with talking("{notification: {state: Held}, delay: 0.01}") as talk:
            await talk.open()
            await talk.server.send(HELD)
            assert await talk.frame() == [HELD]

    asyncio.run(story())


def test_events_leave_together_or_one_by_one_as_the_line_says() -> None:
    async def story() -> None:
        async with talking("{delivery: {}, one by one: true}") as talk:
            await talk.open()
            await talk.server.send(HELD, DIALING)
            assert [await talk.frame(), await talk.frame()] == [[HELD], [DIALING]]

    asyncio.run(story())


def test_a_message_answered_by_the_line_never_reaches_the_server() -> None:
    async def story() -> None:
        rule = "{message: {channel: /meta/unsubscribe}, is answered: {successful: false}}"
        async with talking(rule) as talk:
            await talk.open()
            asked: Message = {"channel": "/meta/unsubscribe", "id": "4", "clientId": "c1"}
            talk.send(asked, {**asked, "channel": "/meta/subscribe", "id": "5"})
            assert await talk.frame() == [{"channel": "/meta/unsubscribe", "id": "4", "successful": False}]
            assert await talk.frame() == [{"channel": "/meta/subscribe", "id": "5", "successful": True}]
            [reached] = await talk.server.came.get()
            assert reached["id"] == "5"

    asyncio.run(story())


def test_a_reply_that_is_dropped_never_comes() -> None:
    async def story() -> None:
        async with talking("{reply: {channel: /meta/connect}, drop: true}") as talk:
            await talk.open()
            await talk.server.send(CONNECT_REPLY)
            await talk.server.send(HELD)
            assert await talk.frame() == [HELD]

    asyncio.run(story())


def test_an_upgrade_is_refused_by_the_line_as_a_rule_says_and_by_the_server_as_it_says() -> None:
    async def story() -> None:
        rule = "{request: {path: /notifications, method: GET}, answers: {status: 404}}"
        async with talking(rule) as talk:
            assert (await talk.event())["status"] == 404
            assert talk.server.logins == []
        async with talking(refuses=HTTPStatus.FORBIDDEN) as talk:
            assert (await talk.event())["status"] == 403
            assert talk.proxy.lost == 0

    asyncio.run(story())


def test_a_server_that_closes_closes_the_clients_websocket_with_the_same_code() -> None:
    async def story() -> None:
        async with talking() as talk:
            await talk.open()
            assert talk.server.connection is not None
            await talk.server.connection.close(1001)
            assert await talk.event() == {"type": "websocket.close", "code": 1001}

    asyncio.run(story())
