"""What one agent heard, what is known of its session, and the waiting for more of either.

Everything only grows, so a place in the log taken before a stimulus stays a mark for what came after.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence

from callproof.bayeux import Json, Oddity, ProtocolFault

from .clock import Clock
from .exchange import Exchange, NoAnswer
from .heard import Fact, FactKind, Heard, Remark
from .transcript import Kind, Transcript

__all__ = ["Journal"]

_TROUBLES = (FactKind.TRANSPORT_ERROR, FactKind.SESSION_LOST, FactKind.STOPPED)


class Journal:
    """The log, the facts and the remarks of one agent. A recorder is one and fills it.

    `changed` is notified whenever something was added.
    """

    def __init__(self, agent_name: str, clock: Clock, transcript: Transcript) -> None:
        self.changed = asyncio.Condition()
        self._agent_name = agent_name
        self._clock = clock
        self._transcript = transcript
        self._log: list[Heard] = []
        self._facts: list[Fact] = []
        self._remarks: list[Remark] = []
        self._session_number = 0

    @property
    def log(self) -> Sequence[Heard]:
        """Every message so far, replies included, in the order in which it was read."""
        return tuple(self._log)

    @property
    def facts(self) -> Sequence[Fact]:
        return tuple(self._facts)

    @property
    def remarks(self) -> Sequence[Remark]:
        """What the server sent against the protocol so far."""
        return tuple(self._remarks)

    @property
    def session_number(self) -> int:
        """How many sessions there were, counting from 1; 0 before the first."""
        return self._session_number

    def mark(self) -> int:
        """Return the place of the next message, before a stimulus: `heard_since` gives what came after."""
        return len(self._log)

    def heard_since(self, mark: int) -> Sequence[Heard]:
        return tuple(self._log[mark:])

    def events_since(self, mark: int, channel: str | None = None) -> Sequence[Heard]:
        """Return the events after a mark, of one channel or of all, without the replies of the protocol."""
        return tuple(
            one for one in self._log[mark:] if one.is_event and (channel is None or one.channel == channel)
        )

    def connects_completed_since(self, moment: float) -> int:
        """Count the connects answered successfully at or after this moment (monotonic seconds)."""
        return self._count(FactKind.CONNECT_COMPLETED, moment)

    def transport_errors_since(self, moment: float) -> int:
        """Count the requests of the session, at or after this moment, that brought nothing readable."""
        return self._count(FactKind.TRANSPORT_ERROR, moment)

    def rehandshakes_since(self, moment: float) -> int:
        """Count the sessions begun at or after this moment, but for the very first."""
        begun = [fact for fact in self._facts if fact.kind is FactKind.SESSION_BEGUN][1:]
        return sum(1 for fact in begun if fact.at >= moment)

    def alive_since(self, moment: float) -> bool:
        """Say whether silence since this moment means anything.

        It does if the session was heard of since (a connect completed, or the server confirmed that it
        knows the session), the transport stayed up, and the session is the same.
        """
        signs = self._count(FactKind.CONNECT_COMPLETED, moment) + self._count(FactKind.CONFIRMED, moment)
        return signs > 0 and not any(self._count(kind, moment) for kind in _TROUBLES)

    async def wait_until(self, predicate: Callable[[], bool], deadline: float) -> bool:
        """Wait until the predicate holds, or until the deadline (monotonic seconds); say whether it holds.

        It is asked at once, and again whenever something was heard or learnt. It must not wait itself.
        """
        is_late = False

        async def wake() -> None:
            nonlocal is_late
            await self._clock.sleep(max(0.0, deadline - self._clock.monotonic()))
            is_late = True
            await self._announce()

        timer = asyncio.create_task(wake())
        try:
            async with self.changed:
                await self.changed.wait_for(lambda: predicate() or is_late)
                return predicate()
        finally:
            timer.cancel()

    def _count(self, kind: FactKind, moment: float) -> int:
        return sum(1 for fact in self._facts if fact.kind is kind and fact.at >= moment)

    def _begin_session(self) -> None:
        self._session_number += 1

    def _hear(
        self, exchange: Exchange, value: Json, delivered: Collection[int], *, only_events: bool = False
    ) -> None:
        """Log the messages of an answer; those at the places in `delivered` are events."""
        for index, message in enumerate(value if isinstance(value, list) else [value]):
            if only_events and index not in delivered:
                continue
            entry_id = exchange.answer_id
            if index in delivered:
                event: dict[str, Json] = {"answer": exchange.answer_id, "index": index, "message": message}
                entry_id = self._transcript.record(self._agent_name, Kind.NOTIFICATION, event).id
            channel = message.get("channel") if isinstance(message, dict) else None
            self._log.append(
                Heard(
                    agent=self._agent_name,
                    session_number=self._session_number,
                    received=exchange.received,
                    exchange_id=exchange.id,
                    entry_id=entry_id,
                    index=index,
                    channel=channel if isinstance(channel, str) else "",
                    value=message,
                )
            )

    def _learn(self, kind: FactKind, exchange: Exchange | NoAnswer, detail: str = "") -> None:
        self._facts.append(Fact(exchange.received, kind, self._session_number, exchange.id, detail))

    def _stop(self) -> None:
        self._facts.append(Fact(self._clock.monotonic(), FactKind.STOPPED, self._session_number, ""))

    def _remark(self, exchange: Exchange | NoAnswer, what: Oddity | ProtocolFault) -> None:
        self._remarks.append(
            Remark(self._agent_name, self._session_number, exchange.id, exchange.answer_id, what)
        )

    async def _announce(self) -> None:
        async with self.changed:
            self.changed.notify_all()
