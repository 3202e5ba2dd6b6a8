"""A separate switch: seats, calls, clock, sessions and journal that no other sandbox sees."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, cast

from refswitch import limits
from refswitch.access import Access
from refswitch.asgi import Application, Scope
from refswitch.calls import Identity, World
from refswitch.clock import Clock
from refswitch.journal import Journal
from refswitch.outcomes import Outcomes
from refswitch.seats import Seating
from refswitch.switch import Switch
from refswitch.transports import CallbackPolling, Courier, LongPolling

#: What a sandbox keeps when everything else in it is replaced.
_KEPT = frozenset({"name", "snapshots", "_taken"})
_KEY = "refswitch.sandbox"


@dataclass
class Sandbox:
    """Everything that belongs to one contact centre. A request that names no sandbox is for the one without a name.

    `api` is the address that every link begins with. `polling` and `streaming` serve CometD; REST needs no application per sandbox.
    """

    name: str
    api: str
    seating: Seating
    switch: Switch
    courier: Courier
    clock: Clock
    journal: Journal
    outcomes: Outcomes
    access: Access
    polling: LongPolling | CallbackPolling
    streaming: Application
    new_identity: Callable[[], Identity]
    snapshots: OrderedDict[str, World] = field(default_factory=OrderedDict)
    _taken: int = 0

    def keep(self) -> str:
        """Take a snapshot and return its name; the oldest is dropped when there are too many."""
        self._taken += 1
        name = str(self._taken)
        self.snapshots[name] = self.switch.world
        while len(self.snapshots) > limits.SNAPSHOTS.default:
            self.snapshots.popitem(last=False)
        return name

    def clients(self) -> Mapping[str, str]:
        """The journal's name of each Bayeux session -> its clientId, a secret: anybody who knows it can take the session's messages."""
        return {self.journal.alias(client.client_id): client.client_id for client in self.courier.clients()}

    def close(self) -> None:
        """End what waits: answer every held poll and late answer, close every WebSocket, end every HTTP session, let nothing fall due.

        Nothing is held from now on. The polls and WebSockets still carry what was published until now.
        """
        self.courier.close()
        self.access.sessions.close()
        self.outcomes.close()
        self.clock.clear()

    def become(self, other: Sandbox) -> None:
        """Take over everything of another sandbox but its name and its snapshots.

        A request that is on its way finds the new switch here: it never changes a world that nobody sees any more.
        """
        for one in fields(self):
            if one.name not in _KEPT:
                setattr(self, one.name, getattr(other, one.name))


def put_in_sandbox(scope: Scope, sandbox: Sandbox) -> None:
    """Note the sandbox in the scope, which must already be our copy: another copy would be kept for every waiting client."""
    cast("dict[str, Any]", scope)[_KEY] = sandbox


def sandbox_of(scope: Scope) -> Sandbox:
    """The sandbox noted by `put_in_sandbox`."""
    sandbox: Sandbox = scope[_KEY]
    return sandbox
