"""The messages that one agent received, the facts about its session, and waiting for more of either.

A recorder observes a session and does not drive it. Its log only grows, so a position taken before a stimulus marks what arrives after
it. One recorder may observe several sessions of an agent in turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

from callproof.bayeux import (
    ConnectDone,
    ConnectFailed,
    Delivered,
    Disconnected,
    Event,
    HandshakeDone,
    Json,
    Postponed,
    Subscribed,
    UnknownClient,
)
from callproof.limits import MESSAGES_PER_SCENARIO

from .clock import Clock
from .exchange import Delivery
from .received import Fact, FactKind, Received
from .transcript import Kind, Transcript

_SIGNS_OF_LIFE = (FactKind.CONNECT_COMPLETED, FactKind.SUBSCRIBED)
_TROUBLES = (FactKind.TRANSPORT_ERROR, FactKind.SESSION_LOST, FactKind.STOPPED)


class Recorder:
    """The log and the facts of one agent. Give it to a session as its observer."""

    def __init__(
        self,
        agent: str,
        clock: Clock,
        transcript: Transcript,
        most_messages: int = MESSAGES_PER_SCENARIO.default,
    ) -> None:
        """`most_messages` are kept between two calls of `count_anew`; later ones are dropped, and `is_flooded` says so."""
        self._most_messages = most_messages
        self._counted_from = 0
        self.is_flooded = False
        self._agent = agent
        self._clock = clock
        self._transcript = transcript
        self._log: list[Received] = []
        self._facts: list[Fact] = []
        self._session_number = 0
        self._change: asyncio.Future[None] | None = None

    @property
    def log(self) -> Sequence[Received]:
        """Every message so far, including replies, in the order of arrival."""
        return tuple(self._log)

    @property
    def facts(self) -> Sequence[Fact]:
        return tuple(self._facts)

    def count_anew(self) -> None:
        """Keep messages again: a new scenario begins."""
        self._counted_from, self.is_flooded = len(self._log), False

    @property
    def session_number(self) -> int:
        """The number of the current session, from 1; 0 before the first."""
        return self._session_number

    def received_since(self, mark: int) -> Sequence[Received]:
        """Return what arrived after the log had this length."""
        return tuple(self._log[mark:])

    def rehandshakes_since(self, moment: float) -> int:
        """Count the sessions begun at or after this moment (monotonic seconds), except the very first."""
        begun = [fact for fact in self._facts if fact.kind is FactKind.SESSION_BEGUN][1:]
        return sum(1 for fact in begun if fact.at >= moment)

    def alive_since(self, moment: float) -> bool:
        """Say whether silence since this moment means that no message was sent.

        It does if the server has answered a connect or a subscribe, the transport has stayed up, and the session is the same.
        """
        kinds = {fact.kind for fact in self._facts if fact.at >= moment}
        return not kinds.isdisjoint(_SIGNS_OF_LIFE) and kinds.isdisjoint(_TROUBLES)

    @property
    def connection_types(self) -> frozenset[str]:
        """The connection types that the handshakes agreed on."""
        return frozenset(fact.detail for fact in self._facts if fact.kind is FactKind.SESSION_BEGUN)

    def next_change(self) -> asyncio.Future[None]:
        """Return a future that is done at the next message or fact. Wait on it; do not cancel it."""
        if self._change is None or self._change.done():
            self._change = asyncio.get_running_loop().create_future()
        return self._change

    async def wait_until(self, predicate: Callable[[], bool], deadline: float) -> bool:
        """Wait until the predicate holds, or until the deadline (monotonic seconds); say whether it holds.

        It is called at once, and again after every message or fact. It must not wait itself.
        """
        await wait_for_change([self], predicate, deadline, self._clock)
        return predicate()

    # As an observer -----------------------------------------------------------------------------------------------------

    def received(self, delivery: Delivery, events: Sequence[Event]) -> None:
        """Keep the messages of a poll or a frame, and the client's events for them."""
        if any(isinstance(event, HandshakeDone) for event in events):
            self._session_number += 1
        self._hear(
            delivery,
            {event.index for event in events if isinstance(event, Delivered)},
            {event.index for event in events if isinstance(event, Postponed)},
        )
        for event in events:
            if (fact := _fact_of(event)) is not None:
                self._learn(fact[0], delivery.received, delivery.exchange_id, fact[1])
        self._changed()

    def broke(self, why: str, exchange_id: str) -> None:
        """Keep that a request got no answer which a Bayeux client can read."""
        self._learn(FactKind.TRANSPORT_ERROR, self._clock.monotonic(), exchange_id, why)
        self._changed()

    def stopped(self) -> None:
        """Keep that the session has stopped."""
        self._learn(FactKind.STOPPED, self._clock.monotonic())
        self._changed()

    def _hear(self, delivery: Delivery, delivered: Collection[int], postponed: Collection[int]) -> None:
        """Log the messages; those at the places in `delivered` are events, with an entry of their own.

        Postponed ones come again and are logged then.
        """
        value = delivery.value
        for index, message in enumerate(value if isinstance(value, list) else [value]):
            if index in postponed:
                continue
            if len(self._log) - self._counted_from >= self._most_messages:
                self._drop()
                return
            entry_id = delivery.entry_id
            if index in delivered:
                event: dict[str, Json] = {"answer": delivery.entry_id, "index": index, "message": message}
                entry_id = self._transcript.record(self._agent, Kind.NOTIFICATION, event).id
            channel = message.get("channel") if isinstance(message, dict) else None
            self._log.append(
                Received(
                    agent=self._agent,
                    session_number=self._session_number,
                    received=delivery.received,
                    exchange_id=delivery.exchange_id,
                    entry_id=entry_id,
                    index=index,
                    channel=channel if isinstance(channel, str) else "",
                    value=message,
                )
            )

    def _drop(self) -> None:
        """Note, once, that messages are dropped."""
        if not self.is_flooded:
            self.is_flooded = True
            text = f"more than {self._most_messages} messages in one scenario; later ones are dropped ({MESSAGES_PER_SCENARIO.option})"
            self._transcript.note(self._agent, text)

    def _learn(self, kind: FactKind, at: float, exchange_id: str = "", detail: str = "") -> None:
        self._facts.append(Fact(at, kind, self._session_number, exchange_id, detail))

    def _changed(self) -> None:
        if self._change is not None and not self._change.done():
            self._change.set_result(None)


async def wait_for_change(
    recorders: Sequence[Recorder], predicate: Callable[[], bool], deadline: float, clock: Clock
) -> None:
    """Wait until the predicate holds, or until the deadline; call it again whenever one of the recorders changes."""
    late = asyncio.ensure_future(clock.sleep(max(0.0, deadline - clock.monotonic())))
    try:
        while not predicate() and not late.done():
            changes = [recorder.next_change() for recorder in recorders]
            await asyncio.wait([late, *changes], return_when=asyncio.FIRST_COMPLETED)
    finally:
        late.cancel()


def _fact_of(event: Event) -> tuple[FactKind, str] | None:
    match event:
        case HandshakeDone(connection_type=connection_type):
            return FactKind.SESSION_BEGUN, connection_type
        case Subscribed(channels=channels):
            return FactKind.SUBSCRIBED, ", ".join(channels)
        case ConnectDone():
            return FactKind.CONNECT_COMPLETED, ""
        case ConnectFailed(error=error):
            return FactKind.CONNECT_FAILED, str(error)
        case UnknownClient(error=error):
            return FactKind.SESSION_LOST, "" if error is None else str(error)
        case Disconnected(by_server=True):
            return FactKind.SESSION_LOST, "the server ended the session"
    return None
