"""What is administered: one switch, with the sessions that listen to it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from refswitch.calls import World
from refswitch.seats import Seat
from refswitch.switch import Switch
from refswitch.transports import Courier

MOST_SNAPSHOTS = 16


@dataclass
class Subject:
    """A switch, its seats, its clock and its Bayeux sessions; and the snapshots that were taken of it."""

    switch: Switch
    courier: Courier
    seats: Sequence[Seat]
    now: Callable[[], float]
    contract: str
    snapshots: OrderedDict[str, World] = field(default_factory=OrderedDict)
    taken: int = 0

    def keep(self) -> str:
        """Take a snapshot and name it; the oldest goes when there are too many."""
        self.taken += 1
        name = str(self.taken)
        self.snapshots[name] = self.switch.world
        while len(self.snapshots) > MOST_SNAPSHOTS:
            self.snapshots.popitem(last=False)
        return name

    def clients(self) -> Mapping[str, str]:
        """A name of each session -> its clientId, which is a secret: who knows it can take the session's messages."""
        return {alias(client.client_id): client.client_id for client in self.courier.clients()}


def alias(client_id: str) -> str:
    """A name for a clientId from which it cannot be found."""
    return hashlib.sha256(f"refswitch:session:{client_id}".encode()).hexdigest()[:16]
