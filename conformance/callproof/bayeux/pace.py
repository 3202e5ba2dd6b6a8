"""How far apart a client keeps its handshakes and its connects, whatever the server advises.

A healthy session needs no pause: the server holds each connect. Advice can take that away (a timeout of 0, a new handshake after every
answer), and a client that obeyed would never wait. This file counts what came of earlier rounds; whoever has a clock keeps the next ones
apart. A server that holds its connects never notices, because a round then lasts longer than it has to.
"""

from callproof import limits


class Pace:
    """The spacing of handshakes and connects: seconds between the beginnings of two in succession."""

    def __init__(self, pause_s: float, limit_s: float) -> None:
        self._pause_s = pause_s
        self._limit_s = limit_s
        self._has_begun = False
        self._sessions = 0  # since a held connect was last answered
        self._quiet = 0  # held connects in a row whose answers came without an event
        self._was_held = False
        self._heard = False

    def session_begun(self) -> None:
        self._has_begun = True
        self._sessions += 1
        self._was_held = False

    def event_arrived(self) -> None:
        self._heard = True

    def connect_done(self, *, was_held: bool) -> None:
        """Note a successful answer to a connect; one that asked for an answer at once proves nothing."""
        self._was_held = was_held
        if was_held:
            self._sessions = 0
            self._quiet = 0 if self._heard else self._quiet + 1
            self._heard = False

    @property
    def handshake_s(self) -> float:
        """Grows with each session that ended before a held connect was answered."""
        return min(max(1, self._sessions) * self._pause_s, self._limit_s) if self._has_begun else 0.0

    @property
    def connect_s(self) -> float:
        """Short while events arrive, a whole pause once several connects have brought nothing."""
        if self._quiet > limits.QUIET_CONNECTS.default:
            return self._pause_s
        return 1 / limits.CONNECTS_PER_SECOND.default if self._was_held else 0.0
