"""Carries the traffic of a faulty line: an ASGI application in front of a sound server, which is reached through an HTTP client.

Everything that waits is here or, for a WebSocket, in `web_socket`; the line decides what becomes of a message. An answer that the line does
not change is passed on byte for byte.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import httpx

from .carrying import Change, Receive, Scope, Send
from .line import Asked, Line, Sent
from .members import first
from .traffic import Answer, Headers, Message, NotJson, Request, as_json, from_json, is_event
from .web_socket import NotTaken, Socket, connected

#: Headers of one connection, not of the message (RFC 9110, 7.6.1); lengths are counted again.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length"}
)  # fmt: skip
_AT_ONCE = 0.05  # an answer that comes sooner was not held
_JSON = (("content-type", "application/json"),)
_LOST = Answer(
    502, _JSON, b'{"statusCode":4,"statusMessage":"The server behind the fault layer does not answer"}'
)


class Proxy:
    """Carries the traffic of one variant. `server` is a client whose base address is the sound server's.

    `lost` counts the requests that the server behind did not answer; after the first of them no verdict about the fault counts.
    """

    def __init__(
        self, line: Line, server: httpx.AsyncClient, clock: Callable[[], float] | None = None
    ) -> None:
        self.line = line
        self.lost = 0
        self._server = server
        self._clock = clock
        self._closing = asyncio.Event()
        self._orphans: set[asyncio.Task[None]] = set()
        self._change = Change()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._upgrade(scope, receive, send)
            return
        request = await _read(scope, receive)
        if request is None:
            return
        asked = self.line.asked(request, self._now())
        if isinstance(asked, Answer):
            answer: Answer | None = asked
        else:
            await self._pause(asked.delay)
            batch = _batch(request)
            answer = await (self._converse(asked, batch, receive) if batch else self._pass(asked))
        self._change.announce()
        if answer is not None:
            await self._pause(answer.delay)
            await _respond(send, request.method, answer)

    async def _upgrade(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept the upgrade to a WebSocket, unless the line or the server refuses it, and carry its frames."""
        await receive()  # websocket.connect
        asked = self.line.asked(_request(scope, "GET"), self._now())
        if isinstance(asked, Answer):
            await _respond(send, "GET", asked, "websocket.http.response")
            return
        await self._pause(asked.delay)
        try:
            behind = await connected(str(self._server.base_url), asked.request)
        except NotTaken as refused:
            self.lost += refused.status is None
            answer = _LOST if refused.status is None else Answer(refused.status)
            await _respond(send, "GET", answer, "websocket.http.response")
            return
        await send({"type": "websocket.accept"})
        try:
            await Socket(self.line, asked.agent, behind, self._change, self._now, receive, send).carry()
        finally:
            await behind.close()

    async def close(self) -> None:
        """End every pause, and the requests still open behind connects that the proxy answered itself."""
        self._closing.set()
        for orphan in list(self._orphans):
            orphan.cancel()
        if self._orphans:
            await asyncio.wait(self._orphans)

    async def _pause(self, seconds: float) -> None:
        """Wait for this time, or until the proxy is closed."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), seconds)

    async def _pass(self, asked: Asked) -> Answer:
        return self.line.answered(asked, await self._forward(asked.request), self._now())

    async def _converse(self, asked: Asked, batch: list[Message], receive: Receive) -> Answer | None:
        """Carry the Bayeux messages of one request. Returns None when the client has disconnected."""
        sent = self.line.sent(asked.agent, batch, self._now())
        self._change.announce()
        self.line.holding(sent, 1)
        try:
            answer = await self._exchange(asked, sent, receive)
        finally:
            self.line.holding(sent, -1)
        return None if answer is None else self.line.answered(asked, answer, self._now())

    async def _exchange(self, asked: Asked, sent: Sent, receive: Receive) -> Answer | None:
        await self._pause(sent.delay)
        request = asked.request
        if sent.onward != sent.batch:
            request = replace(request, body=as_json(sent.onward))
        if sent.sent_as:
            request = request.by(sent.sent_as)
        if not sent.onward:
            return self._received(sent, Answer(200, _JSON, b"[]"))
        if sent.connect is not None:
            return await self._hold(sent, request, receive)
        return self._received(sent, await self._forward(request))

    async def _hold(self, sent: Sent, request: Request, receive: Receive) -> Answer | None:
        """Wait for the server's answer to a connect, for an event of the line that is due, or for the client to disconnect."""
        if self._is_due(sent):
            return self._own_answer(sent)
        gone = asyncio.create_task(_hang_up(receive))
        try:
            return await self._held(sent, request, gone)
        finally:
            gone.cancel()

    async def _held(self, sent: Sent, request: Request, gone: asyncio.Task[None]) -> Answer | None:
        began = self._now()
        upstream = asyncio.create_task(self._forward(request))
        while not upstream.done():
            await self._wait(sent, gone, upstream)
            if upstream.done():
                break
            if gone.done():
                upstream.cancel()
                return None
            if self._is_due(sent):
                self._leave_behind(sent, upstream)
                return self._own_answer(sent)
        answer = upstream.result()
        waited = self._now() - began > _AT_ONCE and first(sent.connect, "advice.timeout") != 0
        messages = _messages(answer)
        if messages is None:
            return answer
        replies = self.line.received(sent, messages, self._now(), waited=waited)
        # While the line keeps an event back, the connect stays open, as it would at a server without an event.
        has_event = any(map(is_event, messages))
        while has_event and self.line.next_due(sent) is not None and not self._is_due(sent):
            await self._wait(sent, gone)
            if gone.done():
                return None
        return self._composed(sent, answer, messages, replies)

    async def _wait(self, sent: Sent, *tasks: asyncio.Future[Any]) -> None:  # of different results
        """Wait for one of these tasks, for a change on the line, or until an event of the session is due."""
        due = self.line.next_due(sent)
        patience = None if due is None else max(0.0, due - self._now())
        waiting = [*tasks, self._change.next()]
        await asyncio.wait(waiting, timeout=patience, return_when=asyncio.FIRST_COMPLETED)

    def _own_answer(self, sent: Sent) -> Answer:
        replies = self.line.connect_reply(sent)
        return Answer(200, _JSON, as_json(self.line.compose(sent, replies, self._now())))

    def _received(self, sent: Sent, answer: Answer) -> Answer:
        """Take an answer that was not held."""
        messages = _messages(answer)
        if messages is None:
            return answer
        replies = self.line.received(sent, messages, self._now(), waited=False)
        return self._composed(sent, answer, messages, replies)

    def _composed(
        self, sent: Sent, answer: Answer, messages: list[Message], replies: list[Message]
    ) -> Answer:
        composed = as_json(self.line.compose(sent, replies, self._now()))
        return answer if composed == as_json(messages) and answer.body else replace(answer, body=composed)

    def _leave_behind(self, sent: Sent, upstream: asyncio.Task[Answer]) -> None:
        """Queue what the server still sends for the next connect; the client already has its answer."""

        async def finish() -> None:
            events = [message for message in _messages(await upstream) or [] if is_event(message)]
            self.line.received(sent, events, self._now())
            self._change.announce()

        orphan = asyncio.create_task(finish())
        self._orphans.add(orphan)
        orphan.add_done_callback(self._orphans.discard)

    async def _forward(self, request: Request) -> Answer:
        headers = [pair for pair in _end_to_end(request.headers) if pair[0] != "accept-encoding"]
        try:
            response = await self._server.request(
                request.method, request.target, headers=headers, content=request.body
            )
        except httpx.TransportError:
            self.lost += 1
            return _LOST
        return Answer(response.status_code, _end_to_end(response.headers.multi_items()), response.content)

    def _is_due(self, sent: Sent) -> bool:
        due = self.line.next_due(sent)
        return due is not None and due <= self._now()

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()


def _end_to_end(headers: Iterable[tuple[str, str]]) -> Headers:
    return tuple((name.lower(), value) for name, value in headers if name.lower() not in _HOP_BY_HOP)


def _batch(request: Request) -> list[Message]:
    """The Bayeux messages of a request; none unless it is a CometD request that holds nothing else."""
    if not request.is_cometd or request.method != "POST":
        return []
    try:
        value = from_json(request.body)
    except NotJson:
        return []
    messages = value if isinstance(value, list) else [value]
    objects = [message for message in messages if isinstance(message, dict)]
    return objects if len(objects) == len(messages) else []


def _messages(answer: Answer) -> list[Message] | None:
    """The Bayeux messages of an answer, or None when it holds something else."""
    value = answer.value
    if answer.status != 200 or not isinstance(value, list):
        return None
    return [message for message in value if isinstance(message, dict)]


async def _read(scope: Scope, receive: Receive) -> Request | None:
    """Read a whole request; None when the client disconnects while sending it."""
    body = bytearray()
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        body += event.get("body", b"")
        more = event.get("more_body", False)
    return _request(scope, scope["method"], bytes(body))


def _request(scope: Scope, method: str, body: bytes = b"") -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    path = scope.get("raw_path") or scope["path"].encode()
    return Request(method, path.decode("latin-1"), scope["query_string"].decode("latin-1"), headers, body)


async def _respond(send: Send, method: str, answer: Answer, kind: str = "http.response") -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    length = (b"content-length", str(len(answer.body)).encode("ascii"))
    if method != "HEAD":
        headers.append(length)
    await send({"type": f"{kind}.start", "status": answer.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": b"" if method == "HEAD" else answer.body})


async def _hang_up(receive: Receive) -> None:
    """Return when the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass
