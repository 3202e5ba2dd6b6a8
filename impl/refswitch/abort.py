"""Ends a connection without an answer, as a broken network does. ASGI has no message for that, so the server offers an extension."""

from __future__ import annotations

from collections.abc import Callable

from .asgi import Receive, Scope

#: The extension in a request's scope: a function that drops the connection.
EXTENSION = "refswitch.abort"


def way_to_abort(scope: Scope) -> Callable[[], None] | None:
    """The function that drops this connection; None under a server without the extension."""
    drop: Callable[[], None] | None = (scope.get("extensions") or {}).get(EXTENSION)
    return drop


async def abort(scope: Scope, receive: Receive) -> None:
    """Drop the request's connection; returns when the connection is gone.

    Raises ConnectionResetError under a server without the extension, which then answers in its own way.
    """
    drop = way_to_abort(scope)
    if drop is None:
        raise ConnectionResetError("this server cannot drop the connection")
    drop()
    while (await receive())["type"] != "http.disconnect":
        pass
