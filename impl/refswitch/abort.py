"""Ends a connection without an answer, as a network that breaks does. ASGI has no word for it, so the server offers one of its own."""

from __future__ import annotations

from collections.abc import Callable

from .asgi import Receive, Scope

#: The extension in a request's scope: a function that drops the connection.
EXTENSION = "refswitch.abort"


def way_to_abort(scope: Scope) -> Callable[[], None] | None:
    """The function that drops this connection; None under a server that has no such thing."""
    drop: Callable[[], None] | None = (scope.get("extensions") or {}).get(EXTENSION)
    return drop


async def abort(scope: Scope, receive: Receive) -> None:
    """Drop the request's connection; returns when it has gone.

    Raises ConnectionResetError under a server that cannot: it will answer in some way of its own.
    """
    drop = way_to_abort(scope)
    if drop is None:
        raise ConnectionResetError("the connection was to be dropped, and this server cannot")
    drop()
    while (await receive())["type"] != "http.disconnect":
        pass
