"""Cross-origin access (CSRFProtection (Dep), GWS 8.5.2; the Fetch standard, CORS protocol), on REST and CometD alike.

It is off unless origins are named. `*` is not accepted: an answer to a request with credentials must not be open to every site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .asgi import Answer, Application, Event, Headers, Receive, Scope, Send, respond
from .request import Request, request_of

#: The documented default, and the token's header, which an older draft of that page adds.
ALLOWED_HEADERS = (
    "X-Requested-With,Content-Type,Accept,Origin,Cookie,authorization,ssid,surl,ContactCenterId,X-CSRF-TOKEN"
)
ALLOWED_METHODS = "GET,POST,PUT,DELETE,OPTIONS"
EXPOSED_HEADERS = "X-CSRF-HEADER,X-CSRF-TOKEN"
MAX_AGE_SECONDS = 120
_PREFLIGHT: Headers = (
    (b"access-control-allow-methods", ALLOWED_METHODS.encode("ascii")),
    (b"access-control-allow-headers", ALLOWED_HEADERS.encode("ascii")),
    (b"access-control-max-age", str(MAX_AGE_SECONDS).encode("ascii")),
)

_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[0-9a-z_-]+(\.[0-9a-z_-]+)*)(:[0-9]{1,5})?")


class BadOrigin(ValueError):
    """The text is not an origin as a browser sends it."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(
            f"--cors {given[:100]!r} is not an origin; write scheme, host in lower case and port, "
            "such as https://desktop.example:8443, one option for each origin"
        )


def read_origin(text: str) -> str:
    """The origin as a browser sends it. Raises BadOrigin."""
    origin = text.strip()
    if not _ORIGIN.fullmatch(origin):
        raise BadOrigin(text)
    return origin


class CrossOrigin:
    """An ASGI application around another: admits the pages of some origins, and answers their preflights without credentials."""

    def __init__(self, application: Application, origins: Iterable[str]) -> None:
        self._application = application
        self._origins = frozenset(origin.encode("ascii") for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        request = request_of(scope)
        if (preflight := self.preflight(request)) is not None:
            await respond(send, preflight)
            return
        added = self.headers(request)

        async def send_with_headers(event: Event) -> None:
            if event["type"] == "http.response.start":
                event = {**event, "headers": [*event["headers"], *added]}
            await send(event)

        await self._application(scope, receive, send_with_headers)

    def preflight(self, request: Request) -> Answer | None:
        """The answer to a preflight from one of the origins; None for any other request."""
        asked = request.header(b"access-control-request-method")
        if request.method != "OPTIONS" or asked is None or self._origin(request) is None:
            return None
        return Answer(200, (*self._allowing(request), *_PREFLIGHT), b"")

    def headers(self, request: Request) -> Headers:
        """The headers that the answer to any other request carries."""
        exposed = (b"access-control-expose-headers", EXPOSED_HEADERS.encode("ascii"))
        allowing = self._allowing(request)
        return allowing if self._origin(request) is None else (*allowing, exposed)

    def _origin(self, request: Request) -> bytes | None:
        origin = (request.header(b"origin") or "").encode("latin-1")
        return origin if origin in self._origins else None

    def _allowing(self, request: Request) -> Headers:
        vary, origin = (b"vary", b"Origin"), self._origin(request)
        if origin is None:
            return (vary,)
        allowed = (b"access-control-allow-origin", origin)
        return vary, allowed, (b"access-control-allow-credentials", b"true")


def is_from_elsewhere(scope: Scope, origins: Iterable[str]) -> bool:
    """Whether the request comes from a page of neither this host, as the client names it, nor one of these origins.

    Browsers open WebSockets to any host, with credentials, and send the page's origin (RFC 6455, Origin Considerations).
    Programs other than browsers send no origin.
    """
    headers = dict(scope["headers"])
    origin = headers.get(b"origin")
    if origin is None or origin.decode("latin-1") in origins:
        return False
    return bool(origin.partition(b"://")[2] != headers.get(b"host"))
