"""Held polls over a real port: uvicorn, httpx, real hang-ups."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn

from refswitch.bayeux import Server, Settings
from refswitch.transports import Courier, LongPolling

from .driver import ALICE, CALLS, URL, authenticate, connect, connected, event, handshake, subscribe


class Port:
    """A server on a free port, one client, and what a test waits for."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.courier = Courier(
            Server(Settings(max_interval_ms=3_600_000), lambda: "c1"), asyncio.get_running_loop().time
        )
        self.app = LongPolling(self.courier, authenticate, lambda: "b1", path=URL)
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.ended: asyncio.Queue[str] = asyncio.Queue()
        config = uvicorn.Config(self.watched, interface="asgi3", lifespan="off", log_config=None)
        self.server = uvicorn.Server(config)
        self.client = httpx.AsyncClient(base_url=self.base, headers={"x-user": ALICE}, timeout=60)

    async def watched(self, scope: Any, receive: Any, send: Any) -> None:
        """The application, with a record of when it begins to wait for the client and when it finishes."""
        bodies = 0

        async def watched_receive() -> Any:
            nonlocal bodies
            bodies += 1
            if bodies > 1:
                self.begun.put_nowait(scope["path"])
            return await receive()

        await self.app(scope, watched_receive, send)
        self.ended.put_nowait(scope["path"])

    async def post(self, message: dict[str, Any], suffix: str = "") -> Any:
        """Send one message in a chunked body, as the official client on Node does."""

        async def chunks() -> AsyncIterator[bytes]:
            yield httpx.Request("POST", self.base, json=[message]).read()

        headers = {"content-type": "application/json"}
        answer = await self.client.post(URL + suffix, content=chunks(), headers=headers)
        assert answer.status_code == 200
        return answer.json()

    async def begin(self) -> None:
        await self.post(handshake(), "/handshake")
        await self.post(subscribe("c1"), "/")
        await self.post(connect("c1"), "/connect")

    async def hold(self) -> asyncio.Task[Any]:
        """A connect that is held, to be awaited or cancelled."""
        while not self.begun.empty():
            self.begun.get_nowait()
        poll = asyncio.create_task(self.post(connect("c1"), "/connect"))
        while await self.begun.get() != f"{URL}/connect":
            pass
        return poll


def over_a_port(test: Callable[[Port], Awaitable[None]]) -> Callable[[], None]:
    @asynccontextmanager
    async def served() -> AsyncIterator[Port]:
        port = Port()
        serving = asyncio.create_task(port.server.serve([port.listening]))
        with port.listening:
            try:
                async with port.client:
                    yield port
            finally:
                port.courier.close()
                port.server.should_exit = True
                await serving

    async def play() -> None:
        async with asyncio.timeout(60), served() as port:
            await test(port)

    def played() -> None:
        asyncio.run(play())

    played.__doc__ = test.__doc__
    return played


@over_a_port
async def test_a_held_poll_is_answered_when_something_is_published(port: Port) -> None:
    """Bayeux 1.0, The long-polling Transport."""
    await port.begin()
    poll = await port.hold()
    port.courier.publish(ALICE, CALLS, {"number": 1})
    port.courier.publish(ALICE, CALLS, {"number": 2})
    port.courier.deliver()
    assert await poll == [event(1), event(2), connected()]


@over_a_port
async def test_an_abandoned_poll_loses_no_message(port: Port) -> None:
    """DL-10: Bayeux 1.0, Delivery."""
    await port.begin()
    poll = await port.hold()
    while not port.ended.empty():
        port.ended.get_nowait()
    poll.cancel()
    await port.ended.get()
    port.courier.publish(ALICE, CALLS, {"number": 1})
    port.courier.deliver()
    assert await port.post(connect("c1"), "/connect") == [event(1), connected()]


@over_a_port
async def test_a_server_that_shuts_down_answers_held_polls_before_it_closes(port: Port) -> None:
    """Bayeux 1.0, reconnect."""
    await port.begin()
    poll = await port.hold()
    port.courier.close()
    port.server.should_exit = True
    assert await poll == [connected()]
