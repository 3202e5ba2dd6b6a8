"""The client's events: frozen values.

`index` is the message's place in its array, so that a caller can find the raw message. It is `None` if the event concerns no single
message.
"""

from dataclasses import dataclass
from typing import TypeAlias

from .messages import Advice, BayeuxError, Json
from .rules import CLAUSES, Rule


@dataclass(frozen=True)
class HandshakeDone:
    """A session has started. The caller must subscribe to `subscribe_again`: subscriptions ended with the last session."""

    index: int
    client_id: str
    connection_type: str
    advice: Advice
    subscribe_again: tuple[str, ...]


@dataclass(frozen=True)
class HandshakeFailed:
    """The server refused the handshake. `Client.next_step` says whether to try again."""

    index: int
    error: BayeuxError


@dataclass(frozen=True)
class ConnectDone:
    """A connect was answered successfully. The caller should send the next one as `Client.next_step` says."""

    index: int


@dataclass(frozen=True)
class ConnectFailed:
    """A connect was refused, but the server did not end the session."""

    index: int
    error: BayeuxError


@dataclass(frozen=True)
class Subscribed:
    index: int
    channels: tuple[str, ...]


@dataclass(frozen=True)
class SubscribeRefused:
    index: int
    channels: tuple[str, ...]
    error: BayeuxError


@dataclass(frozen=True)
class Unsubscribed:
    """No more events should arrive from these channels, except those already sent."""

    index: int
    channels: tuple[str, ...]


@dataclass(frozen=True)
class UnsubscribeRefused:
    """The server did not accept the request. The client no longer subscribes to these channels anyway."""

    index: int
    channels: tuple[str, ...]
    error: BayeuxError


@dataclass(frozen=True)
class Delivered:
    """An event. `data` is whatever JSON value the publisher sent."""

    index: int
    channel: str
    data: Json


@dataclass(frozen=True)
class Postponed:
    """An event beside the late reply to a connect, in a session that acknowledges.

    It is not delivered, because the server sends it again.
    """

    index: int
    channel: str


@dataclass(frozen=True)
class Disconnected:
    """The session is over and the client stops, at its own or the server's request."""

    index: int | None
    by_server: bool


@dataclass(frozen=True)
class UnknownClient:
    """The server no longer knows the session, so its subscriptions have ended too. Shake hands next."""

    index: int
    error: BayeuxError | None


@dataclass(frozen=True)
class Unanswered:
    """The request with this message has ended without a reply to it."""

    channel: str
    message_id: str


@dataclass(frozen=True)
class LateReply:
    """A reply to a message given up earlier, because of a new handshake or a lost connection. It changes nothing."""

    index: int
    channel: str
    message_id: str


@dataclass(frozen=True)
class _Broken:
    index: int | None
    place: str
    rule: Rule

    def __str__(self) -> str:
        return f"{self.place}: {CLAUSES[self.rule]}"


class Oddity(_Broken):
    """Something that a server should not send, but the client can use. `place` is a JSON path."""


class ProtocolFault(_Broken):
    """Something that no client can use. `place` is a JSON path."""


Event: TypeAlias = (
    HandshakeDone
    | HandshakeFailed
    | ConnectDone
    | ConnectFailed
    | Subscribed
    | SubscribeRefused
    | Unsubscribed
    | UnsubscribeRefused
    | Delivered
    | Postponed
    | Disconnected
    | UnknownClient
    | Unanswered
    | LateReply
    | Oddity
    | ProtocolFault
)
