"""Streams: connections to a client that stay open, such as a WebSocket. Events go out on a stream without waiting for a connect.

A stream carries the events of one session. If other sessions send messages over the same stream, their events wait for their own
connects, as they do without a stream.
"""

from collections.abc import Hashable
from enum import Enum, auto
from typing import TypeAlias

from .sessions import Session

StreamKey: TypeAlias = Hashable
"""A transport's name for one stream: unique while the server runs, even among the names of exchanges."""


class Ending(Enum):
    """Why a stream is over."""

    DISCONNECTED = auto()
    """Its client has disconnected."""
    SWEPT = auto()
    """Its client has sent no connect for too long."""
    OVERFLOWN = auto()
    """Its client reads its messages too slowly."""


class Streams:
    """Which stream carries which session's events, and which streams should be closed."""

    def __init__(self) -> None:
        self._carried: dict[StreamKey, Session] = {}
        self._over: dict[StreamKey, Ending] = {}

    def carried(self, stream: StreamKey | None) -> Session | None:
        """The session whose events this stream carries."""
        return self._carried.get(stream)

    def attach(self, session: Session, stream: StreamKey | None) -> None:
        """Move a session to a stream, or off its stream. A session that had the stream before loses it."""
        if session.stream == stream:
            return
        self.detach(session)
        if stream is not None:
            if (before := self._carried.get(stream)) is not None:
                self.detach(before)
            session.stream = stream
            self._carried[stream] = session
            self._over.pop(stream, None)

    def detach(self, session: Session) -> None:
        """Let the session's events wait for its connects again."""
        if session.stream is not None:
            del self._carried[session.stream]
            session.stream = None

    def end(self, session: Session, ending: Ending | None) -> None:
        """The session has ended; its stream, if it has one, is over for the same reason. Without one the stream stays open."""
        if session.stream is not None and ending is not None:
            self._over[session.stream] = ending
        self.detach(session)

    def ending(self, stream: StreamKey) -> Ending | None:
        """Why the stream should be closed once everything ready has been written."""
        return self._over.get(stream)

    def closed(self, stream: StreamKey) -> None:
        """The stream has ended; the session that it carried stays."""
        self._over.pop(stream, None)
        if (session := self._carried.get(stream)) is not None:
            self.detach(session)
