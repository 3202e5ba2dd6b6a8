"""An ASGI server and an event loop for tests: requests are function calls, and time passes when nothing else happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from selectors import DefaultSelector
from typing import Any, TypeVar

from refswitch.abort import EXTENSION as ABORT
from refswitch.asgi import Answer, Headers
from refswitch.bayeux import Server, Settings
from refswitch.transports import Courier, LongPolling, Sender

T = TypeVar("T")

URL = "/api/v2/notifications"
ALICE, BOB = "15000", "15001"
CALLS = "/v2/me/calls"
JSON = {"content-type": "application/json"}
DENIED = Answer(
    403, ((b"content-type", b"application/json"),), b'{"statusCode":20,"statusMessage":"Access denied"}'
)


class _Impatient(DefaultSelector):
    """Does not wait: it adds the waiting time to the clock."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise AssertionError("everybody waits for everybody")
        self.now += timeout
        return super().select(0)


class VirtualTime(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while there is nothing else to do, and then at once."""

    def __init__(self) -> None:
        self._impatient = _Impatient()
        super().__init__(self._impatient)

    def time(self) -> float:
        return self._impatient.now


def play(scene: Coroutine[Any, Any, T]) -> T:
    """Run a test in virtual time."""
    with asyncio.Runner(loop_factory=VirtualTime) as runner:
        return runner.run(scene)


@dataclass
class Request:
    """A request in progress: its answer, and a way to hang up."""

    incoming: asyncio.Queue[dict[str, Any]]
    outgoing: list[dict[str, Any]] = field(default_factory=list)
    answered_at: float = -1.0
    cut: bool = False
    task: asyncio.Task[None] | None = None

    async def answer(self) -> list[dict[str, Any]]:
        """The messages of a successful answer."""
        await self.done()
        assert (self.status, self.headers["content-type"]) == (200, "application/json")
        messages: list[dict[str, Any]] = json.loads(self.body)
        return messages

    async def done(self) -> Request:
        assert self.task is not None
        await self.task
        return self

    def drop(self) -> None:
        """The server's extension for simulating a broken network."""
        self.cut = True
        self.abort()

    def abort(self) -> None:
        self.incoming.put_nowait({"type": "http.disconnect"})

    @property
    def status(self) -> int:
        status: int = self.outgoing[0]["status"]
        return status

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.outgoing[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(event.get("body", b"") for event in self.outgoing[1:])

    @property
    def envelope(self) -> Any:
        return json.loads(self.body)


class Site:
    """The application, and the way to reach it. A special header names the user."""

    def __init__(self, path: str = URL, **settings: Any) -> None:
        ids = iter(range(1, 1_000_000))
        server = Server(Settings(**settings), lambda: f"c{next(ids)}")
        self.loop = asyncio.get_running_loop()
        self.courier = Courier(server, self.loop.time)
        self.app = LongPolling(self.courier, authenticate, lambda: "b1", path=path)
        self.finished: list[str] = []  # the order in which answers were written

    def post(self, *messages: Mapping[str, Any], suffix: str = "", user: str = ALICE) -> Request:
        """Send messages."""
        return self.request([json.dumps(messages).encode()], path=URL + suffix, user=user)

    def request(
        self,
        chunks: Iterable[bytes],
        *,
        path: str = URL,
        user: str | None = ALICE,
        method: str = "POST",
        headers: Mapping[str, str] = JSON,
        root_path: str = "",
        has_extension: bool = True,
    ) -> Request:
        """Send any request, its body in as many chunks as given."""
        named = {"x-user": user} if user else {}
        request = Request(asyncio.Queue())
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "root_path": root_path,
            "headers": [(name.encode(), value.encode()) for name, value in {**headers, **named}.items()],
            "extensions": {ABORT: request.drop} if has_extension else None,
        }
        *first, last = chunks
        for chunk in first:
            request.incoming.put_nowait({"type": "http.request", "body": chunk, "more_body": True})
        request.incoming.put_nowait({"type": "http.request", "body": last, "more_body": False})

        async def send(event: Any) -> None:
            request.outgoing.append(event)
            if event["type"] == "http.response.body":
                request.answered_at = self.loop.time()
                request.abort()  # as in ASGI: after the answer, only the disconnect is received
                self.finished.append(request.body.decode())

        request.task = asyncio.ensure_future(self.app(scope, request.incoming.get, send))
        return request

    def publish(self, *numbers: int, owner: str = ALICE) -> None:
        for number in numbers:
            self.courier.publish(owner, CALLS, {"number": number})
        self.courier.deliver()

    async def begin(self, user: str = ALICE) -> str:
        """A session that is subscribed and has connected once."""
        [reply] = await self.post(handshake(), user=user).answer()
        client_id: str = reply["clientId"]
        await self.post(subscribe(client_id), user=user).answer()
        await self.post(connect(client_id), user=user).answer()
        return client_id

    async def hold(
        self, client_id: str, user: str = ALICE, has_extension: bool = True, **fields: Any
    ) -> Request:
        """A connect that is held."""
        body = json.dumps([connect(client_id, **fields)]).encode()
        poll = self.request([body], user=user, has_extension=has_extension)
        await settle()
        assert poll.outgoing == []
        return poll

    async def until(self, moment: float) -> None:
        """Wait on the virtual clock, which costs no time."""
        rung = self.loop.create_future()
        self.loop.call_at(moment, rung.set_result, None)
        await rung


def authenticate(scope: Any) -> Sender | Answer:
    """Admits anybody who gives a name, and gives bob a cookie."""
    users = [value.decode() for name, value in scope["headers"] if name == b"x-user"]
    cookies: Headers = ((b"set-cookie", b"JSESSIONID=s1; Path=/; HttpOnly"),)
    return Sender(users[0], cookies if users[0] == BOB else ()) if users else DENIED


async def settle() -> None:
    """Let everything happen that needs no time to pass."""
    for _ in range(10):
        await asyncio.sleep(0)


def handshake(**fields: Any) -> dict[str, Any]:
    offer = {"version": "1.0", "supportedConnectionTypes": ["long-polling"]}
    return {"channel": "/meta/handshake", **offer, **fields}


def connect(client_id: str, **fields: Any) -> dict[str, Any]:
    return {"channel": "/meta/connect", "clientId": client_id, "connectionType": "long-polling", **fields}


def subscribe(client_id: str, subscription: str = CALLS) -> dict[str, Any]:
    return {"channel": "/meta/subscribe", "clientId": client_id, "subscription": subscription}


def disconnect(client_id: str, **fields: Any) -> dict[str, Any]:
    return {"channel": "/meta/disconnect", "clientId": client_id, **fields}


def event(number: int) -> dict[str, Any]:
    return {"channel": CALLS, "data": {"number": number}}


def connected(**fields: Any) -> dict[str, Any]:
    return {"channel": "/meta/connect", "successful": True, **fields}
