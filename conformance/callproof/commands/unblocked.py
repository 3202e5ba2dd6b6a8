"""Writing that waits for its reader without stopping the loop, so that an interruption ends a command whose output nobody reads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TextIO


class Unblocked:
    """Writes one line at a time in a thread that does not keep the process alive. Whoever writes waits for it, so nothing piles up."""

    def __init__(self) -> None:
        self._writing: threading.Thread | None = None

    async def write(self, line: str, stream: TextIO) -> None:
        """Write and flush the line. Raises what the stream raises; if it is cancelled, the thread goes on with the line."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def tell(error: Exception | None) -> None:
            if done.cancelled():
                return
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

        def write() -> None:
            failure: Exception | None = None
            try:
                print(line, file=stream, flush=True)
            except Exception as error:  # noqa: BLE001  # raised where the line was given
                failure = error
            _call_if_open(loop, lambda: tell(failure))

        self._writing = threading.Thread(target=write, daemon=True)
        self._writing.start()
        await done

    def is_stuck(self, seconds: float) -> bool:
        """Whether a line is still not written after this time. The process can then only end with `os._exit`: the stream is locked."""
        if self._writing is None:
            return False
        self._writing.join(seconds)
        return self._writing.is_alive()


def _call_if_open(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:  # the loop has ended: the line came too late to tell anybody
        return
