"""What an agent's session delivered: one message of its log. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callproof.json_values import Json, text_of


@dataclass(frozen=True)
class Heard:
    """One message in an agent's log. `position` grows by one within the log; `session` changes with each handshake."""

    agent: str
    position: int
    message: Mapping[str, Json]
    at: float = 0.0
    session: int = 1
    delivery: str = ""
    evidence: str = ""

    @property
    def data(self) -> Mapping[str, Json]:
        data = self.message.get("data")
        return data if isinstance(data, dict) else {}

    @property
    def call(self) -> Mapping[str, Json]:
        call = self.data.get("call")
        return call if isinstance(call, dict) else {}

    @property
    def call_id(self) -> str:
        return text_of(self.call.get("id"))

    @property
    def user_data(self) -> Mapping[str, Json]:
        user_data = self.call.get("userData")
        return user_data if isinstance(user_data, dict) else {}

    @property
    def state(self) -> str:
        return text_of(self.call.get("state"))

    @property
    def notification(self) -> str:
        return text_of(self.data.get("notificationType"))

    @property
    def message_type(self) -> str:
        return text_of(self.data.get("messageType"))

    @property
    def parent_id(self) -> str:
        """The id of the call this one was opened from, read off whichever parent link is there; empty without one."""
        link = text_of(self.call.get("parentCallPath")) or text_of(self.call.get("parentCallUri"))
        return link.rstrip("/").rpartition("/")[2]
