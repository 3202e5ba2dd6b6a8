"""The client: its methods return the messages to send, `receive` takes answers and returns events.

It opens nothing, waits for nothing and reads no clock. `next_step` says what to do next and after how long; the caller waits and
transports the messages, over long-polling, a WebSocket or a list in a test.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from callproof import limits

from .channels import CONNECT, DISCONNECT, HANDSHAKE, SUBSCRIBE, UNSUBSCRIBE, is_meta, matches
from .events import (
    ConnectDone,
    ConnectFailed,
    Delivered,
    Disconnected,
    Event,
    HandshakeDone,
    HandshakeFailed,
    LateReply,
    Oddity,
    Postponed,
    ProtocolFault,
    Subscribed,
    SubscribeRefused,
    Unanswered,
    UnknownClient,
    Unsubscribed,
    UnsubscribeRefused,
)
from .messages import LONG_POLLING, Advice, BayeuxError, Json, Message, Reconnect, read_advice
from .pace import Pace
from .pending import Pending, PendingMessages
from .replies import Reply, oddities
from .rules import Rule
from .states import NotPossibleNow, Signal, State, move


class Action(StrEnum):
    """What a client that wants to stay connected does next."""

    HANDSHAKE = "handshake"
    SUBSCRIBE = "subscribe"
    CONNECT = "connect"
    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True)
class NextStep:
    """Do `action` after `after_s` seconds, and no sooner than `spacing_s` seconds after the last time it was begun.

    `channels` are those to subscribe to.
    """

    action: Action
    after_s: float = 0.0
    channels: tuple[str, ...] = ()
    spacing_s: float = 0.0


_STEP_OF_STATE = {
    State.UNCONNECTED: Action.HANDSHAKE,
    State.HANDSHAKING: Action.WAIT,
    State.CONNECTING: Action.CONNECT,
    State.CONNECTED: Action.CONNECT,
    State.DISCONNECTING: Action.STOP,
    State.DISCONNECTED: Action.STOP,
}


class Client:
    """One Bayeux client and, after a handshake, its session.

    It subscribes to `channels` from the start; `subscribe` and `unsubscribe` change them. With `acknowledge`, the server keeps
    messages until the client has acknowledged them, and resends a lost answer (CometD, Acknowledge Extension). The caller

    * must pass every answer to `receive`, and must call `over` when a request has ended, answered or not;
    * must send a connect whenever `next_step` says so, with at most one outstanding at a time;
    * must keep handshakes apart, and connects, by the `spacing_s` of `next_step`: no advice of a server makes it loop without waiting;
    * should give a held connect `held_connect_limit_s` seconds before it counts as lost.
    """

    def __init__(
        self,
        channels: Sequence[str] = (),
        *,
        connection_types: Sequence[str] = (LONG_POLLING,),
        acknowledge: bool = False,
        network_allowance_s: float = limits.ANSWER.default,
        backoff_increment_s: float = limits.PAUSE.default,
        backoff_limit_s: float = limits.LONGEST_PAUSE.default,
    ) -> None:
        self._state = State.UNCONNECTED
        self._advice = Advice()
        self._client_id: str | None = None
        self._past_client_ids: deque[str] = deque(maxlen=limits.REMEMBERED_IDS.default)
        self._all_connection_types = tuple(connection_types)
        self._connection_types = self._all_connection_types  # without those that were given up
        self._offered: Sequence[Json] = self._all_connection_types
        self._connection_type = self._connection_types[0]
        self._acknowledge = acknowledge
        self._acknowledged: int | None = None  # the number in the last connect reply, if the session has any
        self._wanted = list(dict.fromkeys(channels))
        self._subscribed: set[str] = set()
        self._asked_in_session: set[str] = set()
        self._pending = PendingMessages()
        self._lost_connects: deque[str] = deque(maxlen=limits.REMEMBERED_IDS.default)  # of this session
        self._network_allowance_s = float(network_allowance_s)
        self._backoff_increment_s = float(backoff_increment_s)
        self._backoff_limit_s = float(backoff_limit_s)
        self._pace = Pace(float(backoff_increment_s), float(backoff_limit_s))
        self._failures = 0
        self._moves_on = False
        self._hurry = True

    # What the caller may look at.

    @property
    def state(self) -> State:
        return self._state

    @property
    def advice(self) -> Advice:
        return self._advice

    @property
    def client_id(self) -> str | None:
        """The id of the session, which is a secret; `None` outside a session."""
        return self._client_id

    @property
    def connection_type(self) -> str:
        """The transport of the session, or of the next handshake."""
        return self._connection_type

    @property
    def connection_types(self) -> tuple[str, ...]:
        """The transports that have not been given up, the preferred one first."""
        return self._connection_types

    @property
    def acknowledges(self) -> bool:
        """Whether the server keeps messages in this session until the client acknowledges them."""
        return self._acknowledged is not None

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The channels and patterns that this session is subscribed to, in the order they were wanted."""
        return tuple(channel for channel in self._wanted if channel in self._subscribed)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The channels and patterns that this session and later ones subscribe to; a refused one is not among them."""
        return tuple(self._wanted)

    @property
    def missing_subscriptions(self) -> tuple[str, ...]:
        """The wanted channels that this session has neither subscribed to nor requested."""
        asked = {channel for pending in self._pending.on(SUBSCRIBE) for channel in pending.channels}
        return tuple(one for one in self._wanted if one not in self._subscribed and one not in asked)

    @property
    def connect_is_outstanding(self) -> bool:
        return bool(self._pending.on(CONNECT))

    @property
    def held_connect_limit_s(self) -> float:
        """Seconds that a connect may stay unanswered: the advised timeout and an allowance for the network.

        It also applies to a connect that asks for an answer at once, because a server may ignore that.
        """
        return min(self._advice.timeout_ms / 1000, limits.ADVISED_TIMEOUT.default) + self._network_allowance_s

    def next_step(self) -> NextStep:
        """Say what to do next to get and stay connected. Asking changes nothing."""
        action = _STEP_OF_STATE[self._state]
        if action is Action.STOP or self._advice.interval_ms < 0:
            return NextStep(Action.STOP)
        interval_s = min(self._advice.interval_ms / 1000, limits.ADVISED_INTERVAL.default)
        if action is Action.HANDSHAKE:
            return NextStep(action, interval_s + self._backoff_s, spacing_s=self._pace.handshake_s)
        missing = self.missing_subscriptions
        if action is Action.CONNECT and missing:
            return NextStep(Action.SUBSCRIBE, self._backoff_s, missing)
        if action is Action.WAIT or self.connect_is_outstanding:
            return NextStep(Action.WAIT)
        return NextStep(action, interval_s + self._backoff_s, spacing_s=self._pace.connect_s)

    @property
    def _backoff_s(self) -> float:
        if self._moves_on:
            return 0.0
        return min(self._failures * self._backoff_increment_s, self._backoff_limit_s)

    def want(self, *channels: str) -> None:
        """Add channels that `next_step` subscribes to, in this session and in later ones."""
        self._wanted.extend(new for new in dict.fromkeys(channels) if new not in self._wanted)

    def want_no_more(self, *channels: str) -> None:
        """Leave channels out from the next session on; `unsubscribe` also ends them in this one."""
        self._wanted = [kept for kept in self._wanted if kept not in channels]

    def give_up(self, connection_type: str) -> None:
        """Go on without a transport that does not work here: the next one is tried at once, in the same session if there is one.

        When none is left, all of them are tried again, after the pause that a failure brings. First call `over` for the messages that
        it should have transported.
        """
        rest = tuple(one for one in self._connection_types if one != connection_type)
        if rest:
            self._failures = max(0, self._failures - 1)  # the transport's failure, not the server's
            self._moves_on = True
        self._connection_types = rest or self._all_connection_types
        self._choose_transport()

    def _choose_transport(self) -> bool:
        """Take the preferred transport among those that the server offers; return whether it offers any of ours."""
        common = [one for one in self._connection_types if one in self._offered]
        self._connection_type = (common or self._connection_types)[0]
        return bool(common)

    # What the caller may send. Each returns one message; several may share an array, except a handshake.

    def new_id(self) -> str:
        """Return a message id that this client never uses itself, for a message made by hand."""
        return self._pending.new_id()

    def handshake(self) -> Message:
        """Ask for a session. Send it alone: servers ignore other messages beside it (Bayeux 1.0, Handshake)."""
        self._state = move(self._state, Signal.HANDSHAKE)
        self._advice = Advice()
        self._hurry = True
        types: list[Json] = list(self._connection_types)
        content: Message = {"version": "1.0", "minimumVersion": "1.0", "supportedConnectionTypes": types}
        if self._acknowledge:
            content["ext"] = {"ack": True}
        return self._sent(HANDSHAKE, content)

    def connect(self, *, hold_ms: int | None = None) -> Message:
        """Ask for the queued messages; while the queue is empty, the server holds the connect.

        The first one after a handshake or a failure asks for an answer at once (`advice.timeout` 0). `hold_ms` asks the server to
        hold a later one no longer than that, which it should do (Bayeux 1.0, timeout advice field).
        """
        if self.connect_is_outstanding:
            raise NotPossibleNow(Signal.CONNECT, self._state, "one is outstanding")
        self._state = move(self._state, Signal.CONNECT)
        content: Message = {"connectionType": self._connection_type}
        if self._hurry or hold_ms is not None:
            content["advice"] = {"timeout": 0 if self._hurry else hold_ms}
        if self._acknowledged is not None:
            content["ext"] = {"ack": self._acknowledged}
        return self._sent(CONNECT, content)

    def subscribe(self, channel: str, *more: str) -> Message:
        """Subscribe to one or several channels or patterns, all or none of them.

        One is sent as a string and several as an array; only in messages of their own can one be refused without the others. The client
        also subscribes to them in later sessions, until they are refused or unsubscribed from.
        """
        channels = (channel, *more)
        self._state = move(self._state, Signal.SUBSCRIBE)
        self.want(*channels)
        self._asked_in_session.update(channels)
        return self._sent(SUBSCRIBE, {}, channels)

    def unsubscribe(self, channel: str, *more: str) -> Message:
        """Unsubscribe from one or several channels or patterns. Later sessions no longer subscribe to them."""
        channels = (channel, *more)
        self._state = move(self._state, Signal.SUBSCRIBE)
        self.want_no_more(*channels)
        return self._sent(UNSUBSCRIBE, {}, channels)

    def disconnect(self) -> Message:
        """End the session. The caller should wait for the reply to a held connect."""
        self._state = move(self._state, Signal.DISCONNECT)
        return self._sent(DISCONNECT, {})

    def _sent(self, channel: str, content: Message, channels: tuple[str, ...] = ()) -> Message:
        message: Message = {"id": self._pending.new_id(), "channel": channel, **content}
        subscription: Json = None
        if channels:
            subscription = channels[0] if len(channels) == 1 else list(channels)
            message["subscription"] = subscription
        if self._client_id is not None and channel != HANDSHAKE:
            message["clientId"] = self._client_id
        self._pending.add(Pending(str(message["id"]), channel, channels, subscription))
        self._moves_on = False
        return message

    # What the caller must tell.

    def receive(self, value: Json) -> list[Event]:
        """Take the body of an answer or a frame, whatever it is; return its events, in order.

        Events and replies may have any order in an array. Each element yields at least one event, unknown members yield none, and no
        JSON value raises.
        """
        if isinstance(value, list):
            if not value:
                return [Oddity(None, "$", Rule.EMPTY_ANSWER)]
            comes_again = self._is_unacknowledged(value)
            return [
                event
                for index, message in enumerate(value)
                for event in self._receive_one(index, message, comes_again=comes_again)
            ]
        if isinstance(value, dict):
            return [Oddity(None, "$", Rule.BODY_NOT_AN_ARRAY), *self._receive_one(0, value)]
        return [ProtocolFault(None, "$", Rule.BODY_NOT_MESSAGES)]

    def over(self, messages: Iterable[Message]) -> list[Event]:
        """Note that the request with these messages has ended, answered or not.

        Messages without a reply are given up; `next_step` sends them again in time.
        """
        lost = self._pending.give_up(message.get("id") for message in messages)
        if lost:
            self._failures += 1
            self._hurry = True
        for pending in lost:
            if pending.channel == CONNECT:
                self._lost_connects.append(pending.message_id)
            elif pending.channel == HANDSHAKE:
                self._state = move(self._state, Signal.HANDSHAKE_REFUSED)
            elif pending.channel == DISCONNECT:
                self._end_session(Signal.STOPPED)
        return [Unanswered(pending.channel, pending.message_id) for pending in lost]

    def _is_unacknowledged(self, messages: Sequence[Json]) -> bool:
        """Whether these messages come again, because they stand beside the late reply to a connect.

        The connect was given up, and the next one acknowledges only what came before it. The server then has to send the messages
        again (CometD, Acknowledge Extension), so that delivering them now would deliver them twice.
        """
        return self._acknowledged is not None and any(
            isinstance(message, dict)
            and message.get("channel") == CONNECT
            and message.get("id") in self._lost_connects
            for message in messages
        )

    def _receive_one(self, index: int, message: Json, *, comes_again: bool = False) -> list[Event]:
        if not isinstance(message, dict):
            return [ProtocolFault(index, f"$[{index}]", Rule.MESSAGE_NOT_AN_OBJECT)]
        channel = message.get("channel")
        if not isinstance(channel, str) or not channel.startswith("/"):
            return [ProtocolFault(index, f"$[{index}].channel", Rule.CHANNEL_MISSING)]
        if is_meta(channel):
            return self._receive_reply(index, channel, message)
        events = self._receive_event(index, channel, message)
        if not comes_again:
            return events
        return [Postponed(one.index, channel) if isinstance(one, Delivered) else one for one in events]

    def _take_advice(self, index: int, message: Message) -> tuple[Advice | None, list[Event]]:
        if "advice" not in message:
            return None, []
        advice, forgiven = read_advice(message["advice"])
        if advice is not None:
            self._advice = advice
        return advice, [Oddity(index, f"$[{index}].advice{member}", rule) for member, rule in forgiven]

    def _receive_event(self, index: int, channel: str, message: Message) -> list[Event]:
        place = f"$[{index}]"
        if "data" not in message:
            rule = Rule.REPLY_TO_NOTHING if "successful" in message else Rule.EVENT_WITHOUT_DATA
            return [ProtocolFault(index, place, rule)]
        _, events = self._take_advice(index, message)
        events += [
            Oddity(index, f"{place}.{member}", rule)
            for member, rule in (
                ("id", Rule.EVENT_WITH_ID),
                ("clientId", Rule.EVENT_WITH_CLIENT_ID),
                ("successful", Rule.EVENT_WITH_SUCCESSFUL),
            )
            if member in message
        ]
        if not any(matches(pattern, channel) for pattern in self._asked_in_session):
            events.append(Oddity(index, f"{place}.channel", Rule.EVENT_NOT_SUBSCRIBED))
        self._pace.event_arrived()
        return [*events, Delivered(index, channel, message["data"])]

    def _receive_reply(self, index: int, channel: str, message: Message) -> list[Event]:
        if channel == DISCONNECT and "id" not in message and not self._pending.on(DISCONNECT):
            return self._disconnected_by_server(index)
        pairing = self._pending.pair(channel, message)
        place = f"$[{index}]"
        events: list[Event] = [] if pairing.rule is None else [Oddity(index, f"{place}.id", pairing.rule)]
        if pairing.late:
            return [*events, LateReply(index, channel, str(message.get("id")))]
        if pairing.pending is None:
            return events
        advice, forgiven = self._take_advice(index, message)
        reply = Reply(index, message, pairing.pending, advice)
        return [*events, *forgiven, *oddities(reply), *_TAKE[channel](self, reply)]

    def _disconnected_by_server(self, index: int) -> list[Event]:
        """A server may end a session itself, with a disconnect that has no id (CometD Java server)."""
        if self._client_id is None:
            return [Oddity(index, f"$[{index}]", Rule.REPLY_TO_NOTHING)]
        self._end_session(Signal.STOPPED)
        return [Disconnected(index, by_server=True)]

    def _take_handshake(self, reply: Reply) -> list[Event]:
        """MUST receive channel, version, supportedConnectionTypes, clientId, successful.

        MAY receive advice, ext, id.
        """
        place = f"$[{reply.index}]"
        client_id = reply.message.get("clientId")
        if not reply.successful or not isinstance(client_id, str):
            self._failures += 1
            told_to_stop = reply.advises(Reconnect.NONE)
            self._state = move(self._state, Signal.STOPPED if told_to_stop else Signal.HANDSHAKE_REFUSED)
            if not reply.successful:
                return [HandshakeFailed(reply.index, reply.error)]
            fault = ProtocolFault(reply.index, f"{place}.clientId", Rule.HANDSHAKE_WITHOUT_CLIENT_ID)
            return [fault, HandshakeFailed(reply.index, BayeuxError(None, (), "no clientId was given"))]
        events: list[Event] = []
        offered = reply.message.get("supportedConnectionTypes")
        self._offered = offered if isinstance(offered, list) else ()
        if not self._choose_transport():
            events.append(
                Oddity(reply.index, f"{place}.supportedConnectionTypes", Rule.NO_COMMON_CONNECTION_TYPE)
            )
        if client_id in self._past_client_ids:
            events.append(Oddity(reply.index, f"{place}.clientId", Rule.CLIENT_ID_REUSED))
        self._state = move(self._state, Signal.HANDSHAKE_ACCEPTED)
        self._client_id = client_id
        self._acknowledged = 0 if self._acknowledge and reply.offers_acknowledgement else None
        self._past_client_ids.append(client_id)
        self._pace.session_begun()
        self._failures = 0
        missing = self.missing_subscriptions
        events.append(HandshakeDone(reply.index, client_id, self._connection_type, self._advice, missing))
        return events + self._obey_none(reply)

    def _take_connect(self, reply: Reply) -> list[Event]:
        """MUST receive channel, successful; MAY receive error, advice, ext, clientId, id."""
        if self._is_session_gone(reply):
            return self._lose_session(reply)
        if self._acknowledged is not None and reply.number is not None:
            self._acknowledged = reply.number
        if reply.successful:
            self._state = move(self._state, Signal.CONNECT_ACCEPTED)
            self._pace.connect_done(was_held=not self._hurry)
            self._failures = 0
            self._hurry = False
            return [ConnectDone(reply.index), *self._obey_none(reply)]
        self._failures += 1
        self._hurry = True
        return [ConnectFailed(reply.index, reply.error), *self._obey_none(reply)]

    def _take_subscribe(self, reply: Reply) -> list[Event]:
        """MUST receive channel, successful, subscription; MAY receive error, advice, ext, clientId, id."""
        channels = reply.pending.channels
        if reply.successful:
            self._subscribed.update(channel for channel in channels if channel in self._wanted)
            return [Subscribed(reply.index, channels)]
        if reply.says_unknown_client:
            return self._lose_session(reply)
        self._wanted = [kept for kept in self._wanted if kept not in channels or kept in self._subscribed]
        return [SubscribeRefused(reply.index, channels, reply.error)]

    def _take_unsubscribe(self, reply: Reply) -> list[Event]:
        """MUST receive channel, successful, subscription; MAY receive error, advice, ext, clientId, id."""
        channels = reply.pending.channels
        if reply.says_unknown_client:
            return self._lose_session(reply)
        self._subscribed.difference_update(channels)
        if reply.successful:
            return [Unsubscribed(reply.index, channels)]
        return [UnsubscribeRefused(reply.index, channels, reply.error)]

    def _take_disconnect(self, reply: Reply) -> list[Event]:
        """MUST receive channel, successful; MAY receive error, ext, clientId, id.

        Refused or not, the session is over.
        """
        self._end_session(Signal.STOPPED)
        return [Disconnected(reply.index, by_server=False)]

    def _is_session_gone(self, reply: Reply) -> bool:
        """Advice with the reply decides; without advice, the error code does (Bayeux 1.0, reconnect advice field)."""
        return reply.says_unknown_client if reply.advice is None else reply.advises(Reconnect.HANDSHAKE)

    def _lose_session(self, reply: Reply) -> list[Event]:
        """Shake hands at once, unless sessions are lost as soon as they are made."""
        self._failures = 0
        self._end_session(Signal.SESSION_UNKNOWN)
        return [UnknownClient(reply.index, None if reply.successful else reply.error)]

    def _obey_none(self, reply: Reply) -> list[Event]:
        """After the advice `none`, a client neither connects nor shakes hands again; one that is leaving ignores it."""
        if not reply.advises(Reconnect.NONE) or self._state is State.DISCONNECTING:
            return []
        self._end_session(Signal.STOPPED)
        return [Disconnected(reply.index, by_server=True)]

    def _end_session(self, signal: Signal) -> None:
        self._state = move(self._state, signal)
        self._client_id = None
        self._offered = self._all_connection_types
        self._choose_transport()
        self._subscribed.clear()
        self._asked_in_session.clear()
        self._lost_connects.clear()
        self._pending.give_up()


_TAKE: dict[str, Callable[[Client, Reply], list[Event]]] = {
    HANDSHAKE: Client._take_handshake,
    CONNECT: Client._take_connect,
    SUBSCRIBE: Client._take_subscribe,
    UNSUBSCRIBE: Client._take_unsubscribe,
    DISCONNECT: Client._take_disconnect,
}
