"""What a handler receives and may return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refswitch.sandboxes import Sandbox, Sandboxes
from refswitch.versions import Versions


@dataclass(frozen=True)
class AdminRequest:
    """One request of the interface: its sandbox, the values in its path and query, and its validated body."""

    sandbox: Sandbox
    sandboxes: Sandboxes
    versions: Versions
    name: str
    query: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Text:
    """An answer that is not JSON."""

    media_type: str
    text: str


Json = Mapping[str, object]
DONE: Json = {"statusCode": 0}
