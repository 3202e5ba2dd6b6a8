"""The fault layer's own view of the Bayeux sessions: their agents, subscriptions and queued events. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from callproof.bayeux.channels import matches
from callproof.json_values import Json

from .traffic import Message


@dataclass(eq=False)
class Entry:
    """An event that leaves at `due`, or after the next one when it is `behind`."""

    due: float
    message: Message
    behind: bool = False


@dataclass
class Session:
    """One Bayeux session as the line saw it begin."""

    client_id: str
    agent: str
    subscriptions: set[str] = field(default_factory=set)
    queue: list[Entry] = field(default_factory=list)
    holds: int = 0

    def copies(self, channel: str) -> int:
        """How many of its subscriptions cover the channel."""
        return sum(matches(pattern, channel) for pattern in self.subscriptions)

    def put(self, entry: Entry, gather: float, now: float) -> None:
        """Queue an event; with `gather` it waits that many seconds for the events that follow."""
        if gather:
            pending = [waiting.due for waiting in self.queue if waiting.due > now]
            entry.due = min(pending) if pending else now + gather
        self.queue.append(entry)
        if not entry.behind:
            self._let_go_after(entry)

    def _let_go_after(self, entry: Entry) -> None:
        """Release the events that waited for a next one, right after it."""
        self.queue.sort(key=lambda waiting: waiting.behind)
        for waiting in self.queue:
            if waiting.behind:
                waiting.behind, waiting.due = False, entry.due

    def take(self, now: float, *, one: bool = False) -> list[Message]:
        """Take the events that are due, in the order in which they became due; with `one` only the first."""
        due = sorted((entry for entry in self.queue if entry.due <= now), key=lambda entry: entry.due)
        taken = due[:1] if one else due
        self.queue = [entry for entry in self.queue if entry not in taken]
        return [entry.message for entry in taken]

    def next_due(self) -> float | None:
        return min((entry.due for entry in self.queue), default=None)


class Sessions:
    """All sessions by client id. `last_calls` holds each agent's call as last delivered; a rule's function keeps it."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self.last_calls: dict[str, Json] = {}

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._sessions.values()))

    def get(self, client_id: object) -> Session | None:
        return self._sessions.get(client_id) if isinstance(client_id, str) else None

    def deliver(self, agent: str, message: Message, due: float, subscribed: str = "") -> int:
        """Queue an event for every session of the agent that is subscribed to its channel; return how many there are.

        With `subscribed`, only sessions subscribed to exactly this pattern count.
        """
        channel = str(message.get("channel"))
        own = [session for session in self if session.agent == agent and session.copies(channel)]
        sessions = [session for session in own if not subscribed or subscribed in session.subscriptions]
        for session in sessions:
            session.put(Entry(due, message), 0.0, due)
        return len(sessions)

    def learn(self, agent: str, request: Message, reply: Message) -> None:
        """Update the sessions from a meta message of the agent and its reply."""
        if reply.get("successful") is not True:
            return
        channel = request.get("channel")
        if channel == "/meta/handshake" and isinstance(client_id := reply.get("clientId"), str):
            self._sessions.setdefault(client_id, Session(client_id, agent))
        session = self.get(request.get("clientId"))
        if session is None:
            return
        if channel == "/meta/subscribe":
            session.subscriptions |= set(_names(request))
        elif channel == "/meta/unsubscribe":
            session.subscriptions -= set(_names(request))
        elif channel == "/meta/disconnect":
            del self._sessions[session.client_id]


def _names(request: Message) -> list[str]:
    named = request.get("subscription")
    return [name for name in (named if isinstance(named, list) else [named]) if isinstance(name, str)]
