"""Which outcome an operation meets: the one its user data asks for, one that is armed as a fault, or the one of the number it reaches."""

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
    """An outcome that operations meet wherever they lead: those of one agent or of all, of one name or any, so many times or for good."""

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
    """The outcomes of one switch: of its simulated numbers, of user data that asks for one, and of faults that are armed."""

    def __init__(
        self, seating: Seating, far_ends: FarEnds, fault_injection: FaultInjection, clock: Clock
    ) -> None:
        self._seating = seating
        self._seats = {seat.number for seat in seating.seats}
        self._far_ends = far_ends
        self._fault_injection = fault_injection
        self._clock = clock
        self.faults: Sequence[Fault] = ()

    def met(self, agent: str, command: Operate | Dial) -> Met | None:
        """What this operation meets; nothing as a rule. A fault that is armed for a number of times is used up by it.

        Raises NoSuchOutcome when its user data asks for an outcome that no number has.
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
        """Carry out within it what met this outcome."""
        with (
            self._far_ends.behaving_as(met.outcome.party),
            self._fault_injection.injecting(agent, met.outcome),
        ):
            yield

    async def wait(self, seconds: float) -> None:
        """Until so many seconds of the model's clock are over."""
        over = asyncio.get_running_loop().create_future()
        self._clock.call_later(seconds, lambda: None if over.done() else over.set_result(None))
        await over

    def _use_up(self, index: int) -> None:
        fault = self.faults[index]
        if fault.times is not None:
            rest = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
            self.faults = (*self.faults[:index], *rest, *self.faults[index + 1 :])


def _anywhere(outcome: Outcome) -> Met:
    """At any number. Only a party that behaves in some way takes a seat's place; for all else the seat may as well answer itself."""
    return Met(outcome, is_simulated=outcome.layer == "call")
