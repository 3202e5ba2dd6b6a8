"""CometD beside REST: selects the requests for a sandbox's notification channel."""

from __future__ import annotations

from collections.abc import Awaitable

from .asgi import Application, Receive, Scope, Send
from .sandboxes import sandbox_of


class Notifications:
    """An ASGI application around another, inside a sandbox. It serves Bayeux, with and without the suffixes that clients append.

    It also takes every WebSocket: nothing else here uses them.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Returns the inner application's coroutine without another around it: every waiting client keeps one."""
        sandbox = sandbox_of(scope)
        if scope["type"] == "websocket":
            return sandbox.streaming(scope, receive, send)
        if sandbox.polling.serves(scope):
            return sandbox.polling(scope, receive, send)
        return self._application(scope, receive, send)
