"""One WebSocket connection as uvicorn serves it: what a client does wrong is one quiet line, and its answer is in the envelope."""

from __future__ import annotations

import http
import logging
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol

from .abort import EXTENSION as ABORT
from .asgi import Event
from .refusals import NotHttp, refusal

_LOG = logging.getLogger("refswitch")
#: websockets logs each request that is not a handshake as an error of the server, with a traceback.
_UNHEARD = logging.getLogger("refswitch.websockets")
_UNHEARD.disabled = True


class _Handshake(ServerProtocol):
    """Refuses what is not a handshake (RFC 6455, 4.2.1) in the contract's envelope; websockets would answer in plain text."""

    def reject(self, status: int, text: str) -> Response:
        status = http.HTTPStatus(status)
        body = refusal(NotHttp("must be a WebSocket handshake, as RFC 6455 describes it")).body
        headers = Headers(
            {"content-type": "application/json", "content-length": str(len(body)), "connection": "close"}
        )
        return Response(status.value, status.phrase, headers, body)


class WebSocketConnection(WebSocketsSansIOProtocol):
    """Lets an application drop the connection, too."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn = _Handshake(max_size=self.config.ws_max_size, logger=_UNHEARD)
        self._is_closed_by_application = False

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope["extensions"][ABORT] = self.transport.abort  # type: ignore[assignment]  # an extension of ours
        else:
            _LOG.info(
                "a request was refused with HTTP %d: it is not a WebSocket handshake",
                self.response.status_code,
            )

    def handle_parser_exception(self) -> None:
        """Close the connection; uvicorn expects a close frame, which there is only after a handshake."""
        if self.conn.close_sent is not None:
            super().handle_parser_exception()
            return
        _LOG.info("a WebSocket handshake could not be read: %s", self.conn.handshake_exc)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    def send_receive_event_to_app(self) -> None:
        """Pass a complete frame on. Text that is not UTF-8 closes the connection (RFC 6455, 8.1); uvicorn would log a traceback."""
        if self.curr_msg_data_type != "text" or self.close_sent or _is_utf_8(b"".join(self.frames)):
            super().send_receive_event_to_app()
            return
        self.frames = []
        if self.conn.state is not State.OPEN:
            return  # the client's own close came right behind
        _LOG.info("a WebSocket was closed with 1007: a text frame was not UTF-8")
        self.conn.send_close(1007, "Text frames must be UTF-8")
        self.handle_parser_exception()

    async def send(self, message: Event) -> None:  # type: ignore[override]  # uvicorn's types name each event
        """As in uvicorn, with two differences.

        A refusal of the application completes the handshake; there it is an error, because none is ever complete. After a close that the
        application did not ask for, it learns that the client has gone (ASGI, WebSocket); uvicorn would blame it for sending.
        Raises OSError for that.
        """
        await self.writable.wait()
        if self.close_sent and not self._is_closed_by_application:
            raise ClientDisconnected
        self._is_closed_by_application |= message["type"] == "websocket.close"
        await super().send(message)  # type: ignore[arg-type]  # likewise
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
