"""The only place where the suite reads the time and waits. Everything above takes a `Clock`."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time that only goes forward, the time of day, and waiting for either."""

    def monotonic(self) -> float:
        """Return seconds since an arbitrary moment; only differences mean anything."""

    def now(self) -> datetime:
        """Return the time of day, with its zone."""

    async def sleep(self, seconds: float) -> None:
        """Return after this many seconds."""


class SystemClock:
    """The machine's clock."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
