"""The clock that calls follow. Bayeux follows real time, whatever this clock does."""

from __future__ import annotations

import asyncio
import heapq
import re
import time
from collections.abc import Callable
from itertools import count
from typing import Protocol

Callback = Callable[[], None]
#: The clocks that have a name, and their rates.
_RATES = {"real": 1.0, "frozen": 0.0}


class Cancellable(Protocol):
    """Something that will happen unless it is cancelled."""

    def cancel(self) -> None: ...


Schedule = Callable[[float, Callback], Cancellable]


class Clock:
    """Runs `rate` times as fast as real time: 1 is a real clock, 0 a stopped one. Rate and time can be changed while it is in use.

    Whatever is due at once happens in the next turn of the event loop, even on a stopped clock: a busy number is busy without anybody
    moving the clock. `call_later` and `run` need a running event loop unless there is nothing to wait for.
    """

    def __init__(
        self,
        rate: float = 1.0,
        *,
        real: Callable[[], float] = time.monotonic,
        schedule: Schedule | None = None,
    ) -> None:
        self._rate = rate
        self._first_rate = rate
        self._last_rate = rate or _RATES["real"]  # at which it runs on after a stop
        self._real = real
        self._since = real()
        self._then = 0.0  # the model's time at `_since`
        self._schedule = schedule or _on_the_loop
        self._due: list[tuple[float, int, Callback]] = []
        self._order = count()
        self._timer: Cancellable | None = None
        self._life = 0  # of what is due: `clear` begins another

    @property
    def rate(self) -> float:
        """Seconds of the model per real second."""
        return self._rate

    def now(self) -> float:
        return self._then + (self._real() - self._since) * self._rate

    def call_later(self, seconds: float, callback: Callback) -> None:
        if seconds <= 0:
            life = self._life
            self._schedule(0.0, lambda: callback() if life == self._life else None)
        else:
            heapq.heappush(self._due, (self.now() + seconds, next(self._order), callback))
            self._wait()

    def advance(self, seconds: float) -> None:
        """Move the clock forward, and do what falls due on the way, in order and each at its own time."""
        until = self.now() + seconds
        while self._due and self._due[0][0] <= until:
            at, _, callback = heapq.heappop(self._due)
            self._set(max(at, self.now()))
            callback()
        self._set(max(until, self.now()))
        self._wait()

    def run(self, rate: float) -> None:
        """Continue at this rate; 0 stops the clock."""
        self._set(self.now())
        self._rate = rate
        self._last_rate = rate or self._last_rate
        self._wait()

    def run_on(self) -> None:
        """Let a stopped clock run on at the rate that it had, or in real time if it never ran. A running clock is left alone."""
        if not self._rate:
            self.run(self._last_rate)

    def clear(self) -> None:
        """Forget everything that is due, because nobody is left to do it for. The time goes on."""
        self._life += 1
        self._due.clear()
        self._wait()

    def start_over(self) -> None:
        """Forget everything that is due, and run at the first rate again. The time goes on, because a journal follows it."""
        self.clear()
        self._last_rate = self._first_rate or _RATES["real"]
        self.run(self._first_rate)

    def _set(self, now: float) -> None:
        self._then, self._since = now, self._real()

    def _wait(self) -> None:
        """Wake up when the next thing falls due."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._due and self._rate > 0:
            seconds = max(0.0, self._due[0][0] - self.now()) / self._rate
            self._timer = self._schedule(seconds, self._ring)

    def _ring(self) -> None:
        """Do what is due. The awaited time counts as reached even if the loop's timer is early by less than its resolution."""
        self._timer = None
        if self._due:
            self.advance(max(0.0, self._due[0][0] - self.now()))


class NoSuchClock(ValueError):
    """The text does not name a clock."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(f"there is no clock {words!r}; use real, frozen, or x and a factor, such as x10")


def read_rate(words: str) -> float:
    """The rate of the clock that `real`, `frozen` or `xN` names; raises NoSuchClock."""
    if words in _RATES:
        return _RATES[words]
    if re.fullmatch(r"x[0-9]{1,6}(\.[0-9]{1,6})?", words) and float(words[1:]) > 0:
        return float(words[1:])
    raise NoSuchClock(words)


def _on_the_loop(seconds: float, callback: Callback) -> Cancellable:
    loop = asyncio.get_running_loop()
    return loop.call_later(seconds, callback) if seconds > 0 else loop.call_soon(callback)
