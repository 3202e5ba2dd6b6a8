"""How fast requests may be sent: the run's own rate, and pauses that the server asks for."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .clock import Clock


class TokenBucket:
    """Lets `requests_per_s` requests pass, at most `burst` of them at once; without a rate, it only pauses.

    All agents of a run share one bucket, because the limit protects the server.
    """

    def __init__(self, clock: Clock, requests_per_s: float | None = None, burst: int = 1) -> None:
        self._clock = clock
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

    def pause(self, seconds: float) -> None:
        """Stop all requests for this long."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)


def seconds_to_wait(retry_after: str, now: datetime) -> float | None:
    """Read a Retry-After header, which is seconds or a date (RFC 9110, 10.2.3); `None` if it is neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
