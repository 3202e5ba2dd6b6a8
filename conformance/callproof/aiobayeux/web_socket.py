"""WebSocket: arrays of messages in text frames, both ways at any time (CometD, JavaScript library, transports)."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Sequence

import httpx
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import InvalidStatus, WebSocketException

from callproof.bayeux import Json, Message
from callproof.wire.exchange import NotJson, read_json

from .transport import Broken, Hear, Refused

CONNECTION_TYPE = "websocket"

_MOST_BYTES = 16 * 2**20


class WebSocket:
    """One socket to one URL, opened when the first messages are to be carried and again after it broke.

    `http` brings the credentials and cookies of the session, and gets the cookies that an upgrade sets.
    """

    connection_type = CONNECTION_TYPE

    def __init__(
        self, http: httpx.AsyncClient, url: str, hear: Hear, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self._http = http
        self._url = url
        self._hear = hear
        self._tls = tls
        self._opening = asyncio.Lock()
        self._connection: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[None]] = {}  # by message id

    async def carry(self, messages: Sequence[Message], limit_s: float) -> None:
        """Send a frame, and return when each of its messages has been answered, in whatever frames.

        Raises Refused if the server does not take the upgrade, and Broken.
        """
        replies = {str(message["id"]): asyncio.get_running_loop().create_future() for message in messages}
        try:
            async with asyncio.timeout(limit_s):
                connection = await self._opened()
                self._waiting |= replies
                await connection.send(json.dumps(messages))
                await asyncio.gather(*replies.values())
        except TimeoutError:
            raise Broken(f"no answer within {limit_s:g} s") from None
        except WebSocketException as error:
            raise Broken(f"connection lost: {error}") from error
        finally:
            for message_id, reply in replies.items():
                self._waiting.pop(message_id, None)
                reply.cancel()

    async def close(self) -> None:
        """Close the socket, if one is open."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.wait([self._reader])
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _opened(self) -> ClientConnection:
        async with self._opening:
            if self._connection is None:
                self._connection = await self._open()
                self._reader = asyncio.create_task(self._read(self._connection))
            return self._connection

    async def _open(self) -> ClientConnection:
        request = self._http.build_request("GET", self._url)
        sent = {
            name: request.headers[name] for name in ("authorization", "cookie") if name in request.headers
        }
        secure = self._url.startswith("https:")
        try:
            connection = await open_socket(
                "ws" + self._url.removeprefix("http"),
                additional_headers=sent,
                ssl=self._tls if secure else None,
                max_size=_MOST_BYTES,
                compression=None,
                ping_interval=None,  # a held connect is the heartbeat
                open_timeout=None,  # the caller's limit holds
                proxy=None,
            )
        except InvalidStatus as error:
            status = error.response.status_code
            kind = Refused if 400 <= status < 500 else Broken
            raise kind(f"the upgrade was answered with HTTP {status}", status) from error
        except OSError as error:
            raise Broken(f"connection failed: {error.strerror or error}") from error
        if connection.response is not None:
            set_cookies = connection.response.headers.get_all("set-cookie")
            answer = httpx.Response(
                101, headers=[("set-cookie", text) for text in set_cookies], request=request
            )
            self._http.cookies.extract_cookies(answer)
        return connection

    async def _read(self, connection: ClientConnection) -> None:
        """Hear every frame; then let go whoever still waits for an answer."""
        broken: Exception = Broken("connection lost: the server closed the WebSocket")
        try:
            async for frame in connection:
                value = read_json(frame.encode() if isinstance(frame, str) else frame)
                if isinstance(value, NotJson):
                    await connection.close(1007, "not JSON")
                    raise Broken(f"a frame was no JSON: {value.reason}")
                await self._hear(value)
                self._answered(value)
        except (Broken, WebSocketException) as error:
            broken = error
        finally:
            self._connection = None
            for reply in self._waiting.values():
                if not reply.done():
                    reply.set_exception(broken)

    def _answered(self, value: Json) -> None:
        for message in value if isinstance(value, list) else [value]:
            if isinstance(message, dict) and "data" not in message:
                reply = self._waiting.get(str(message.get("id")))
                if reply is not None and not reply.done():
                    reply.set_result(None)
