"""One WebSocket connection as uvicorn serves it: what a client does wrong is one quiet line, and its answer is in the envelope."""

from __future__ import annotations

import http
import logging
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
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

    async def send(self, message: Event) -> None:  # type: ignore[override]  # uvicorn's types name each event
        """As in uvicorn, where a refusal of the application is an error, because the handshake is never complete."""
        await super().send(message)  # type: ignore[arg-type]  # likewise
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True
