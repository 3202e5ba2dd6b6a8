"""The courier: wakes the clients that wait for an answer from the Bayeux server, and the server when a deadline passes."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from refswitch.bayeux import HANDSHAKE, Cause, Client, Ending, ExchangeKey, Json, Message, Server, StreamKey


@dataclass(slots=True, eq=False)
class Exchange:
    """One request that needs one answer."""

    key: int
    owner: str
    stream: "Stream | None" = None
    is_ready: bool = False
    """Whether the answer can be taken."""
    on_ready: Callable[["Exchange"], None] | None = None
    """Called once, at the end of a turn, when a held answer can be taken. Take it in a later turn."""
    on_cut: Callable[[], None] | None = None
    """Called when there will be no answer: leave the client without one, as a broken network does."""
    is_held_back: bool = False
    """Whether its answer is ready but delayed, to imitate a slow network."""


@dataclass(slots=True, eq=False)
class Stream:
    """A connection to a client that stays open."""

    key: int
    owner: str
    wake: Callable[[], None]
    """Called at the end of a turn that leaves something to `flush`, or ends the stream."""
    drop: Callable[[], None]
    """Called to cut the connection, as a broken network does."""
    close: Callable[[int, str], None]
    """Called to close the connection properly, with a code and a reason."""
    exchanges: dict[int, Exchange] = field(default_factory=dict)
    """The unanswered exchanges that arrived on it."""


class Observer(Protocol):
    """Receives every message, incoming and outgoing."""

    def received(self, agent: str, messages: Sequence[Message], body: bytes) -> None: ...

    def sent(self, agent: str, text: str) -> None: ...


class Courier:
    """The Bayeux server on an event loop: calls each waiting exchange when its answer is ready, with one timer for all.

    Use it on one loop only. Nothing here awaits, so nobody sees a turn half done, and no lock is needed.
    `clock` returns seconds and only goes forward, like the event loop's `time`. It is real time, whatever
    clock the calls follow. `time_of_day` is in milliseconds, for clients that ask for it.
    """

    def __init__(
        self,
        server: Server,
        clock: Callable[[], float],
        observer: Observer | None = None,
        *,
        time_of_day: Callable[[], int] | None = None,
    ) -> None:
        self.settings = server.settings
        self._server = server
        self._clock = clock
        self._observer = observer
        self._time_of_day = time_of_day
        self._keys = count(1)
        self._exchanges: dict[ExchangeKey, Exchange] = {}
        self._streams: dict[StreamKey, Stream] = {}
        # Owners whose next handshake is answered late, and that handshake once it has arrived.
        self._late: dict[str, Exchange | None] = {}
        self._losing: set[str] = set()  # owners whose next answer with events is lost in transit
        self._not_streaming: set[str] = set()  # owners whose next stream is refused
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self.is_closed = False
        """Whether `close` was called: no connect is held any more, and a stream that opens now is to be closed at once."""

    def receive(
        self,
        messages: Sequence[Message],
        owner: str,
        *,
        body: bytes = b"",
        stream: Stream | None = None,
        browser: str | None = None,
        releases_held: bool = False,
        on_ready: Callable[[Exchange], None] | None = None,
        on_cut: Callable[[], None] | None = None,
    ) -> Exchange:
        """Pass the messages of one request to the server. End the exchange with `take` or `lost`.

        `body` is the request or frame that held them. `on_ready` may be called before this returns.
        """
        exchange = Exchange(next(self._keys), owner, stream, on_ready=on_ready, on_cut=on_cut)
        self._exchanges[exchange.key] = exchange
        is_first = owner in self._late and self._late[owner] is None
        if is_first and any(message.get("channel") == HANDSHAKE for message in messages):
            exchange.is_held_back, self._late[owner] = True, exchange
        if stream is not None:
            stream.exchanges[exchange.key] = exchange
        if self._observer is not None:
            self._observer.received(owner, messages, body or json.dumps(messages).encode("ascii"))
        self._server.receive(
            messages,
            owner=owner,
            exchange=exchange.key,
            now=self._clock(),
            time_of_day=self._time_of_day() if self._time_of_day is not None else None,
            stream=None if stream is None else stream.key,
            browser=browser,
            releases_held=releases_held,
        )
        self.deliver()
        return exchange

    def publish(self, owner: str, channel: str, data: Mapping[str, object]) -> None:
        """Queue an event for the owner's sessions; `deliver` sends it."""
        self._server.publish(owner, channel, data)

    def deliver(self) -> None:
        """Wake every exchange and stream that can write now, in order. Call it at the end of every turn that published something.

        They take their answers after this turn, so everything that it published leaves together.
        """
        for key in self._server.ready():
            exchange = self._exchanges.get(key)
            if exchange is None:
                self._streams[key].wake()
            elif not exchange.is_ready and not exchange.is_held_back:
                exchange.is_ready = True
                if exchange.on_ready is not None:
                    exchange.on_ready(exchange)
        self._set_timer()

    def take(self, exchange: Exchange) -> list[str]:
        """The answer, each message as JSON text. Write it before you await anything.

        It is empty if the exchange has been lost: then nobody will read it.
        """
        if not self._is_over(exchange):
            return []
        texts = self._server.take(exchange.key, self._clock())
        if self._is_lost(exchange.owner, texts):
            if exchange.stream is not None:
                self._break_off(exchange.stream)
            elif exchange.on_cut is not None:
                exchange.on_cut()
            return []
        return self._sent(exchange.owner, texts)

    def release(self, exchange: Exchange) -> None:
        """Answer a held connect now, as at its timeout, with whatever waits for its session; no effect on any other exchange."""
        self._server.release(exchange.key)
        self.deliver()

    def lost(self, exchange: Exchange) -> None:
        """The client has gone; its messages wait for another exchange. No effect the second time."""
        if self._is_over(exchange):
            self._server.lost(exchange.key, self._clock())
            self._set_timer()

    def open(
        self,
        owner: str,
        wake: Callable[[], None],
        drop: Callable[[], None],
        close: Callable[[int, str], None],
    ) -> Stream:
        """A new stream to a client of this owner. End it with `closed`."""
        stream = Stream(next(self._keys), owner, wake, drop, close)
        self._streams[stream.key] = stream
        return stream

    def flush(self, stream: Stream) -> list[str]:
        """The events to write to a stream now, each as JSON text. Write them before you await anything."""
        texts = self._server.flush(stream.key)
        if self._is_lost(stream.owner, texts):
            self._break_off(stream)
            return []
        return self._sent(stream.owner, texts)

    def ending(self, stream: Stream) -> Ending | None:
        """Why the stream should be closed once everything ready has been written; None if it should stay open."""
        return self._server.ending(stream.key)

    def closed(self, stream: Stream) -> None:
        """The stream has ended, and with it every exchange that arrived on it; events for the client still wait.

        No effect the second time.
        """
        if self._streams.pop(stream.key, None) is not None:
            for exchange in list(stream.exchanges.values()):
                self.lost(exchange)
            self._server.closed(stream.key)

    def clients(self) -> list[Client]:
        """Every session, oldest first."""
        return self._server.clients()

    def forget(self, client_id: str, cause: Cause = Cause.UNKNOWN_CLIENT) -> bool:
        """End a session that its client has not ended, and tell the client the cause; False if there is no session with this id."""
        was_there = self._server.forget(client_id, cause)
        self.deliver()
        return was_there

    def advise(self, client_id: str, advice: Mapping[str, Json]) -> bool:
        """Give a client unusual advice, once; False if there is no session with this id."""
        was_there = self._server.advise(client_id, advice)
        self.deliver()
        return was_there

    # Fault injection, for one owner's clients.

    def abort(self, owner: str) -> None:
        """Leave the owner's held connects without an answer, and cut their streams; messages wait for another exchange or stream."""
        self._cut_polls(owner)
        for stream in self._streams_of(owner):
            self._break_off(stream)

    def go_away(self, owner: str) -> None:
        """Like `abort`, but close the streams as a server does that is going away (RFC 6455, 1001)."""
        self._cut_polls(owner)
        for stream in self._streams_of(owner):
            stream.close(1001, "Going away")
            self.closed(stream)

    def refuse_stream(self, owner: str) -> None:
        """Like `abort`, and refuse the owner's next stream."""
        self._not_streaming.add(owner)
        self.abort(owner)

    def may_stream(self, owner: str) -> bool:
        """Whether to accept a stream of this owner. Asking uses up a refusal."""
        if owner in self._not_streaming:
            self._not_streaming.discard(owner)
            return False
        return True

    def lose_answer(self, owner: str) -> None:
        """Lose the owner's next answer with events in transit: as far as the server knows, it has been sent."""
        self._losing.add(owner)

    def hold_back_handshake(self, owner: str) -> None:
        """Delay the answer to the owner's next handshake until `let_handshake_go`."""
        self._late.setdefault(owner)

    def let_handshake_go(self, owner: str) -> None:
        """Answer the delayed handshake, and delay no more of them."""
        exchange = self._late.pop(owner, None)
        if exchange is not None and exchange.key in self._exchanges:
            exchange.is_held_back, exchange.is_ready = False, True
            if exchange.on_ready is not None:
                exchange.on_ready(exchange)

    def _cut_polls(self, owner: str) -> None:
        for key in self._server.held(owner):
            exchange = self._exchanges[key]
            if exchange.on_cut is not None:
                self.lost(exchange)
                exchange.on_cut()

    def _streams_of(self, owner: str) -> list[Stream]:
        return [stream for stream in self._streams.values() if stream.owner == owner]

    def _break_off(self, stream: Stream) -> None:
        stream.drop()
        self.closed(stream)  # at once: events published in this turn must not go out on it

    def _is_lost(self, owner: str, texts: list[str]) -> bool:
        """Whether these messages are to be lost; that happens once."""
        is_lost = owner in self._losing and any('"data"' in text for text in texts)
        if is_lost:
            self._losing.discard(owner)
        return is_lost

    def close(self) -> None:
        """Answer every held connect and every delayed handshake, and hold none from now on. Call it before you wait for connections to end.

        Streams are closed after that: a client that stayed on one would have every connect answered at once, endlessly. Sessions are not
        swept any more: nobody will ask for them, and a timer would keep them in memory.
        """
        self.is_closed = True
        self._server.stop_holding()
        for owner in list(self._late):
            self.let_handshake_go(owner)
        self.deliver()
        for stream in list(self._streams.values()):
            stream.close(1001, "Going away")
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_over(self, exchange: Exchange) -> bool:
        """Forget the exchange; False if it was forgotten before."""
        if exchange.stream is not None:
            exchange.stream.exchanges.pop(exchange.key, None)
        return self._exchanges.pop(exchange.key, None) is not None

    def _sent(self, owner: str, texts: list[str]) -> list[str]:
        self._set_timer()
        if self._observer is not None:
            for text in texts:
                self._observer.sent(owner, text)
        return texts

    def _expire(self) -> None:
        self._timer = None
        self._server.expire(self._clock())
        self.deliver()

    def _set_timer(self) -> None:
        """Set the one timer. It is only ever moved to an earlier time: a timer that fires too early finds nothing to do."""
        deadline = None if self.is_closed else self._server.next_deadline()
        if deadline is None or (self._timer is not None and self._timer_at <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        delay = max(0.0, deadline - self._clock())
        self._timer = asyncio.get_running_loop().call_later(delay, self._expire)
