"""What a recorder keeps: messages, facts about the session, remarks about the protocol."""

from dataclasses import dataclass, field
from enum import StrEnum

from callproof.bayeux import Json, Oddity, ProtocolFault, is_meta


@dataclass(frozen=True)
class Received:
    """One message as it came: an event or a reply, usable or not.

    `received` is in monotonic seconds, `index` the place in its array. `entry_id` is the transcript's id of
    the notification, or of the whole answer or frame if this is none; `exchange_id` is that of the request, or of the
    upgrade that opened the WebSocket. `value` is unmasked.
    """

    agent: str
    session_number: int
    received: float
    exchange_id: str
    entry_id: str
    index: int
    channel: str
    value: Json = field(repr=False)

    @property
    def is_event(self) -> bool:
        """Whether this is something published, and no reply of the protocol itself."""
        return self.channel.startswith("/") and not is_meta(self.channel) and "data" in self._members

    @property
    def data(self) -> Json:
        """The data of an event; `None` for anything else."""
        return self._members.get("data")

    @property
    def _members(self) -> dict[str, Json]:
        return self.value if isinstance(self.value, dict) else {}


class FactKind(StrEnum):
    """What happened to a session."""

    SESSION_BEGUN = "session begun"
    SUBSCRIBED = "subscribed"
    CONNECT_COMPLETED = "connect completed"
    CONNECT_FAILED = "connect failed"
    TRANSPORT_ERROR = "transport error"
    SESSION_LOST = "session lost"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Fact:
    """Something that bears on whether silence means anything. `at` is in monotonic seconds."""

    at: float
    kind: FactKind
    session_number: int
    exchange_id: str
    detail: str = ""


@dataclass(frozen=True)
class Remark:
    """Something in an answer or a frame that the protocol does not allow, for a check to judge."""

    agent: str
    session_number: int
    exchange_id: str
    entry_id: str
    what: Oddity | ProtocolFault
