"""A stand of the bench: one reference server in its own process, and a local port in front of it for the faulty line."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import httpx
import uvicorn

from callproof.runner.embedded import embedded_server

from .carrying import Receive, Scope, Send
from .line import Line
from .members import first
from .model import NUMBERS
from .proxy import Proxy
from .traffic import API, basic

_POLL_S = "10"  # how long a session that a faulty server keeps alive can delay the next variant


class Stand:
    """A running server and the port in front of it. One line at a time connects the two."""

    def __init__(self, port: int, server: httpx.AsyncClient) -> None:
        self.port = port
        self._server = server
        self._proxy: Proxy | None = None

    @contextlib.asynccontextmanager
    async def behind(self, line: Line) -> AsyncIterator[Proxy]:
        """Connect the port and the server with this line while the context is open."""
        self._proxy = Proxy(line, self._server)
        try:
            yield self._proxy
        finally:
            await self._proxy.close()

    async def is_as_new(self) -> bool:
        """Whether the server answers and no agent has a call: only then can it serve another variant."""
        calls = f"{API}/me/calls?fields=*"
        for agent in NUMBERS:
            try:
                answer = await self._server.get(calls, headers={"authorization": basic(agent)})
            except httpx.TransportError:
                return False
            if answer.status_code != 200 or first(answer.json(), "calls") != []:
                return False
        return True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._proxy is not None, "nothing connects to the port before it has a line"
        await self._proxy(scope, receive, send)


@contextlib.asynccontextmanager
async def stand(contract: Path | None = None) -> AsyncIterator[Stand]:
    """Start a reference server, with another contract if one is given. Raises NotStarted."""
    with _listener() as listener:
        port = listener.getsockname()[1]
        arguments = ["--public-base", f"http://127.0.0.1:{port}", "--poll-timeout", _POLL_S]
        if contract is not None:
            arguments += ["--contract", str(contract)]
        async with embedded_server(arguments) as target, _client(target.base_url) as client:
            front = Stand(port, client)
            async with _serving(front, listener):
                yield front


@contextlib.contextmanager
def _listener() -> Iterator[socket.socket]:
    """A local port, bound before its number is used."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener


def _client(base_url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    root = base_url.removesuffix(API)
    client = httpx.AsyncClient(base_url=root, timeout=60.0, limits=limits, trust_env=False)
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # cookies are the clients' own
    return client


@contextlib.asynccontextmanager
async def _serving(front: Stand, listener: socket.socket) -> AsyncIterator[None]:
    server = _Server(
        uvicorn.Config(
            front, ws="websockets-sansio", ws_per_message_deflate=False, ws_ping_interval=None,
            lifespan="off", log_config=None, access_log=False, server_header=False, date_header=False,
            proxy_headers=False, timeout_keep_alive=75, timeout_graceful_shutdown=1,
        )
    )  # fmt: skip
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait({serving}, timeout=5)
        serving.cancel()


def _is_news(record: logging.LogRecord) -> bool:
    """Whether to keep the record: uvicorn logs an error for every upgrade that is answered without a WebSocket."""
    return record.getMessage() != "ASGI callable returned without completing handshake."


class _Server(uvicorn.Server):
    """One of several in a process; the command handles the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
