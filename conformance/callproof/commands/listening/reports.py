"""What `listen` says about the connection, and when it gives up.

The session tries again by itself, for ever if need be, so each kind of failure is reported once, in the server's own words, and again only
after the connection has worked. Where trying again cannot help, the command ends.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable

from callproof.aiobayeux import Session, Trouble
from callproof.bayeux import (
    WEBSOCKET,
    Action,
    BayeuxError,
    ConnectDone,
    ConnectFailed,
    Disconnected,
    Event,
    HandshakeDone,
    HandshakeFailed,
    Json,
    Oddity,
    ProtocolFault,
    SubscribeRefused,
    Unanswered,
    UnknownClient,
)
from callproof.commands.exits import CONFIGURATION, NOT_READY, Stopped
from callproof.wire import Reason

_DENIED = (401, 403)
_NOBODY_THERE = (Reason.CONNECTION_REFUSED, Reason.HOST_NOT_FOUND)
_MOST_COMPARED = 200
_FORBIDDEN_AGAIN = "the server has ended the session and advises against a new one"


class Reports:
    """Turns what happens to a session into lines for a person."""

    def __init__(self, session: Session, user: str, transport: str) -> None:
        """Report on `session`, which logs in as `user` over the transport that was asked for by this name."""
        self._client = session.client
        self._user = user
        self._transport = transport
        self._reported: set[Hashable] = set()  # the kinds of lines since the connection last worked
        self._oddities: set[str] = set()  # reported at all: they come back with every message
        self._refused: dict[str, str] = {}
        self._lost: Collection[Json] = ()  # the ids of messages whose loss was just reported
        self._was_connected = False
        self._connects = 0
        self._words = ""
        self._last = ""

    def line(self, happening: Event | Trouble) -> str:
        """Return what to report; empty if all is well, or if it was reported already. Raises Stopped if trying again cannot help."""
        match happening:
            case HandshakeDone():
                return self._connected(happening.connection_type)
            case ConnectDone():
                return self._works()
            case UnknownClient():
                return self._once(("lost", _kind(happening.error)), _lost(happening.error))
            case SubscribeRefused():
                return self._subscription_refused(happening)
            case Trouble():
                return self._trouble(happening)
            case HandshakeFailed():
                return self._refusal("the handshake", happening.error)
            case ConnectFailed():
                return self._refusal("the connect", happening.error)
            case Unanswered():
                return self._unanswered(happening)
            case Disconnected(by_server=True):
                raise self.ended()
            case Oddity() | ProtocolFault():
                return self._odd(happening)
            case _:
                return ""

    def ended(self) -> Stopped:
        """Return why the session is over although nobody has left it."""
        if self._client.advice.interval_ms < 0:
            told = f"the server advises not to connect again (an interval of {self._client.advice.interval_ms} ms)"
            return Stopped(told, NOT_READY)
        return Stopped(_FORBIDDEN_AGAIN + (f": {self._words}" if self._words else ""), NOT_READY)

    def _once(self, kind: Hashable, line: str) -> str:
        if kind in self._reported:
            return ""
        self._reported.add(kind)
        self._last = line
        return line

    def _connected(self, transport: str) -> str:
        """Each line about a failure is followed by one about the next session, if there is one."""
        self._was_connected, self._connects = True, 0
        line = f"connected over {transport}"
        if line == self._last:
            return ""
        self._last = line
        return line

    def _works(self) -> str:
        """A held connect proves that the connection works; the first one of a session is answered at once, whatever follows."""
        self._connects += 1
        if self._connects > 1:
            self._reported.clear()
        return ""

    def _refusal(self, what: str, error: BayeuxError) -> str:
        self._words = str(error)
        if self._client.next_step().action is not Action.STOP:
            return self._once((what, _kind(error)), f"{what} was refused: {error}; trying again")
        if what == "the handshake":
            raise Stopped(f"the server denied the handshake: {error}", NOT_READY)
        return ""  # that the session is over follows, with these words

    def _subscription_refused(self, refused: SubscribeRefused) -> str:
        named = ", ".join(refused.channels)
        self._refused[named] = str(refused.error)
        if self._client.wanted:
            return self._once(named, f"the subscription to {named} was refused: {refused.error}")
        every = "; ".join(f"{channel}: {error}" for channel, error in self._refused.items())
        raise Stopped(f"nothing is subscribed, because every subscription was refused: {every}", NOT_READY)

    def _trouble(self, trouble: Trouble) -> str:
        self._lost = [message["id"] for message in trouble.messages]
        of_whom = f" of {self._user}" if self._user else ""
        kind = (trouble.status, trouble.reason) if trouble.status or trouble.reason else trouble.why
        if trouble.falls_back_to:
            return self._once((kind, trouble.falls_back_to), f"{trouble.why}; trying {trouble.falls_back_to}")
        if trouble.reason is Reason.NOT_SENT:
            raise Stopped(trouble.why, CONFIGURATION)
        if trouble.status in _DENIED and self._client.client_id is None:
            raise Stopped(f"the server refused the login{of_whom}: {trouble.why}", NOT_READY)
        if not self._was_connected:
            self._give_up_at_the_start(trouble)
        return self._once(kind, f"{trouble.why}; trying again")

    def _give_up_at_the_start(self, trouble: Trouble) -> None:
        """What was wrong before the first session stays wrong, unless nobody was there."""
        if trouble.reason is Reason.TLS_FAILED:
            raise Stopped(trouble.why, NOT_READY)
        if self._transport == WEBSOCKET and trouble.reason not in _NOBODY_THERE:
            raise Stopped(f"the WebSocket could not be opened: {trouble.why}", NOT_READY)

    def _unanswered(self, lost: Unanswered) -> str:
        """A lost request has been reported as such; this is about an answer that leaves a reply out."""
        if lost.message_id in self._lost:
            return ""
        return self._once(lost.channel, f"there was no reply on {lost.channel}; trying again")

    def _odd(self, finding: Oddity | ProtocolFault) -> str:
        if finding.rule in self._oddities:
            return ""
        self._oddities.add(finding.rule)
        return f"not as Bayeux requires: {finding.place} {finding.rule.value}"


def _kind(error: BayeuxError | None) -> Hashable:
    """What makes two errors the same; their arguments name a session or a channel."""
    return None if error is None else (error.code, error.text[:_MOST_COMPARED])


def _lost(error: BayeuxError | None) -> str:
    why = "asks for a new session" if error is None else f"no longer knows the session ({error})"
    return f"the server {why}; starting a new one; notifications may be missing"
