"""Our client with the published Bayeux servers: the official one for Node, and faye's, over each transport that they have."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from callproof.aiobayeux import Session, Trouble
from callproof.bayeux import Delivered, Disconnected, HandshakeDone, Subscribed, UnknownClient, Unsubscribed

from .stage import CALLS, next_of, numbers

ROOT = Path(__file__).parents[3]
SERVERS = pytest.mark.parametrize(
    ("kind", "transport"), [("cometd", "long-polling"), ("faye", "long-polling"), ("faye", "websocket")]
)


class Server:
    """A server's process."""

    def __init__(self, process: asyncio.subprocess.Process, port: str) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}/api/v2/notifications"

    def do(self, action: str, **more: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps({"do": action, **more}) + "\n").encode())

    def publish(self, *published: int, channel: str = CALLS) -> None:
        for number in published:
            self.do("publish", channel=channel, number=number)


@contextmanager
def kept_port() -> Iterator[str]:
    """A port for servers that listen on it one after the other; no other program is given it meanwhile."""
    with socket.socket() as keeper:
        keeper.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the servers do, or they could not listen
        keeper.bind(("127.0.0.1", 0))
        yield str(keeper.getsockname()[1])


@asynccontextmanager
async def server(kind: str, port: str) -> AsyncIterator[Server]:
    if not (shutil.which("node") and (ROOT / "node_modules" / "cometd-nodejs-server").is_dir()):
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("node or the npm packages are missing: run npm ci")
    script = str(Path(__file__).with_name("server.mjs"))
    process = await asyncio.create_subprocess_exec(
        "node", script, kind, port, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield Server(process, (await process.stdout.readline()).decode().strip())
    finally:
        process.kill()
        await process.wait()


def client(url: str, transport: str, channels: Sequence[str] = (CALLS,)) -> Session:
    return Session(url, channels, connection_types=[transport], backoff_increment_s=0.05, timeout_s=60)


@SERVERS
def test_our_client_lives_through_everything_that_happens_to_clients(kind: str, transport: str) -> None:
    """Handshake, subscribe, 200 messages, wildcard, unsubscribe, an unknown client, a restart, disconnect."""

    async def story(port: str) -> None:
        async with asyncio.timeout(120):
            async with server(kind, port) as first:
                session = client(first.url, transport)
                await session.__aenter__()
                done = await next_of(session, HandshakeDone)
                assert done.connection_type == transport
                await next_of(session, Subscribed)
                first.publish(*range(200))
                assert await numbers(session, 200) == list(range(200))

                assert await session.subscribe("/v2/me/*")
                first.publish(200, channel="/v2/me/devices")
                told = await next_of(session, Delivered)
                assert (told.channel, told.data["number"]) == ("/v2/me/devices", 200)
                await session.unsubscribe("/v2/me/*")
                await next_of(session, Unsubscribed)
                first.publish(201, channel="/v2/me/devices")
                first.publish(202)
                assert await numbers(session, 1) == [202]

                first.do("forget")
                await next_of(session, UnknownClient)
                await next_of(session, Subscribed)
                first.publish(203)
                assert await numbers(session, 1) == [203]
            await next_of(session, Trouble)
            async with server(kind, port) as second:
                await next_of(session, Subscribed)
                second.publish(204)
                assert await numbers(session, 1) == [204]
                await session.leave()
        assert not [one async for one in session if isinstance(one, Disconnected) and one.by_server]

    with kept_port() as port:
        asyncio.run(story(port))
