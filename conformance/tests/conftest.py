"""Time for tests: it stands still while anything can run, and jumps to the next moment somebody waits for."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta

import pytest

from callproof.wire import Clock, SystemClock


class _JumpingSelector(selectors.DefaultSelector):
    """Never blocks: where a loop would wait, time moves."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits for something that nobody will do"
            self.moment += max(0.0, timeout)
        return ready


class _JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.moment


class _LoopClock(SystemClock):
    """The time of the running loop, as everything in the loop sees it."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(seconds=self.monotonic())


@pytest.fixture
def clock() -> Clock:
    return _LoopClock()


@pytest.fixture
def play() -> Callable[[Coroutine[None, None, None]], None]:
    """Run a coroutine in moved time, to its end."""

    def run(story: Coroutine[None, None, None]) -> None:
        with asyncio.Runner(loop_factory=_JumpingLoop) as runner:
            runner.run(story)

    return run
