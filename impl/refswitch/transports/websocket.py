"""Bayeux over a WebSocket: one ASGI application (CometD, JavaScript transports: websocket).

Bayeux 1.0 leaves transports other than HTTP open. This one carries the same messages, an array of them in every text frame.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable

from refswitch.abort import way_to_abort
from refswitch.asgi import Answer, Event, Receive, Scope, Send, refuse_upgrade
from refswitch.bayeux import Ending, Message, NotMessages, parse

from .courier import Courier, Exchange
from .refusals import NoteRefusal, Unanswerable, refused, unnoted
from .sender import Authenticate, Sender

CONNECTION_TYPE = "websocket"

#: Close codes (RFC 6455, Defined Status Codes) and reasons.
_ENDINGS: dict[Ending, tuple[int, str]] = {
    Ending.DISCONNECTED: (1000, "Disconnected"),
    Ending.SWEPT: (1000, "No connect came in time"),
    Ending.OVERFLOWN: (1008, "Too many messages were waiting"),
}
_CUT_OFF = 1012, "Cut off"
#: The code that an authenticated session's end has for its WebSockets (Jakarta WebSocket 2.1, 7.2).
_SESSION_ENDED = 1008, "The HTTP session has ended"
_GOING_AWAY = 1001, "Going away"
_NOT_TEXT = 1003, "Bayeux messages travel in text frames"
_NOT_MESSAGES = 1007
_TOO_LARGE = 1009
#: Most bytes of a reason (RFC 6455, Close).
_LONGEST_REASON = 123


class WebSocket:
    """Accepts WebSockets at `path`, with or without a trailing slash. Before that, the client is identified and admitted:

    `authenticate` identifies it, and `is_from_elsewhere` detects a page of another site, for which browsers send credentials too.
    """

    def __init__(
        self,
        courier: Courier,
        authenticate: Authenticate,
        is_from_elsewhere: Callable[[Scope], bool],
        *,
        path: str,
        note_refusal: NoteRefusal = unnoted,
    ) -> None:
        self._courier = courier
        self._authenticate = authenticate
        self._is_from_elsewhere = is_from_elsewhere
        self._path = path
        self._note_refusal = note_refusal
        self._max_body = courier.settings.max_body
        self._max_sockets = courier.settings.max_sockets
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, from its request to its end."""
        await receive()  # websocket.connect
        try:
            sender = self._admit(scope)
        except Unanswerable as unanswerable:
            self._note_refusal(scope, b"", unanswerable.answer)
            await refuse_upgrade(unanswerable.answer, scope, send)
            return
        self._open[sender.owner] += 1
        try:
            await self._converse(sender, scope, receive, send)
        finally:
            self._open[sender.owner] -= 1

    def _admit(self, scope: Scope) -> Sender:
        """The client that requests the WebSocket. Raises Unanswerable; a client that is refused falls back to long-polling."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if (
            path.removesuffix("/") != self._path
            or CONNECTION_TYPE not in self._courier.settings.connection_types
        ):
            raise refused(404, 6, f"There is no WebSocket at {scope['path']}")
        if self._is_from_elsewhere(scope):
            raise refused(403, 20, "Pages of this origin may not open a WebSocket here")
        sender = self._authenticate(scope)
        if isinstance(sender, Answer):
            raise Unanswerable(sender)
        if self._open[sender.owner] >= self._max_sockets:
            raise refused(503, 13, f"This user has {self._max_sockets} WebSockets already; close one")
        if not self._courier.may_stream(sender.owner):
            raise refused(404, 6, f"There is no WebSocket at {scope['path']} now")
        return sender

    async def _converse(self, sender: Sender, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept", "headers": list(sender.headers)})
        socket = _Socket(self._courier, sender.owner, send, way_to_abort(scope))
        let_go = sender.hold(socket.session_ended)
        try:
            while (event := await receive())["type"] != "websocket.disconnect":
                try:
                    socket.receive(*self._read(event.get("text")))
                except _BadFrame as bad:
                    socket.close(bad.code, bad.reason)
                await socket.keeping_up()
        finally:
            socket.gone()
            let_go()

    def _read(self, text: str | None) -> tuple[list[Message], bytes]:
        """The messages of a frame, and the frame. Raises _BadFrame."""
        if text is None:
            raise _BadFrame(*_NOT_TEXT)
        body = text.encode("utf-8", "surrogatepass")
        if len(body) > self._max_body:
            raise _BadFrame(_TOO_LARGE, f"A frame must not be longer than {self._max_body} bytes")
        settings = self._courier.settings
        try:
            return parse(body, max_messages=settings.max_messages, max_depth=settings.max_depth), body
        except NotMessages as problem:
            raise _BadFrame(_NOT_MESSAGES, str(problem)) from None


class _BadFrame(Exception):
    """A frame holds no Bayeux messages. There is nothing to reply to, so the connection is closed with a reason."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


class _Socket:
    """An open connection, and what is to be written to it, in order.

    A task writes: it begins when there is something to write and ends when everything is written, so an idle client has no task.
    """

    def __init__(self, courier: Courier, owner: str, send: Send, drop: Callable[[], None] | None) -> None:
        self._courier = courier
        self._send = send
        self._drop = drop
        self._stream = courier.open(owner, self._wake, self._break_off, self.close)
        self._ready: deque[Exchange | list[str] | None] = (
            deque()
        )  # answers; messages; None for events that need no answer
        self._writer: asyncio.Task[None] | None = None
        self._is_sending = False
        self._closing: tuple[int, str] | None = None
        self._is_closed = False
        if courier.is_closed:  # it was closed while this connection was being accepted
            self.close(*_GOING_AWAY)

    def receive(self, messages: list[Message], body: bytes) -> None:
        """Pass on the messages of a frame. The answer is written once there is one; the next frame does not wait for it."""
        if self._closing is None:
            self._courier.receive(
                messages, self._stream.owner, body=body, stream=self._stream, on_ready=self._write_soon
            )

    async def keeping_up(self) -> None:
        """Wait while the client does not read what it is sent; nothing more is read from it meanwhile."""
        if self._is_sending and self._writer is not None:
            await asyncio.wait([self._writer])

    def close(self, code: int, reason: str) -> None:
        """Write what is ready, then close; accept nothing more."""
        self._closing = code, reason.encode("utf-8")[:_LONGEST_REASON].decode("utf-8", "ignore")
        self._write_soon(None)

    def session_ended(self) -> None:
        """Write what was published until now and close, because the HTTP session whose cookie opened this has ended.

        Its Bayeux sessions leave the stream at once, so nothing that is published later can go out on it.
        """
        if (
            self._is_sending
        ):  # the client does not read, so neither events nor a reason get past what it has not read
            self._break_off()
            self._courier.closed(self._stream)
            return
        until_now = [texts for item in (*self._ready, None) if (texts := self._texts(item))]
        self._ready = deque(until_now)
        self._courier.closed(self._stream)
        self.close(*_SESSION_ENDED)

    def gone(self) -> None:
        """The connection has ended: its sessions stay, and their messages wait for another connection."""
        if self._writer is not None:
            self._writer.cancel()
        self._courier.closed(self._stream)

    def _wake(self) -> None:
        ending = self._courier.ending(self._stream)
        if ending is Ending.OVERFLOWN and self._is_sending:
            self._break_off()  # a reason could not get past what the client has not read
        elif ending is not None:
            self.close(*_ENDINGS[ending])
        else:
            self._write_soon(None)

    def _break_off(self) -> None:
        self._closing = _CUT_OFF
        if self._drop is not None:
            self._drop()
        else:  # the next best thing
            self._write_soon(None)

    def _write_soon(self, exchange: Exchange | None) -> None:
        self._ready.append(exchange)
        if self._writer is None and not self._is_closed:
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """Write everything ready, each answer and each flush in a frame of its own; then close if required."""
        try:
            while self._ready:
                if texts := self._texts(self._ready.popleft()):
                    await self._send_now({"type": "websocket.send", "text": f"[{','.join(texts)}]"})
            if self._closing is not None:
                self._is_closed = True
                code, reason = self._closing
                await self._send_now({"type": "websocket.close", "code": code, "reason": reason})
        except OSError:
            pass  # the client has gone, and the reading side will notice
        finally:
            self._writer = None

    def _texts(self, item: Exchange | list[str] | None) -> list[str]:
        """The messages of one frame, as JSON texts."""
        if isinstance(item, list):
            return item
        return self._courier.flush(self._stream) if item is None else self._courier.take(item)

    async def _send_now(self, event: Event) -> None:
        """Send one frame. While this does not return, the client reads more slowly than we write."""
        self._is_sending = True
        try:
            await self._send(event)
        finally:
            self._is_sending = False
