"""uvicorn, with our way of starting and stopping."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from .abort import EXTENSION as ABORT
from .app import App
from .refusals import BadValue, refusal

#: Longer than any client's pause between two requests, so that no client writes to a connection that is being closed.
_KEEP_ALIVE_SECONDS = 75
_LAST_ANSWERS_SECONDS = 5
#: Allocations, and collections of each younger generation, before the next generation is collected (Python, gc.set_threshold).
_GARBAGE_THRESHOLDS = 50_000, 20, 50


class _Http(HttpToolsProtocol):
    """Refuses bytes that are not HTTP in the contract's envelope; uvicorn would answer in plain text."""

    def on_message_begin(self) -> None:
        """Let an application drop the connection, to simulate a broken network."""
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: self.transport.abort}  # type: ignore[dict-item]  # an extension of ours

    def send_400_response(self, msg: str) -> None:
        body = refusal(BadValue("The request", "must be HTTP/1.1 or HTTP/1.0")).body
        head = (
            "HTTP/1.1 400 Bad Request\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()


class _WebSocket(WebSocketsSansIOProtocol):
    """Lets an application drop the connection here too."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope["extensions"][ABORT] = self.transport.abort  # type: ignore[assignment]  # as above


def _is_news(record: logging.LogRecord) -> bool:
    """Drops the tracebacks for requests cut off when the server stops: uvicorn has reported those in a line already."""
    return record.exc_info is None or not isinstance(record.exc_info[1], asyncio.CancelledError)


def _collect_garbage_rarely() -> None:
    """Exclude the present objects from garbage collection, and spare it from searching thousands of waiting clients several times a second.

    Hardly anything here forms cycles, so reference counts free it; a full collection stops the server for longer the more clients it has.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE_THRESHOLDS)


class Serving(uvicorn.Server):
    """Serves on a bound socket until SIGTERM or SIGINT; then answers every held poll and returns.

    A second SIGINT ends the process at once. `on_ready` is called when the server is ready; if it returns False, the server stops again.
    """

    def __init__(
        self,
        application: App,
        listener: socket.socket,
        *,
        on_ready: Callable[[], bool],
        max_frame: int = 65_536,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                interface="asgi3",
                http=_Http,
                ws=_WebSocket,
                ws_max_size=max_frame,
                ws_per_message_deflate=False,  # compression costs memory for each client, and messages are short
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
            )
        )
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        self._application = application
        self._listener = listener
        self._on_ready = on_ready

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve; returns once the server has been stopped."""
        super().run(sockets or [self._listener])

    def stop(self) -> None:
        """Stop as for SIGTERM."""
        self.should_exit = True

    def stop_at_end_of(self, descriptor: int) -> None:
        """Stop as for SIGTERM once this file descriptor reaches its end: the program on the other side has gone."""

        def wait() -> None:
            with suppress(OSError):  # a descriptor that can no longer be read has ended too
                while os.read(descriptor, 4096):
                    pass
            self.stop()

        threading.Thread(target=wait, daemon=True).start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """As in uvicorn, but the second SIGINT ends the process at once, without messages about cancelled tasks."""
        if self.should_exit and sig == signal.SIGINT:
            os._exit(128 + sig)
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _collect_garbage_rarely()
            if not self._on_ready():
                self.stop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer held polls first: otherwise uvicorn would wait for their connections until the polls time out."""
        self._application.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As in uvicorn, but the signal that stopped us is not raised again: stopping on request is not a failure."""
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
