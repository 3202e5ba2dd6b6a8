"""The same over a real port: sockets, a real server, two connections at once."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from callproof.aiobayeux import NotReady, Session
from callproof.bayeux import Json, Message
from callproof.wire import (
    Exchange,
    HttpAgent,
    NoAnswer,
    Reason,
    Recorder,
    SystemClock,
    TokenBucket,
    Transcript,
)

CALLS = "/v2/me/calls"


class OneSession:
    """An ASGI application with one Bayeux session, which publishes what is posted to /publish."""

    def __init__(self) -> None:
        self.queue: list[Json] = []
        self.woken = asyncio.Event()
        self.ports: set[int] = set()
        self.bodies: list[bytes] = []

    # The types of ASGI applications are dictionaries and callables of anything; uvicorn checks them.
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        self.ports.add(scope["client"][1])
        self.bodies.append(body)
        if scope["path"].endswith("/publish"):
            self.queue.append({"channel": CALLS, "data": json.loads(body)})
            self.woken.set()
            answer: Json = {"statusCode": 0}
        else:
            answer = [reply for message in json.loads(body) for reply in await self.replies(message)]
        content = json.dumps(answer).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": content})

    async def replies(self, message: Message) -> list[Json]:
        reply: Message = {"id": message["id"], "channel": message["channel"], "successful": True}
        if message["channel"] == "/meta/handshake":
            types: list[Json] = ["long-polling"]
            reply |= {"version": "1.0", "clientId": "client-of-the-port", "supportedConnectionTypes": types}
            reply["advice"] = {"reconnect": "retry", "interval": 0, "timeout": 20000}
        elif message["channel"] == "/meta/subscribe":
            reply["subscription"] = message["subscription"]
        elif message["channel"] == "/meta/disconnect":
            self.woken.set()
        elif "advice" not in message:
            await self.woken.wait()
            self.woken.clear()
            events, self.queue = self.queue, []
            return [*events, reply]
        return [reply]


@contextlib.asynccontextmanager
async def served(application: OneSession) -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(application, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/v2"
        finally:
            server.should_exit = True
            await task


def test_a_notification_comes_over_a_held_connect_while_another_request_is_answered() -> None:
    async def story() -> None:
        application = OneSession()
        async with served(application) as base_url:
            clock = SystemClock()
            async with HttpAgent("alice", base_url, Transcript(clock)) as agent:
                recorder = Recorder("alice", clock, agent.transcript)
                session = Session(f"{base_url}/notifications", [CALLS], agent=agent, observer=recorder)
                await session.open()
                posted = await agent.request("POST", "/publish", json={"n": 1})
                await recorder.wait_until(
                    lambda: any(heard.is_event for heard in recorder.log), clock.monotonic() + 60
                )
                await session.leave()

                assert isinstance(posted, Exchange)
                assert posted.value == {"statusCode": 0}
                assert b'{"n":1}' in application.bodies
                assert [heard.data for heard in recorder.log if heard.is_event] == [{"n": 1}]
                assert len(application.ports) > 1  # a held connect has a connection of its own

    asyncio.run(story())


def test_a_port_where_nobody_listens_is_a_refused_connection() -> None:
    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        clock = SystemClock()
        base_url = f"http://127.0.0.1:{port}"
        async with HttpAgent("alice", base_url, Transcript(clock), limiter=TokenBucket(clock, 1000)) as agent:
            outcome = await agent.request("GET", "/me")
            with pytest.raises(NotReady, match=r"there was no answer: connection refused$"):
                await Session(f"{base_url}/notifications", [CALLS], agent=agent).open()

            assert isinstance(outcome, NoAnswer)
            assert outcome.reason is Reason.CONNECTION_REFUSED

    asyncio.run(story())


def test_a_host_name_that_cannot_be_is_a_host_not_found() -> None:
    async def story() -> None:
        async with HttpAgent("alice", f"http://{'a' * 70}.invalid", Transcript(SystemClock())) as agent:
            outcome = await agent.request("GET", "/me")

            assert isinstance(outcome, NoAnswer)
            assert outcome.reason is Reason.HOST_NOT_FOUND

    asyncio.run(story())


def test_a_server_that_does_not_speak_http_is_distinguished_from_one_that_hangs_up() -> None:
    async def story() -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            request = await reader.readuntil(b"\r\n\r\n")
            if b"/ssh" in request:
                writer.write(b"SSH-2.0-something\r\n\r\n")
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
            base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with HttpAgent("alice", base_url, Transcript(SystemClock())) as agent:
                other = await agent.request("GET", "/ssh")
                nothing = await agent.request("GET", "/close")

        assert isinstance(other, NoAnswer)
        assert isinstance(nothing, NoAnswer)
        assert (other.reason, nothing.reason) == (Reason.NOT_HTTP, Reason.CONNECTION_LOST)

    asyncio.run(story())
