"""The one mutable object: it keeps the world, carries out commands and publishes what they changed.

Nothing here waits. Between reading the world and publishing what became of it no other request can come in, so there is no lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .calls import (
    OFFLINE,
    AgentState,
    Arrive,
    Command,
    DeviceCommand,
    Dial,
    Dialled,
    End,
    FarEnd,
    Identity,
    Leg,
    LegKey,
    LogIn,
    LogOut,
    NoSuchCall,
    NotRegistered,
    Operate,
    OperateDevice,
    Refused,
    SetAgentState,
    Step,
    Supervise,
    Supervision,
    Table,
    UserData,
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

#: The channels on which an agent hears of his calls, his devices and his channels (AsynchronousEvents, HTCC 8.5.2).
CALLS_CHANNEL = "/v2/me/calls"
DEVICES_CHANNEL = "/v2/me/devices"
CHANNELS_CHANNEL = "/v2/me/channels"

EventData = CallEventData | DeviceStateChangeData | DeviceErrorNotificationData | ChannelStateChangeData


class Switch:
    """Calls and devices of the seats, which are given by number with what their switch can do for them.

    `publish(agent, channel, data)` queues one notification for one agent and `deliver()` sends what is queued, once a turn;
    `dialled` is told of every number that is no seat, and `note` of what became of every command, before anybody else is.
    `now` is the model's clock, in seconds.
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
        dialled: Callable[[Dialled], None],
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
        is_simulated: bool = False,
    ) -> None:
        """Carry out an operation on a leg of the agent. Raises Refused, and then nothing has changed.

        `other` is the id of the other call that is meant; with `is_simulated` the destination is no seat, whatever its number;
        the rest are the operation's parameters.
        """
        leg = LegKey(agent, call_id)
        self._apply(
            Operate(operation, leg, destination, user_data or {}, other, key, participant, is_simulated)
        )

    def dial(
        self,
        agent: str,
        *,
        destination: str,
        user_data: UserData | None = None,
        is_simulated: bool = False,
    ) -> None:
        """Place a call from the agent's device; with `is_simulated` to no seat, whatever the number."""
        self._apply(Dial(agent, destination, user_data or {}, is_simulated))

    @property
    def world(self) -> World:
        """Everything that is known of calls and devices: a value, which does not change any more."""
        return self._world

    def capabilities(self, leg: Leg) -> tuple[str, ...]:
        """What a leg offers now."""
        return self._table.capabilities(self._world.situation(leg))

    def restore(self, world: World) -> None:
        """Go back to a world that was kept. Nobody is told: a client asks with GET what is true now."""
        self._world = world

    def end(self, conversation: str | None = None) -> None:
        """End one conversation, or with None every one. Raises NoSuchCall."""
        self._apply(End(conversation))

    def arrive(self, call: Arrive) -> None:
        """Let a call come in from outside."""
        self._apply(call)

    def supervise(self, supervisor: str, operation: str, supervision: Supervision | None) -> None:
        """Let a supervisor hear another agent's calls, or with None no longer. Raises Refused, and then nothing has changed."""
        self._devices.table.rule(operation, self._world, supervisor)
        self._apply(Supervise(supervisor, supervision))

    def number_of(self, device_id: str) -> str | None:
        """The number of the seat that has this device, or None."""
        return self._devices.number_of(device_id)

    def held_party_leaves(self, call_id: str) -> None:
        """Let whoever is on hold for the sake of a consult call hang up; without effect when nobody is."""
        world = self._world
        for leg in world.legs.values():
            parent = world.parent_of(leg) if leg.key.call_id == call_id else None
            if parent is None:
                continue
            others = [other for other in world.legs_in(parent.conversation) if other.key != parent.key]
            for other in others:
                self._apply(Operate("Hangup", other.key))
            for number, far in world.conversations[parent.conversation].far.items():
                self._apply(FarEnd(far, number, "hangs-up"))
            return

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

    @property
    def agent_states(self) -> Mapping[str, AgentState]:
        """The agent states that can be set, by the name of their operation."""
        return self._devices.agent_states

    def log_in(self, agent: str) -> None:
        """Begin a contact centre session on the agent's device; nothing, if there is one."""
        self._apply_to_device(LogIn(agent))

    def log_out(self, agent: str) -> None:
        """End it and give the device back; nothing, if there is none. Calls go on."""
        self._apply_to_device(LogOut(agent, self.agent_states[OFFLINE]))

    def set_agent_state(self, agent: str, operation: str) -> None:
        """Set one of `agent_states`. Raises NotRegistered without a session, of which the agent is also told."""
        try:
            self._apply_to_device(SetAgentState(agent, self.agent_states[operation]))
        except NotRegistered:
            self._publish(agent, DEVICES_CHANNEL, self._devices.device_failed(agent))
            self._deliver()
            raise

    def operate_device(self, agent: str, operation: str, *, destination: str | None = None) -> None:
        """Carry out an operation on the agent's device. Raises Refused, and then nothing has changed."""
        self._apply_to_device(OperateDevice(agent, operation, destination))

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
            raise
        self._note(command, Step(self._world, (), devices=(agent,) if is_told else ()))
        if is_told:
            told = self._devices.device_changed(self._world, agent)
            self._publish(agent, DEVICES_CHANNEL, told)
            if isinstance(command, SetAgentState) or self.channels(agent) != before:
                self._publish(agent, CHANNELS_CHANNEL, self._devices.channels_changed(self._world, agent))
            now = self._now()
            self._carry_out(settle(self._table, self._world, now=now, new_identity=self._new_identity), now)

    def _view(self, leg: Leg) -> View:
        return view(self._table, self._world, leg)

    def _apply(self, command: Command) -> None:
        now = self._now()
        try:
            result = step(self._table, self._world, command, now=now, new_identity=self._new_identity)
        except Refused as refused:
            self._note(command, refused)
            raise
        self._note(command, result)
        self._carry_out(result, now)

    def _carry_out(self, result: Step, now: float) -> None:
        self._world = result.world
        for agent in result.devices:
            self._publish(agent, DEVICES_CHANNEL, self._devices.device_changed(self._world, agent))
        for change in result.changes:
            data = self._render.notification(change, now)
            self._publish(change.view.leg.key.agent, CALLS_CHANNEL, data)
        self._deliver()
        for dialled in result.dialled:
            self._dialled(dialled)
