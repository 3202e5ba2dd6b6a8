"""How much of what a server sends is read, and how fast requests may be sent: the run's own rate, and pauses that the server asks for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import inf

from callproof import limits

from .clock import Clock

_MOST_DIGITS = 9  # of a number of seconds that anybody could mean


class TooLarge(Exception):
    """A server sends more than is read; the message is a clause that names the bound and what sets it."""


@dataclass(frozen=True)
class Bounds:
    """How much of what a server sends is read. The rows of callproof.limits say what happens at each bound."""

    answer_bytes: int = limits.ANSWER_BYTES.default
    head_bytes: int = limits.HEAD_BYTES.default
    headers: int = limits.HEADERS.default
    messages_per_delivery: int = limits.MESSAGES_PER_DELIVERY.default

    def check_delivery(self, messages: int) -> None:
        """Raises TooLarge."""
        if messages > self.messages_per_delivery:
            raise TooLarge(
                f"{messages} messages came at once, and {self.messages_per_delivery} are read; "
                f"set {limits.MESSAGES_PER_DELIVERY.option} if that is right"
            )


class TokenBucket:
    """Lets `requests_per_s` requests pass, at most `burst` of them at once; without a rate, it only pauses.

    All agents of a run share one bucket, because the limit protects the server. Pauses add up to `most_paused_s` at most.
    """

    def __init__(
        self,
        clock: Clock,
        requests_per_s: float | None = None,
        burst: int = 1,
        most_paused_s: float = inf,
    ) -> None:
        self._clock = clock
        self._left_to_pause = most_paused_s
        self._between = 0.0 if requests_per_s is None else 1.0 / requests_per_s
        self._slack = self._between * (burst - 1)
        self._next = clock.monotonic()
        self._paused_until = clock.monotonic()

    async def take(self) -> None:
        """Return when a request may be sent, in the order of the calls."""
        now = self._clock.monotonic()
        turn = max(now, self._next - self._slack, self._paused_until)
        self._next = max(self._next, turn) + self._between
        if turn > now:
            await self._clock.sleep(turn - now)

    def pause(self, seconds: float) -> bool:
        """Stop all requests for this long; do nothing and return False if the pauses would add up to more than allowed."""
        now = self._clock.monotonic()
        longer = max(0.0, now + seconds - max(now, self._paused_until))
        if longer > self._left_to_pause:
            return False
        self._left_to_pause -= longer
        self._paused_until = max(self._paused_until, now + seconds)
        return True


def seconds_to_wait(retry_after: str, now: datetime) -> float | None:
    """Read a Retry-After header, which is seconds or a date (RFC 9110, 10.2.3); `None` if it is neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) <= _MOST_DIGITS else None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
