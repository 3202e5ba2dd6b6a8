"""Bayeux over long-polling: one ASGI application (Bayeux 1.0, The long-polling Transport)."""

import asyncio
import json
from collections.abc import Callable, Sequence

from refswitch.bayeux import HANDSHAKE, Message, NotMessages, parse
from refswitch.hanging_up import hang_up

from .asgi import (
    Authenticate,
    Headers,
    Identity,
    Receive,
    Refusal,
    Scope,
    Send,
    cookie_names,
    header,
)
from .courier import Courier, Exchange

# The official JavaScript client appends the message type to the address, and a bare slash for all other
# messages. It follows no redirect.
SUFFIXES = ("", "/", "/handshake", "/connect", "/disconnect")

BROWSER_COOKIE = "BAYEUX_BROWSER"

_JSON: Headers = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


class LongPolling:
    """Answers at `path` and its four suffixes, every time with JSON.

    Messages are answered with HTTP 200 and an array. What is no Bayeux message is answered with the
    `statusCode` envelope of the API around it: 404, 405, 413, 415, 400, and what `authenticate` refuses with.
    `new_browser_id` must give what cannot be guessed; it names a browser and never authenticates one.
    """

    def __init__(
        self,
        courier: Courier,
        authenticate: Authenticate,
        new_browser_id: Callable[[], str],
        *,
        path: str,
        max_body: int = 65_536,
    ) -> None:
        self._courier = courier
        self._authenticate = authenticate
        self._new_browser_id = new_browser_id
        self._paths = frozenset(path + suffix for suffix in SUFFIXES)
        self._max_body = max_body

    def serves(self, scope: Scope) -> bool:
        """Whether the request is for this application: for whoever stands in front of several."""
        path: str = scope["path"]
        return path.removeprefix(scope.get("root_path", "")) in self._paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. An upgrade to WebSocket is refused at once, so that its client tries this instead."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        known: Headers = ()  # a session that has begun is told with a refusal too
        try:
            identity = self._admit(scope)
            known = identity.headers
            self._check_headers(scope)
            messages = await self._read(receive)
        except _Unanswerable as unanswerable:
            refusal = unanswerable.refusal
            await _respond(send, refusal.status, (*refusal.headers, *known), refusal.body)
            return
        if messages is not None:
            headers = (*_JSON, *identity.headers, *self._browser_cookie(scope, messages))
            exchange = self._courier.receive(messages, identity.owner)
            await self._converse(exchange, headers, receive, send)
            if exchange.ready.done() and not exchange.ready.result():
                await hang_up(scope, receive)

    def _admit(self, scope: Scope) -> Identity:
        """Who sends this, if it is for us at all."""
        if not self.serves(scope):
            raise _refused(404, 6, f"Nothing is at {scope['path']}")
        identity = self._authenticate(scope)
        if isinstance(identity, Refusal):
            raise _Unanswerable(identity)
        return identity

    def _check_headers(self, scope: Scope) -> None:
        """What can be judged before the body is there."""
        if scope["method"] != "POST":
            allow = ((b"allow", b"POST"),)
            raise _refused(405, 3, f"Bayeux messages are sent with POST, not {scope['method']}", allow)
        if not _is_json(header(scope, b"content-type") or ""):
            raise _refused(415, 10, "Content-Type must be application/json, with charset UTF-8 if any")
        length = header(scope, b"content-length") or ""
        if length.isdecimal() and int(length) > self._max_body:
            raise self._too_large()

    async def _read(self, receive: Receive) -> list[Message] | None:
        """The messages, or None if the client went away while it sent them."""
        body = bytearray()
        more = True
        while more:
            event = await receive()
            if event["type"] == "http.disconnect":
                return None
            body += event.get("body", b"")
            if len(body) > self._max_body:
                raise self._too_large()
            more = event.get("more_body", False)
        settings = self._courier.settings
        try:
            return parse(bytes(body), max_messages=settings.max_messages, max_depth=settings.max_depth)
        except NotMessages as problem:
            raise _refused(400, 10, f"Body: {problem}") from None

    async def _converse(self, exchange: Exchange, headers: Headers, receive: Receive, send: Send) -> None:
        """Wait while the answer is held, write it if somebody is there."""
        try:
            if await self._is_wanted(exchange, receive):
                answer = self._courier.take(exchange)
                await _respond(send, 200, headers, f"[{','.join(answer)}]".encode("ascii"))
        finally:
            self._courier.lost(exchange)  # nothing, once it is taken

    async def _is_wanted(self, exchange: Exchange, receive: Receive) -> bool:
        """Wait until the answer can be taken. False if the client hung up meanwhile."""
        if exchange.ready.done():
            # Who was woken before this one writes before it: a released connect, then the disconnect.
            await asyncio.sleep(0)
            return exchange.ready.result()
        watch = asyncio.create_task(_gone(receive))
        watch.add_done_callback(lambda _: self._courier.lost(exchange))
        try:
            return await exchange.ready and not watch.done()
        finally:
            watch.cancel()

    def _browser_cookie(self, scope: Scope, messages: Sequence[Message]) -> Headers:
        """Names the browser at its first handshake (Bayeux 1.0, Multiple clients; CometD, Configuration)."""
        shakes_hands = any(message.get("channel") == HANDSHAKE for message in messages)
        if not shakes_hands or BROWSER_COOKIE in cookie_names(scope):
            return ()
        cookie = f"{BROWSER_COOKIE}={self._new_browser_id()}; Path=/; HttpOnly"
        return ((b"set-cookie", cookie.encode("ascii")),)

    def _too_large(self) -> "_Unanswerable":
        close = ((b"connection", b"close"),)  # the rest of the body is not worth reading
        return _refused(413, 10, f"Body must not be longer than {self._max_body} bytes", close)


class _Unanswerable(Exception):
    """There is no Bayeux message to answer, so HTTP answers."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.status)


def _refused(status: int, status_code: int, sentence: str, headers: Headers = ()) -> _Unanswerable:
    """The envelope of ReturnValues, Genesys Web Services 8.5.2."""
    body = json.dumps({"statusCode": status_code, "statusMessage": sentence}).encode("ascii")
    return _Unanswerable(Refusal(status, (*_JSON, *headers), body))


async def _respond(send: Send, status: int, headers: Headers, body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode("ascii"))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def _gone(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _is_json(content_type: str) -> bool:
    """`application/json`, with or without `charset=UTF-8`."""
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [
        value.strip('" ')
        for name, _, value in (part.partition("=") for part in parameters)
        if name == "charset"
    ]
    return media_type == "application/json" and all(charset in ("utf-8", "utf8") for charset in charsets)
