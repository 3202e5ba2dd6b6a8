"""One agent's open WebSocket. Every frame is a masked entry of the transcript, and is sent within the agent's rate limit."""

from __future__ import annotations

import asyncio
import json as json_text
from typing import TYPE_CHECKING

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from callproof.bayeux import Json
from callproof.limits import ANSWER_BYTES, GOODBYE_S

from .exchange import Delivery, Exchange, NotJson, NotRead, read_json
from .limits import TooLarge
from .transcript import Kind

if TYPE_CHECKING:
    from .http import HttpAgent


_UNREAD = 1008  # RFC 6455, 7.4.1, as below
_TOO_BIG = 1009  # RFC 6455, 7.4.1


class SocketClosed(Exception):
    """The WebSocket is closed; the message is a clause that says why."""


class WebSocket:
    """A WebSocket that `HttpAgent.upgrade` has opened. `upgrade` is the exchange that did."""

    def __init__(self, agent: HttpAgent, connection: ClientConnection, upgrade: Exchange) -> None:
        self.upgrade = upgrade
        self._agent = agent
        self._connection = connection

    async def send(self, value: Json) -> None:
        """Send a JSON value in a text frame, as soon as the agent's limit allows it. Raises SocketClosed."""
        await self._agent.limiter.take()
        self._record(Kind.BAYEUX_REQUEST, {"json": value})
        try:
            await self._connection.send(json_text.dumps(value))
        except ConnectionClosed as error:
            raise SocketClosed(_why(error)) from error

    async def receive(self) -> Delivery:
        """Return the next frame. Raises SocketClosed if there will be none, or if it is not JSON."""
        try:
            frame = await self._connection.recv()
        except ConnectionClosed as error:
            self._record(Kind.BAYEUX_RESPONSE, {"no_answer": _why(error)})
            raise SocketClosed(_why(error)) from error
        body = frame.encode() if isinstance(frame, str) else frame
        value = read_json(body)
        if isinstance(value, NotRead):
            raise await self._too_large(f"a frame was too large: {value.reason}")
        if isinstance(value, NotJson):
            text = body.decode("utf-8", errors="replace")
            self._record(Kind.BAYEUX_RESPONSE, {"text": text, "not_json": value.reason})
            await self._end(1007, "not JSON")
            raise SocketClosed(f"a frame was not JSON: {value.reason}")
        try:
            self._agent.bounds.check_delivery(len(value) if isinstance(value, list) else 1)
        except TooLarge as error:
            raise await self._too_large(str(error)) from error
        entry = self._record(Kind.BAYEUX_RESPONSE, {"json": value})
        return Delivery(value, self.upgrade.id, entry, self._agent.clock.monotonic())

    async def _too_large(self, why: str) -> SocketClosed:
        """Close the WebSocket because a frame exceeds a bound; return what to raise."""
        self._record(Kind.BAYEUX_RESPONSE, {"no_answer": why})
        await self._end(_TOO_BIG, "more than is read")
        return SocketClosed(why)

    async def close(self) -> None:
        """Close the WebSocket; a second call does nothing."""
        await self._end()

    async def _end(self, code: int = 1000, reason: str = "") -> None:
        """Close; the library would wait for ever for a server that reads nothing."""
        try:
            async with asyncio.timeout(GOODBYE_S.default):
                await self._connection.close(code, reason)
        except TimeoutError:
            self._connection.transport.abort()

    def _record(self, kind: Kind, body: dict[str, Json]) -> str:
        about: dict[str, Json] = {"web_socket": self.upgrade.id, **body}
        return self._agent.transcript.record(self._agent.name, kind, about).id


def _why(error: ConnectionClosed) -> str:
    if error.sent is not None and error.sent.code == _TOO_BIG:
        return f"a frame was too large ({error.sent.reason}); set {ANSWER_BYTES.option} if that is right"
    if error.sent is not None and error.sent.code == _UNREAD:
        return error.sent.reason
    if error.rcvd is None:
        return "connection lost"
    said = f" ({error.rcvd.reason})" if error.rcvd.reason else ""
    return f"the server closed the WebSocket with {error.rcvd.code}{said}"
