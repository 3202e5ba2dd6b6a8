"""The fault layer's traffic, with a miniature of a server behind it."""

import asyncio
import json

import httpx

from callproof.faults import Line, Proxy
from callproof.faults.proxy import Receive, Scope, Send
from callproof.faults.traffic import Message, basic

from .talk import line, told

HELD, DIALING = told("Held"), told("Dialing", call="A")
REFUSAL = b'{ "statusCode" : 2,   "statusMessage" : "not now" }'
_FOR_EVER = 3600.0


class Server:
    """Answers Bayeux messages with success, a lone connect with what was published, everything else with a refusal."""

    def __init__(self) -> None:
        self.published: asyncio.Queue[Message] = asyncio.Queue()
        self.seen: list[tuple[str, str, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body: bytes = (await receive())["body"]
        who = dict(scope["headers"]).get(b"authorization", b"").decode()
        self.seen.append((scope["path"], who, body))
        if not scope["path"].startswith("/api/v2/notifications"):
            await _respond(send, 400, REFUSAL)
            return
        answer: list[Message] = []
        for message in json.loads(body):
            if message["channel"] == "/meta/connect":
                answer.append(await self.published.get())
            reply = {"channel": message["channel"], "id": message["id"], "successful": True}
            answer.append(reply | ({"clientId": "c1"} if message["channel"] == "/meta/handshake" else {}))
        await _respond(send, 200, json.dumps(answer).encode())


async def _respond(send: Send, status: int, body: bytes) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
    )
    await send({"type": "http.response.body", "body": body})


class Talk:
    """Alice in front of a line with a server behind it."""

    def __init__(self, on: Line) -> None:
        self.server = Server()
        self.line = on
        behind = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.server), base_url="http://server", timeout=_FOR_EVER
        )
        self.proxy = Proxy(on, behind)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.proxy), base_url="http://line", timeout=_FOR_EVER,
            headers={"authorization": basic("alice")},
        )  # fmt: skip

    async def exchange(self, *messages: Message) -> list[Message]:
        answer = await self.client.post("/api/v2/notifications", json=list(messages))
        received: list[Message] = answer.json()
        return received

    async def open(self) -> None:
        await self.exchange({"channel": "/meta/handshake", "id": "1"})
        await self.exchange(
            {"channel": "/meta/subscribe", "id": "2", "clientId": "c1", "subscription": "/v2/me/calls"}
        )

    async def connect(self, name: str = "3") -> list[Message]:
        return await self.exchange({"channel": "/meta/connect", "id": name, "clientId": "c1"})


def reply(name: str = "3") -> Message:
    return {"channel": "/meta/connect", "id": name, "successful": True}


def test_what_no_rule_concerns_goes_through_byte_for_byte() -> None:
    async def story() -> None:
        talk = Talk(line())
        answer = await talk.client.post("/api/v2/me/calls/9?x=1", content=b'{"operationName":  "Hold"}')
        assert (answer.status_code, answer.content) == (400, REFUSAL)
        assert talk.server.seen == [("/api/v2/me/calls/9", basic("alice"), b'{"operationName":  "Hold"}')]

    asyncio.run(story())


def test_a_connect_is_held_until_the_server_answers() -> None:
    async def story() -> None:
        talk = Talk(line())
        await talk.open()
        connect = asyncio.create_task(talk.connect())
        await talk.client.get("/api/v2/me")
        assert not connect.done()
        talk.server.published.put_nowait(HELD)
        assert await connect == [HELD, reply()]

    asyncio.run(story())


def test_an_event_that_is_kept_back_keeps_the_connect_back_too() -> None:
    async def story() -> None:
        talk = Talk(line("{notification: {state: Held}, delay: 0.05}"))
        await talk.open()
        clock = asyncio.get_running_loop().time
        began = clock()
        talk.server.published.put_nowait(HELD)
        assert await talk.connect() == [HELD, reply()]
        assert clock() - began >= 0.05

    asyncio.run(story())


def test_an_event_from_elsewhere_ends_a_held_connect_and_the_servers_own_comes_with_the_next() -> None:
    async def story() -> None:
        talk = Talk(line())
        await talk.open()
        connect = asyncio.create_task(talk.connect())
        await talk.client.get("/api/v2/me")
        talk.line.sessions.deliver("alice", DIALING, 0.0)
        await talk.client.get("/api/v2/me")
        assert await connect == [DIALING, reply()]
        talk.server.published.put_nowait(HELD)
        await talk.client.get("/api/v2/me")
        assert await talk.connect("4") == [HELD, reply("4")]
        await talk.proxy.close()

    asyncio.run(story())


def test_a_message_answered_here_never_reaches_the_server() -> None:
    async def story() -> None:
        talk = Talk(line("{message: {channel: /meta/subscribe}, is answered: {successful: false}}"))
        assert await talk.exchange({"channel": "/meta/subscribe", "id": "2"}) == [
            {"channel": "/meta/subscribe", "id": "2", "successful": False}
        ]
        assert talk.server.seen == []

    asyncio.run(story())


def test_a_request_goes_on_with_the_owners_credentials() -> None:
    async def story() -> None:
        talk = Talk(line("{request: {agent: alice}, sent as: bob}"))
        await talk.client.get("/api/v2/me")
        assert talk.server.seen == [("/api/v2/me", basic("bob"), b"")]

    asyncio.run(story())


def test_a_server_that_does_not_answer_is_reported_and_counted() -> None:
    async def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody is there")

    async def story() -> None:
        talk = Talk(line())
        talk.proxy = Proxy(
            talk.line, httpx.AsyncClient(transport=httpx.MockTransport(refuse), base_url="http://server")
        )
        talk.client = httpx.AsyncClient(transport=httpx.ASGITransport(talk.proxy), base_url="http://line")
        assert (await talk.client.get("/api/v2/me")).status_code == 502
        assert talk.proxy.lost == 1

    asyncio.run(story())
