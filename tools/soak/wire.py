"""HTTP and WebSocket written by hand: what a client does that vanishes, no client library does."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import struct
from contextlib import suppress
from typing import Any

#: A connection that is closed with this resets: the peer hears of it at once, and loses what it had under way.
_RESETTING = struct.pack("ii", 1, 0)
PATIENCE_S = 60.0


def request(
    method: str, path: str, body: bytes = b"", *, seat: str = "", cookie: str = "", more: tuple[str, ...] = ()
) -> bytes:
    """A request in HTTP/1.1, whole."""
    headers = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *more]
    if seat:
        headers.append("Authorization: Basic " + base64.b64encode(f"{seat}:{seat}".encode()).decode())
    if cookie:
        headers.append(f"Cookie: {cookie}")
    if body:
        headers.append("Content-Type: application/json")
    return "\r\n".join([*headers, "", ""]).encode() + body


class Connection:
    """One connection to the server, written and read by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.cookies: dict[str, str] = {}

    @classmethod
    async def to(cls, port: int) -> Connection:
        """Connect."""
        async with asyncio.timeout(PATIENCE_S):
            return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**22))

    async def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self) -> tuple[int, bytes]:
        """The next answer: its status and its body. Keeps the cookies."""
        async with asyncio.timeout(PATIENCE_S):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = 0
            for line in head.split("\r\n"):
                name, _, value = line.partition(":")
                if name.lower() == "content-length":
                    length = int(value)
                if name.lower() == "set-cookie":
                    key, _, rest = value.strip().partition("=")
                    self.cookies[key] = rest.split(";")[0]
            return int(head.split()[1]), await self._reader.readexactly(length)

    async def exchange(
        self, messages: list[dict[str, Any]], seat: str, *, with_cookies: bool = True
    ) -> list[Any]:
        """Post Bayeux messages and read the replies."""
        await self.post(messages, seat, with_cookies=with_cookies)
        status, body = await self.answer()
        return list(json.loads(body)) if status == 200 else []

    async def post(self, messages: list[dict[str, Any]], seat: str, *, with_cookies: bool = True) -> None:
        """Post Bayeux messages without waiting for anything."""
        cookie = "; ".join(f"{key}={value}" for key, value in self.cookies.items()) if with_cookies else ""
        await self.write(
            request("POST", "/api/v2/notifications", json.dumps(messages).encode(), seat=seat, cookie=cookie)
        )

    async def upgrade(self, seat: str) -> None:
        """Open a WebSocket."""
        key = base64.b64encode(os.urandom(16)).decode()
        wanted = (
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        )
        await self.write(request("GET", "/api/v2/notifications", seat=seat, more=wanted))
        status, _ = await self.answer()
        if status != 101:
            raise ConnectionError(f"the upgrade was answered {status}")

    async def send_frame(self, payload: bytes, opcode: int = 1) -> None:
        """Send a masked frame (RFC 6455, 5.2)."""
        mask = os.urandom(4)
        size = (
            bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
        )
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        await self.write(bytes([0x80 | opcode]) + size + mask + masked)

    async def frame(self) -> bytes:
        """The payload of the next frame."""
        async with asyncio.timeout(PATIENCE_S):
            size = (await self._reader.readexactly(2))[1]
            if size == 126:
                size = struct.unpack("!H", await self._reader.readexactly(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", await self._reader.readexactly(8))[0]
            return await self._reader.readexactly(size)

    def close(self) -> None:
        """Close as a program does that ends."""
        self._writer.close()

    def reset(self) -> None:
        """Close as a cut line does."""
        with suppress(OSError):  # the server was quicker
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESETTING)
        self._writer.transport.abort()
