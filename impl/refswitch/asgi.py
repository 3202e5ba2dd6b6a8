"""The ASGI 3.0 types that the server uses, and a complete answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, NamedTuple, TypeAlias

Scope: TypeAlias = Mapping[str, Any]  # its values are of many types, checked where they are read
Event: TypeAlias = MutableMapping[str, Any]  # as above
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
#: Wraps an application in another, and returns the outer one.
Layer: TypeAlias = Callable[[Application], Application]
#: Names in lower case.
Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]


class Answer(NamedTuple):
    """A complete answer to a request. Its length is added when it is sent."""

    status: int
    headers: Headers
    body: bytes


async def respond(send: Send, answer: Answer, *, added: Headers = ()) -> None:
    """Send a complete answer with its length and the additional headers."""
    length = (b"content-length", str(len(answer.body)).encode("ascii"))
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [*answer.headers, *added, length],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})


async def refuse_upgrade(answer: Answer, scope: Scope, send: Send) -> None:
    """Send an HTTP answer instead of opening a WebSocket; a server that cannot do that closes the connection in its own way."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    length = (b"content-length", str(len(answer.body)).encode("ascii"))
    start = {"type": "websocket.http.response.start", "status": answer.status}
    await send({**start, "headers": [*answer.headers, length]})
    await send({"type": "websocket.http.response.body", "body": answer.body})
