"""What a recorder keeps: messages, and facts about the session."""

from dataclasses import dataclass, field
from enum import StrEnum

from callproof.bayeux import Json, is_meta
from callproof.json_values import as_object


@dataclass(frozen=True)
class Received:
    """One message as it arrived: an event or a reply, usable or not.

    `received` is in monotonic seconds, `index` the place in its array. `entry_id` is the transcript's id of the notification or, for
    any other message, of the whole answer or frame; `exchange_id` is that of the request, or of the upgrade that opened the WebSocket.
    `value` is unmasked.
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
        """Whether this is a published event and not a reply of the protocol."""
        return self.channel.startswith("/") and not is_meta(self.channel) and "data" in as_object(self.value)

    @property
    def data(self) -> Json:
        """The data of an event; `None` for anything else."""
        return as_object(self.value).get("data")


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
    """A fact that helps to tell what silence means. `at` is in monotonic seconds."""

    at: float
    kind: FactKind
    session_number: int
    exchange_id: str
    detail: str = ""
