"""Writes the log, from a thread of its own: a log that is full, closed or not read must not stop the server.

The server's thread only appends to a queue. If the queue is full because nothing can be written, further lines are dropped and counted,
and the log says how many as soon as it can be written again. The thread writes to the file descriptor itself: a buffer of Python's would
still be locked by a blocked write when the process ends.
"""

from __future__ import annotations

import json
import os
import select
import threading
from collections import deque
from collections.abc import Callable

from refswitch.limits import LOG_SECONDS, WAITING_LOG_BYTES
from refswitch.request_log import LogFormat


class LogWriter:
    """Writes lines to a file descriptor. Use it as a context manager: its end writes the lines that wait, if it can in time.

    `os_write` writes bytes as os.write does, and returns how many it has written.
    """

    def __init__(
        self, descriptor: int, form: LogFormat = "text", os_write: Callable[[int, bytes], int] = os.write
    ) -> None:
        self._descriptor = descriptor
        self._form = form
        self._os_write = os_write
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._dropped = 0
        self._is_ending = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write_all, name="log", daemon=True)

    def __enter__(self) -> LogWriter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        self._thread.join(LOG_SECONDS.default)

    def write(self, line: str) -> None:
        """Take one line; it is written soon, or dropped if too much waits already. Never blocks."""
        content = line.encode("utf-8", "backslashreplace") + b"\n"
        with self._changed:
            if self._bytes + len(content) > WAITING_LOG_BYTES.default:
                self._dropped += 1
                return
            self._bytes += len(content)
            self._waiting.append(content)
            if len(self._waiting) == 1:
                self._changed.notify()

    def _write_all(self) -> None:
        failed = 0  # lines taken from the queue that could not be written, for example because a disk is full
        while True:
            with self._changed:
                while not self._waiting and not self._dropped and not self._is_ending:
                    self._changed.wait()
                lines, dropped = list(self._waiting), self._dropped
                self._waiting.clear()
                self._dropped = 0
            if not lines and not dropped:
                return
            told = [self._line_about(failed)] if failed else []
            after = [self._line_about(dropped)] if dropped else []
            is_written = self._write(b"".join((*told, *lines, *after)))
            failed = 0 if is_written else failed + len(lines) + dropped
            with (
                self._changed
            ):  # until now they counted as waiting: a blocked write must not double the bound
                self._bytes -= sum(map(len, lines))

    def _write(self, rest: bytes) -> bool:
        """Write all of it, however long that takes; False if the system refuses."""
        while rest:
            try:
                rest = rest[self._os_write(self._descriptor, rest) :]
            except BlockingIOError:  # whoever started the server made the pipe non-blocking
                select.select((), (self._descriptor,), ())
            except OSError:
                return False
        return True

    def _line_about(self, dropped: int) -> bytes:
        sentence = f"{dropped} lines were dropped, because the log could not be written"
        if self._form == "json":
            facts = {"level": "warning", "logger": "refswitch", "message": sentence}
            return json.dumps(facts).encode("ascii") + b"\n"
        return f"refswitch: WARNING: {sentence}\n".encode("ascii")
