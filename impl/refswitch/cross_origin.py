"""Cross-origin access (CSRFProtection (Dep), GWS 8.5.2; the Fetch standard, CORS protocol), on REST and CometD alike.

It is off unless origins are named. `*` is not accepted: an answer to a request with credentials must not be open to every site.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from .access import session_tokens
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

_LOG = logging.getLogger("refswitch")
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
    """An ASGI application around another: admits the pages of some origins, and answers their preflights without credentials.

    `keeps_cookies` says whether pages of other sites send the session cookie back. If not, those that try to do without credentials
    learn why that fails, in the refusal, which such a page can read, and once for each origin in the log.
    """

    def __init__(
        self, application: Application, origins: Iterable[str], *, keeps_cookies: bool = False
    ) -> None:
        self._application = application
        self._origins = frozenset(origin.encode("ascii") for origin in origins)
        self._keeps_cookies = keeps_cookies
        self._logged: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = request_of(scope)
        self._explain(request)
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
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

    def _explain(self, request: Request) -> None:
        """Note in the request why it has no cookie, if that is because of the site that its page is on."""
        origin = self._origin(request)
        if origin is None or self._keeps_cookies or request.method == "OPTIONS":
            return
        has_sent_any = request.header(b"authorization") is not None or any(session_tokens(request.headers))
        if has_sent_any or not is_cross_site(request):
            return
        page, host = origin.decode("ascii"), (request.header(b"host") or "")[:255]
        request.hint = (
            f"the page is on another site ({page}) than this server ({host}), so its browser sends no session cookie; "
            "open the page and the server under the same host name, such as localhost, or serve both over https"
        )
        if origin not in self._logged:
            self._logged.add(origin)
            _LOG.warning("a request without credentials: %s", ascii(request.hint)[1:-1])

    def _origin(self, request: Request) -> bytes | None:
        origin = (request.header(b"origin") or "").encode("latin-1")
        return origin if origin in self._origins else None

    def _allowing(self, request: Request) -> Headers:
        vary, origin = (b"vary", b"Origin"), self._origin(request)
        if origin is None:
            return (vary,)
        allowed = (b"access-control-allow-origin", origin)
        return vary, allowed, (b"access-control-allow-credentials", b"true")


def is_cross_site(request: Request) -> bool:
    """Whether the request comes from a page of another site, so that a cookie with SameSite=Lax stays behind (RFC 6265bis, 5.2).

    Browsers say so to this machine and over TLS (Fetch Metadata, Sec-Fetch-Site). Otherwise the hosts are compared: ports do not count,
    and names that agree in their last two labels are taken for one site, because a wrong explanation is worse than none.
    """
    told = request.header(b"sec-fetch-site")
    if told is not None:
        return told == "cross-site"
    page, server = _host_in(request.header(b"origin") or ""), _host_in("//" + (request.header(b"host") or ""))
    return bool(page and server) and _site(page) != _site(server)


def _host_in(address: str) -> str:
    """The host of an address that a stranger sent; empty if it has none or cannot be read."""
    try:
        return (urlsplit(address).hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _site(host: str) -> str:
    """The host, or its last two labels if it is a name with more."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ".".join(host.split(".")[-2:])


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
