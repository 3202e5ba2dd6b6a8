"""The fault layer's own view of the Bayeux sessions: whose each is, what it subscribed to, what waits for it. Pure."""

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
    """One Bayeux session as it was seen to come into being."""

    client_id: str
    agent: str
    subscriptions: set[str] = field(default_factory=set)
    queue: list[Entry] = field(default_factory=list)
    holds: int = 0

    def hears(self, channel: str) -> bool:
        return any(matches(pattern, channel) for pattern in self.subscriptions)

    def copies(self, channel: str) -> int:
        """How many of its subscriptions cover the channel."""
        return sum(matches(pattern, channel) for pattern in self.subscriptions)

    def put(self, entry: Entry, gather: float, now: float) -> None:
        """Queue an event; with `gather` it waits for those that follow within so many seconds."""
        if gather:
            pending = [waiting.due for waiting in self.queue if waiting.due > now]
            entry.due = min(pending) if pending else now + gather
        self.queue.append(entry)
        if not entry.behind:
            self._let_go_after(entry)

    def _let_go_after(self, entry: Entry) -> None:
        """Those that waited for a next event leave right after it."""
        late = [waiting for waiting in self.queue if waiting.behind]
        self.queue = [waiting for waiting in self.queue if not waiting.behind]
        for waiting in late:
            waiting.behind, waiting.due = False, entry.due
            self.queue.append(waiting)

    def take(self, now: float, *, one: bool = False) -> list[Message]:
        """Take the events that are due, in the order of their moments; with `one` no more than the first."""
        due = sorted((entry for entry in self.queue if entry.due <= now), key=lambda entry: entry.due)
        taken = due[:1] if one else due
        self.queue = [entry for entry in self.queue if entry not in taken]
        return [entry.message for entry in taken]

    def next_due(self) -> float | None:
        return min((entry.due for entry in self.queue), default=None)


class Sessions:
    """All sessions, by client id. `last_calls` is what was last delivered of each agent's call, kept by a rule's function."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self.last_calls: dict[str, Json] = {}

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._sessions.values()))

    def get(self, client_id: object) -> Session | None:
        return self._sessions.get(client_id) if isinstance(client_id, str) else None

    def tell(self, agent: str, message: Message, due: float, subscribed: str = "") -> int:
        """Queue an event for every session of the agent that hears its channel; return to how many.

        With `subscribed` only for those that subscribed to this very pattern.
        """
        channel = str(message.get("channel"))
        own = [session for session in self if session.agent == agent and session.hears(channel)]
        sessions = [session for session in own if not subscribed or subscribed in session.subscriptions]
        for session in sessions:
            session.put(Entry(due, message), 0.0, due)
        return len(sessions)

    def learn(self, agent: str, request: Message, reply: Message) -> None:
        """Take note of what a meta message of the agent and its reply mean for the sessions."""
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
