"""Connexion's application, which is still being made when the server begins to serve: the request that needs it first waits for it."""

from __future__ import annotations

import asyncio
import threading

from refswitch.asgi import Application, Receive, Scope, Send

from .served import Served


class DeferredConnexion:
    """An ASGI application that is made once: beside the event loop when the server starts, or for the first request before that."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._lock = threading.Lock()
        self._made: Application | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._made or self._application())(scope, receive, send)

    def _application(self) -> Application:
        with self._lock:
            if self._made is None:
                from .with_connexion import connexion_application

                self._made = connexion_application(self._served)
            return self._made

    async def live(self, receive: Receive, send: Send) -> None:
        """Answer ASGI's lifespan. The application itself has nothing to begin and nothing to end."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        making = asyncio.create_task(asyncio.to_thread(self._application))
        await receive()
        await making
        await send({"type": "lifespan.shutdown.complete"})
