"""Simulated parties: a dialled number where no seat rings does what its behaviour says, on the model's clock.

Nothing happens in the turn that dialled: the outcome always comes later, as a notification (AsynchronousEvents, HTCC 8.5.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from .calls import Dialled, FarEnd
from .clock import Clock
from .numbers import SimulatedNumber

Event = Literal["answers", "fails", "hangs-up"]
BUSY = SimulatedNumber("busy")
#: The behaviours that keep a call from coming about.
_FAILING = ("busy", "rejected", "does-not-exist")


class FarEnds:
    """Everybody who is played. `act` carries out what a party does, and `held_party_leaves` what somebody does who is on hold.

    A party does not learn that its call is over: what it does then is without effect at the switch.
    """

    def __init__(
        self,
        simulated: Callable[[str], SimulatedNumber],
        clock: Clock,
        act: Callable[[FarEnd], None],
        held_party_leaves: Callable[[str], None],
    ) -> None:
        self._simulated = simulated
        self._clock = clock
        self._act = act
        self._held_party_leaves = held_party_leaves
        self._party: SimulatedNumber | None = None

    @contextmanager
    def playing(self, party: SimulatedNumber) -> Iterator[None]:
        """Within it whoever is dialled behaves like this, whatever the number."""
        self._party = party
        try:
            yield
        finally:
            self._party = None

    def dialled(self, dialled: Dialled) -> None:
        """Let the party at this number begin to play its part; a device that nobody is reached at is as good as busy."""
        party = BUSY if dialled.is_unreachable else self._party or self._simulated(dialled.number)
        if party.behaviour in _FAILING:
            self._later(party.after, dialled, "fails")
        elif party.behaviour == "answers":
            self._later(party.after, dialled, "answers")
            if party.hangs_up_after is not None:
                self._later(party.after + party.hangs_up_after, dialled, "hangs-up")
            if party.held_hangs_up_after is not None:
                seconds = party.after + party.held_hangs_up_after
                self._clock.call_later(seconds, lambda: self._held_party_leaves(dialled.call_id))

    def _later(self, seconds: float, dialled: Dialled, event: Event) -> None:
        self._clock.call_later(seconds, lambda: self._act(FarEnd(dialled.call_id, dialled.number, event)))
