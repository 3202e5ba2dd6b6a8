"""uvicorn, as we want it to start and to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from .app import App

#: Longer than any client's pause between two requests, so that none writes into a connection that is just being closed.
_KEEP_ALIVE_SECONDS = 75
_LAST_ANSWERS_SECONDS = 5


class Serving(uvicorn.Server):
    """Serves on a socket that is bound already until SIGTERM or SIGINT; then answers every held poll, and returns."""

    def __init__(self, application: App, listener: socket.socket, *, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
            )
        )
        self._application = application
        self._listener = listener
        self._on_ready = on_ready

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Returns once it has been stopped."""
        super().run(sockets or [self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Held polls go first: the connections they hold would be waited for until they time out."""
        self._application.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn does, but a signal that stopped us is not raised again afterwards: stopping when told to is no failure."""
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
