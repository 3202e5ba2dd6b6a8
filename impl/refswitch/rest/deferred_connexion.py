"""An application that is still being made when the server begins to serve: who needs it first waits for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from refswitch.request_log import Application, Receive, Scope, Send


class DeferredConnexion:
    """An ASGI application that `make` makes, once: beside the event loop when the server starts, or for the first request before that."""

    def __init__(self, make: Callable[[], Application]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: Application | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await (self._made or self._application())(scope, receive, send)

    def _application(self) -> Application:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    async def _live(self, receive: Receive, send: Send) -> None:
        """The application itself has nothing to begin and nothing to end."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        making = asyncio.create_task(asyncio.to_thread(self._application))
        await receive()
        await making
        await send({"type": "lifespan.shutdown.complete"})
