"""A session over each transport as the suite uses it: within the agent's limits, every frame in the transcript, no secret in it."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.server import Request, Response, Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from callproof.aiobayeux import NotReady, Session
from callproof.bayeux import LONG_POLLING, WEBSOCKET, Json, Message
from callproof.wire import Basic, HttpAgent, Kind, Recorder, SystemClock, TokenBucket, Transcript

CALLS = "/v2/me/calls"
ADVICE: Message = {"reconnect": "retry", "interval": 0, "timeout": 20000}


class SocketServer:
    """One Bayeux session over WebSockets, with switches to make it misbehave; a connect with an advice is answered at once."""

    def __init__(self) -> None:
        self.refuses: HTTPStatus | None = None
        self.upgrades: list[Request] = []
        self.frames: list[list[Message]] = []
        self.beside: list[Json] = []  # sent in a frame before each answer
        self.says: str | None = None  # instead of an answer
        self.held: asyncio.Future[tuple[ServerConnection, Message]] = (
            asyncio.get_running_loop().create_future()
        )

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        self.upgrades.append(request)
        return None if self.refuses is None else connection.respond(self.refuses, "")

    async def talk(self, connection: ServerConnection) -> None:
        try:
            async for frame in connection:
                self.frames.append(json.loads(frame))
                if self.says is not None:
                    await connection.send(self.says)
                    continue
                for message in self.frames[-1]:
                    await self.answer(connection, message)
        except ConnectionClosed:
            return

    async def answer(self, connection: ServerConnection, message: Message) -> None:
        reply: Message = {"id": message["id"], "channel": message["channel"], "successful": True}
        match message["channel"]:
            case "/meta/handshake":
                types: list[Json] = [WEBSOCKET, LONG_POLLING]
                reply |= {"version": "1.0", "clientId": "planted-client", "supportedConnectionTypes": types}
                reply["advice"] = ADVICE
            case "/meta/subscribe":
                reply["subscription"] = message["subscription"]
            case "/meta/connect" if "advice" not in message:
                self.held.set_result((connection, reply))
                return
            case "/meta/disconnect":
                held, answer = await self.held
                await held.send(json.dumps([answer]))
        for event in self.beside:
            await connection.send(json.dumps([event]))
        await connection.send(json.dumps([reply]))


@asynccontextmanager
async def served() -> AsyncIterator[tuple[SocketServer, str]]:
    application = SocketServer()
    async with serve(
        application.talk, "127.0.0.1", 0, process_request=application.admit, compression=None
    ) as server:
        yield application, _url(server)


def _url(server: Server) -> str:
    return f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/notifications"


class Counted(TokenBucket):
    """Lets everything pass and counts it."""

    taken = 0

    async def take(self) -> None:
        self.taken += 1


class Alice:
    """An agent whose session is to be opened."""

    def __init__(self, url: str, *connection_types: str) -> None:
        clock = SystemClock()
        self.limiter = Counted(clock)
        self.transcript = Transcript(clock)
        self.agent = HttpAgent(
            "alice", url, self.transcript,
            credentials=Basic("planted-user", "planted-password"), clock=clock, limiter=self.limiter,
        )  # fmt: skip
        self.recorder = Recorder("alice", clock, self.transcript)
        self.session = Session(
            url,
            [CALLS],
            connection_types=connection_types or (WEBSOCKET,),
            acknowledge=False,
            agent=self.agent,
            observer=self.recorder,
        )


def test_every_frame_is_an_entry_with_the_upgrade_that_opened_its_websocket() -> None:
    async def story() -> None:
        async with served() as (server, url):
            alice = Alice(url)
            await alice.session.open()
            await server.held
            await alice.session.leave()
            await alice.agent.aclose()

        asked, upgraded, *frames = alice.transcript.entries
        assert (asked.kind, asked.body["method"], asked.body["url"]) == (Kind.BAYEUX_REQUEST, "GET", url)
        assert (upgraded.kind, upgraded.body["status"]) == (Kind.BAYEUX_RESPONSE, 101)
        assert {entry.body["web_socket"] for entry in frames} == {asked.id}
        sent = [entry.body["json"] for entry in frames if entry.kind is Kind.BAYEUX_REQUEST]
        assert [[message["channel"] for message in frame] for frame in server.frames] == [
            [message["channel"] for message in frame if isinstance(message, dict)]
            for frame in sent
            if isinstance(frame, list)
        ]
        first = alice.recorder.log[0]
        assert (first.exchange_id, first.channel) == (asked.id, "/meta/handshake")
        assert first.entry_id in {entry.id for entry in frames if entry.kind is Kind.BAYEUX_RESPONSE}

    asyncio.run(story())


def test_no_secret_is_written_down_and_every_frame_waits_for_its_turn() -> None:
    async def story() -> None:
        async with served() as (server, url):
            alice = Alice(url)
            await alice.session.open()
            await server.held
            await alice.session.leave()
            await alice.agent.aclose()

        login = b64encode(b"planted-user:planted-password").decode()
        assert server.upgrades[0].headers["authorization"] == f"Basic {login}"
        written = json.dumps([entry.as_json() for entry in alice.transcript.entries])
        assert "planted" not in written
        assert login not in written
        assert "client#1" in written
        assert alice.limiter.taken == 1 + len(server.frames)

    asyncio.run(story())


def test_an_event_may_come_in_a_frame_of_its_own_before_the_answer() -> None:
    async def story() -> None:
        async with served() as (server, url):
            server.beside = [{"channel": CALLS, "data": 1}, {"channel": CALLS, "data": 2}]
            alice = Alice(url)
            await alice.session.open()
            await server.held
            await alice.session.leave()
            await alice.agent.aclose()

        heard = [one.data for one in alice.recorder.log if one.is_event]
        assert heard == [1, 2] * 4  # beside handshake, subscribe, connect and disconnect
        assert len({one.entry_id for one in alice.recorder.log}) == len(alice.recorder.log)

    asyncio.run(story())


def test_a_refused_upgrade_is_said_and_nothing_goes_on() -> None:
    async def story() -> None:
        async with served() as (server, url):
            server.refuses = HTTPStatus.NOT_FOUND
            alice = Alice(url)
            with pytest.raises(
                NotReady,
                match=r"^there was no reply on /meta/handshake: the upgrade was answered with HTTP 404$",
            ):
                await alice.session.open()
            await alice.agent.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert len(server.upgrades) == 1
        assert alice.transcript.entries[1].body["status"] == 404

    asyncio.run(story())


def test_where_the_upgrade_is_refused_the_next_transport_is_tried() -> None:
    async def story() -> None:
        async with served() as (server, url):
            server.refuses = HTTPStatus.FORBIDDEN
            alice = Alice(url, WEBSOCKET, LONG_POLLING)
            with pytest.raises(NotReady):  # this server speaks no long-polling either
                await alice.session.open()
            await alice.agent.aclose()
        methods = [entry.body.get("method") for entry in alice.transcript.entries[:3]]
        assert methods == ["GET", None, "POST"]

    asyncio.run(story())


def test_a_frame_that_is_no_json_ends_the_websocket_and_is_kept_as_it_came() -> None:
    async def story() -> None:
        async with served() as (server, url):
            server.says = "hello"
            alice = Alice(url)
            with pytest.raises(NotReady, match="a frame was not JSON: Expecting value at line 1, column 1"):
                await alice.session.open()
            await alice.agent.aclose()
        assert alice.transcript.entries[-1].body["text"] == "hello"

    asyncio.run(story())


def test_a_host_where_nobody_listens_is_a_refused_connection() -> None:
    async def story() -> None:
        async with served() as (_, url):
            pass
        alice = Alice(url)
        with pytest.raises(NotReady, match=r"there was no answer: connection refused$"):
            await alice.session.open()
        await alice.agent.aclose()

    asyncio.run(story())
