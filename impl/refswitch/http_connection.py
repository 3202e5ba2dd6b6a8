"""One HTTP connection as uvicorn serves it, within our bounds and by the letter of RFC 9112.

The parser has no bound of its own, so what it takes in is counted here: the finished headers as it reports them, and the unfinished rest
as whole reads from the socket, which is exact to one read (256 KiB). Times are deadlines that `expire` checks once a second; a timer for
each request would cost more than the rest of this module.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from . import limits
from .abort import EXTENSION as ABORT
from .http_bounds import HttpBounds
from .refusals import (
    BusyServer,
    HeadTooLarge,
    NotHttp,
    RequestRefused,
    TargetTooLong,
    TooSlow,
    UnknownTransferCoding,
    refusal,
)

_LOG = logging.getLogger("refswitch")
#: A host and a port, if any (RFC 9110, 7.2; RFC 3986, 3.2.2), as far as no program reading it could fail.
_HOST = re.compile(rb"(\[[0-9A-Za-z:.%_~-]+\]|[0-9A-Za-z._~!$&'()*+,;=%-]*)(:[0-9]{0,5})?")
_PHRASES = {
    400: b"Bad Request",
    408: b"Request Timeout",
    414: b"URI Too Long",
    431: b"Request Header Fields Too Large",
    501: b"Not Implemented",
    503: b"Service Unavailable",
}


class HttpConnection(HttpToolsProtocol):
    """Serves one connection until it is idle for too long, breaks a bound or is upgraded to a WebSocket."""

    def __init__(self, *arguments: Any, bounds: HttpBounds, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._bounds = bounds
        self._is_crowded = False
        self._is_refused = False
        #: Between the end of a message and the end of the next head; and whether that head has begun.
        self._in_head = True
        self._has_begun = False
        #: Bytes of the head in whole reads, and as the parser reported them.
        self._read = 0
        self._reported = 0
        #: When the client must have sent the rest, on the loop's clock.
        self._due: float | None = None

    # The connection.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        above = len(self.connections) - self._bounds.connections
        if above > limits.SPARE_CONNECTIONS.default:
            transport.abort()
        self._is_crowded = above > 0
        self._due = self.loop.time() + self._bounds.head_seconds

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived. Bytes after a refused request are discarded."""
        if self._is_refused or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        if self._in_head:
            self._read += len(data)
            if self._due is None and (self._has_begun or not self._is_answering):
                self._due = self.loop.time() + self._bounds.head_seconds
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self._upgrade()
            # Another protocol is not offered, and the request has been answered without it (RFC 9110, 7.8).
        except httptools.HttpParserError as error:
            refused = error.__context__
            self.refuse(
                refused
                if isinstance(refused, RequestRefused)
                else NotHttp(f"must be HTTP/1.1 or HTTP/1.0 ({error})")
            )
        else:
            if self._in_head and self._read > self._bounds.head_bytes:
                self.refuse(self._head_too_large())

    def expire(self, now: float) -> None:
        """Close the connection if its client has not sent the rest of a request in time. Call about once a second."""
        if self._due is None or now < self._due or self.transport.is_closing():
            return
        if self.flow.read_paused:  # it is we who keep the client waiting
            self._due = now + self._bounds.body_seconds
        elif self._is_refused or (self._in_head and not self._has_begun):
            self.transport.close()
        elif self._in_head:
            self.refuse(TooSlow("head", self._bounds.head_seconds))
        else:
            self.refuse(TooSlow("body", self._bounds.body_seconds))

    def refuse(self, error: RequestRefused) -> None:
        """Answer in the contract's envelope, and take nothing more from this client.

        If the answer to an earlier request is still due, this one would be mistaken for it, so the connection only ends.
        """
        told = refusal(error)
        _LOG.info("a request was refused with HTTP %d: %s", told.status, error)
        self._is_refused, cycle = True, self.cycle
        is_of_cycle = not self._in_head  # a body that is late: its request has been passed on
        is_free = not self._is_answering or (is_of_cycle and not cycle.response_started and not self.pipeline)
        if cycle is not None:  # the application can neither read from it nor answer it any more
            cycle.disconnected = True
            cycle.message_event.set()
        if not is_free:
            self.transport.close()
            return
        headers = (*told.headers, (b"content-type", b"application/json"), (b"connection", b"close"))
        lines = [b"HTTP/1.1 %d %s" % (told.status, _PHRASES[told.status])]
        lines += [b"%s: %s" % header for header in headers]
        lines += [b"content-length: %d" % len(told.body), b"", told.body]
        self.transport.write(b"\r\n".join(lines))
        self._linger()

    def _linger(self) -> None:
        """Close once the client has stopped sending: closed at once, the system would take the answer back (RFC 9112, 9.6)."""
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._due = self.loop.time() + limits.LINGER_SECONDS.default

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    # One request, as the parser reports it.

    def on_message_begin(self) -> None:
        """A head begins. Its application may drop the connection, to simulate a broken network."""
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: self.transport.abort}  # type: ignore[dict-item]  # an extension of ours
        self._has_begun, self._read, self._reported = True, 0, 0
        if self._due is None:
            self._due = self.loop.time() + self._bounds.head_seconds

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._reported += len(url)
        if len(self.url) > self._bounds.target_bytes:
            raise TargetTooLong(self._bounds.target_bytes)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._reported += len(name) + len(value) + 4  # a colon, a blank and the end of the line
        if self._reported > self._bounds.head_bytes or len(self.headers) > self._bounds.headers:
            raise self._head_too_large()

    def on_headers_complete(self) -> None:
        """The head is complete: check it, then pass the request on. Raises RequestRefused, which the parser hands to `data_received`."""
        if self._is_crowded:
            raise BusyServer(self._bounds.connections)
        self._check_framing()
        if len(self.pipeline) >= limits.PIPELINED.default:
            raise NotHttp(f"must not be sent while {limits.PIPELINED.default} others wait for their answers")
        try:
            super().on_headers_complete()
        except (
            httptools.HttpParserError,
            AttributeError,
            UnicodeDecodeError,
        ):  # there is no path, or not in ASCII
            raise NotHttp("must name a path, in ASCII") from None
        self._in_head, self._has_begun = False, False
        self._due = self.loop.time() + self._bounds.body_seconds

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head, self._read, self._due = True, 0, None

    def _check_framing(self) -> None:
        """Raises RequestRefused for what two programs could understand differently (RFC 9112, 3.2 and 6.1)."""
        version = self.parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise NotHttp("must be HTTP/1.1 or HTTP/1.0")
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) > 1 or (not hosts and version == "1.1"):
            raise NotHttp("must have exactly one Host header")
        if hosts and not _HOST.fullmatch(hosts[0]):
            raise NotHttp("must name a host and a port, if any, in its Host header")
        codings = [value for name, value in self.headers if name == b"transfer-encoding"]
        if not codings:
            return
        if version == "1.0" or any(name == b"content-length" for name, _ in self.headers):
            raise NotHttp("must not have Transfer-Encoding in HTTP/1.0 or beside Content-Length")
        if [coding.strip().lower() for coding in codings] != [b"chunked"]:
            raise UnknownTransferCoding(b", ".join(codings).decode("latin-1"))

    def _head_too_large(self) -> HeadTooLarge:
        return HeadTooLarge(
            f"The head of the request must not have more than {self._bounds.headers} headers "
            f"or {self._bounds.head_bytes} bytes"
        )

    def _upgrade(self) -> None:
        """Hand the connection to the WebSocket's protocol, whose own parser knows neither bodies nor long lines."""
        longest = limits.UPGRADE_HEADER_BYTES.default
        self._has_begun = self._in_head = True  # of this head nothing has been passed on
        if any(
            name in (b"content-length", b"transfer-encoding") and value != b"0"
            for name, value in self.headers
        ):
            self.refuse(NotHttp("must not have a body, because it opens a WebSocket"))
        elif any(len(name) + len(value) > longest for name, value in self.headers):
            self.refuse(
                HeadTooLarge(f"A header of a request that opens a WebSocket must not exceed {longest} bytes")
            )
        elif not self.url.startswith(b"/") or not self.url.isascii():
            self.refuse(NotHttp("must name a path, in ASCII"))
        else:
            self._due = None
            self.handle_websocket_upgrade()


def expire(connections: Any, now: float) -> None:
    """Close every connection of these that has waited too long for its client."""
    for connection in tuple(connections):
        if isinstance(connection, HttpConnection):
            connection.expire(now)


def within(bounds: HttpBounds) -> Callable[..., HttpConnection]:
    """Makes connections with these bounds, as uvicorn asks for them."""
    return lambda *given, **named: HttpConnection(*given, bounds=bounds, **named)
