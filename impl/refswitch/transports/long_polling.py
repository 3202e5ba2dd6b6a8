"""Bayeux over long-polling: one ASGI application (Bayeux 1.0, The long-polling Transport)."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from refswitch.abort import way_to_abort
from refswitch.asgi import Answer, Headers, Receive, Scope, Send, respond
from refswitch.bayeux import HANDSHAKE, Message, NotMessages, parse
from refswitch.refusals import Encoded, NotJson, refusal
from refswitch.request_body import check_body_is_json

from .courier import Courier, Exchange
from .refusals import JSON, NoteRefusal, Unanswerable, refused, unnoted
from .sender import Authenticate, Hold, cookie, header

# The official JavaScript client appends the message type to the address, or just a slash for any other
# message. It follows no redirects.
SUFFIXES = ("", "/", "/handshake", "/connect", "/disconnect")

BROWSER_COOKIE = "BAYEUX_BROWSER"
#: In the scope of a request whose client reads answers in order: a held answer has to be complete before this one.
RELEASES_HELD = "refswitch.releases_held"


class LongPolling:
    """Answers at `path` and its four suffixes, always with JSON.

    Messages are answered with HTTP 200 and an array. A request without Bayeux messages is answered in the
    `statusCode` envelope of the REST API: with 404, 405, 413, 415, 400, or the refusal of `authenticate`.
    `new_browser_id` must return ids that cannot be guessed; they identify a browser, but never authenticate it.
    """

    def __init__(
        self,
        courier: Courier,
        authenticate: Authenticate,
        new_browser_id: Callable[[], str],
        *,
        path: str,
        note_refusal: NoteRefusal = unnoted,
    ) -> None:
        self._courier = courier
        self._authenticate = authenticate
        self._new_browser_id = new_browser_id
        self._paths = frozenset(path + suffix for suffix in SUFFIXES)
        self._max_body = courier.settings.max_body
        self._note_refusal = note_refusal
        self._writing: set[asyncio.Task[object]] = set()

    def serves(self, scope: Scope) -> bool:
        """Whether the request is for this application; for an outer application that chooses among several."""
        path: str = scope["path"]
        return path.removeprefix(scope.get("root_path", "")) in self._paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        taken_in = await self._take_in(scope, receive, send)
        if taken_in is None:
            return
        exchange, headers, hold = taken_in
        try:
            await self._converse(exchange, headers, hold, receive, send)
        finally:
            self._courier.lost(exchange)  # no effect once it is taken

    async def _take_in(
        self, scope: Scope, receive: Receive, send: Send
    ) -> tuple[Exchange, Headers, Hold] | None:
        """Read the messages and pass them on, so that they are not kept while the answer is held. None if the request ends here."""
        known: Headers = ()  # a refusal, too, carries the cookie of a new session
        body = bytearray()
        try:
            if not self.serves(scope):
                raise refused(404, 6, f"There is nothing at {scope['path']}")
            sender = self._authenticate(scope)
            if isinstance(sender, Answer):
                raise Unanswerable(sender)
            known = sender.headers
            self._check_headers(scope)
            if not await self._read(receive, body):
                return None
            messages = self._parsed(body)
        except Unanswerable as unanswerable:
            self._note_refusal(scope, bytes(body), unanswerable.answer)
            await respond(send, unanswerable.answer, added=known)
            return None
        browser = cookie(scope, BROWSER_COOKIE)
        headers = (*JSON, *known) if known else JSON
        if browser is None and any(message.get("channel") == HANDSHAKE for message in messages):
            browser = self._new_browser_id()
            headers = (*headers, _browser_cookie(browser))
        exchange = self._courier.receive(
            messages,
            sender.owner,
            body=bytes(body),
            browser=browser,
            releases_held=RELEASES_HELD in scope,
            on_cut=lambda: self._cut(scope, send),
        )
        return exchange, headers, sender.hold

    async def _converse(
        self, exchange: Exchange, headers: Headers, hold: Hold, receive: Receive, send: Send
    ) -> None:
        """Answer at once, or wait for the client to go; a held answer is written meanwhile, once there is one.

        The end of the HTTP session answers it at once, as its timeout would: a client with credentials goes on without a loss.

        While it is held there is no future, and no task but the request's own: nothing that would add up with thousands of idle clients.
        """
        if exchange.is_ready:
            await asyncio.sleep(
                0
            )  # exchanges write in the order in which they were woken: a released connect, then the disconnect
            if await self._answer(send, headers, exchange):
                return
            await _until_gone(receive)
            return
        exchange.on_ready = lambda ready: self._start(self._answer(send, headers, ready))
        let_go = hold(partial(self._courier.release, exchange))
        try:
            await _until_gone(receive)
        finally:
            let_go()

    def _cut(self, scope: Scope, send: Send) -> None:
        drop = way_to_abort(scope)
        if drop is not None:
            drop()
        else:  # the next best thing: no Bayeux client mistakes this for an answer
            self._start(respond(send, Answer(502, ((b"connection", b"close"),), b"")))

    def _check_headers(self, scope: Scope) -> None:
        """Check everything but the body. Raises Unanswerable."""
        if scope["method"] != "POST":
            allow = ((b"allow", b"POST"),)
            raise refused(405, 3, f"Bayeux messages are sent with POST, not {scope['method']}", allow)
        try:
            check_body_is_json(scope["headers"], has_body=True)
        except (NotJson, Encoded) as problem:
            told = refusal(problem)
            raise refused(told.status, told.status_code, told.message, told.headers) from None
        length = header(scope, b"content-length") or ""
        if length.isdecimal() and int(length) > self._max_body:
            raise self._too_large()

    async def _read(self, receive: Receive, body: bytearray) -> bool:
        """Read the body; False if the client left while sending it."""
        more = True
        while more:
            event = await receive()
            if event["type"] == "http.disconnect":
                return False
            body += event.get("body", b"")
            if len(body) > self._max_body:
                raise self._too_large()
            more = event.get("more_body", False)
        return True

    def _parsed(self, body: bytearray) -> list[Message]:
        settings = self._courier.settings
        try:
            return parse(bytes(body), max_messages=settings.max_messages, max_depth=settings.max_depth)
        except NotMessages as problem:
            raise refused(400, 10, f"Body: {problem}") from None

    async def _answer(self, send: Send, headers: Headers, exchange: Exchange) -> bool:
        """Write the answer; False if it has been lost, so that nobody would receive it."""
        answer = self._courier.take(exchange)
        if answer:
            await respond(send, Answer(200, headers, f"[{','.join(answer)}]".encode("ascii")))
        return bool(answer)

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        """Run it in the next turn of the loop, and keep a reference, since the loop itself keeps no task alive."""
        task = asyncio.get_running_loop().create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _too_large(self) -> Unanswerable:
        close = ((b"connection", b"close"),)  # the rest of the body is not worth reading
        return refused(413, 10, f"Body must not be longer than {self._max_body} bytes", close)


async def _until_gone(receive: Receive) -> None:
    """Wait for the client to go; the same event also follows when the answer has been written."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _browser_cookie(browser: str) -> tuple[bytes, bytes]:
    """Names the browser at its first handshake (Bayeux 1.0, Multiple clients; CometD, Configuration)."""
    return (b"set-cookie", f"{BROWSER_COOKIE}={browser}; Path=/; HttpOnly".encode("ascii"))
