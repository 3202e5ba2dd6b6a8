"""The first attempt of a session: why it does not get ready, as a clause for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from callproof.bayeux import (
    ConnectFailed,
    Disconnected,
    Event,
    HandshakeFailed,
    Message,
    SubscribeRefused,
    Unanswered,
    UnknownClient,
)
from callproof.wire import Reason


@dataclass(frozen=True)
class Trouble:
    """Messages were not transported; the session handles that itself. `why` is a clause for a person.

    `status` is that of an HTTP answer that was not a Bayeux answer, if there was one; `reason` says why there was no answer.
    `falls_back_to` is the transport that the session tries next, if it changes.
    """

    why: str
    messages: tuple[Message, ...]
    status: int | None = None
    reason: Reason | None = None
    falls_back_to: str = ""


Happening: TypeAlias = Event | Trouble


class NotReady(Exception):
    """The session does not work and has stopped. The message is a clause that says why."""


def why_not_ready(happenings: Sequence[Happening]) -> str:
    """Return why one of these prevents a session from getting ready; empty if none does."""
    clause = next((text for happening in happenings if (text := _clause(happening))), "")
    network = next((f": {trouble.why}" for trouble in happenings if isinstance(trouble, Trouble)), "")
    return clause + network if clause else ""


def _clause(happening: Happening) -> str:
    match happening:
        case HandshakeFailed(error=error):
            return f"the handshake was refused ({error})"
        case SubscribeRefused(channels=channels, error=error):
            return f"the subscription to {', '.join(channels)} was refused ({error})"
        case ConnectFailed(error=error):
            return f"the connect was refused ({error})"
        case UnknownClient():
            return "the server does not know the session it has just made"
        case Disconnected():
            return "the server ended the session"
        case Unanswered(channel=channel):
            return f"there was no reply on {channel}"
    return ""
