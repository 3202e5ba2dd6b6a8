"""The courier: wakes whoever waits for an answer of the Bayeux server, and the server when time is up."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from refswitch.bayeux import Cause, Client, ExchangeKey, Json, Message, Server


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that wants one answer."""

    key: int
    owner: str
    ready: asyncio.Future[bool]
    """Done when the answer can be taken, or when nobody wants it any more; False: hang up instead of answering."""


class Witness(Protocol):
    """Whoever is told of every message, as it comes and as it goes."""

    def received(self, agent: str, message: Message) -> None: ...

    def sent(self, agent: str, text: str) -> None: ...


class Courier:
    """The Bayeux server on an event loop: a future per open exchange, one timer for everything.

    Use it on one loop only. Nothing here awaits, so a turn is never seen half done and there is no lock.
    `clock` gives seconds and only goes forward; the event loop's `time` is a good one. It is real time,
    whatever clock the calls live by. `time_of_day` is in milliseconds, for clients that ask for it.
    """

    def __init__(
        self,
        server: Server,
        clock: Callable[[], float],
        witness: Witness | None = None,
        *,
        time_of_day: Callable[[], int] | None = None,
    ) -> None:
        self.settings = server.settings
        self._server = server
        self._clock = clock
        self._witness = witness
        self._time_of_day = time_of_day
        self._keys = count(1)
        self._waiting: dict[ExchangeKey, asyncio.Future[bool]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0

    def receive(self, messages: Sequence[Message], owner: str) -> Exchange:
        """Give the server the messages of one request. End the exchange with `take` or `lost`."""
        exchange = Exchange(next(self._keys), owner, asyncio.get_running_loop().create_future())
        self._waiting[exchange.key] = exchange.ready
        if self._witness is not None:
            for message in messages:
                self._witness.received(owner, message)
        self._server.receive(
            messages,
            owner=owner,
            exchange=exchange.key,
            now=self._clock(),
            time_of_day=self._time_of_day() if self._time_of_day is not None else None,
        )
        self.deliver()
        return exchange

    def publish(self, owner: str, channel: str, data: Mapping[str, object]) -> None:
        """Queue an event for the owner's sessions; `deliver` sends it."""
        self._server.publish(owner, channel, data)

    def deliver(self) -> None:
        """Wake the exchanges that can be answered, in order: call it at the end of every turn that published.

        They take their answers after this turn, so all that it published goes together.
        """
        for key in self._server.ready():
            _wake(self._waiting[key])
        self._set_timer()

    def take(self, exchange: Exchange) -> list[str]:
        """The answer, each message as JSON text. Write it without awaiting anything first."""
        del self._waiting[exchange.key]
        answer = self._server.take(exchange.key, self._clock())
        self._set_timer()
        if self._witness is not None:
            for text in answer:
                self._witness.sent(exchange.owner, text)
        return answer

    def lost(self, exchange: Exchange) -> None:
        """The client has gone, its messages wait for another exchange. Nothing happens the second time."""
        if self._waiting.pop(exchange.key, None) is not None:
            self._server.lost(exchange.key, self._clock())
            _wake(exchange.ready)
            self._set_timer()

    def clients(self) -> list[Client]:
        """Every session, in the order in which they began."""
        return self._server.clients()

    def forget(self, client_id: str, cause: Cause = Cause.UNKNOWN_CLIENT) -> bool:
        """End a session without its client's asking, who is told the cause; False if there is none of this id."""
        was_there = self._server.forget(client_id, cause)
        self.deliver()
        return was_there

    def advise(self, client_id: str, advice: Mapping[str, Json]) -> bool:
        """Give a client other advice than usual, once; False if there is none of this id."""
        was_there = self._server.advise(client_id, advice)
        self.deliver()
        return was_there

    def hang_up(self, owner: str) -> None:
        """Leave every held connect of the owner without an answer; its messages wait for another."""
        for key in self._server.held(owner):
            ready = self._waiting.pop(key)
            self._server.lost(key, self._clock())
            _wake(ready, is_wanted=False)
        self._set_timer()

    def close(self) -> None:
        """Answer everybody who is held and hold nobody from now on: call it before connections are waited for."""
        self._server.stop_holding()
        self.deliver()

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


def _wake(ready: asyncio.Future[bool], *, is_wanted: bool = True) -> None:
    if not ready.done():
        ready.set_result(is_wanted)
