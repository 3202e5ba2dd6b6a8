"""The one mutable object: it keeps the world, carries out commands and publishes what they changed.

Nothing here waits. Between reading the world and publishing what became of it no other request can come in, so there is no lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .calls import (
    Arrive,
    Command,
    Dial,
    Dialled,
    FarEnd,
    Identity,
    Leg,
    LegKey,
    NoSuchCall,
    Operate,
    Supervise,
    Supervision,
    Table,
    UserData,
    View,
    World,
    step,
    view,
)
from .render import Render
from .stubs.notifications import CallEventData
from .stubs.resources import Call

#: The channel on which an agent hears of his calls (AsynchronousEvents, HTCC 8.5.2).
CALLS_CHANNEL = "/v2/me/calls"


class Switch:
    """Calls of the seats, which are given by number with what their switch can do for them.

    `publish(agent, channel, data)` queues one notification for one agent and `deliver()` sends what is queued, once a turn;
    `dialled` is told of every number that is no seat. `now` is the model's clock, in seconds.
    """

    def __init__(
        self,
        table: Table,
        seats: Mapping[str, frozenset[str]],
        render: Render,
        *,
        now: Callable[[], float],
        new_identity: Callable[[], Identity],
        publish: Callable[[str, str, CallEventData], None],
        deliver: Callable[[], None],
        dialled: Callable[[Dialled], None],
    ) -> None:
        self._table = table
        self._world = World(seats)
        self._render = render
        self._now = now
        self._new_identity = new_identity
        self._publish = publish
        self._deliver = deliver
        self._dialled = dialled

    def operate(
        self,
        agent: str,
        call_id: str,
        operation: str,
        *,
        destination: str | None = None,
        user_data: UserData | None = None,
        other: str | None = None,
        key: str | None = None,
        participant: str | None = None,
    ) -> None:
        """Carry out an operation on a leg of the agent. Raises Refused, and then nothing has changed.

        `other` is the id of the other call that is meant; the rest are the operation's parameters.
        """
        leg = LegKey(agent, call_id)
        self._apply(Operate(operation, leg, destination, user_data or {}, other, key, participant))

    def dial(self, agent: str, *, destination: str, user_data: UserData | None = None) -> None:
        """Place a call from the agent's device."""
        self._apply(Dial(agent, destination, user_data or {}))

    def arrive(self, call: Arrive) -> None:
        """Let a call come in from outside."""
        self._apply(call)

    def supervise(self, supervisor: str, supervision: Supervision | None) -> None:
        """Let a supervisor hear another agent's calls, or with None no longer. Raises Refused."""
        self._apply(Supervise(supervisor, supervision))

    def far_end(self, act: FarEnd) -> None:
        """Let a simulated party act; without effect when its call is over."""
        self._apply(act)

    def calls(self, agent: str) -> list[Call]:
        """The agent's live legs as resources, oldest first."""
        now = self._now()
        return [self._render.call(self._view(leg), now) for leg in self._world.legs_of(agent)]

    def call(self, agent: str, call_id: str) -> Call:
        """One live leg as a resource. Raises NoSuchCall for one that is over or is somebody else's."""
        key = LegKey(agent, call_id)
        leg = self._world.leg(key)
        if leg is None:
            raise NoSuchCall(call_id)
        return self._render.call(self._view(leg), self._now())

    def _view(self, leg: Leg) -> View:
        return view(self._table, self._world, leg)

    def _apply(self, command: Command) -> None:
        now = self._now()
        result = step(self._table, self._world, command, now=now, new_identity=self._new_identity)
        self._world = result.world
        for change in result.changes:
            data = self._render.notification(change, now)
            self._publish(change.view.leg.key.agent, CALLS_CHANNEL, data)
        self._deliver()
        for dialled in result.dialled:
            self._dialled(dialled)
