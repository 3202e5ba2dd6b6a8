"""What a client may send and keep open over HTTP: those bounds that options change."""

from __future__ import annotations

from dataclasses import dataclass

from . import limits


@dataclass(frozen=True, slots=True)
class HttpBounds:
    """The bounds of one server. Times are whole seconds."""

    head_bytes: int = limits.HEAD_BYTES.default
    headers: int = limits.HEADERS.default
    target_bytes: int = limits.TARGET_BYTES.default
    head_seconds: int = limits.HEAD_SECONDS.default
    body_seconds: int = limits.BODY_SECONDS.default
    idle_seconds: int = limits.IDLE_SECONDS.default
    connections: int = limits.CONNECTIONS.default
