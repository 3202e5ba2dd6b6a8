"""The courier: wakes the clients that wait for an answer of the Bayeux server, and the server when time is up."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from refswitch.bayeux import HANDSHAKE, Cause, Client, Ending, ExchangeKey, Json, Message, Server, StreamKey


@dataclass(slots=True, eq=False)
class Exchange:
    """One request that wants one answer."""

    key: int
    owner: str
    stream: "Stream | None" = None
    is_ready: bool = False
    """Whether the answer can be taken."""
    on_ready: Callable[["Exchange"], None] | None = None
    """Called when a held answer can be taken, once, at the end of a turn: take it in a later one."""
    on_cut: Callable[[], None] | None = None
    """Called when nobody will answer: to leave the client without one, as a broken network does."""
    is_held_back: bool = False
    """Whether its answer, although ready, is held back to imitate a slow network."""


@dataclass(slots=True, eq=False)
class Stream:
    """A way to a client that stays open."""

    key: int
    owner: str
    wake: Callable[[], None]
    """Called at the end of a turn in which there is something to `flush`, or the stream is over."""
    drop: Callable[[], None]
    """Called to break it off, as a broken network does."""
    close: Callable[[int, str], None]
    """Called to close it properly, with a code and a reason."""
    exchanges: dict[int, Exchange] = field(default_factory=dict)
    """Those that came over it and are not answered yet."""


class Observer(Protocol):
    """Something that gets every message, as it comes and as it goes."""

    def received(self, agent: str, messages: Sequence[Message], body: bytes) -> None: ...

    def sent(self, agent: str, text: str) -> None: ...


class Courier:
    """The Bayeux server on an event loop: who waits for an answer is called when it is there, and one timer serves all.

    Use it on one loop only. Nothing here awaits, so a turn is never seen half done and there is no lock.
    `clock` gives seconds and only goes forward; the event loop's `time` is a good one. It is real time,
    whatever clock the calls live by. `time_of_day` is in milliseconds, for clients that ask for it.
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
        # Owners whose next handshake is answered late, and that handshake when it has come.
        self._late: dict[str, Exchange | None] = {}
        self._losing: set[str] = set()  # owners whose next answer with events is lost on its way
        self._not_streaming: set[str] = set()  # owners whose next stream is refused
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0

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
        """Give the server the messages of one request. End the exchange with `take` or `lost`.

        `body` is what they came in. `on_ready` may be called before this returns.
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
        """Wake every exchange and stream that can write now, in order: call it at the end of every turn that published.

        They take their answers after this turn, so all that it published goes together.
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
        """The answer, each message as JSON text. Write it without awaiting anything first.

        Empty if the exchange has been lost: then nobody is there to read it.
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

    def lost(self, exchange: Exchange) -> None:
        """The client has gone, its messages wait for another exchange. Nothing happens the second time."""
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
        """A new way to a client of this owner. End it with `closed`."""
        stream = Stream(next(self._keys), owner, wake, drop, close)
        self._streams[stream.key] = stream
        return stream

    def flush(self, stream: Stream) -> list[str]:
        """The events that go out on a stream now, each as JSON text. Write them without awaiting anything first."""
        texts = self._server.flush(stream.key)
        if self._is_lost(stream.owner, texts):
            self._break_off(stream)
            return []
        return self._sent(stream.owner, texts)

    def ending(self, stream: Stream) -> Ending | None:
        """Why the stream should be closed once everything that is ready has been written; None if it should not."""
        return self._server.ending(stream.key)

    def closed(self, stream: Stream) -> None:
        """The stream has ended, and with it every exchange that came over it; events for the client go on waiting.

        Nothing happens the second time.
        """
        if self._streams.pop(stream.key, None) is not None:
            for exchange in list(stream.exchanges.values()):
                self.lost(exchange)
            self._server.closed(stream.key)

    def clients(self) -> list[Client]:
        """Every session, in the order in which they began."""
        return self._server.clients()

    def forget(self, client_id: str, cause: Cause = Cause.UNKNOWN_CLIENT) -> bool:
        """End a session that its client has not ended, and tell the client the cause; False if there is none of this id."""
        was_there = self._server.forget(client_id, cause)
        self.deliver()
        return was_there

    def advise(self, client_id: str, advice: Mapping[str, Json]) -> bool:
        """Give a client other advice than usual, once; False if there is none of this id."""
        was_there = self._server.advise(client_id, advice)
        self.deliver()
        return was_there

    # Trouble on purpose, for one owner's clients.

    def abort(self, owner: str) -> None:
        """Leave every held connect of the owner without an answer, and break off their streams; messages wait for other ways."""
        self._cut_polls(owner)
        for stream in self._streams_of(owner):
            self._break_off(stream)

    def go_away(self, owner: str) -> None:
        """As `abort`, but the streams are closed as a server does that is going away (RFC 6455, 1001)."""
        self._cut_polls(owner)
        for stream in self._streams_of(owner):
            stream.close(1001, "Going away")
            self.closed(stream)

    def refuse_stream(self, owner: str) -> None:
        """As `abort`; and the owner's next stream is refused."""
        self._not_streaming.add(owner)
        self.abort(owner)

    def may_stream(self, owner: str) -> bool:
        """Whether a stream of this owner is taken. Asking uses up a refusal."""
        if owner in self._not_streaming:
            self._not_streaming.discard(owner)
            return False
        return True

    def lose_answer(self, owner: str) -> None:
        """The owner's next answer with events is lost on its way: it has been sent, as far as the server knows."""
        self._losing.add(owner)

    def hold_back_handshake(self, owner: str) -> None:
        """The answer to the owner's next handshake waits for `let_handshake_go`."""
        self._late.setdefault(owner)

    def let_handshake_go(self, owner: str) -> None:
        """Answer the handshake that is held back; none is from now on."""
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
        self.closed(stream)  # at once: what is published in this turn must not go out on it

    def _is_lost(self, owner: str, texts: list[str]) -> bool:
        """Whether these were to be lost; it is done once."""
        is_lost = owner in self._losing and any('"data"' in text for text in texts)
        if is_lost:
            self._losing.discard(owner)
        return is_lost

    def close(self) -> None:
        """Answer every held connect and hold none from now on: call it before connections are waited for.

        Streams are closed after that: who went on with one would be answered at once for ever.
        """
        self._server.stop_holding()
        self.deliver()
        for stream in list(self._streams.values()):
            stream.close(1001, "Going away")

    def _is_over(self, exchange: Exchange) -> bool:
        """Strike the exchange off; False if it has been before."""
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
        """One timer, moved only to an earlier moment: one that rings too early finds nothing to do."""
        deadline = self._server.next_deadline()
        if deadline is None or (self._timer is not None and self._timer_at <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        delay = max(0.0, deadline - self._clock())
        self._timer = asyncio.get_running_loop().call_later(delay, self._expire)
