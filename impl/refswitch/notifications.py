"""CometD beside REST: which requests are for the notification channel of a sandbox."""

from __future__ import annotations

from collections.abc import Awaitable

from .asgi import Application, Receive, Scope, Send
from .sandboxes import sandbox_of


class Notifications:
    """An ASGI application around another, inside a sandbox: Bayeux at its addresses, with and without the suffixes that clients append.

    Every WebSocket is Bayeux's, too: nothing else here has one.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """No coroutine of its own: there is one for every client that waits."""
        sandbox = sandbox_of(scope)
        if scope["type"] == "websocket":
            return sandbox.streaming(scope, receive, send)
        if sandbox.polling.serves(scope):
            return sandbox.polling(scope, receive, send)
        return self._application(scope, receive, send)
