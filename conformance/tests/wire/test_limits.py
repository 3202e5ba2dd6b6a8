"""How fast requests may leave."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime

import pytest

from callproof.wire import Clock, TokenBucket, seconds_to_wait

Play = Callable[[Coroutine[None, None, None]], None]


async def moments(clock: Clock, bucket: TokenBucket, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        await bucket.take()
        taken.append(round(clock.monotonic(), 6))
    return taken


def test_requests_leave_at_the_given_rate(play: Play, clock: Clock) -> None:
    async def story() -> None:
        assert await moments(clock, TokenBucket(clock, 5), 4) == [0, 0.2, 0.4, 0.6]

    play(story())


def test_a_burst_may_leave_at_once_and_comes_back_with_time(play: Play, clock: Clock) -> None:
    async def story() -> None:
        bucket = TokenBucket(clock, 5, burst=3)
        assert await moments(clock, bucket, 4) == [0, 0, 0, 0.2]
        await clock.sleep(9.8)
        assert await moments(clock, bucket, 4) == [10, 10, 10, 10.2]

    play(story())


def test_without_a_rate_there_is_no_wait_but_a_pause_is_kept(play: Play, clock: Clock) -> None:
    async def story() -> None:
        bucket = TokenBucket(clock)
        assert await moments(clock, bucket, 3) == [0, 0, 0]
        bucket.pause(4)
        assert await moments(clock, bucket, 2) == [4, 4]

    play(story())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3),
        (" 120 ", 120),
        ("Fri, 02 Jan 2026 03:04:15 GMT", 10),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == seconds


def test_pauses_add_up_to_the_bound_and_no_further(play: Play, clock: Clock) -> None:
    async def story() -> None:
        bucket = TokenBucket(clock, most_paused_s=10)
        assert bucket.pause(6)
        assert bucket.pause(6)  # the same six seconds
        assert await moments(clock, bucket, 1) == [6]
        assert not bucket.pause(5)
        assert bucket.pause(4)
        assert await moments(clock, bucket, 1) == [10]
        assert not bucket.pause(1)

    play(story())


def test_a_number_of_seconds_that_nobody_means_is_none() -> None:
    assert seconds_to_wait("9" * 5000, datetime(2026, 1, 2, tzinfo=UTC)) is None
