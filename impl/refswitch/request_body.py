"""Reads the bytes of a request body, up to a limit, and says beforehand whether they are JSON that can be read."""

from __future__ import annotations

from .asgi import Headers, Receive, Scope
from .limits import REQUEST_BODY
from .refusals import BadValue, BodyTooLarge, Encoded, NotJson

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


def check_body_is_json(headers: Headers, *, has_body: bool = False) -> None:
    """Raises NotJson or Encoded for a request with a body that is not declared as plain JSON. Call before anything is done.

    A request has a body if it says so, or if `has_body` says so for it.

    A page of another site can send any body without asking first, but not this media type (Fetch standard, CORS-safelisted request-header),
    so a client that names no media type is not given the benefit of the doubt.
    """
    types = []
    for name, value in headers:
        if name == b"content-type":
            types.append(value)
        elif name == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
            raise Encoded(value.decode("latin-1"))
        elif name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0 ")):
            has_body = True
    if types == [b"application/json"]:
        return
    if types or has_body:
        media_type = b", ".join(types).decode("latin-1") if types else None
        if len(types) != 1 or media_type is None or not is_json(media_type):
            raise NotJson(media_type)


def is_json(content_type: str) -> bool:
    """Whether this is `application/json`, with or without `charset=UTF-8`."""
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [
        value.strip('" ')
        for name, _, value in (part.partition("=") for part in parameters)
        if name.strip() == "charset"
    ]
    return media_type == "application/json" and all(charset in ("utf-8", "utf8") for charset in charsets)
