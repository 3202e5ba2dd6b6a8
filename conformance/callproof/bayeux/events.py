"""What the client tells its caller: one frozen value for each thing that happened.

`index` is the place of the message in the array it came in, so an event can be laid beside the raw message.
It is `None` where no single message is meant.
"""

from dataclasses import dataclass
from typing import TypeAlias

from .messages import Advice, BayeuxError, Json
from .rules import CLAUSES, Rule


@dataclass(frozen=True)
class HandshakeDone:
    """A session exists.

    The caller must subscribe to `subscribe_again`: subscriptions ended with the last session.
    """

    index: int
    client_id: str
    connection_type: str
    advice: Advice
    subscribe_again: tuple[str, ...]


@dataclass(frozen=True)
class HandshakeFailed:
    """There is no session. `Client.next_step` says whether to try again."""

    index: int
    error: BayeuxError


@dataclass(frozen=True)
class ConnectDone:
    """A connect was answered successfully. The caller should send the next one as `Client.next_step` says."""

    index: int


@dataclass(frozen=True)
class ConnectFailed:
    """A connect was refused, but the session lives on as far as the server said."""

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
    """No more events should come from these channels; those under way still may."""

    index: int
    channels: tuple[str, ...]


@dataclass(frozen=True)
class UnsubscribeRefused:
    """The server did not know the subscription, or says so. Either way the client no longer wants it."""

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
class Disconnected:
    """The session is over and the client stops, because we asked for it or because the server said so."""

    index: int | None
    by_server: bool


@dataclass(frozen=True)
class UnknownClient:
    """The server does not know the session any more; its subscriptions are gone with it. Handshake next."""

    index: int
    error: BayeuxError | None


@dataclass(frozen=True)
class Unanswered:
    """The request that carried this message has ended and brought no reply to it."""

    channel: str
    message_id: str


@dataclass(frozen=True)
class LateReply:
    """A reply to a message that was given up earlier, by a new handshake or a lost connection.

    It changes nothing.
    """

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
    """Something a server should not send, and that the client could live with. `place` is a JSON path."""


class ProtocolFault(_Broken):
    """Something that could not be used at all. `place` is a JSON path."""


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
    | Disconnected
    | UnknownClient
    | Unanswered
    | LateReply
    | Oddity
    | ProtocolFault
)
