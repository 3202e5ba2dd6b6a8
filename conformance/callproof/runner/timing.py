"""How long the suite waits, and the server's latency, which lengthens every wait. Slow is not silent: no server is judged by these times.

A notification that a slow server sends in time can need three journeys to be seen: the answer that was under way, the next poll, and its
answer. The measured latency is never subtracted from a wait, so that measuring can only make the suite more patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from callproof.json_values import Json

_JOURNEYS = 3
#: Requests of a scenario with its teardown, at most.
_REQUESTS = 80
#: A shorter latency is not worth a sentence in a report.
_NOTICEABLE_S = 0.25


@dataclass(frozen=True)
class Timing:
    """The times of the target file, in seconds, and the latency that was measured."""

    event_timeout_s: float = 5.0
    quiet_min_s: float = 1.0
    time_factor: float = 1.0
    latency_s: float = 0.0

    def at(self, latency_s: float) -> Timing:
        """The same for a server with this latency; a smaller latency than before changes nothing."""
        return replace(self, latency_s=max(self.latency_s, latency_s))

    @property
    def patience_s(self) -> float:
        """How long a notification may take."""
        return self.event_timeout_s * self.time_factor + _JOURNEYS * self.latency_s

    @property
    def quiet_s(self) -> float:
        """How much silence shows that nothing else will arrive."""
        return self.quiet_min_s * max(1.0, self.time_factor) + _JOURNEYS * self.latency_s

    def longest_s(self, bound_s: float) -> float:
        """The longest duration of a scenario, if this is the bound for a server without latency."""
        return bound_s * self.time_factor + _REQUESTS * self.latency_s

    def as_json(self) -> dict[str, Json]:
        """What was waited, in milliseconds, and why, for the result document."""
        waited: dict[str, Json] = {
            "latency_ms": round(self.latency_s * 1000),
            "notification_ms": round(self.patience_s * 1000),
            "silence_ms": round(self.quiet_s * 1000),
            "time_factor": self.time_factor,
        }
        return waited | ({"why": self._why()} if self.latency_s >= _NOTICEABLE_S else {})

    def _why(self) -> str:
        return (
            f"An answer took {self.latency_s:.2g} s, so the suite waited up to {self.patience_s:.3g} s for a notification "
            f"and {self.quiet_s:.3g} s for silence. timing.time_factor lengthens every wait."
        )


def latency_of(elapsed_s: Sequence[float]) -> float:
    """The latency that three of four answers kept to, in seconds; 0 without answers."""
    return sorted(elapsed_s)[min(len(elapsed_s) - 1, len(elapsed_s) * 3 // 4)] if elapsed_s else 0.0
