"""What an agent's session delivered: one message on the calls' channel, with its place in the agent's log. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callproof.json_values import Json, as_object, text_of


@dataclass(frozen=True)
class Notification:
    """One message in an agent's log. `position` grows by one within the log; `session` changes with each handshake."""

    agent: str
    position: int
    message: Mapping[str, Json]
    at: float = 0.0
    session: int = 1
    evidence: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """What identifies it among all agents' notifications."""
        return self.agent, self.position

    @property
    def leg(self) -> tuple[str, str]:
        """Whose view of which call it is about; the id is empty when it is about none."""
        return self.agent, self.call_id

    @property
    def data(self) -> Mapping[str, Json]:
        return as_object(self.message.get("data"))

    @property
    def call(self) -> Mapping[str, Json]:
        return as_object(self.data.get("call"))

    @property
    def user_data(self) -> Mapping[str, Json]:
        return as_object(self.call.get("userData"))

    @property
    def call_id(self) -> str:
        return text_of(self.call.get("id"))

    @property
    def state(self) -> str:
        return text_of(self.call.get("state"))

    @property
    def notification_type(self) -> str:
        return text_of(self.data.get("notificationType"))

    @property
    def message_type(self) -> str:
        return text_of(self.data.get("messageType"))

    @property
    def parent_id(self) -> str:
        """The id of the call this one was opened from, read off whichever parent link is there; empty without one."""
        link = text_of(self.call.get("parentCallPath")) or text_of(self.call.get("parentCallUri"))
        return link.rstrip("/").rpartition("/")[2]
