"""HTTP sessions: each belongs to an agent, has a token that the cookie carries, and ends after a long time without use."""

from __future__ import annotations

import secrets
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from refswitch.seats import Seat

#: jetty.sessionMaxInactiveInterval (ConfigurationPremise, GWS 8.5.2).
IDLE_SECONDS = 1800.0
#: Sessions per agent. The least recently used one makes room, so a client that keeps no cookies displaces only its own.
MOST_SESSIONS = 100


@dataclass(slots=True)
class _Session:
    seat: Seat
    csrf_token: str = field(repr=False)
    last_used: float


class HttpSessions:
    """Sessions by token; each agent's are in the order of last use. `now` is real time in seconds."""

    def __init__(
        self,
        now: Callable[[], float],
        new_token: Callable[[], str] = lambda: secrets.token_hex(20),
        new_csrf_token: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._now = now
        self._new_token = new_token
        self._new_csrf_token = new_csrf_token
        self._by_token: dict[str, _Session] = {}
        self._of_agent: dict[str, OrderedDict[str, None]] = {}

    def open(self, seat: Seat) -> str:
        """Begin a session and return its token."""
        tokens = self._of_agent.setdefault(seat.number, OrderedDict())
        while tokens and (len(tokens) >= MOST_SESSIONS or self._is_idle(next(iter(tokens)))):
            self.end(next(iter(tokens)))
        token = self._new_token()
        self._by_token[token] = _Session(seat, self._new_csrf_token(), self._now())
        tokens[token] = None
        return token

    def use(self, token: str) -> Seat | None:
        """The seat that owns this session; None if the session has ended. Asking counts as a use."""
        session = self._by_token.get(token)
        if session is None:
            return None
        if self._is_idle(token):
            self.end(token)
            return None
        session.last_used = self._now()
        self._of_agent[session.seat.number].move_to_end(token)
        return session.seat

    def csrf_token(self, token: str) -> str:
        """The CSRF token of a live session; it never changes."""
        return self._by_token[token].csrf_token

    def lives(self, token: str) -> bool:
        return token in self._by_token

    def end(self, token: str) -> None:
        """End the session; no effect if it has ended already."""
        session = self._by_token.pop(token, None)
        if session is not None:
            del self._of_agent[session.seat.number][token]

    def __len__(self) -> int:
        return len(self._by_token)

    def _is_idle(self, token: str) -> bool:
        return self._now() - self._by_token[token].last_used > IDLE_SECONDS
