"""The one mutable object: it holds the world, carries out commands and publishes the changes.

Nothing here waits. Between reading the world and publishing its changes no other request can run, so no lock is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .calls import (
    AgentState,
    Command,
    DeviceCommand,
    Dialled,
    FarEnd,
    Identity,
    Leg,
    LegKey,
    NoSuchCall,
    NotRegistered,
    Operate,
    Refused,
    SetAgentState,
    Step,
    Supervise,
    Table,
    View,
    World,
    settle,
    step,
    step_device,
    view,
)
from .devices import Devices
from .render import Render
from .stubs.notifications import (
    CallEventData,
    ChannelStateChangeData,
    DeviceErrorNotificationData,
    DeviceStateChangeData,
)
from .stubs.resources import Call, Device, MediaChannel

#: The channels on which an agent is notified of their calls, devices and channels (AsynchronousEvents, HTCC 8.5.2).
CALLS_CHANNEL = "/v2/me/calls"
DEVICES_CHANNEL = "/v2/me/devices"
CHANNELS_CHANNEL = "/v2/me/channels"

EventData = CallEventData | DeviceStateChangeData | DeviceErrorNotificationData | ChannelStateChangeData


class Switch:
    """The calls and devices of the seats, which are given by number with their abilities.

    `publish(agent, channel, data)` queues one notification for one agent, and `deliver()` sends the queue once per turn. `dialled` is
    called with every dialled number that is not a seat, and `note` with every command and its result before anything is published.
    `now` is the model's clock in seconds.
    """

    def __init__(
        self,
        table: Table,
        seats: Mapping[str, frozenset[str]],
        render: Render,
        devices: Devices,
        *,
        now: Callable[[], float],
        new_identity: Callable[[], Identity],
        publish: Callable[[str, str, EventData], None],
        deliver: Callable[[], None],
        dialled: Callable[[Switch, Dialled], None],
        note: Callable[[Command | DeviceCommand, Step | Refused], None],
    ) -> None:
        self._table = table
        self._world = World(seats)
        self._render = render
        self._devices = devices
        self._now = now
        self._new_identity = new_identity
        self._publish = publish
        self._deliver = deliver
        self._dialled = dialled
        self._note = note

    def apply(self, command: Command | DeviceCommand) -> None:
        """Carry out a command and publish its changes. Raises Refused; then nothing has changed."""
        if isinstance(command, DeviceCommand):
            self._apply_to_device(command)
            return
        if isinstance(command, Supervise):
            self._devices.table.rule(command.operation, self._world, command.supervisor)
        now = self._now()
        try:
            result = step(self._table, self._world, command, now=now, new_identity=self._new_identity)
        except Refused as refused:
            self._note(command, refused)
            raise
        self._note(command, result)
        self._carry_out(result, now)

    @property
    def world(self) -> World:
        """All calls and devices, as an immutable value."""
        return self._world

    def capabilities(self, leg: Leg) -> tuple[str, ...]:
        """The operations that a leg offers now."""
        return self._table.capabilities(self._world.situation(leg))

    def restore(self, world: World) -> None:
        """Return to a saved world. Nobody is notified; a client reads the present state with GET."""
        self._world = world

    def number_of(self, device_id: str) -> str | None:
        """The number of the seat that has this device, or None."""
        return self._devices.number_of(device_id)

    def held_party_leaves(self, call_id: str) -> None:
        """Let the party that is on hold because of a consult call hang up; no effect if there is none."""
        world = self._world
        for leg in world.legs.values():
            parent = world.parent_of(leg) if leg.key.call_id == call_id else None
            if parent is None:
                continue
            others = [other for other in world.legs_in(parent.conversation) if other.key != parent.key]
            for other in others:
                self.apply(Operate(other.key, {"operationName": "Hangup"}))
            for number, far in world.conversations[parent.conversation].far.items():
                self.apply(FarEnd(far, number, "hangs-up"))
            return

    def calls(self, agent: str) -> list[Call]:
        """The agent's live legs as resources, oldest first."""
        now = self._now()
        return [self._render.call(self._view(leg), now) for leg in self._world.legs_of(agent)]

    def call(self, agent: str, call_id: str) -> Call:
        """One live leg as a resource. Raises NoSuchCall if it has ended or belongs to another agent."""
        key = LegKey(agent, call_id)
        leg = self._world.leg(key)
        if leg is None:
            raise NoSuchCall(call_id)
        return self._render.call(self._view(leg), self._now())

    @property
    def agent_states(self) -> Mapping[str, AgentState]:
        """The agent states that can be set, by the names of their operations."""
        return self._devices.agent_states

    def device(self, agent: str) -> Device:
        """The agent's device as a resource."""
        return self._devices.device(self._world, agent)

    def channels(self, agent: str) -> list[MediaChannel]:
        """The channels of the agent's session."""
        return self._devices.channels(self._world, agent)

    def _apply_to_device(self, command: DeviceCommand) -> None:
        agent, before = command.agent, self.channels(command.agent)
        try:
            self._world, is_told = step_device(self._devices.table, self._world, command)
        except Refused as refused:
            self._note(command, refused)
            if isinstance(
                refused, NotRegistered
            ):  # the agent is notified of these as well (capture of GWS 8.5.202.96)
                self._publish(agent, DEVICES_CHANNEL, self._devices.device_failed(agent))
                self._deliver()
            raise
        self._note(command, Step(self._world, (), devices=(agent,) if is_told else ()))
        if is_told:
            self._publish(agent, DEVICES_CHANNEL, self._devices.device_changed(self._world, agent))
            if isinstance(command, SetAgentState) or self.channels(agent) != before:
                self._publish(agent, CHANNELS_CHANNEL, self._devices.channels_changed(self._world, agent))
            now = self._now()
            self._carry_out(settle(self._table, self._world, now=now, new_identity=self._new_identity), now)

    def _view(self, leg: Leg) -> View:
        return view(self._table, self._world, leg)

    def _carry_out(self, result: Step, now: float) -> None:
        self._world = result.world
        for agent in result.devices:
            self._publish(agent, DEVICES_CHANNEL, self._devices.device_changed(self._world, agent))
        for change in result.changes:
            data = self._render.notification(change, now)
            self._publish(change.view.leg.key.agent, CALLS_CHANNEL, data)
        self._deliver()
        for dialled in result.dialled:
            self._dialled(self, dialled)
