"""The one place where the suite asks what time it is, and waits. Everything above is given a `Clock`."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time that only goes forward, the time of day, and waiting for either."""

    def monotonic(self) -> float:
        """Return seconds since some moment. Two readings may be compared, one says nothing."""

    def now(self) -> datetime:
        """Return the time of day, with its zone."""

    async def sleep(self, seconds: float) -> None:
        """Come back after this many seconds."""


class SystemClock:
    """The machine's clock."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
