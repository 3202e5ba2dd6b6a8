"""Reads the bytes of a request body, up to a limit."""

from __future__ import annotations

from .asgi import Receive, Scope
from .limits import REQUEST_BODY
from .refusals import BadValue, BodyTooLarge

MOST_BYTES = REQUEST_BODY.default


async def read_body(receive: Receive, scope: Scope) -> bytes:
    """The whole body, chunked or not. Raises BodyTooLarge, and BadValue for a body that breaks off."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > MOST_BYTES:
            raise BodyTooLarge(MOST_BYTES)
    body = bytearray()
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise BadValue("$", "ended before it was complete")
        body += event.get("body", b"")
        if len(body) > MOST_BYTES:
            raise BodyTooLarge(MOST_BYTES)
        more = event.get("more_body", False)
    return bytes(body)
