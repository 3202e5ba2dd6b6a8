"""Simulated parties act on the model's clock."""

from __future__ import annotations

import pytest

from refswitch.calls import Dialled, FarEnd
from refswitch.clock import Clock
from refswitch.farend import FarEnds
from refswitch.numbers import SimulatedNumber

CALL = "c1"


def played(party: SimulatedNumber, *moments: float) -> list[tuple[float, str]]:
    """What the party has done by each moment, as time and event."""
    done: list[tuple[float, str]] = []
    soon = []
    clock = Clock(0, schedule=lambda _, callback: soon.append(callback))

    class Noting:
        """A switch that records what the party does."""

        def apply(self, command: FarEnd) -> None:
            assert (command.call_id, command.number) == (CALL, "7")
            done.append((clock.now(), command.event))

        def held_party_leaves(self, call_id: str) -> None:
            done.append((clock.now(), "held-party-leaves"))

    FarEnds(lambda _: party, clock).dialled(Noting(), Dialled(CALL, "7"))
    assert done == [], "nothing happens in the turn that dialled"
    for callback in soon:
        callback()
    for moment in moments:
        clock.advance(moment - clock.now())
    return done


@pytest.mark.parametrize(
    ("party", "done"),
    [
        (SimulatedNumber("rings"), []),
        (SimulatedNumber("answers"), [(0.0, "answers")]),
        (SimulatedNumber("answers", after=2.5), [(2.5, "answers")]),
        (SimulatedNumber("answers", after=1, hangs_up_after=5), [(1.0, "answers"), (6.0, "hangs-up")]),
        (SimulatedNumber("busy"), [(0.0, "fails")]),
        (SimulatedNumber("busy", after=3), [(3.0, "fails")]),
        (SimulatedNumber("does-not-exist"), [(0.0, "fails")]),
    ],
)
def test_a_number_does_what_its_behaviour_says(party: SimulatedNumber, done: list[tuple[float, str]]) -> None:
    assert played(party, 1000.0) == done


def test_a_number_that_answers_later_has_not_answered_before() -> None:
    assert played(SimulatedNumber("answers", after=10), 9.9) == []
