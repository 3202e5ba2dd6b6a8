"""A server, a clock that tests move, and exchanges numbered from 1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from refswitch.bayeux import Message, Server, Settings

ALICE, BOB = "15000", "15001"
CALLS = "/v2/me/calls"
RETRY = {"reconnect": "retry", "interval": 0, "timeout": 30_000}
HANDSHAKE_AGAIN = RETRY | {"reconnect": "handshake"}
NEVER_AGAIN = RETRY | {"reconnect": "none"}


class Conversation:
    """Acts as the transport. Client ids are c1, c2, ... in the order of the handshakes."""

    def __init__(self, **settings: Any) -> None:
        ids = iter(range(1, 1_000_000))
        self.server = Server(Settings(**settings), lambda: f"c{next(ids)}")
        self.now = 0.0
        self.exchange = 0

    def send(
        self,
        *messages: Mapping[str, Any],
        owner: str = ALICE,
        stream: str | None = None,
        browser: str | None = None,
    ) -> int:
        """Send messages in one request, and return its exchange."""
        self.exchange += 1
        sent: list[Message] = [dict(message) for message in messages]
        self.server.receive(
            sent, owner=owner, exchange=self.exchange, now=self.now, stream=stream, browser=browser
        )
        return self.exchange

    def ready(self) -> list[Any]:
        return self.server.ready()

    def take(self, exchange: int) -> list[Any]:
        return [json.loads(text) for text in self.server.take(exchange, self.now)]

    def flush(self, stream: str) -> list[Any]:
        return [json.loads(text) for text in self.server.flush(stream)]

    def ask(
        self,
        *messages: Mapping[str, Any],
        owner: str = ALICE,
        stream: str | None = None,
        browser: str | None = None,
    ) -> list[Any]:
        """Send messages that are answered at once, and return the answer."""
        exchange = self.send(*messages, owner=owner, stream=stream, browser=browser)
        assert exchange in self.ready()
        return self.take(exchange)

    def hold(
        self,
        client_id: str,
        owner: str = ALICE,
        stream: str | None = None,
        browser: str | None = None,
        **fields: Any,
    ) -> int:
        """Send a connect that is held."""
        exchange = self.send(connect(client_id, **fields), owner=owner, stream=stream, browser=browser)
        assert exchange not in self.ready()
        return exchange

    def begin(self, owner: str = ALICE, *subscriptions: str) -> str:
        """A handshake, a subscription and the first connect."""
        [reply] = self.ask(handshake(), owner=owner)
        client_id: str = reply["clientId"]
        if subscriptions:
            self.ask(subscribe(client_id, list(subscriptions)), owner=owner)
        self.ask(connect(client_id), owner=owner)
        return client_id

    def publish(self, number: int = 1, owner: str = ALICE, channel: str = CALLS) -> None:
        self.server.publish(owner, channel, {"number": number})

    def pass_time(self, seconds: float) -> list[Any]:
        """Move the clock, let the server act on it, and return the exchanges that can then be answered."""
        self.now += seconds
        self.server.expire(self.now)
        return self.ready()

    def knows(self, client_id: str, owner: str = ALICE) -> bool:
        """Whether the session is alive. Asking prolongs it."""
        [reply] = self.ask(subscribe(client_id, "/any"), owner=owner)
        return bool(reply["successful"])


def handshake(**fields: Any) -> dict[str, Any]:
    offer = {"version": "1.0", "supportedConnectionTypes": ["long-polling"]}
    return {"channel": "/meta/handshake", **offer, **fields}


def connect(client_id: Any, **fields: Any) -> dict[str, Any]:
    return {"channel": "/meta/connect", "clientId": client_id, "connectionType": "long-polling", **fields}


def subscribe(client_id: Any, subscription: Any, **fields: Any) -> dict[str, Any]:
    return {"channel": "/meta/subscribe", "clientId": client_id, "subscription": subscription, **fields}


def unsubscribe(client_id: Any, subscription: Any, **fields: Any) -> dict[str, Any]:
    return subscribe(client_id, subscription, **fields) | {"channel": "/meta/unsubscribe"}


def disconnect(client_id: Any, **fields: Any) -> dict[str, Any]:
    return {"channel": "/meta/disconnect", "clientId": client_id, **fields}


def event(number: int, channel: str = CALLS) -> dict[str, Any]:
    return {"channel": channel, "data": {"number": number}}


def connected(**fields: Any) -> dict[str, Any]:
    """The reply to a successful connect."""
    return {"channel": "/meta/connect", "successful": True, **fields}


def unknown_client(channel: str, **fields: Any) -> dict[str, Any]:
    return {"channel": channel, "successful": False, "error": "402::Unknown client", **fields}
