"""What a handler gets, and what it may answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refswitch.sandboxes import Sandbox, Sandboxes


@dataclass(frozen=True)
class AdminRequest:
    """One request of the interface: for which sandbox, what its path and query say, and its body, which has been validated."""

    sandbox: Sandbox
    sandboxes: Sandboxes
    contract: str
    name: str
    query: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Text:
    """An answer that is not a JSON document."""

    media_type: str
    text: str


Json = Mapping[str, object]
DONE: Json = {"statusCode": 0}
