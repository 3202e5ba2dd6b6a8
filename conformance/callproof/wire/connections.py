"""The connections of one agent: a pool that says whether a request went over a kept connection, and whether an answer had begun.

A server may close an idle connection just while a request is sent over it (RFC 9112, 9.3.1 and 9.6). Only a request that met such a
connection and no byte of an answer is told apart here, as `ClosedWhileIdle`; it can be sent again over a connection of its own.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from callproof.limits import HEAD_BYTES, IDLE_CONNECTIONS, IDLE_S

from .limits import TooLarge

_AFTER_HANDSHAKE = (
    "it was closed right after the TLS handshake; a server that wants a client certificate may do that"
)

_AS_HTTPX: Mapping[type[Exception], type[httpx.TransportError]] = {
    httpcore.TimeoutException: httpx.TimeoutException,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.NetworkError: httpx.NetworkError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.ProxyError: httpx.ProxyError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}
"""The most specific first."""


class ClosedWhileIdle(httpx.NetworkError):
    """The server closed a kept connection, and no byte of an answer had arrived."""


@dataclass
class _Flight:
    """What became of one request so far."""

    most_of_a_head: int
    is_new: bool = False
    is_secured: bool = False
    received: int = 0

    def receive(self, size: int) -> None:
        """Count what has arrived before the answer's head was complete. Raises TooLarge.

        A piece that completes the head may hold some of the body, so the bound is that of the head and one piece.
        """
        if self.received > self.most_of_a_head:
            raise TooLarge(
                f"its head is longer than {self.most_of_a_head} bytes; set {HEAD_BYTES.option} if that is right"
            )
        self.received += size

    @property
    def is_over_after_handshake(self) -> bool:
        """Whether a new TLS connection was ready and then brought nothing."""
        return self.is_new and self.is_secured and not self.received


_FLIGHT: ContextVar[_Flight] = ContextVar("_FLIGHT")
"""Reading and connecting happen in the task of the request, so this is how the stream below knows it."""


class Connections(httpx.AsyncBaseTransport):
    """Sends requests over kept connections, through a proxy if one is named. The body of an answer is passed on as it arrives.

    Raises ClosedWhileIdle, TooLarge, other exceptions of httpx, and those of the `ssl` module.
    """

    def __init__(
        self, tls: ssl.SSLContext, proxy: str = "", most_of_a_head: int = HEAD_BYTES.default
    ) -> None:
        """`proxy` is an http or https URL, with a login if the proxy wants one; `most_of_a_head` is in bytes."""
        self._most_of_a_head = most_of_a_head
        through = _proxy(proxy, tls) if proxy else None
        self._kept = _pool(tls, through, IDLE_CONNECTIONS.default)
        self._fresh = _pool(tls, through, 0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._send(request, self._kept)

    async def send_afresh(self, request: httpx.Request) -> httpx.Response:
        """Send over a connection of its own."""
        return await self._send(request, self._fresh)

    async def aclose(self) -> None:
        await self._kept.aclose()
        await self._fresh.aclose()

    async def _send(self, request: httpx.Request, pool: httpcore.AsyncConnectionPool) -> httpx.Response:
        flight = _Flight(self._most_of_a_head)
        before = _FLIGHT.set(flight)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        asked = httpcore.Request(
            request.method.encode("ascii"), url, headers=request.headers.raw, content=request.stream
        )
        try:
            with _as_httpx():
                answer = await pool.handle_async_request(asked)
        except (httpx.NetworkError, httpx.RemoteProtocolError, ConnectionError) as error:
            if not flight.is_new and not flight.received:
                raise ClosedWhileIdle(str(error)) from error
            if flight.is_over_after_handshake:
                raise httpx.NetworkError(_AFTER_HANDSHAKE) from error
            raise
        finally:
            _FLIGHT.reset(before)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))


class _Body(httpx.AsyncByteStream):
    """The body of an answer, in pieces."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for piece in self._answer.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        with _as_httpx():
            await self._answer.aclose()


class _Network(httpcore.AsyncNetworkBackend):
    """Opens connections, and notes in the request's flight what happens to it."""

    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface, here and below
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        _FLIGHT.get().is_new = True
        return _Stream(await self._inner.connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that counts what it reads for the request at hand."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # as above
        data = await self._inner.read(max_bytes, timeout)
        if flight := _FLIGHT.get(None):
            flight.receive(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # as above
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # as above
    ) -> httpcore.AsyncNetworkStream:
        secured = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        if flight := _FLIGHT.get(None):
            flight.is_secured, flight.received = True, 0
        return _Stream(secured)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """Raise the exceptions of httpcore as those of httpx, which tests and `reasons` know."""
    try:
        yield
    except tuple(_AS_HTTPX) as error:
        known = next(kind for kind in _AS_HTTPX if isinstance(error, kind))
        raise _AS_HTTPX[known](str(error)) from error


def _pool(tls: ssl.SSLContext, proxy: httpcore.Proxy | None, most_idle: int) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=tls,
        proxy=proxy,
        max_connections=None,
        max_keepalive_connections=most_idle,
        keepalive_expiry=IDLE_S.default,
        network_backend=_Network(),
    )


def _proxy(address: str, tls: ssl.SSLContext) -> httpcore.Proxy:
    parts = urlsplit(address)
    login = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
    return httpcore.Proxy(
        parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(),
        auth=None if parts.username is None else login,
        ssl_context=tls if parts.scheme == "https" else None,
    )
