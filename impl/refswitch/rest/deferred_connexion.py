"""Connexion's application, which is still being built when the server starts serving: the first request that needs it waits for it."""

from __future__ import annotations

import asyncio
import threading

from refswitch.asgi import Application, Receive, Scope, Send

from .served import Served


class DeferredConnexion:
    """An ASGI application that is built once: in a thread when the server starts, or earlier for the first request."""

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
        """Answer ASGI's lifespan. The application itself needs no start-up and no shutdown."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        making = asyncio.create_task(asyncio.to_thread(self._application))
        await receive()
        await making
        await send({"type": "lifespan.shutdown.complete"})
