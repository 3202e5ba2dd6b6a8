"""The clock that calls follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from refswitch.clock import Clock, NoSuchClock, read_rate


class Waiting:
    """Real time that a test moves, and the timers that wait for it."""

    def __init__(self) -> None:
        self.now = 50.0
        self.asked: list[float] = []
        self._callback: Callable[[], None] | None = None

    def schedule(self, seconds: float, callback: Callable[[], None]) -> Waiting:
        self.asked.append(seconds)
        self._callback = callback
        return self

    def cancel(self) -> None:
        self._callback = None

    def ring(self) -> None:
        callback, self._callback = self._callback, None
        assert callback is not None, "nothing waits"
        callback()


def running(rate: float) -> tuple[Clock, Waiting]:
    waiting = Waiting()
    return Clock(rate, real=lambda: waiting.now, schedule=waiting.schedule), waiting


def test_a_stopped_clock_that_is_moved_does_what_falls_due_in_order_and_each_at_its_own_time() -> None:
    clock, done = Clock(0), []
    clock.call_later(5, lambda: done.append(("five", clock.now())))
    clock.call_later(2, lambda: done.append(("two", clock.now())))
    clock.call_later(2, lambda: done.append(("two again", clock.now())))
    clock.advance(1.5)
    assert done == []
    clock.advance(8.5)
    assert done == [("two", 2.0), ("two again", 2.0), ("five", 5.0)]
    assert clock.now() == 10.0


def test_work_added_while_a_clock_is_moved_happens_in_the_same_move_if_it_is_due() -> None:
    clock, done = Clock(0), []
    clock.call_later(1, lambda: clock.call_later(1, lambda: done.append(clock.now())))
    clock.advance(3)
    assert done == [2.0]


def test_work_due_at_once_happens_on_a_stopped_clock_but_never_in_the_same_turn() -> None:
    async def story() -> list[str]:
        clock, done = Clock(0), ["asked"]
        clock.call_later(0, lambda: done.append("done"))
        done.append("turn over")
        await asyncio.sleep(0)
        return done

    assert asyncio.run(story()) == ["asked", "turn over", "done"]


def test_a_fast_clock_runs_ahead_and_waits_accordingly_less() -> None:
    clock, waiting = running(10)
    done: list[float] = []
    clock.call_later(5, lambda: done.append(clock.now()))
    assert waiting.asked == [0.5]
    waiting.now += 0.5
    waiting.ring()
    assert done == [5.0]


def test_only_the_next_thing_that_falls_due_is_waited_for() -> None:
    clock, waiting = running(1)
    done: list[str] = []
    clock.call_later(5, lambda: done.append("five"))
    clock.call_later(2, lambda: done.append("two"))
    waiting.now += 2
    waiting.ring()
    assert (waiting.asked, done) == ([5.0, 2.0, 3.0], ["two"])


def test_a_stopped_clock_keeps_its_time_and_continues_from_there_at_another_rate() -> None:
    clock, waiting = running(1)
    done: list[float] = []
    clock.call_later(10, lambda: done.append(clock.now()))
    waiting.now += 4
    clock.run(0)
    waiting.now += 100
    assert (clock.now(), clock.rate) == (4.0, 0)
    clock.run(2)
    assert waiting.asked == [10.0, 3.0]
    waiting.now += 3
    waiting.ring()
    assert done == [10.0]


def test_a_running_clock_can_be_moved_too() -> None:
    clock, waiting = running(1)
    done: list[float] = []
    clock.call_later(60, lambda: done.append(clock.now()))
    clock.advance(59)
    assert waiting.asked == [60.0, 1.0]
    clock.advance(1)
    assert (done, clock.now()) == ([60.0], 60.0)


@pytest.mark.parametrize(
    ("words", "rate"), [("real", 1.0), ("x1", 1.0), ("x60", 60.0), ("x0.5", 0.5), ("frozen", 0.0)]
)
def test_a_clock_is_named_by_its_factor(words: str, rate: float) -> None:
    assert read_rate(words) == rate


@pytest.mark.parametrize("words", ["", "slow", "x", "x0", "x-1", "10", "xinf", "x1e3", "Real"])
def test_other_words_do_not_name_a_clock(words: str) -> None:
    with pytest.raises(NoSuchClock, match="use real, frozen, or x and a factor"):
        read_rate(words)
