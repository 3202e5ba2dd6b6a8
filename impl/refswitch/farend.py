"""Simulated parties: a dialled number at which no seat rings acts as its behaviour says, on the model's clock.

Nothing happens in the turn that dials: the outcome always follows later, as a notification (AsynchronousEvents, HTCC 8.5.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

from .calls import Dialled, FarEnd
from .clock import Clock
from .numbers import SimulatedNumber

_Act = Literal["answers", "fails", "hangs-up"]
BUSY = SimulatedNumber("busy")
#: The behaviours that make a call fail.
_FAILING = ("busy", "rejected", "does-not-exist")


class FarEndSwitch(Protocol):
    """What a simulated party needs of the switch."""

    def apply(self, command: FarEnd) -> None: ...

    def held_party_leaves(self, call_id: str) -> None: ...


class FarEnds:
    """All simulated parties of a switch. A party does not learn that its call is over: what it does after that has no effect."""

    def __init__(self, simulated: Callable[[str], SimulatedNumber], clock: Clock) -> None:
        self._simulated = simulated
        self._clock = clock
        self._party: SimulatedNumber | None = None

    @contextmanager
    def behaving_as(self, party: SimulatedNumber) -> Iterator[None]:
        """Within this context every dialled party behaves like this, whatever its number."""
        self._party = party
        try:
            yield
        finally:
            self._party = None

    def dialled(self, switch: FarEndSwitch, dialled: Dialled) -> None:
        """Let the party at this number begin to act; a device at which nobody can be reached is as good as busy."""
        party = BUSY if dialled.is_unreachable else self._party or self._simulated(dialled.number)

        def later(seconds: float, event: _Act) -> None:
            act = FarEnd(dialled.call_id, dialled.number, event)
            self._clock.call_later(seconds, lambda: switch.apply(act))

        if party.behaviour in _FAILING:
            later(party.after, "fails")
        elif party.behaviour == "answers":
            later(party.after, "answers")
            if party.hangs_up_after is not None:
                later(party.after + party.hangs_up_after, "hangs-up")
            if party.held_hangs_up_after is not None:
                seconds = party.after + party.held_hangs_up_after
                self._clock.call_later(seconds, lambda: switch.held_party_leaves(dialled.call_id))
