"""CSRF protection (CSRFProtection (API), GWS 8.5.2): a client that changes something proves that it can read answers.

Every answer to a GET names the header to send and its value, which is valid as long as the HTTP session. Every PUT, POST and DELETE
must send it. CometD is included: the documentation makes no exception, and a public client program sends the token there too.
"""

from __future__ import annotations

from refswitch.asgi import Headers
from refswitch.request import Request

from .credentials import same

HEADER = "X-CSRF-TOKEN"
_NAME, _VALUE = HEADER.lower().encode("ascii"), HEADER.encode("ascii")
_CHANGING = frozenset({"PUT", "POST", "DELETE"})
_READING = frozenset({"GET", "HEAD"})


def is_allowed(request: Request, token: str) -> bool:
    """Whether the request changes nothing, or carries the session's token exactly once."""
    if request.method not in _CHANGING:
        return True
    sent = [value for name, value in request.headers if name == _NAME]
    return len(sent) == 1 and same(sent[0].decode("latin-1"), token)


def headers(request: Request, token: str) -> Headers:
    """The headers that an answer to a reading request carries: the header's name, and the token."""
    if request.method not in _READING:
        return ()
    return (b"x-csrf-header", _VALUE), (_NAME, token.encode("ascii"))
