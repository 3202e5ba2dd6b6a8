"""The contract's own table, and a world to try it in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import yaml

from refswitch.calls import (
    EFFECTS,
    Change,
    Command,
    Identity,
    ModelData,
    World,
    read_device_table,
    read_table,
    step,
)

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
    """A world that remembers what was told."""

    def __init__(self) -> None:
        self.world = World(frozenset({ALICE, BOB, CAROL}))
        self.new_identity = numbered()
        self.now = 0.0
        self.dialled: list[str] = []

    def do(self, command: Command) -> list[str]:
        """Carry out a command; each change as `agent id notificationType state others`."""
        return [told(change) for change in self.changes(command)]

    def changes(self, command: Command) -> tuple[Change, ...]:
        result = step(TABLE, self.world, command, now=self.now, new_identity=self.new_identity)
        self.world = result.world
        self.dialled += [dialled.number for dialled in result.dialled]
        return result.changes


def told(change: Change) -> str:
    """One change in a line."""
    leg = change.view.leg
    others = "+".join(change.view.participants)
    return f"{leg.key.agent} {leg.key.call_id} {change.notification_type} {leg.state} {others}"
