"""The clock that calls live by. Bayeux lives by real time, whatever this clock does."""

from __future__ import annotations

import asyncio
import heapq
import re
import time
from collections.abc import Callable
from itertools import count
from typing import Protocol

Callback = Callable[[], None]
Schedule = Callable[[float, Callback], object]


class Clock(Protocol):
    """Seconds of the model, which only go forward, and things to be done at a time of the model."""

    def now(self) -> float: ...

    def call_later(self, seconds: float, callback: Callback) -> None:
        """Call back once, `seconds` of the model from now, never before the caller's turn is over."""


class RunningClock:
    """Goes `rate` times as fast as real time: 1 is a real clock.

    Needs a running event loop for `call_later`.
    """

    def __init__(
        self,
        rate: float = 1.0,
        *,
        real: Callable[[], float] = time.monotonic,
        schedule: Schedule | None = None,
    ) -> None:
        self.rate = rate
        self._real = real
        self._start = real()
        self._schedule = schedule or _on_the_loop

    def now(self) -> float:
        return (self._real() - self._start) * self.rate

    def call_later(self, seconds: float, callback: Callback) -> None:
        self._schedule(max(0.0, seconds) / self.rate, callback)


class FrozenClock:
    """Stands still until it is advanced.

    What is due at once happens in the next turn of the event loop, though time stands still: a busy number is busy without anybody
    moving the clock.
    """

    def __init__(self, now: float = 0.0, *, schedule: Schedule | None = None) -> None:
        self._now = now
        self._due: list[tuple[float, int, Callback]] = []
        self._order = count()
        self._schedule = schedule or _on_the_loop

    def now(self) -> float:
        return self._now

    def call_later(self, seconds: float, callback: Callback) -> None:
        if seconds <= 0:
            self._schedule(0.0, callback)
        else:
            heapq.heappush(self._due, (self._now + seconds, next(self._order), callback))

    def advance(self, seconds: float) -> None:
        """Move on, and do what falls due on the way, in order and each at its own time."""
        until = self._now + seconds
        while self._due and self._due[0][0] <= until:
            self._now, _, callback = heapq.heappop(self._due)
            callback()
        self._now = until


class NoSuchClock(ValueError):
    """The clock was asked for in words that mean none."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(f"there is no clock {words!r}; say real, frozen or x and a factor, such as x10")


def read_clock(words: str) -> Clock:
    """The clock that `real`, `frozen` or `xN` names; raises NoSuchClock."""
    if words == "real":
        return RunningClock()
    if words == "frozen":
        return FrozenClock()
    if re.fullmatch(r"x[0-9]{1,6}(\.[0-9]{1,6})?", words) and float(words[1:]) > 0:
        return RunningClock(float(words[1:]))
    raise NoSuchClock(words)


def _on_the_loop(seconds: float, callback: Callback) -> object:
    loop = asyncio.get_running_loop()
    return loop.call_later(seconds, callback) if seconds > 0 else loop.call_soon(callback)
