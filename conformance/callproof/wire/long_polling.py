"""Long-polling: Bayeux messages over HTTP POST (Bayeux 1.0, The long-polling Transport).

A transport carries messages and knows nothing of sessions. A request with a held connect does not delay
another: each takes a connection of its own from the agent's pool, and the recorder has two under way at
most (Bayeux 1.0, Two connection operation).
"""

from dataclasses import dataclass
from typing import Protocol

from callproof.bayeux import Json

from .exchange import Exchange, Identity, NoAnswer, NotJson
from .http import HttpAgent, Traffic

__all__ = ["Carried", "Carrier", "LongPolling", "NotCarried"]


@dataclass(frozen=True)
class Carried:
    """The messages were taken, and this JSON value came back."""

    exchange: Exchange
    value: Json


@dataclass(frozen=True)
class NotCarried:
    """The messages brought nothing that a Bayeux client may read. `why` is a clause for a sentence."""

    exchange: Exchange | NoAnswer
    why: str


class Carrier(Protocol):
    """What a recorder needs of a transport.

    Over a WebSocket, where answers come in frames of their own, `carry` ends when the replies to these
    messages have come; frames that nobody asked for are the transport's to hand on.
    """

    @property
    def connection_type(self) -> str:
        """The name by which a handshake negotiates this transport."""

    async def carry(
        self, messages: Json, limit_s: float, *, identity: Identity | None = None
    ) -> Carried | NotCarried:
        """Send these messages and return what came of them, after `limit_s` seconds at the latest."""


class LongPolling:
    """Carries one agent's messages to one URL, as it is given, without a suffix for the message type.

    Only HTTP 200 brings messages: the CometD clients read no other status.
    """

    connection_type = "long-polling"

    def __init__(self, agent: HttpAgent, url: str) -> None:
        self._agent = agent
        self._url = url

    async def carry(
        self, messages: Json, limit_s: float, *, identity: Identity | None = None
    ) -> Carried | NotCarried:
        outcome = await self._agent.request(
            "POST", self._url, json=messages, identity=identity, timeout_s=limit_s, traffic=Traffic.BAYEUX
        )
        if isinstance(outcome, NoAnswer):
            return NotCarried(outcome, f"there was no answer: {outcome.reason.value}")
        if outcome.status != 200:
            return NotCarried(outcome, f"the answer was HTTP {outcome.status}")
        if isinstance(outcome.value, NotJson):
            return NotCarried(outcome, f"the answer was no JSON: {outcome.value.reason}")
        return Carried(outcome, outcome.value)
