"""What carries a line's traffic over HTTP and WebSocket: the types of ASGI, and a signal for waiting tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

Scope: TypeAlias = Mapping[str, Any]  # ASGI 3.0: its values are of many types, checked where they are read
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]  # as above
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]  # as above


class Change:
    """Wakes the tasks that wait until something may be due on the line."""

    def __init__(self) -> None:
        self._next: asyncio.Future[None] | None = None

    def next(self) -> asyncio.Future[None]:
        """Return a future that is done at the next `announce`."""
        if self._next is None or self._next.done():
            self._next = asyncio.get_running_loop().create_future()
        return self._next

    def announce(self) -> None:
        if self._next is not None and not self._next.done():
            self._next.set_result(None)
