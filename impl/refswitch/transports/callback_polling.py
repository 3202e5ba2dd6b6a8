"""Bayeux in scripts (JSONP): an ASGI application around the one for long-polling (Bayeux 1.0, The callback-polling Transport).

A page of another site can load such a script with its visitor's cookies and credentials, and read its contents (Bayeux 1.0, AJAX and
JSON hijacking). So it is served only on request.
"""

import re
from urllib.parse import parse_qsl

from refswitch.asgi import Event, Receive, Scope, Send, respond

from .long_polling import RELEASES_HELD, LongPolling
from .refusals import refused

CONNECTION_TYPE = "callback-polling"

_DEFAULT_NAME = "jsonpcallback"
#: A dotted identifier: anything else might be a program.
_NAME = re.compile(r"(?=.{1,64}\Z)[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*")
_SCRIPT = b"text/javascript;charset=UTF-8"


class CallbackPolling:
    """Turns a GET with `message` and `jsonp` into a POST of the messages, and the answer into a call of the named function."""

    def __init__(self, polling: LongPolling) -> None:
        self._polling = polling

    def serves(self, scope: Scope) -> bool:
        """Whether the request is for this application: the same addresses as long-polling."""
        return self._polling.serves(scope)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request; any request but a GET with messages is passed to long-polling."""
        query = _query(scope) if scope["method"] == "GET" else {}
        if "message" not in query:
            await self._polling(scope, receive, send)
            return
        name = query.get("jsonp", _DEFAULT_NAME)
        if not _NAME.fullmatch(name):
            unanswerable = refused(400, 10, "jsonp must be a dotted identifier of up to 64 characters")
            await respond(send, unanswerable.answer)
            return
        headers = [(key, value) for key, value in scope["headers"] if key not in _REPLACED]
        asked = {**scope, "method": "POST", "headers": [*headers, *_POSTED], RELEASES_HELD: True}
        await self._polling(asked, _posting(query["message"], receive), _calling(name, send))


def _query(scope: Scope) -> dict[str, str]:
    """The fields of the query; the last of several with the same name counts. The limit on the request line also limits their number."""
    return dict(parse_qsl(scope["query_string"].decode("latin-1")))


_REPLACED = (b"content-type", b"content-length")
_POSTED = ((b"content-type", b"application/json"),)


def _posting(message: str, receive: Receive) -> Receive:
    """The message as the request's body; later events come from the client."""
    is_sent = False

    async def receive_posted() -> Event:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        await receive()  # the body of the GET, which is empty
        return {"type": "http.request", "body": message.encode("utf-8", "replace"), "more_body": False}

    return receive_posted


def _calling(name: str, send: Send) -> Send:
    """The array of messages as a script that calls `name` with it; a refusal is unchanged. Answers are ASCII, so no line ends inside."""
    start: Event = {}

    async def send_called(event: Event) -> None:
        nonlocal start
        if event["type"] == "http.response.start" and event["status"] == 200:
            start = event
        elif event["type"] == "http.response.body" and start:
            body = b"/**/" + name.encode("ascii") + b"(" + event["body"] + b");"
            kept = [(key, value) for key, value in start["headers"] if key not in _REPLACED]
            told = [(b"content-type", _SCRIPT), (b"content-length", str(len(body)).encode("ascii"))]
            await send({**start, "headers": [*kept, *told]})
            await send({**event, "body": body})
        else:
            await send(event)

    return send_called
