"""The contract's own table, and a world to try it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import yaml

from refswitch.calls import (
    EFFECTS,
    Ability,
    Change,
    Command,
    Identity,
    LegKey,
    ModelData,
    State,
    World,
    read_device_table,
    read_table,
    step,
    view,
)

from .commands import operate

CONTRACT = Path(__file__).parents[3] / "openapi" / "call-model.yaml"
_ROWS = yaml.safe_load(CONTRACT.read_text())
MODEL = cast(ModelData, _ROWS)
TABLE = read_table(MODEL, EFFECTS)
DEVICE_TABLE = read_device_table(_ROWS["devices"], _ROWS["agentStates"])
ALICE, BOB, CAROL = "15000", "15001", "15002"


def numbered() -> Callable[[], Identity]:
    """Identities c1, c2, ... in the order in which calls begin."""
    count = 0

    def new_identity() -> Identity:
        nonlocal count
        count += 1
        return Identity(f"c{count}", f"{count:016x}")

    return new_identity


class Bench:
    """A world that remembers its notifications."""

    def __init__(self, *abilities: Ability, seats: Sequence[str] = (ALICE, BOB, CAROL)) -> None:
        self.world = World({seat: frozenset(abilities) for seat in seats})
        self.new_identity = numbered()
        self.now = 0.0
        self.dialled: list[str] = []

    def do(self, command: Command) -> list[str]:
        """Carry out a command; return each change as `agent id notificationType state others`."""
        return [told(change) for change in self.changes(command)]

    def changes(self, command: Command) -> tuple[Change, ...]:
        result = step(TABLE, self.world, command, now=self.now, new_identity=self.new_identity)
        self.world = result.world
        self.dialled += [dialled.number for dialled in result.dialled]
        return result.changes

    def operate(self, agent: str, call_id: str, operation: str, **more: Any) -> list[str]:
        """An agent operates on one of their legs."""
        return self.do(operate(operation, LegKey(agent, call_id), **more))

    def offer(self, agent: str, call_id: str) -> set[str]:
        """What a leg offers now."""
        leg = self.world.legs[LegKey(agent, call_id)]
        return set(view(TABLE, self.world, leg).capabilities)

    def states(self, agent: str) -> dict[str, State]:
        """The agent's legs as call id -> state."""
        return {leg.key.call_id: leg.state for leg in self.world.legs_of(agent)}


def told(change: Change) -> str:
    """One change as a line."""
    leg = change.view.leg
    others = "+".join(change.view.participants)
    return f"{leg.key.agent} {leg.key.call_id} {change.notification_type} {leg.state} {others}"
