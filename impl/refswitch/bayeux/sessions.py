"""Sessions: their owners, their subscriptions and their queues."""

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from refswitch.json_values import Json

from . import channels
from .acknowledgement import Unacknowledged

ExchangeKey: TypeAlias = Hashable
"""A transport's name for one request that needs one response: unique while the server runs."""


@dataclass(slots=True, eq=False)
class Session:
    """A session lives from its handshake until it is disconnected or swept, or its queue overflows."""

    client_id: str
    owner: str
    subscriptions: set[str] = field(default_factory=set)
    queue: list[str] = field(default_factory=list)
    connected: bool = False  # whether there has been a connect since the handshake
    advice: dict[str, Json] = field(default_factory=dict)  # additional advice for its next connect
    held: ExchangeKey | None = None  # the exchange whose connect waits for messages
    unacknowledged: Unacknowledged | None = None  # for a client that acknowledges messages
    stream: Hashable | None = None  # the stream that carries its events
    cookie: str | None = None  # the browser that began it
    browser: str | None = None  # the browser that sent its last connect
    is_one_of_many: bool = False  # advised to poll less often, because another session of its browser is held

    @property
    def waiting(self) -> int:
        """The number of messages that the client is not known to have received."""
        return len(self.queue) + len(self.unacknowledged or ())

    @property
    def is_streamed(self) -> bool:
        """Whether events go out on the stream unasked; a client that acknowledges gets them with connect replies (CometD, Acknowledge)."""
        return self.stream is not None and self.unacknowledged is None

    def drain(self) -> list[str]:
        queue, self.queue = self.queue, []
        return queue


class Sessions:
    """All sessions, by client id and by owner."""

    def __init__(self) -> None:
        self._by_client_id: dict[str, Session] = {}
        self._by_owner: dict[str, dict[str, Session]] = {}

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._by_client_id.values()))

    def __contains__(self, session: Session) -> bool:
        return self._by_client_id.get(session.client_id) is session

    def add(self, session: Session) -> None:
        self._by_client_id[session.client_id] = session
        self._by_owner.setdefault(session.owner, {})[session.client_id] = session

    def remove(self, session: Session) -> None:
        """Forget the session; no effect if it is gone already."""
        if session in self:
            del self._by_client_id[session.client_id]
            owned = self._by_owner[session.owner]
            del owned[session.client_id]
            if not owned:
                del self._by_owner[session.owner]

    def get(self, client_id: str) -> Session | None:
        return self._by_client_id.get(client_id)

    def of(self, owner: str) -> Collection[Session]:
        """The owner's sessions."""
        return self._by_owner.get(owner, {}).values()

    def subscribed(self, owner: str, channel: str) -> list[Session]:
        """The owner's sessions with at least one subscription that covers `channel`, each once."""
        patterns = channels.patterns_reaching(channel)
        sessions = self._by_owner.get(owner, {})
        return [session for session in sessions.values() if not patterns.isdisjoint(session.subscriptions)]
