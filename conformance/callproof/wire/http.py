"""HTTP as one agent: its own login and cookies, a limited rate, everything recorded, network failures as values.

Nothing is added behind the caller's back: redirects are not followed, proxies and netrc files are not looked for, and every answer is
returned.
"""

import asyncio
import contextlib
import json as json_text
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Final, Self, TypeAlias

import httpx
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_web_socket
from websockets.exceptions import InvalidStatus, WebSocketException

from callproof.bayeux import Json

from .clock import Clock, SystemClock
from .exchange import Credentials, Exchange, Identity, NoAnswer, NotJson, Reason, read_json
from .limits import TokenBucket, seconds_to_wait
from .reasons import reason_of
from .tls import tls_context
from .transcript import Kind, Transcript, Unrecorded
from .web_socket import WebSocket

_CONNECTIONS = httpx.Limits(max_connections=None, max_keepalive_connections=8, keepalive_expiry=2.0)
"""Drops idle connections before the server does: many close them after five seconds, some during a write."""

_TRIES_WHEN_LIMITED = 3
_LONGEST_PAUSE_S = 60.0
_MOST_BYTES_OF_A_FRAME = 16 * 2**20
_GOODBYE_S = 2.0  # how long a server may take to answer the closing of a WebSocket

#: Headers of an HTTP request that the WebSocket library sets itself.
_OF_HTTPX = frozenset({"host", "connection", "content-length"})


class Absent(Enum):
    """Stands for an absent body, since `None` is a JSON value."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

_Carry: TypeAlias = Callable[[httpx.Request], Awaitable[tuple[httpx.Response, bytes]]]
"""Sends a request; returns the answer and its body."""


class Traffic(Enum):
    """The kind of a request: it decides the kinds of its entries in the transcript."""

    CALLS = (Kind.REQUEST, Kind.RESPONSE)
    BAYEUX = (Kind.BAYEUX_REQUEST, Kind.BAYEUX_RESPONSE)


@dataclass(frozen=True)
class _Prepared:
    """A request as it will be sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | None
    identity: Identity | None
    traffic: Traffic
    limit_s: float
    upgrades: bool = False


class HttpAgent:
    """One agent's access to the server: `alice` with their login, cookies and connections.

    Every request carries the credentials, and the cookies and CSRF token that earlier answers have set (CSRFProtection, GWS 8.5.2).
    Agents may share a `limiter`. Without a transcript, nothing is recorded.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        transcript: Transcript | None = None,
        *,
        credentials: Credentials | None = None,
        clock: Clock | None = None,
        limiter: TokenBucket | None = None,
        timeout_s: float = 10.0,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.name = name
        self.transcript = Unrecorded() if transcript is None else transcript
        self.clock = SystemClock() if clock is None else clock
        self.timeout_s = timeout_s
        self._base_url = base_url.rstrip("/")
        self._credentials = credentials
        self.limiter = TokenBucket(self.clock) if limiter is None else limiter
        self._jar = httpx.Cookies()
        self._csrf: tuple[str, str] | None = None
        if transport is None:
            tls = tls_context() if tls is None else tls
            transport = httpx.AsyncHTTPTransport(verify=tls, limits=_CONNECTIONS)
        self._tls = tls
        self._transport = transport
        if credentials is not None:
            self.transcript.redactor.learn_login(credentials.user, credentials.password)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. Open requests end as `NoAnswer`."""
        await self._transport.aclose()

    @property
    def cookies(self) -> Mapping[str, str]:
        """The agent's cookies, by name."""
        return {cookie.name: cookie.value or "" for cookie in self._jar.jar}

    def fresh_identity(self) -> Identity:
        """Return the agent's login without cookies: the same person at another machine."""
        return Identity(self._credentials)

    def cookies_only(self) -> Identity:
        """Return the agent's cookies without the login."""
        return Identity(None, self.cookies)

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Json | Absent = ABSENT,
        content: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        identity: Identity | None = None,
        timeout_s: float | None = None,
        traffic: Traffic = Traffic.CALLS,
    ) -> Exchange | NoAnswer:
        """Send a request and return the outcome. `path` is appended to the base, or is a whole URL.

        The body is `json`, or `content` unchanged. `headers` are added; `None` removes one. `identity` sends the request as somebody
        else and does not change what the agent keeps. After a 429 or 503 with Retry-After, the request is sent again at that time;
        the transcript notes it.
        """
        body = content if isinstance(json, Absent) else _json_bytes(json)
        prepared = _Prepared(
            method=method,
            url=path if "://" in path else self._base_url + path,
            headers=self._headers(headers or {}, body is not None, identity),
            content=body,
            identity=identity,
            traffic=traffic,
            limit_s=self.timeout_s if timeout_s is None else timeout_s,
        )
        for _ in range(_TRIES_WHEN_LIMITED - 1):
            outcome = await self._once(prepared, self._over_http)
            if not self._was_told_to_wait(outcome):
                return outcome
        return await self._once(prepared, self._over_http)

    async def upgrade(
        self, url: str, *, identity: Identity | None = None, timeout_s: float | None = None
    ) -> WebSocket | Exchange | NoAnswer:
        """Open a WebSocket at an http or https URL, without a sub-protocol.

        If the server refuses the upgrade, returns its answer; if it does not answer, the reason.
        Credentials, cookies and `identity` are as for `request`.
        """
        prepared = _Prepared(
            method="GET",
            url=url,
            headers=self._headers({"Accept": None}, False, identity),
            content=None,
            identity=identity,
            traffic=Traffic.BAYEUX,
            limit_s=self.timeout_s if timeout_s is None else timeout_s,
            upgrades=True,
        )
        opened: list[ClientConnection] = []

        async def over_web_socket(request: httpx.Request) -> tuple[httpx.Response, bytes]:
            try:
                socket = await open_web_socket(
                    "ws" + url.removeprefix("http"),
                    additional_headers=_own_headers(request),
                    ssl=self._tls if url.startswith("https:") else None,
                    max_size=_MOST_BYTES_OF_A_FRAME,
                    compression=None,
                    user_agent_header=None,
                    ping_interval=None,  # a held connect is the heartbeat
                    open_timeout=None,  # the limit of this request holds
                    close_timeout=_GOODBYE_S,
                    proxy=None,
                )
            except InvalidStatus as refused:
                answer = refused.response
            else:
                opened.append(socket)
                assert socket.response is not None  # it has been read, or the upgrade would have failed
                answer = socket.response
            response = httpx.Response(answer.status_code, headers=list(answer.headers.raw_items()))
            return response, bytes(answer.body or b"")

        outcome = await self._once(prepared, over_web_socket)
        return WebSocket(self, opened[0], outcome) if opened and isinstance(outcome, Exchange) else outcome

    def _headers(
        self, asked: Mapping[str, str | None], has_body: bool, identity: Identity | None
    ) -> tuple[tuple[str, str], ...]:
        who = self.fresh_identity() if identity is None else identity
        headers: dict[str, str | None] = {"Accept": "application/json"}
        if has_body:
            headers["Content-Type"] = "application/json"
        if who.credentials is not None:
            login = f"{who.credentials.user}:{who.credentials.password}".encode()
            headers["Authorization"] = f"Basic {b64encode(login).decode()}"
        if who.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
        if identity is None and self._csrf is not None:
            headers[self._csrf[0]] = self._csrf[1]
        names = {name.lower() for name in asked}
        kept = {name: value for name, value in headers.items() if name.lower() not in names}
        return tuple((name, value) for name, value in {**kept, **asked}.items() if value is not None)

    async def _once(self, prepared: _Prepared, carry: _Carry) -> Exchange | NoAnswer:
        """Send once, within the limits of rate and time; record the request and its outcome."""
        await self.limiter.take()
        try:
            request = self._built(prepared)
        except (httpx.InvalidURL, ValueError) as error:
            entry = self._record_request(prepared, prepared.headers)
            return self._unanswered(prepared, entry, self.clock.monotonic(), Reason.NOT_SENT, str(error))
        entry = self._record_request(
            prepared,
            (*_own_headers(request), ("Upgrade", "websocket"))
            if prepared.upgrades
            else _pairs(request.headers),
        )
        started = self.clock.monotonic()
        try:
            async with asyncio.timeout(prepared.limit_s):
                response, body = await carry(request)
        except TimeoutError:
            detail = f"no answer within {prepared.limit_s:g} s"
            return self._unanswered(prepared, entry, started, Reason.TIMED_OUT, detail)
        except UnicodeDecodeError as error:  # the WebSocket library reads heads as ASCII
            return self._unanswered(
                prepared, entry, started, Reason.NOT_HTTP, f"its head is not ASCII: {error}"
            )
        except UnicodeError as error:  # the resolver cannot even look up such a name
            return self._unanswered(prepared, entry, started, Reason.HOST_NOT_FOUND, str(error))
        except (OSError, httpx.HTTPError, WebSocketException) as error:
            return self._unanswered(prepared, entry, started, reason_of(error), str(error))
        if prepared.identity is None:
            self._keep(request, response)
        return self._answered(prepared, entry, started, response, body)

    async def _over_http(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        response = await self._transport.handle_async_request(request)
        try:
            return response, await response.aread()
        finally:
            await response.aclose()

    def _built(self, prepared: _Prepared) -> httpx.Request:
        request = httpx.Request(
            prepared.method,
            prepared.url,
            headers=[(name.encode("ascii"), _octets(name, value)) for name, value in prepared.headers],
            content=prepared.content,
        )
        url = request.url
        if url.scheme not in {"http", "https"} or not url.host or (url.port or 1) > 65535:
            raise ValueError(f"not a web address: {prepared.url}")
        if (
            prepared.identity is None
            and "cookie" not in request.headers
            and (cookies := self._cookies_for(url))
        ):
            request.headers = httpx.Headers([*request.headers.raw, (b"Cookie", cookies)])
        return request

    def _cookies_for(self, url: httpx.URL) -> bytes:
        """The jar's cookies for this address; empty if there are none. The jar keeps octets as Latin-1, which has all of them."""
        bearer = httpx.Request("GET", url)
        bearer.headers.encoding = "latin-1"
        self._jar.set_cookie_header(bearer)
        return str(bearer.headers.get("Cookie", "")).encode("latin-1")

    def _keep(self, request: httpx.Request, response: httpx.Response) -> None:
        as_sent = httpx.Response(response.status_code, headers=response.headers.raw, request=request)
        as_sent.headers.encoding = "latin-1"  # a cookie is octets: it goes back as it came (RFC 6265, 5.4)
        self._jar.extract_cookies(as_sent)
        name, token = response.headers.get("X-CSRF-HEADER"), response.headers.get("X-CSRF-TOKEN")
        if name and token:
            self._csrf = (name, token)

    def _record_request(self, prepared: _Prepared, headers: tuple[tuple[str, str], ...]) -> str:
        asked: dict[str, Json] = {"method": prepared.method, "url": prepared.url, **_body(prepared.content)}
        return self.transcript.record(self.name, prepared.traffic.value[0], asked, headers).id

    def _answered(
        self, prepared: _Prepared, entry: str, started: float, response: httpx.Response, body: bytes
    ) -> Exchange:
        elapsed = self.clock.monotonic() - started
        headers = _pairs(response.headers)
        answer: dict[str, Json] = {"request": entry, "status": response.status_code, **_body(body)}
        answer["elapsed_ms"] = round(elapsed * 1000, 3)
        return Exchange(
            id=entry,
            answer_id=self.transcript.record(self.name, prepared.traffic.value[1], answer, headers).id,
            method=prepared.method,
            url=prepared.url,
            status=response.status_code,
            headers=headers,
            text=body.decode("utf-8", errors="replace"),
            value=read_json(body),
            started=started,
            elapsed=elapsed,
        )

    def _unanswered(
        self, prepared: _Prepared, entry: str, started: float, reason: Reason, detail: str
    ) -> NoAnswer:
        missing: dict[str, Json] = {"request": entry, "no_answer": reason.value, "detail": detail}
        return NoAnswer(
            id=entry,
            answer_id=self.transcript.record(self.name, prepared.traffic.value[1], missing).id,
            method=prepared.method,
            url=prepared.url,
            reason=reason,
            detail=detail,
            started=started,
            elapsed=self.clock.monotonic() - started,
        )

    def _was_told_to_wait(self, outcome: Exchange | NoAnswer) -> bool:
        """Obey a server that asks for a pause (RFC 9110, 10.2.3); that is noted, not judged."""
        if isinstance(outcome, NoAnswer) or outcome.status not in {429, 503}:
            return False
        asked = seconds_to_wait(outcome.header("Retry-After") or "", self.clock.now())
        if asked is None or asked > _LONGEST_PAUSE_S:
            return False
        text = f"HTTP {outcome.status} to {outcome.id}: the server asked for a pause of {asked:g} s, which it gets"
        self.transcript.note(self.name, text)
        self.limiter.pause(asked)
        return True


def _json_bytes(value: Json) -> bytes:
    """Write JSON as UTF-8; a lone surrogate, which UTF-8 cannot hold, stays an escape."""
    try:
        return json_text.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:
        return json_text.dumps(value, separators=(",", ":")).encode("ascii")


def _octets(name: str, value: str) -> bytes:
    """The value of a header as it is sent. Cookies from the jar are octets, kept as Latin-1; a scenario may make others up."""
    if name.lower() == "cookie":
        with contextlib.suppress(UnicodeEncodeError):
            return value.encode("latin-1")
    return value.encode("utf-8")


def _pairs(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    """Return headers in their original order and spelling."""
    return tuple((name.decode("latin-1"), value.decode(headers.encoding)) for name, value in headers.raw)


def _own_headers(request: httpx.Request) -> tuple[tuple[str, str], ...]:
    """Return the headers that the WebSocket library does not set itself."""
    return tuple(pair for pair in _pairs(request.headers) if pair[0].lower() not in _OF_HTTPX)


def _body(body: bytes | None) -> dict[str, Json]:
    """Return a body as the transcript shows it: as JSON if possible, else as text."""
    if not body:
        return {}
    value = read_json(body)
    if isinstance(value, NotJson):
        return {"text": body.decode("utf-8", errors="replace"), "not_json": value.reason}
    return {"json": value}
