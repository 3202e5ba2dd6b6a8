"""Which outcome an operation meets: the one that its user data requests, an armed fault, or that of the number it reaches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from .calls import Dial, Operate, destination_of, user_data_of
from .clock import Clock
from .farend import FarEnds
from .fault_injection import FaultInjection
from .numbers import OUTCOME_KEY, Outcome, read_numbers
from .seats import Seating


@dataclass(frozen=True, slots=True)
class Fault:
    """An outcome that operations meet at any number: of one agent or all, of one name or any, a number of times or until disarmed."""

    outcome: Outcome
    agent: str | None = None
    operation: str | None = None
    times: int | None = None

    def is_for(self, agent: str, operation: str) -> bool:
        return self.agent in (None, agent) and self.operation in (None, operation)


@dataclass(frozen=True, slots=True)
class Met:
    """What an operation meets. `is_simulated`: the party at the destination is to be simulated, even if it is a seat."""

    outcome: Outcome
    is_simulated: bool


class Outcomes:
    """The outcomes of one switch: of its simulated numbers, of user data that requests one, and of armed faults."""

    def __init__(
        self, seating: Seating, far_ends: FarEnds, fault_injection: FaultInjection, clock: Clock
    ) -> None:
        self._seating = seating
        self._seats = {seat.number for seat in seating.seats}
        self._far_ends = far_ends
        self._fault_injection = fault_injection
        self._clock = clock
        self.faults: Sequence[Fault] = ()
        self._waiting: set[asyncio.Future[None]] = set()

    def met(self, agent: str, command: Operate | Dial) -> Met | None:
        """What this operation meets; usually nothing. A fault that is armed for a number of times counts it.

        Raises NoSuchOutcome if its user data requests an outcome that no number has.
        """
        destination, operation = destination_of(command.body), command.operation
        wanted = user_data_of(command.body).get(OUTCOME_KEY)
        if destination is not None and isinstance(wanted, str):
            return _anywhere(read_numbers().named(wanted))
        for index, fault in enumerate(self.faults):
            if fault.is_for(agent, operation):
                self._use_up(index)
                return _anywhere(fault.outcome)
        outcome = self._seating.outcome(destination) if destination is not None else None
        if outcome is None or destination in self._seats:
            return None
        return Met(outcome, is_simulated=False)

    @contextmanager
    def applying(self, agent: str, met: Met) -> Iterator[None]:
        """Run an operation that met this outcome within this context."""
        with (
            self._far_ends.behaving_as(met.outcome.party),
            self._fault_injection.injecting(agent, met.outcome),
        ):
            yield

    async def wait(self, seconds: float) -> None:
        """Wait for this many seconds of the model's clock, or until `close`."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(over)
        self._clock.call_later(seconds, lambda: _settle(over))
        try:
            await over
        finally:
            self._waiting.discard(over)

    def close(self) -> None:
        """End every wait: the clock will not move for these requests again."""
        for over in list(self._waiting):
            _settle(over)

    def _use_up(self, index: int) -> None:
        fault = self.faults[index]
        if fault.times is not None:
            rest = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
            self.faults = (*self.faults[:index], *rest, *self.faults[index + 1 :])


def _settle(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)


def _anywhere(outcome: Outcome) -> Met:
    """The outcome at any number. Only an outcome of the call layer takes a seat's place; with any other, the seat answers itself."""
    return Met(outcome, is_simulated=outcome.layer == "call")
