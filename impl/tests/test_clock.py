"""The clocks that calls live by."""

from __future__ import annotations

import asyncio

import pytest

from refswitch.clock import FrozenClock, NoSuchClock, RunningClock, read_clock


def test_a_frozen_clock_does_what_falls_due_in_order_and_each_at_its_own_time() -> None:
    clock, done = FrozenClock(100.0), []
    clock.call_later(5, lambda: done.append(("five", clock.now())))
    clock.call_later(2, lambda: done.append(("two", clock.now())))
    clock.call_later(2, lambda: done.append(("two again", clock.now())))
    clock.advance(1.5)
    assert done == []
    clock.advance(8.5)
    assert done == [("two", 102.0), ("two again", 102.0), ("five", 105.0)]
    assert clock.now() == 110.0


def test_what_is_asked_for_while_a_frozen_clock_moves_happens_in_the_same_move_if_it_is_due() -> None:
    clock, done = FrozenClock(), []
    clock.call_later(1, lambda: clock.call_later(1, lambda: done.append(clock.now())))
    clock.advance(3)
    assert done == [2.0]


def test_what_is_due_at_once_happens_though_time_stands_still_but_never_in_the_same_turn() -> None:
    async def story() -> list[str]:
        clock, done = FrozenClock(), ["asked"]
        clock.call_later(0, lambda: done.append("done"))
        done.append("turn over")
        await asyncio.sleep(0)
        return done

    assert asyncio.run(story()) == ["asked", "turn over", "done"]


def test_a_fast_clock_runs_ahead_and_waits_accordingly_less() -> None:
    real, asked = [50.0], []
    clock = RunningClock(
        10, real=lambda: real[0], schedule=lambda seconds, callback: asked.append((seconds, callback))
    )
    clock.call_later(5, done := lambda: None)
    real[0] = 53.0
    assert clock.now() == 30.0
    assert asked == [(0.5, done)]


@pytest.mark.parametrize(("words", "rate"), [("real", 1.0), ("x1", 1.0), ("x60", 60.0), ("x0.5", 0.5)])
def test_a_running_clock_is_named_by_its_factor(words: str, rate: float) -> None:
    clock = read_clock(words)
    assert isinstance(clock, RunningClock)
    assert clock.rate == rate


def test_a_frozen_clock_is_named_frozen() -> None:
    assert isinstance(read_clock("frozen"), FrozenClock)


@pytest.mark.parametrize("words", ["", "slow", "x", "x0", "x-1", "10", "xinf", "x1e3", "Real"])
def test_other_words_name_no_clock(words: str) -> None:
    with pytest.raises(NoSuchClock, match="say real, frozen or x and a factor"):
        read_clock(words)
