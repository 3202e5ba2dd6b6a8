"""HTTP as one agent: its own login and cookies, a limited rate, everything recorded, network failures as values.

Nothing is added behind the caller's back: redirects are not followed, proxies and netrc files are not looked for, and every answer is
returned.
"""

import asyncio
import json as json_text
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Final, Self, TypeAlias
from urllib.parse import unquote, urlsplit

import httpx
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus, WebSocketException

from callproof.bayeux import Json
from callproof.limits import PAUSE_S, RETRY_AFTER_S, TRIES_WHEN_LIMITED
from callproof.redaction import Redactor

from .bodies import Unreadable, read_body
from .clock import Clock, SystemClock
from .connections import ClosedWhileIdle, Connections
from .credentials import Basic, Bearer, Credentials, Identity
from .exchange import Exchange, NoAnswer, NotJson, NotRead, Reason, read_json
from .handshake import Way, open_web_socket
from .limits import Bounds, TokenBucket, TooLarge, seconds_to_wait
from .reasons import detail_of, reason_of
from .tls import tls_context
from .transcript import Kind, Transcript, Unrecorded
from .web_socket import WebSocket

#: Headers of an HTTP request that the libraries set themselves.
_OF_HTTPX = frozenset({"host", "connection", "content-length", "transfer-encoding"})
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.6.2


class Absent(Enum):
    """Stands for an absent body, since `None` is a JSON value."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


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
    is_held: bool = False
    upgrades: bool = False


_Carry: TypeAlias = Callable[[httpx.Request, _Prepared, str], Awaitable[tuple[httpx.Response, bytes]]]
"""Sends a request as it was prepared, which has this entry in the transcript; returns the answer and its body."""


def learn_secrets(
    redactor: Redactor, credentials: Credentials | None, headers: Iterable[tuple[str, str]], proxy: str
) -> None:
    """Have everything masked that an agent sends and nobody may read."""
    match credentials:
        case Basic(user, password):
            redactor.learn_login(user, password)
        case Bearer(token):
            redactor.learn(token)
    for _, value in headers:
        redactor.learn(value)
    url = urlsplit(proxy)
    if url.username is not None:
        redactor.learn_login(unquote(url.username), unquote(url.password or ""))


class HttpAgent:
    """One agent's access to the server: `alice` with their login, cookies and connections.

    Every request carries the credentials, and the cookies and CSRF token that earlier answers have set (CSRFProtection, GWS 8.5.2).

    * `headers` are added to every request, whoever sends it: an API gateway may want them;
    * `proxy` is the http or https URL of a proxy, with a login if it wants one; WebSockets go through it too;
    * `tls` checks `https` servers and may hold a client certificate; by default, the usual authorities are trusted;
    * agents may share a `limiter`;
    * `bounds` say how much of an answer is read; what is larger is a `NoAnswer`;
    * without a transcript, nothing is recorded.
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
        headers: Sequence[tuple[str, str]] = (),
        proxy: str = "",
        bounds: Bounds | None = None,
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
        self.bounds = Bounds() if bounds is None else bounds
        self._extra = tuple(headers)
        if transport is None:
            tls = tls_context() if tls is None else tls
            transport = Connections(tls, proxy, self.bounds.head_bytes)
        self._way = Way(tls, proxy)
        self._transport = transport
        learn_secrets(self.transcript.redactor, credentials, self._extra, proxy)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. Open requests end as `NoAnswer`."""
        with suppress(
            OSError, httpx.HTTPError
        ):  # nobody needs a clean goodbye of a connection that has failed
            await self._transport.aclose()

    def elsewhere(self) -> "HttpAgent":
        """Return the same agent at another machine, who has their login and keeps cookies of that machine's own.

        Both share the connections, which this one closes.
        """
        return HttpAgent(
            self.name,
            self._base_url,
            self.transcript,
            credentials=self._credentials,
            clock=self.clock,
            limiter=self.limiter,
            timeout_s=self.timeout_s,
            tls=self._way.tls,
            headers=self._extra,
            proxy=self._way.proxy,
            bounds=self.bounds,
            transport=self._transport,
        )

    @property
    def cookies(self) -> Mapping[str, str]:
        """The agent's cookies, by name."""
        return {cookie.name: cookie.value or "" for cookie in self._jar.jar}

    def fresh_identity(self) -> Identity:
        """Return the agent's login without cookies: the same person, of whom the server knows nothing yet."""
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
        held: bool = False,
    ) -> Exchange | NoAnswer:
        """Send a request and return the outcome. `path` is appended to the base, or is a whole URL.

        The body is `json`, or `content` unchanged. `headers` are added; `None` removes one. `identity` sends the request as somebody
        else and does not change what the agent keeps. After a 429 or 503 with Retry-After, the request is sent again at that time;
        the transcript notes it.

        If the server closes a kept connection before any byte of the answer, the request is sent again over a new one, once; the
        transcript notes that too. A request that the server may hold (`held`) has a connection of its own and is never sent again: its
        answer may have been lost, with notifications.
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
            is_held=held,
        )
        for _ in range(TRIES_WHEN_LIMITED.default - 1):
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

        async def over_web_socket(request: httpx.Request, *_: object) -> tuple[httpx.Response, bytes]:
            try:
                socket = await open_web_socket(
                    url, _own_headers(request), self._way, self.bounds.answer_bytes
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
        own: dict[str, str | None] = {}
        if who.credentials is not None:
            own["Authorization"] = who.credentials.authorization
        if who.cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
        if identity is None and self._csrf is not None:
            own[self._csrf[0]] = self._csrf[1]
        usual = {"Accept": "application/json"} | ({"Content-Type": "application/json"} if has_body else {})
        return _merged(usual, dict(self._extra), own, asked)

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
                response, body = await carry(request, prepared, entry)
            value = self._read(prepared, response, body)
        except TimeoutError:
            detail = f"no answer within {prepared.limit_s:g} s"
            return self._unanswered(prepared, entry, started, Reason.TIMED_OUT, detail)
        except UnicodeDecodeError as error:  # the WebSocket library reads heads as ASCII
            return self._unanswered(
                prepared, entry, started, Reason.NOT_HTTP, f"its head is not ASCII: {error}"
            )
        except UnicodeError as error:  # the resolver cannot even look up such a name
            return self._unanswered(prepared, entry, started, Reason.HOST_NOT_FOUND, str(error))
        except TooLarge as error:
            return self._unanswered(prepared, entry, started, Reason.TOO_LARGE, str(error))
        except Unreadable as error:
            return self._unanswered(prepared, entry, started, Reason.UNREADABLE, str(error))
        except (OSError, httpx.HTTPError, WebSocketException) as error:
            return self._unanswered(prepared, entry, started, reason_of(error), detail_of(error))
        if prepared.identity is None:
            self._keep(request, response)
        return self._answered(prepared, entry, started, response, body, value)

    def _read(self, prepared: _Prepared, response: httpx.Response, body: bytes) -> Json | NotJson:
        """Read the body as JSON, if the answer is within bounds. Raises TooLarge."""
        if len(response.headers.raw) > self.bounds.headers:
            raise TooLarge(f"it has {len(response.headers.raw)} headers, and {self.bounds.headers} are read")
        value = read_json(body)
        if isinstance(value, NotRead):
            raise TooLarge(value.reason)
        if prepared.traffic is Traffic.BAYEUX and isinstance(value, list):
            self.bounds.check_delivery(len(value))
        return value

    async def _over_http(
        self, request: httpx.Request, prepared: _Prepared, entry: str
    ) -> tuple[httpx.Response, bytes]:
        response = await self._sent(request, prepared, entry)
        try:
            encoding = response.headers.get("Content-Encoding", "")
            return response, await read_body(_pieces(response), encoding, self.bounds.answer_bytes)
        finally:
            await response.aclose()

    async def _sent(self, request: httpx.Request, prepared: _Prepared, entry: str) -> httpx.Response:
        """Send, and once more if a kept connection turns out to be closed; return the answer, whose body is still to come."""
        if not isinstance(self._transport, Connections):
            return await self._transport.handle_async_request(request)
        if prepared.is_held:
            return await self._transport.send_afresh(request)
        try:
            return await self._transport.handle_async_request(request)
        except ClosedWhileIdle:
            text = f"the server closed the kept connection of {entry} before any answer; it was sent again over a new one"
            self.transcript.note(self.name, text)
            return await self._transport.send_afresh(request)

    def _built(self, prepared: _Prepared) -> httpx.Request:
        request = httpx.Request(
            prepared.method,
            prepared.url,
            headers=[(name.encode("ascii"), _bytes_of(value)) for name, value in prepared.headers],
            content=prepared.content,
        )
        request.headers.encoding = "latin-1"
        url = request.url
        if url.scheme not in {"http", "https"} or not url.host or (url.port or 1) > 65535:
            raise ValueError(f"not a web address: {prepared.url}")
        if prepared.identity is None and "cookie" not in request.headers:
            self._jar.set_cookie_header(request)
        return request

    def _keep(self, request: httpx.Request, response: httpx.Response) -> None:
        """Keep cookies and the CSRF token. Latin-1 holds any byte, so what the server made up goes back as it came."""
        response.request = request
        meant, response.headers.encoding = response.headers.encoding, "latin-1"
        self._jar.extract_cookies(response)
        name, token = response.headers.get("X-CSRF-HEADER", ""), response.headers.get("X-CSRF-TOKEN", "")
        if token and _NAME.fullmatch(name) and name.lower() not in _OF_HTTPX:
            self._csrf = (name, token)
        response.headers.encoding = meant

    def _record_request(self, prepared: _Prepared, headers: tuple[tuple[str, str], ...]) -> str:
        asked: dict[str, Json] = {"method": prepared.method, "url": prepared.url, **_body(prepared.content)}
        return self.transcript.record(self.name, prepared.traffic.value[0], asked, headers).id

    def _answered(
        self,
        prepared: _Prepared,
        entry: str,
        started: float,
        response: httpx.Response,
        body: bytes,
        value: Json | NotJson,
    ) -> Exchange:
        elapsed = self.clock.monotonic() - started
        headers = _pairs(response.headers)
        answer: dict[str, Json] = {"request": entry, "status": response.status_code, **_shown(body, value)}
        answer["elapsed_ms"] = round(elapsed * 1000, 3)
        return Exchange(
            id=entry,
            answer_id=self.transcript.record(self.name, prepared.traffic.value[1], answer, headers).id,
            method=prepared.method,
            url=prepared.url,
            status=response.status_code,
            headers=headers,
            text=body.decode("utf-8", errors="replace"),
            value=value,
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
        if asked is None or asked > PAUSE_S.default:
            return False
        gets_it = self.limiter.pause(asked)
        how = (
            "which it gets"
            if gets_it
            else f"which would be too long in all; {RETRY_AFTER_S.option} sets how long"
        )
        text = f"HTTP {outcome.status} to {outcome.id}: the server asked for a pause of {asked:g} s, {how}"
        self.transcript.note(self.name, text)
        return gets_it


def _json_bytes(value: Json) -> bytes:
    """Write JSON as UTF-8; a lone surrogate, which UTF-8 cannot hold, stays an escape."""
    try:
        return json_text.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:
        return json_text.dumps(value, separators=(",", ":")).encode("ascii")


def _bytes_of(value: str) -> bytes:
    """A header's value: what came from a server is Latin-1, other text may be anything."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it arrives, still compressed."""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for piece in response.stream:
        yield piece


def _merged(*layers: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
    """Merge headers, whatever the case of their names; the last layer counts, and `None` removes a header."""
    merged: dict[str, tuple[str, str | None]] = {}
    for layer in layers:
        merged |= {name.lower(): (name, value) for name, value in layer.items()}
    return tuple((name, value) for name, value in merged.values() if value is not None)


def _pairs(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    """Return headers in their original order and spelling."""
    return tuple((name.decode("latin-1"), value.decode(headers.encoding)) for name, value in headers.raw)


def _own_headers(request: httpx.Request) -> tuple[tuple[str, str], ...]:
    """Return the headers that the WebSocket library does not set itself."""
    return tuple(pair for pair in _pairs(request.headers) if pair[0].lower() not in _OF_HTTPX)


def _body(body: bytes | None) -> dict[str, Json]:
    """Return the body of a request as the transcript shows it."""
    return _shown(body, read_json(body)) if body else {}


def _shown(body: bytes, value: Json | NotJson) -> dict[str, Json]:
    """Return a body as the transcript shows it: as JSON if possible, else as text."""
    if not body:
        return {}
    if isinstance(value, NotJson):
        return {"text": body.decode("utf-8", errors="replace"), "not_json": value.reason}
    return {"json": value}
