"""Ctrl-C and SIGTERM while `run` or `listen` goes on: the first ends it cleanly, the second at once.

The handlers are those of `signal`, not of a loop: they exist on every system, and they act while nothing runs in the loop.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

from callproof import limits

#: SIGHUP comes when a terminal is closed, SIGBREAK from Ctrl-Break on Windows.
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Interrupts:
    """While this is entered, the first interruption calls `first`, and the second ends the process.

    `told` is said at the first, if it is not empty. `last` gives the last words and the exit code. `first` may be replaced; it is called
    between two instructions of any code, so it should only leave a message for a loop.
    """

    def __init__(
        self, command: str, first: Callable[[], object], last: Callable[[], tuple[str, int]], told: str = ""
    ) -> None:
        self.first = first
        self._told = told
        self._command = command
        self._last = last
        self._count = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        is_main = threading.current_thread() is threading.main_thread()
        for name in _SIGNALS if is_main else ():
            number = getattr(signal, name, None)
            if number is not None and not (name == "SIGHUP" and _is_ignored(number)):  # as nohup asks
                self._before[number] = signal.signal(number, self._received)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _received(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
        if self._count == 1:
            if self._told:
                say(f"\ncallproof {self._command}: {self._told}\n")
            self.first()
            return
        words, code = self._last()
        say(f"\ncallproof {self._command}: stopped at once; {words}\n")
        os._exit(code)


def _is_ignored(number: int) -> bool:
    return signal.getsignal(number) is signal.SIG_IGN


def say(words: str) -> None:
    """Write to standard error past its buffer, which the interrupted code may be using, and do not wait for a reader who does not read."""
    writing = threading.Thread(target=_write, args=(words.encode(errors="backslashreplace"),), daemon=True)
    writing.start()
    writing.join(limits.SECOND_INTERRUPT.default / 2)


def _write(words: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # nobody can be told
        os.write(2 if sys.__stderr__ is None else sys.__stderr__.fileno(), words)
