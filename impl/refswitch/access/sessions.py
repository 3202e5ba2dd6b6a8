"""HTTP sessions: each belongs to an agent, has a token that the cookie carries, and ends after a long time without use.

A held poll and an open WebSocket are a use that lasts. When a session ends, whatever was opened with its cookie alone ends with it: the
cookie was the only proof of who is listening.
"""

from __future__ import annotations

import logging
import secrets
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from refswitch import limits
from refswitch.seats import Seat

_LOG = logging.getLogger("refswitch")
#: A client that keeps no cookies displaces a session with each request, which is worth no more than a line a minute.
_SECONDS_BETWEEN_LINES = 60.0

End = Callable[[], None]


@dataclass(slots=True)
class _Session:
    token: str = field(repr=False)
    seat: Seat
    csrf_token: str = field(repr=False)
    last_used: float
    held: dict[int, End] = field(default_factory=dict)
    """What is held or open in it, and the way to end that."""


@dataclass(slots=True)
class _OfAgent:
    """One agent's sessions, those in use apart from the others, each group in the order of last use."""

    idle: OrderedDict[str, None] = field(default_factory=OrderedDict)
    in_use: OrderedDict[str, None] = field(default_factory=OrderedDict)
    logged: float | None = None
    """When it was last logged that a session made room."""

    def __len__(self) -> int:
        return len(self.idle) + len(self.in_use)


class HttpSessions:
    """Sessions by token. `now` is real time in seconds."""

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
        self._of_agent: dict[str, _OfAgent] = {}
        self._keys = count(1)

    def open(self, seat: Seat) -> str:
        """Begin a session and return its token. At the limit, the agent's session that has been idle for longest makes room."""
        agent = self._of_agent.setdefault(seat.number, _OfAgent())
        self._make_room(seat.number, agent)
        session = _Session(self._new_token(), seat, self._new_csrf_token(), self._now())
        self._by_token[session.token] = session
        agent.idle[session.token] = None
        return session.token

    def use(self, token: str) -> Seat | None:
        """The seat that owns this session; None if the session has ended. Asking counts as a use."""
        session = self._by_token.get(token)
        if session is None:
            return None
        if self._has_expired(session):
            self.end(token)
            return None
        self._used(session)
        return session.seat

    def hold(self, token: str, end: End) -> End:
        """Something of this session is held or open from now on: call the returned function when that is over.

        The session is in use for as long. `end` is called if the session ends first: at once, if it has ended already.
        """
        session = self._by_token.get(token)
        if session is None:
            end()
            return _nothing
        key = next(self._keys)
        session.held[key] = end
        self._used(session)
        return partial(self._let_go, session, key)

    def csrf_token(self, token: str) -> str:
        """The CSRF token of a live session; it never changes."""
        return self._by_token[token].csrf_token

    def lives(self, token: str) -> bool:
        return token in self._by_token

    def end(self, token: str) -> None:
        """End the session and what is held or open in it; no effect if it has ended already."""
        session = self._by_token.pop(token, None)
        if session is None:
            return
        agent = self._of_agent[session.seat.number]
        agent.idle.pop(token, None)
        agent.in_use.pop(token, None)
        held, session.held = session.held, {}
        for end in held.values():
            end()

    def close(self) -> None:
        """End every session."""
        for token in list(self._by_token):
            self.end(token)

    def __len__(self) -> int:
        return len(self._by_token)

    def _make_room(self, number: str, agent: _OfAgent) -> None:
        """End the agent's expired sessions and, at the limit, one more: an idle one, or else the one in use that was used longest ago.

        A login with the right credentials is never refused. The client that loses a session in use learns of it at once.
        """
        while agent.idle and self._has_expired(self._by_token[next(iter(agent.idle))]):
            self.end(next(iter(agent.idle)))
        if len(agent) < limits.HTTP_SESSIONS.default:
            return
        is_idle = bool(agent.idle)
        now = self._now()
        if not is_idle or agent.logged is None or now - agent.logged >= _SECONDS_BETWEEN_LINES:
            agent.logged = now
            _LOG.warning(
                "agent %s has %d HTTP sessions; %s ended to make room. A client that keeps no cookies begins one with every request",
                number,
                len(agent),
                "the one that was idle for longest" if is_idle else "all are in use, and the oldest",
            )
        self.end(next(iter(agent.idle or agent.in_use)))

    def _used(self, session: _Session) -> None:
        """The session is the last in the order of use."""
        session.last_used = self._now()
        agent, token = self._of_agent[session.seat.number], session.token
        agent.idle.pop(token, None)
        agent.in_use.pop(token, None)
        (agent.in_use if session.held else agent.idle)[token] = None

    def _let_go(self, session: _Session, key: int) -> None:
        if session.held.pop(key, None) is not None and self.lives(session.token):
            self._used(session)

    def _has_expired(self, session: _Session) -> bool:
        return not session.held and self._now() - session.last_used > limits.HTTP_SESSION_IDLE.default


def _nothing() -> None:
    """Nothing is left to end."""
