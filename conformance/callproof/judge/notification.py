"""What an agent's session delivered: one message on the calls channel, with its position in the agent's log. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callproof.json_values import Json, as_object, text_of

#: The states in which a call has ended: PreviewCancelled ends one that was only previewed.
FINAL_STATES = frozenset({"Released", "PreviewCancelled"})


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
        """Identifies the notification among those of all agents."""
        return self.agent, self.position

    @property
    def leg(self) -> tuple[str, str]:
        """The agent and the call that it is about; the id is empty if it is not about a call."""
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
    def has_ended(self) -> bool:
        """Whether the call has ended."""
        return self.state in FINAL_STATES

    @property
    def notification_type(self) -> str:
        return text_of(self.data.get("notificationType"))

    @property
    def message_type(self) -> str:
        return text_of(self.data.get("messageType"))

    @property
    def parent_id(self) -> str:
        """The id of the parent call, from whichever parent link is present; empty without one."""
        link = text_of(self.call.get("parentCallPath")) or text_of(self.call.get("parentCallUri"))
        return link.rstrip("/").rpartition("/")[2]
