"""The Bayeux server: messages in, answers out. It never waits and reads no clock.

A transport calls `receive` for every request and then looks at `ready`: the exchanges it names can be answered with
`take`; the others are held. A connection that stays open, such as a WebSocket, is a stream: `ready` names it when it
has events that need no exchange, and `flush` returns them. Only these two take messages from a session's queue. A
transport whose client has gone calls `lost` or `closed` instead, so no message is lost.

This file is longer than most, because the handlers of the meta channels and the life cycle of a session change the same
three things together: the session, its held exchange and the list of what is ready. The invariant spans them: a session
holds at most one exchange, and an exchange that is ready is answered once. Advice, streams, sessions, deadlines and
acknowledgement are not part of it, and have files of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from refswitch.json_values import Json

from . import channels
from .acknowledgement import Unacknowledged, acknowledged, wants_acknowledgement
from .advice import Adviser
from .deadlines import Deadlines
from .errors import Cause, Refused
from .messages import (
    VERSION,
    Message,
    channel_of,
    check_fields,
    check_id,
    event,
    failure,
    serialise,
    speaks_our_version,
    success,
    with_ext,
)
from .sessions import ExchangeKey, Session, Sessions
from .settings import Settings
from .streams import Ending, StreamKey, Streams
from .time_sync import TimeSync, time_sync


@dataclass(slots=True)
class _Request:
    """One message and its context. Not frozen: that would double the cost of making one."""

    message: Message
    owner: str
    exchange: ExchangeKey
    alone: bool
    now: float
    stream: StreamKey | None
    browser: str | None
    releases_held: bool


@dataclass(slots=True)
class _Reply:
    """One reply. The queue of the session, as it is when the reply is taken, goes out before a connect's reply."""

    message: Message
    session: Session | None = None
    sync: TimeSync | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """A session as the server's operator sees it."""

    client_id: str
    owner: str
    subscriptions: tuple[str, ...]
    queued: int
    is_held: bool


class Server:
    """Sessions, their subscriptions and queues, and the unanswered exchanges.

    `now` is any clock in seconds that only goes forward, unrelated to the time of day.
    `new_client_id` must never return the same id twice, nor one that can be guessed (Bayeux 1.0, Client ID).
    An `owner` is the authenticated sender of a request: its sessions belong to it alone.
    """

    def __init__(self, settings: Settings, new_client_id: Callable[[], str]) -> None:
        self.settings = settings
        self._new_client_id = new_client_id
        self._adviser = Adviser(settings)
        self._sessions = Sessions()
        self._exchanges: dict[ExchangeKey, list[_Reply]] = {}
        self._streams = Streams()
        self._ready: dict[ExchangeKey | StreamKey, None] = {}  # a set that keeps its order
        self._farewells: dict[tuple[str, str], Cause] = {}  # by owner and clientId
        self._deadlines = Deadlines()  # per client id: of its held connect, or else of the session
        self._holding = True

    def receive(
        self,
        messages: Sequence[Message],
        *,
        owner: str,
        exchange: ExchangeKey,
        now: float,
        time_of_day: int | None = None,
        stream: StreamKey | None = None,
        browser: str | None = None,
        releases_held: bool = False,
    ) -> None:
        """Process the messages of one request in order; afterwards `exchange` is ready or held.

        `time_of_day` is in milliseconds, for clients that synchronise their clocks; without it they get no answer to that.
        `stream` is the stream that the messages arrived on. `browser` names the browser that sent them, if it is known
        and limits its connections: only a few of its sessions are held (Bayeux 1.0, Multiple clients).
        `releases_held` answers a session's held connect before its other messages, for clients that read in order.

        A message that fails does not stop the others. In a request with a handshake, all other messages are ignored,
        including further handshakes (Bayeux 1.0, Handshake request).
        """
        handshakes = [message for message in messages if message.get("channel") == channels.HANDSHAKE]
        alone = len(messages) == 1
        self._exchanges[exchange] = replies = []
        for message in handshakes[:1] or messages:
            reply = self._reply(
                _Request(message, owner, exchange, alone, now, stream, browser, releases_held)
            )
            reply.sync = time_sync(message, now, time_of_day)
            replies.append(reply)
        if not any(reply.session and reply.session.held == exchange for reply in replies):
            self._ready[exchange] = None

    def publish(self, owner: str, channel: str, data: Mapping[str, object]) -> None:
        """Queue an event, once, for each session of `owner` with a subscription that covers `channel`.

        Raises ValueError if nothing can be published on `channel`, which is the caller's mistake.
        """
        if not channels.is_name(channel) or not channels.patterns_reaching(channel):
            raise ValueError(f"not a channel for events: {channel!r}")
        if sessions := self._sessions.subscribed(owner, channel):
            text = event(channel, data)
            for session in sessions:
                self._queue(session, text)

    def clients(self) -> list[Client]:
        """Every session, oldest first."""
        return [
            Client(
                session.client_id,
                session.owner,
                tuple(sorted(session.subscriptions)),
                session.waiting,
                session.held is not None,
            )
            for session in self._sessions
        ]

    def forget(self, client_id: str, cause: Cause = Cause.UNKNOWN_CLIENT) -> bool:
        """End a session as a restart of the server would: its client is unknown from now on, and `cause` says how it is refused.

        False if there is no session with this id.
        """
        session = self._sessions.get(client_id)
        if session is None:
            return False
        self._forget(session, cause)
        return True

    def held(self, owner: str) -> list[ExchangeKey]:
        """The exchanges of the owner's held connects."""
        return [
            session.held for session in self._sessions if session.owner == owner and session.held is not None
        ]

    def advise(self, client_id: str, advice: Mapping[str, Json]) -> bool:
        """Give a client unusual advice: at once if its connect is held, else with its next. False if the client is unknown."""
        session = self._sessions.get(client_id)
        if session is None:
            return False
        if session.held is None:
            session.advice = dict(advice)
        else:
            self._release(
                session, lambda reply: reply | {"advice": self._adviser.advice("retry") | dict(advice)}
            )
        return True

    def ready(self) -> list[ExchangeKey | StreamKey]:
        """The exchanges that can be answered now and the streams with something to write, in the order to serve them.

        Call it at the end of every turn. It may name a key again until the key is taken, flushed, lost or closed.
        """
        ready, self._ready = list(self._ready), {}
        return ready

    def take(self, exchange: ExchangeKey, now: float) -> list[str]:
        """The answer to an exchange, each message as JSON text. Call it only when you are about to write the answer.

        Events leave only with a connect's reply, and before it: if they could take another way to the client, their order
        would be lost (CometD, Message ordering). An exchange is taken once; its answer is never empty.
        """
        answer: list[str] = []
        for reply in self._exchanges.pop(exchange):
            message = reply.message
            if reply.session is not None:
                events = reply.session.drain()
                if reply.session.unacknowledged is not None:
                    message = with_ext(message, "ack", reply.session.unacknowledged.sending(events))
                answer += events
                self._let_go(reply.session, exchange, now)
            if reply.sync is not None:
                message = with_ext(message, "timesync", reply.sync.answer(now))
            answer.append(serialise(message))
        self._ready.pop(exchange, None)
        return answer

    def flush(self, stream: StreamKey) -> list[str]:
        """The events to write to a stream now, as JSON texts; none if an exchange has taken them meanwhile."""
        self._ready.pop(stream, None)
        session = self._streams.carried(stream)
        return session.drain() if session is not None and session.is_streamed else []

    def ending(self, stream: StreamKey) -> Ending | None:
        """Why a stream should be closed once everything ready has been written; None if it should stay open."""
        return self._streams.ending(stream)

    def closed(self, stream: StreamKey) -> None:
        """A stream has ended; call `lost` for its exchanges too. The session and its queue stay for the maximum interval."""
        self._ready.pop(stream, None)
        self._streams.closed(stream)

    def release(self, exchange: ExchangeKey) -> None:
        """Answer a held exchange as at its timeout. No effect if the exchange is unknown or no longer known."""
        if exchange in self._exchanges:
            self._ready[exchange] = None

    def lost(self, exchange: ExchangeKey, now: float) -> None:
        """The client of this exchange has gone. Its session and queue stay for the maximum interval.

        No effect if the exchange is unknown or no longer known.
        """
        for reply in self._exchanges.pop(exchange, ()):
            if reply.session is not None:
                self._let_go(reply.session, exchange, now)
        self._ready.pop(exchange, None)

    def expire(self, now: float) -> None:
        """Answer the connects whose time is up, and forget the sessions that have sent none for too long.

        That includes sessions that never connected. No session is forgotten while its connect is held (CometD, maxInterval).
        """
        for client_id in self._deadlines.due(now):
            session = self._sessions.get(client_id)
            if session is not None and session.held is not None:
                self._ready[session.held] = None
            elif session is not None:
                self._end(session, Ending.SWEPT)

    def next_deadline(self) -> float | None:
        """When to call `expire` next; None while there is nothing to wait for."""
        return self._deadlines.next()

    def stop_holding(self) -> None:
        """Answer every held connect as at its timeout, and hold none from now on: the server is shutting down.

        The advice stays `retry`: a client advised `none` would not come back when the server does.
        """
        self._holding = False
        self._ready |= {session.held: None for session in self._sessions if session.held is not None}

    def _reply(self, request: _Request) -> _Reply:
        """Choose the handler by channel, and turn a refusal into the error reply."""
        try:
            check_id(request.message)
            channel = channel_of(request.message)
            if handler := _HANDLERS.get(channel):
                return handler(self, request)
            if channels.is_meta(channel):
                raise Refused(Cause.UNKNOWN_META_CHANNEL, channel)
            return self._publish(request)
        except Refused as refused:
            return _Reply(
                failure(
                    request.message, refused.error, **self._adviser.on_refusal(refused.cause, request.message)
                )
            )

    # Handshake (Bayeux 1.0, Handshake request and response)
    #   MUST: channel, version, supportedConnectionTypes. MAY: minimumVersion, ext, id.
    def _handshake(self, request: _Request) -> _Reply:
        """Make a session. It ends no other session, whatever cookie the request carries."""
        message = request.message
        check_fields(message, channels.HANDSHAKE)
        if not speaks_our_version(message):
            raise Refused(Cause.UNSUPPORTED_VERSION, VERSION)
        offered = message["supportedConnectionTypes"]
        if not isinstance(offered, list) or not set(self.settings.connection_types).intersection(offered):
            raise Refused(Cause.NO_COMMON_CONNECTION_TYPE, *self.settings.connection_types)
        if len(self._sessions.of(request.owner)) >= self.settings.max_sessions:
            raise Refused(Cause.TOO_MANY_SESSIONS)
        if (before := self._streams.carried(request.stream)) is not None:
            # Its client has left it: with two sessions on one stream, the client would receive everything twice.
            self._supersede(before, request.now)
            self._streams.detach(before)
        session = Session(self._new_client_id(), request.owner, cookie=request.browser)
        self._sessions.add(session)
        self._prolong(session, request.now)
        reply = success(
            message,
            version=VERSION,
            supportedConnectionTypes=list(self.settings.connection_types),
            clientId=session.client_id,
            advice=self._adviser.advice("retry"),
        )
        if self.settings.acknowledge and wants_acknowledgement(message):
            session.unacknowledged = Unacknowledged()
            reply = with_ext(reply, "ack", True)
        return _Reply(reply)

    # Connect (Bayeux 1.0, Connect request and response)
    #   MUST: channel, clientId, connectionType. MAY: advice, ext, id.
    def _connect(self, request: _Request) -> _Reply:
        """Hold the exchange unless there is a reason to answer at once. An earlier connect is released."""
        session = self._session(request)
        message = request.message
        check_fields(message, channels.CONNECT)
        if message["connectionType"] not in self.settings.connection_types:
            raise Refused(Cause.UNSUPPORTED_CONNECTION_TYPE, *self.settings.connection_types)
        first, session.connected = not session.connected, True
        self._bring_here(session, request)
        advice = message.get("advice")
        special = session.advice | self._adviser.on_many(
            session, self._sessions.of(session.owner), request.browser
        )
        session.advice = {}
        is_advised = first or advice is not None or bool(special)
        advised: dict[str, Json] = {"advice": self._adviser.advice("retry") | special} if is_advised else {}
        timeout_ms = self._adviser.hold_ms(advice, first)
        if timeout_ms > 0 and not special and self._may_hold(session, request):
            session.held = request.exchange
            self._deadlines.set(session.client_id, request.now + timeout_ms / 1000)
        return _Reply(success(message, **advised), session)

    def _bring_here(self, session: Session, request: _Request) -> None:
        """From now on send events with this connect or on its stream, beginning with those that the client has not acknowledged."""
        self._supersede(session, request.now)
        self._streams.attach(session, request.stream)
        if session.unacknowledged is not None:
            session.queue[:0] = session.unacknowledged.acknowledge(acknowledged(request.message))
        if session.queue and session.is_streamed:
            self._ready[session.stream] = None

    def _may_hold(self, session: Session, request: _Request) -> bool:
        """Whether a connect may be held: it came alone, no message waits for it, and its browser does not have too many held already."""
        is_idle = not session.queue or session.is_streamed
        return is_idle and request.alone and self._holding and not session.is_one_of_many

    # Subscribe (Bayeux 1.0, Subscribe request and response)
    #   MUST: channel, clientId, subscription. MAY: ext, id.
    def _subscribe(self, request: _Request) -> _Reply:
        """Subscribe to all of the channels or to none. A service channel is accepted but not recorded."""
        session = self._session(request)
        names = _subscription(request.message, channels.SUBSCRIBE)
        wanted = session.subscriptions | {name for name in names if not channels.is_service(name)}
        if len(wanted) > self.settings.max_subscriptions:
            raise Refused(Cause.TOO_MANY_SUBSCRIPTIONS)
        session.subscriptions = wanted
        return _Reply(success(request.message, subscription=request.message["subscription"]))

    # Unsubscribe (Bayeux 1.0, Unsubscribe request and response)
    #   MUST: channel, clientId, subscription. MAY: ext, id.
    def _unsubscribe(self, request: _Request) -> _Reply:
        """Stop queuing events of the channels from now on. A channel that was never subscribed is not an error."""
        session = self._session(request)
        session.subscriptions -= set(_subscription(request.message, channels.UNSUBSCRIBE))
        return _Reply(success(request.message, subscription=request.message["subscription"]))

    # Disconnect (Bayeux 1.0, Disconnect request and response)
    #   MUST: channel, clientId. MAY: ext, id.
    def _disconnect(self, request: _Request) -> _Reply:
        """End the session. Its held connect becomes ready before this reply."""
        session = self._session(request)
        check_fields(request.message, channels.DISCONNECT)
        self._release(session, lambda connect: connect | {"advice": self._adviser.advice("none")})
        self._end(session, Ending.DISCONNECTED)
        return _Reply(success(request.message))

    # Publish (Bayeux 1.0, Publish request and response)
    #   MUST: channel, data, clientId (a client without a session may try). MAY: ext, id.
    def _publish(self, request: _Request) -> _Reply:
        """Clients cannot publish here, because they could forge the server's events. A reply never has `data`.

        A message to a service channel reaches only the server, which accepts it, as other servers without such a service do.
        """
        channel = channel_of(request.message)
        if not channels.is_name(channel):
            raise Refused(Cause.INVALID_CHANNEL, channel)
        self._session(request)
        if "data" not in request.message:
            raise Refused(Cause.MISSING_FIELD, "data")
        if channels.is_service(channel):
            return _Reply(success(request.message))
        raise Refused(Cause.PUBLISH_DENIED, channel)

    def _session(self, request: _Request) -> Session:
        """The session of the message, which keeps it alive. Another owner's client id is treated as unknown."""
        client_id = request.message.get("clientId")
        session = self._sessions.get(client_id) if isinstance(client_id, str) else None
        if session is None or not self._may_use(session, request):
            raise Refused(self._farewells.get((request.owner, str(client_id)), Cause.UNKNOWN_CLIENT))
        if session.held is None:
            self._prolong(session, request.now)
        elif request.releases_held:
            self._ready[session.held] = None
        return session

    def _may_use(self, session: Session, request: _Request) -> bool:
        """Whether the session belongs to the sender: by credentials always, and by cookie where that is required."""
        if session.owner != request.owner:
            return False
        is_by_cookie = self.settings.cookie_required and request.stream is None
        return not is_by_cookie or request.browser == session.cookie

    def _queue(self, session: Session, text: str) -> None:
        """Add an event; if the queue is full, end the session and tell the client.

        A client that has to shake hands again reads the state anew; one that missed an event without knowing it
        would show a call that is over.
        """
        if session.waiting < self.settings.max_queue:
            session.queue.append(text)
            way = session.stream if session.is_streamed else session.held
            if way is not None:
                self._ready[way] = None
            return
        self._forget(session, Cause.QUEUE_OVERFLOWN, Ending.OVERFLOWN)

    def _forget(self, session: Session, cause: Cause, ending: Ending | None = None) -> None:
        """End a session that its client did not end; a held connect gets the same answer as any later message.

        Without an ending its stream stays open, and its client learns there that it is unknown.
        """
        self._farewells[session.owner, session.client_id] = cause
        while len(self._farewells) > self.settings.max_farewells:
            del self._farewells[next(iter(self._farewells))]
        session.queue.clear()
        unknown = Refused(cause)
        self._release(
            session,
            lambda reply: failure(reply, unknown.error, **self._adviser.on_refusal(unknown.cause, reply)),
        )
        self._end(session, ending)

    def _supersede(self, session: Session, now: float) -> None:
        """Answer an earlier connect if one is held, and leave the queue to the new connect."""
        if session.held is not None:
            self._ready[session.held] = None
            self._exchanges[session.held] = [
                replace(reply, session=None) for reply in self._exchanges[session.held]
            ]
            session.held = None
            self._prolong(session, now)

    def _release(self, session: Session, change: Callable[[Message], Message]) -> None:
        """Answer the held connect, if there is one, with a changed reply and the queued events."""
        if session.held is not None:
            self._ready[session.held] = None
            held = self._exchanges[session.held]
            self._exchanges[session.held] = [replace(reply, message=change(reply.message)) for reply in held]

    def _end(self, session: Session, ending: Ending | None) -> None:
        self._sessions.remove(session)
        if session.stream is not None and ending is not None:
            self._ready[session.stream] = None
        self._streams.end(session, ending)
        self._deadlines.drop(session.client_id)

    def _let_go(self, session: Session, exchange: ExchangeKey, now: float) -> None:
        """The exchange is over: the session's time without a connect begins."""
        if session.held == exchange:
            session.held = None
        if session.held is None and session in self._sessions:
            self._prolong(session, now)

    def _prolong(self, session: Session, now: float) -> None:
        patience = self.settings.interval_ms + self.settings.max_interval_ms
        self._deadlines.set(session.client_id, now + patience / 1000)


def _subscription(message: Message, channel: str) -> list[str]:
    """The channels to subscribe to or to leave, all of them valid."""
    check_fields(message, channel)
    subscription = message["subscription"]
    names = [str(name) for name in (subscription if isinstance(subscription, list) else [subscription])]
    if not names:
        raise Refused(Cause.SUBSCRIPTION_MISSING)
    for name in names:
        if not channels.is_subscribable(name):
            raise Refused(Cause.INVALID_CHANNEL, name)
        if channels.is_meta(name):
            raise Refused(Cause.SUBSCRIPTION_DENIED, name)
    return names


_Handler: TypeAlias = Callable[[Server, _Request], _Reply]

_HANDLERS: Mapping[str, _Handler] = {
    channels.HANDSHAKE: Server._handshake,
    channels.CONNECT: Server._connect,
    channels.SUBSCRIBE: Server._subscribe,
    channels.UNSUBSCRIBE: Server._unsubscribe,
    channels.DISCONNECT: Server._disconnect,
}
