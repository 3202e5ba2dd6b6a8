"""Simulated parties: a dialled number that is no seat does what its manners say, on the model's clock.

Nothing happens in the turn that dialled: the outcome always comes later, as a notification (AsynchronousEvents, HTCC 8.5.2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .calls import Dialled, FarEnd
from .clock import Clock
from .seats import SimulatedNumber

Event = Literal["answers", "fails", "hangs-up"]
BUSY = SimulatedNumber("busy")


class FarEnds:
    """Everybody who is played. `act` carries out what a party does and is the switch's `far_end`.

    A party does not learn that its call is over: what it does then is without effect at the switch.
    """

    def __init__(
        self, simulated: Callable[[str], SimulatedNumber], clock: Clock, act: Callable[[FarEnd], None]
    ) -> None:
        self._simulated = simulated
        self._clock = clock
        self._act = act

    def dialled(self, dialled: Dialled) -> None:
        """Let the party at this number begin to play its part; a telephone that nobody is reached at is as good as busy."""
        party = BUSY if dialled.is_unreachable else self._simulated(dialled.number)
        if party.manner == "answers":
            self._later(party.after, dialled, "answers")
            if party.hangs_up_after is not None:
                self._later(party.after + party.hangs_up_after, dialled, "hangs-up")
        elif party.manner in ("busy", "does-not-exist"):
            self._later(party.after, dialled, "fails")

    def _later(self, seconds: float, dialled: Dialled, event: Event) -> None:
        self._clock.call_later(seconds, lambda: self._act(FarEnd(dialled.call_id, dialled.number, event)))
