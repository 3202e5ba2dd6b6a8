"""A Bayeux server with one bad habit, on a port of its own: what proxies and servers have been seen to do to clients that listen.

An upgrade is a row of `UPGRADES`. What is wrong with the replies is a `Habit`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from callproof.bayeux import Json, Message

ROOT = Path(__file__).parents[3]
CALLS = "/v2/me/calls"
DIALING: Json = json.loads((ROOT / "asyncapi/examples/InitiateConference/2-dialing.json").read_text())["data"]
#: A documented message of another part of GWS, which the contract does not describe.
EMAIL: Json = {"messageType": "EmailStateChangeMessage", "referenceId": 1}

CLOSE, ABORT, HANG, GO_ON = "close", "abort", "hang", "go on"
_SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
_EMPTY = b"Content-Length: 0\r\n\r\n"

#: How an upgrade is answered: the bytes sent (ACCEPT stands for the right Sec-WebSocket-Accept), and what becomes of the connection.
UPGRADES: Mapping[str, tuple[bytes, str]] = {
    "200": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nhtml", GO_ON),
    "302": (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\n" + _EMPTY, GO_ON),
    "401": (b"HTTP/1.1 401 Unauthorized\r\n" + _EMPTY, GO_ON),
    "501": (b"HTTP/1.1 501 Not Implemented\r\n" + _EMPTY, GO_ON),
    "502": (b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nhtml", GO_ON),
    "503": (b"HTTP/1.1 503 Service Unavailable\r\n" + _EMPTY, GO_ON),
    "HTTP/1.0": (b"HTTP/1.0 400 Bad Request\r\nContent-Type: text/html\r\n\r\nno", CLOSE),
    "reset": (b"", ABORT),
    "closed": (b"", CLOSE),
    "not HTTP": (b"SSH-2.0-OpenSSH\r\n\r\n", CLOSE),
    "101 without its key": (_SWITCHING + b"\r\n", GO_ON),
    "101 then closed": (_SWITCHING + b"Sec-WebSocket-Accept: ACCEPT\r\n\r\n", CLOSE),
    "101 then nothing": (_SWITCHING + b"Sec-WebSocket-Accept: ACCEPT\r\n\r\n", HANG),
    "no answer": (b"", HANG),
}
_REFUSED = (b"HTTP/1.1 400 Bad Request\r\n" + _EMPTY, GO_ON)


@dataclass
class Habit:
    """What this server does otherwise than others.

    `upgrade` is a row of `UPGRADES`. `changes` are members of the reply on a channel; a subscription in `refused` is refused.
    `events` are delivered with the second connect, on their channels; after that, connects are held for ever.
    """

    upgrade: str = ""
    changes: Mapping[str, Message] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    events: tuple[tuple[str, Json], ...] = ((CALLS, DIALING),)
    from_connect: int = 1  # the first connect whose reply is changed
    before: bytes = b""  # what stands before the body of an answer


class HostileServer:
    """The server. `asked` holds the messages that arrived, `heads` the headers of requests; `upgrades` counts those for a WebSocket."""

    def __init__(self, habit: Habit) -> None:
        self.habit = habit
        self.asked: list[Message] = []
        self.heads: list[dict[str, str]] = []
        self.upgrades = 0
        self.url = ""
        self.connections: set[asyncio.Task[None]] = set()
        self._connects = 0
        self._left = asyncio.Event()  # set when the client disconnects

    def on(self, channel: str) -> list[Message]:
        """The messages that arrived on this channel."""
        return [message for message in self.asked if message["channel"] == channel]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        task = asyncio.current_task()
        assert task is not None
        self.connections.add(task)
        try:
            await self._talk(reader, writer)
        finally:
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self.connections.remove(task)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[1:]
                headers = {
                    name.lower(): value
                    for name, _, value in (line.partition(": ") for line in lines)
                    if value
                }
                self.heads.append(headers)
                if "upgrade" in headers:
                    if not await self._upgrade(headers["sec-websocket-key"], writer):
                        return
                    continue
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                content = self.habit.before + json.dumps(await self._answer(json.loads(body))).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                    % (len(content), content)
                )

    async def _upgrade(self, key: str, writer: asyncio.StreamWriter) -> bool:
        """Answer an upgrade; return whether the connection goes on."""
        self.upgrades += 1
        told, ending = UPGRADES.get(self.habit.upgrade, _REFUSED)
        writer.write(told.replace(b"ACCEPT", _accept(key)))
        if ending == HANG:
            await self._left.wait()
        elif ending == ABORT:
            writer.transport.abort()
        elif ending == CLOSE:
            writer.close()
            await writer.wait_closed()
        return ending == GO_ON

    async def _answer(self, messages: list[Message]) -> list[Message]:
        answers: list[Message] = []
        for message in messages:
            self.asked.append(message)
            answers += await self._reply(message)
        return answers

    async def _reply(self, message: Message) -> list[Message]:
        channel = str(message["channel"])
        reply: Message = {"id": message["id"], "channel": channel, "successful": True}
        if channel == "/meta/handshake":
            types: list[Json] = ["websocket", "long-polling"]
            reply |= {"version": "1.0", "clientId": f"c{len(self.asked)}", "supportedConnectionTypes": types}
            reply["advice"] = {"reconnect": "retry", "interval": 0, "timeout": 30000}
        if channel == "/meta/subscribe":
            reply["subscription"] = message["subscription"]
            if message["subscription"] in self.habit.refused:
                reply |= {"successful": False, "error": f"403:{message['subscription']}:Subscription denied"}
        if channel == "/meta/disconnect":
            self._left.set()
        changes = self.habit.changes.get(channel, {})
        if channel != "/meta/connect":
            return [reply | changes]
        self._connects += 1
        if changes and self._connects >= self.habit.from_connect:
            return [reply | changes]
        if self._connects == 1:
            return [reply]
        if self._connects > 2:
            await self._left.wait()
            return [reply]
        return [*({"channel": topic, "data": data} for topic, data in self.habit.events), reply]


def _accept(key: str) -> bytes:
    """The proof that a WebSocket server has read the upgrade (RFC 6455, 4.2.2)."""
    given = key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    return base64.b64encode(hashlib.sha1(given).digest())  # as the RFC says


@asynccontextmanager
async def hostile(habit: Habit, tls: ssl.SSLContext | None = None) -> AsyncIterator[HostileServer]:
    """A server with this habit."""
    server = HostileServer(habit)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    server.url = f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}/api/v2/notifications"
    try:
        yield server
    finally:
        listening.close()
        for connection in server.connections:
            connection.cancel()
        await asyncio.gather(*server.connections, return_exceptions=True)
