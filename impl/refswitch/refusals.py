"""Why requests are refused, and the one table of what goes on the wire for each cause (ReturnValues, HTCC 8.5.2)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .asgi import Answer, Headers
from .calls import NoSuchCall, NotPossibleOnDevice, NotRegistered, Refused, TooManyCalls, TooMuchUserData
from .numbers import HttpRefusal
from .request import Request
from .violations import shown

#: Most characters of a statusMessage.
LONGEST_MESSAGE = 2000
_LOG = logging.getLogger("refswitch")


class RequestRefused(Exception):
    """A request is refused before it reaches the call core. Nothing has changed."""


class MissingParameter(RequestRefused):
    """A required parameter is missing."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(f"{place} is required")


class BadValue(RequestRefused):
    """A value has the wrong type or is out of range."""

    def __init__(self, place: str, rule: str) -> None:
        self.place = place
        self.rule = rule
        super().__init__(f"{place} {rule}")


class AccessDenied(RequestRefused):
    """The credentials are missing or wrong; the answer does not say which."""

    def __init__(self) -> None:
        super().__init__("Access denied")


class NoSuchResource(RequestRefused):
    """Nothing is at this address, or it is not the agent's."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"There is no {what}")


class ChannelNotServed(RequestRefused):
    """The server does not have this channel."""

    def __init__(self, channel: str, served: Sequence[str]) -> None:
        self.channel = channel
        self.served = tuple(served)
        super().__init__(f"channel {channel[:64]} is not served; served: {', '.join(served)}")


class CsrfRefused(RequestRefused):
    """The token of the HTTP session is missing or wrong; the text is the documented one (CSRFProtection (API), GWS 8.5.2).

    `headers` still belong in the answer, because the sender is known.
    """

    def __init__(self, headers: Headers = ()) -> None:
        self.headers = headers
        super().__init__("Missing or invalid Csrf token")


class MethodNotAllowed(RequestRefused):
    """The resource exists, but does not take this method."""

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.method = method
        self.allowed = tuple(allowed)
        super().__init__(f"{method} is not possible here; possible: {', '.join(allowed)}")


class Forbidden(RequestRefused):
    """The client may not do this here."""


class NoRoom(RequestRefused):
    """The server has reached one of its limits."""


class RefusedOnPurpose(RequestRefused):
    """A simulated number refuses, as its row says."""

    def __init__(self, row: HttpRefusal) -> None:
        self.row = row
        super().__init__(row.message)


class BusyServer(NoRoom):
    """The server has as many connections as it may have; there may be room in a second."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"The server has {most} connections already; try again later")


class NotJson(RequestRefused):
    """The body is not declared as application/json in UTF-8."""

    def __init__(self, content_type: str | None) -> None:
        self.content_type = content_type
        found = f"is {content_type[:100]}" if content_type else "is missing"
        super().__init__(f"Content-Type must be application/json, with charset UTF-8 if any, but {found}")


class Encoded(RequestRefused):
    """The body is compressed, or encoded in another way."""

    def __init__(self, coding: str) -> None:
        self.coding = coding
        super().__init__(f"Content-Encoding {coding[:100]} is not supported; send the body unencoded")


class NotHttp(RequestRefused):
    """The bytes are not a request as RFC 9112 defines it."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"The request {problem}")


class UnknownTransferCoding(RequestRefused):
    """The body travels in a transfer coding other than chunked (RFC 9112, 6.1)."""

    def __init__(self, coding: str) -> None:
        self.coding = coding
        super().__init__(f"Transfer-Encoding must be chunked, but is {shown(coding)}")


class HeadTooLarge(RequestRefused):
    """The head of the request is larger than the server accepts."""


class TargetTooLong(RequestRefused):
    """The path and query are longer than the server accepts."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"Path and query must not be longer than {limit} bytes")


class TooSlow(RequestRefused):
    """The request was not complete in time."""

    def __init__(self, part: str, seconds: int) -> None:
        self.part = part
        self.seconds = seconds
        super().__init__(f"The {part} of the request must be complete within {seconds} seconds")


class BodyTooLarge(RequestRefused):
    """The body is longer than the server accepts."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"The body must not be longer than {limit} bytes")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What goes on the wire. `is_ours`: the fault is the server's, and somebody should investigate."""

    status: int
    status_code: int
    message: str
    headers: Headers = ()
    is_ours: bool = False

    @property
    def body(self) -> bytes:
        return json.dumps({"statusCode": self.status_code, "statusMessage": self.message}).encode("ascii")

    @property
    def answer(self) -> Answer:
        """The whole answer."""
        return Answer(self.status, (*self.headers, (b"content-type", b"application/json")), self.body)


#: Exception class -> HTTP status and statusCode. An exception's nearest ancestor in this table decides.
ANSWERS: Mapping[type[Exception], tuple[int, int]] = {
    MissingParameter: (400, 1),
    TooMuchUserData: (400, 10),
    TooManyCalls: (503, 13),
    BadValue: (400, 10),
    AccessDenied: (403, 20),
    Forbidden: (403, 3),
    CsrfRefused: (403, 3),
    NotPossibleOnDevice: (400, 2),
    NotRegistered: (500, 4),
    NoSuchCall: (404, 6),
    NoSuchResource: (404, 6),
    MethodNotAllowed: (405, 3),
    BodyTooLarge: (413, 10),
    NotJson: (415, 10),
    Encoded: (415, 10),
    NotHttp: (400, 10),
    TooSlow: (408, 10),
    TargetTooLong: (414, 10),
    HeadTooLarge: (431, 10),
    UnknownTransferCoding: (501, 10),
    NoRoom: (503, 13),
    RequestRefused: (400, 10),
    Refused: (400, 2),
    Exception: (500, 4),
}


def answer_to(request: Request, error: Exception) -> Answer:
    """The answer to this request, which ended with `error`. It is noted in the request, and logged if the fault is ours."""
    told = refusal(error)
    if request.hint and isinstance(error, AccessDenied):
        told = replace(told, message=f"{told.message}: {request.hint}")
    return noted(request, told, error).answer


def noted(request: Request, told: Refusal, error: Exception) -> Refusal:
    """The refusal; it is noted in its request, and the error is logged if the fault is ours."""
    request.status_code = told.status_code
    if told.is_ours:
        _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
    return told


def refusal(error: Exception) -> Refusal:
    """The answer to a request that ended with `error`.

    An error without a row in the table is our fault. Its text is not shown, because it might contain anything.
    """
    if isinstance(error, RefusedOnPurpose):
        return Refusal(error.row.status, error.row.status_code, error.row.message, _headers(error))
    kind = next(kind for kind in type(error).__mro__ if kind in ANSWERS)
    status, status_code = ANSWERS[kind]
    message = "Internal error" if kind is Exception else str(error)[:LONGEST_MESSAGE]
    return Refusal(status, status_code, message, _headers(error), is_ours=kind is Exception)


def _headers(error: Exception) -> Headers:
    if isinstance(error, CsrfRefused):
        return error.headers
    if isinstance(error, MethodNotAllowed):
        return ((b"allow", ", ".join(error.allowed).encode("ascii")),)
    if isinstance(error, RefusedOnPurpose) and error.row.retry_after is not None:
        return ((b"retry-after", str(error.row.retry_after).encode("ascii")),)
    return next((headers for kind, headers in _CONSTANT_HEADERS.items() if isinstance(error, kind)), ())


#: What else belongs in the answer: what would have been accepted (RFC 9110, 15.5.16), when to try again, and that the rest is not read.
_CONSTANT_HEADERS: Mapping[type[Exception], Headers] = {
    NotJson: ((b"accept", b"application/json"),),
    Encoded: ((b"accept-encoding", b"identity"),),
    BusyServer: ((b"retry-after", b"1"),),
    BodyTooLarge: ((b"connection", b"close"),),
}
