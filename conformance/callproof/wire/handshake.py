"""Opens a WebSocket, and does no more than it was asked to: it follows no redirect and looks for no proxy."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import CloseCode
from websockets.protocol import State

from callproof.limits import GOODBYE_S, UNREAD_BYTES


@dataclass(frozen=True)
class Way:
    """How a server is reached: TLS for https, and a proxy's URL, if there is one."""

    tls: ssl.SSLContext | None = None
    proxy: str = ""


async def open_web_socket(
    url: str, headers: Sequence[tuple[str, str]], way: Way, most_bytes_of_a_frame: int
) -> ClientConnection:
    """Open a WebSocket at an http or https URL. The caller limits the time.

    Raises the exceptions of websockets: InvalidStatus for an answer other than 101, a redirect included; and those of the `ssl` module.
    """
    more: dict[str, Any] = {}  # the library refuses these where they do not apply
    if url.startswith("https:"):
        more["ssl"] = way.tls
    if way.proxy.startswith("https:"):
        more["proxy_ssl"] = way.tls
    return await _Once(
        "ws" + url.removeprefix("http"),
        additional_headers=list(headers),
        create_connection=_Connection,
        max_size=most_bytes_of_a_frame,
        max_queue=2,
        compression=None,
        user_agent_header=None,
        ping_interval=None,  # a held connect is the heartbeat
        open_timeout=None,
        close_timeout=GOODBYE_S.default,
        proxy=way.proxy or None,
        **more,
    )


class _Once(connect):
    """Makes one attempt: a redirect is an answer like any other."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class _Connection(ClientConnection):
    """Keeps the TLS alert that ended a handshake; the library reports only that there was no answer.

    It also cuts the connection when the server does not read: the library answers each ping and never waits for the answers to leave.
    """

    _lost_with: Exception | None = None

    async def handshake(self, *arguments: Any, **named: Any) -> None:
        try:
            await super().handshake(*arguments, **named)
        except Exception as error:
            if isinstance(self._lost_with, ssl.SSLError):
                raise self._lost_with from error
            raise

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        unread = self.transport.get_write_buffer_size()
        if unread > UNREAD_BYTES.default and self.protocol.state is State.OPEN:
            why = f"the server reads nothing and left {unread} bytes unread, with its pings"
            self.protocol.fail(CloseCode.POLICY_VIOLATION, why)
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost_with = exc
        super().connection_lost(exc)
