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
from dataclasses import replace
from types import FrameType

import uvicorn

from . import limits
from .app import App
from .http_bounds import HttpBounds
from .http_connection import expire, within
from .websocket_connection import WebSocketConnection

#: uvicorn calls `on_tick` ten times a second.
_TICKS_A_SECOND = 10
#: Files that the process opens besides its connections, generously counted.
_OTHER_FILES = 64
_LAST_ANSWERS_SECONDS = 5
#: Allocations, and collections of each younger generation, before the next generation is collected (Python, gc.set_threshold).
_GARBAGE_THRESHOLDS = 50_000, 20, 50


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


def _within_open_files(bounds: HttpBounds) -> HttpBounds:
    """The bounds with no more connections than the system lets this process have open: at that limit it could refuse none politely."""
    try:
        import resource  # Unix only
    except ImportError:
        return bounds
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        return bounds
    spare = _OTHER_FILES + limits.SPARE_CONNECTIONS.default
    return replace(bounds, connections=min(bounds.connections, max(most - spare, 1)))


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
        bounds: HttpBounds | None = None,
    ) -> None:
        bounds = _within_open_files(bounds or HttpBounds())
        super().__init__(
            uvicorn.Config(
                application,
                interface="asgi3",
                http=within(bounds),  # type: ignore[arg-type]  # uvicorn only calls it, and declares a class
                ws=WebSocketConnection,
                ws_max_size=max_frame,
                ws_per_message_deflate=False,  # compression costs memory for each client, and messages are short
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=bounds.idle_seconds,
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

    async def on_tick(self, counter: int) -> bool:
        """Once a second, close the connections whose clients keep us waiting."""
        if counter % _TICKS_A_SECOND == 0:
            expire(self.server_state.connections, asyncio.get_running_loop().time())
        return await super().on_tick(counter)

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
