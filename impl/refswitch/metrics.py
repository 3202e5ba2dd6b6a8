"""Measurements beside each notification, as captured servers send them (GWS 8.5.202.96, data.metrics)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from .stubs.notifications import Metrics

Publish: TypeAlias = Callable[[str, str, Mapping[str, object]], None]

#: The start of the model's clock in milliseconds since 1970: 2026-01-01T00:00:00Z. With the time of day, no two journals would be equal.
START_MS = 1_767_225_600_000


def metrics(now: float) -> Metrics:
    """The measurements of an event at the time `now` of the model's clock, in seconds. That clock stands still while the server works."""
    return {
        "eventProcessing": {
            "nodeProcessingTimeNanos": 0,
            "serverGenerationTimestamp": START_MS + round(now * 1000),
            "serverProcessingTimeTotalMs": 0,
        }
    }


def measured(publish: Publish, now: Callable[[], float]) -> Publish:
    """Publishes like `publish`, and adds to the data of each notification the metrics of this moment."""

    def publish_measured(agent: str, channel: str, data: Mapping[str, object]) -> None:
        publish(agent, channel, {**data, "metrics": metrics(now())})

    return publish_measured
