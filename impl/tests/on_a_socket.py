"""The whole server on a port of this process, for tests that write bytes to it and move its time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from refswitch.app import build_app
from refswitch.http_bounds import HttpBounds
from refswitch.http_connection import expire
from refswitch.serving import Serving
from refswitch.settings import Settings

from .house import CONTRACT, SEATING

#: Credentials of the agent 15000, and what every complete head needs.
AUTHORIZATION = b"Authorization: Basic MTUwMDA6MTUwMDA=\r\n"
HOST = b"Host: switch.example\r\n"
PATIENCE_S = 60


@dataclass(frozen=True)
class Site:
    """A server and the ways to reach it."""

    serving: Serving
    port: int

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def answer(self, sent: bytes) -> bytes:
        """Send these bytes and read until the server closes the connection."""
        reader, writer = await self.connect()
        writer.write(sent)
        told = await reader.read()
        writer.close()
        return told

    async def status(self) -> bytes:
        """The status line of the answer to a plain request: the server still answers."""
        told = await self.answer(
            b"GET /api/v2/me HTTP/1.1\r\nConnection: close\r\n" + HOST + AUTHORIZATION + b"\r\n"
        )
        return told.partition(b"\r\n")[0]

    def later(self, seconds: float) -> None:
        """Let the server find that so many seconds have passed."""
        expire(self.serving.server_state.connections, asyncio.get_running_loop().time() + seconds)


@asynccontextmanager
async def served(bounds: HttpBounds, log: Callable[[str], None] | None) -> AsyncIterator[Site]:
    settings = Settings(CONTRACT, SEATING, public_base="http://switch.example")
    listener = socket.create_server(("127.0.0.1", 0))
    ready = asyncio.Event()

    def on_ready() -> bool:
        ready.set()
        return True

    with listener:
        serving = Serving(build_app(settings, log=log), listener, on_ready=on_ready, bounds=bounds)
        running = asyncio.create_task(serving.serve([listener]))
        await ready.wait()
        try:
            yield Site(serving, listener.getsockname()[1])
        finally:
            serving.stop()
            await running


def on_a_socket(
    test: Callable[[Site], Awaitable[None]],
    bounds: HttpBounds | None = None,
    log: Callable[[str], None] | None = None,
) -> None:
    """Run the test against a server with these bounds."""

    async def play() -> None:
        async with asyncio.timeout(PATIENCE_S), served(bounds or HttpBounds(), log) as site:
            await test(site)

    asyncio.run(play())
