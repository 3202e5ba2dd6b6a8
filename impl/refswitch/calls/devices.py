"""The devices of the seats: their settings, the state of each agent, and the one step from one world of devices to the next.

Rows come from the sections `devices` and `agentStates` of call-model.yaml. A device takes an operation if one of the operation's rows
fits the device's settings; the operations with such a row are what the device offers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypedDict, cast

from refswitch.stubs import bodies

from .errors import BadTable, Refused
from .model import Device, UserState, World

OnOff = Literal["On", "Off"]
#: A session has started and no agent state has been set (capture of GWS 8.5.202.96).
LOGGED_IN = UserState("LoggedIn")
#: The agent state that logs out, by the operation that sets it.
OFFLINE = "Offline"


class SettingData(TypedDict, total=False):
    """What a device is or will be set to, in the contract's form."""

    doNotDisturb: OnOff
    forwarding: OnOff
    supervisor: OnOff
    supervising: OnOff


class DeviceRowData(TypedDict):
    """A row of `devices`, in the contract's form."""

    id: str
    operation: str
    when: SettingData
    sets: SettingData


class _AgentStateRequired(TypedDict):
    operation: str
    id: str
    displayName: str
    state: str


class AgentStateData(_AgentStateRequired, total=False):
    """A row of `agentStates`, in the contract's form."""

    workMode: str
    inSettings: str


@dataclass(frozen=True, slots=True)
class AgentState:
    """An agent state that can be set by the operation of this name. `in_settings` is the state as the settings list it."""

    operation: str
    shown: UserState
    in_settings: str


@dataclass(frozen=True)
class DeviceTable:
    """Every row for devices, and the agent states that every contact centre has."""

    rows: tuple[DeviceRowData, ...]
    agent_states: tuple[AgentState, ...]

    def rule(self, operation: str, world: World, agent: str) -> DeviceRowData:
        """The row for an operation on the agent's device in its present state. Raises NotPossibleOnDevice."""
        for row in self.rows:
            if row["operation"] == operation and _holds(row, world, agent):
                return row
        raise NotPossibleOnDevice(operation, agent, self.capabilities(world, agent))

    def capabilities(self, world: World, agent: str) -> tuple[str, ...]:
        """The names of the operations that the agent's device offers in its present state."""
        return tuple(sorted(row["operation"] for row in self.rows if _holds(row, world, agent)))


class NotPossibleOnDevice(Refused):
    """The device does not take this operation in its present state."""

    def __init__(self, operation: str, agent: str, offered: tuple[str, ...]) -> None:
        self.operation = operation
        self.agent = agent
        self.offered = offered
        super().__init__(
            f"{operation} is not possible: device {agent} offers {', '.join(offered) or 'nothing'}"
        )


class NotRegistered(Refused):
    """The agent has no contact centre session on their device (POST /me/channels/voice in a capture of GWS 8.5.202.96)."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        super().__init__(f"Device '{agent}' is not registered.")


@dataclass(frozen=True, slots=True)
class LogIn:
    """Begin a contact centre session on the agent's device; no effect if there is one."""

    agent: str


@dataclass(frozen=True, slots=True)
class LogOut:
    """End the agent's contact centre session; their device then shows `offline`. No effect if there is none."""

    agent: str
    offline: AgentState


@dataclass(frozen=True, slots=True)
class SetAgentState:
    """The agent asks for another agent state."""

    agent: str
    state: AgentState


@dataclass(frozen=True, slots=True)
class OperateDevice:
    """The agent requests an operation on their device with this body."""

    agent: str
    body: bodies.DeviceOperation

    @property
    def operation(self) -> str:
        """The operationName."""
        return self.body["operationName"]


DeviceCommand = LogIn | LogOut | SetAgentState | OperateDevice


def step_device(table: DeviceTable, world: World, command: DeviceCommand) -> tuple[World, bool]:
    """The next world, and whether to notify the agent about their device.

    Raises NotRegistered or NotPossibleOnDevice; then nothing has changed. Setting the same agent state again causes another notification,
    as in the capture; beginning or ending a session twice does not.
    """
    device = world.device(command.agent)
    if isinstance(command, LogIn):
        after = device if device.in_session else replace(device, in_session=True, user_state=LOGGED_IN)
        is_told = after is not device
    elif isinstance(command, LogOut):
        gone = replace(device, in_session=False, user_state=command.offline.shown)
        after = gone if device.in_session else device
        is_told = after is not device
    elif isinstance(command, SetAgentState):
        if not device.in_session:
            raise NotRegistered(command.agent)
        after, is_told = replace(device, user_state=command.state.shown), True
    else:
        after, is_told = _operated(table, world, command), True
    return replace(world, devices={**world.devices, command.agent: after}), is_told


def reached(world: World, number: str) -> str | None:
    """The number at which a call to this one rings, after all forwarding; None if nobody can be reached there."""
    passed = {number}
    while (to := world.device(number).forward_to) is not None:
        if to in passed:
            return None
        passed.add(to)
        number = to
    return None if world.device(number).do_not_disturb else number


def read_device_table(rows: Iterable[DeviceRowData], agent_states: Iterable[AgentStateData]) -> DeviceTable:
    """Build the look-up from the contract's rows. Raises BadTable for two rows that answer the same question."""
    taken: dict[tuple[str, str], str] = {}
    for row in rows:
        key = (row["operation"], str(sorted(row["when"].items())))
        if key in taken:
            raise BadTable(row["id"], f"answers the same question as row {taken[key]}")
        taken[key] = row["id"]
    states = tuple(_agent_state(entry) for entry in agent_states)
    if OFFLINE not in {state.operation for state in states}:
        raise BadTable(OFFLINE, "is missing: the end of a session logs the agent out")
    return DeviceTable(tuple(rows), states)


def _agent_state(entry: AgentStateData) -> AgentState:
    shown = UserState(entry["state"], entry["id"], entry["displayName"], entry.get("workMode"))
    return AgentState(entry["operation"], shown, entry.get("inSettings", entry["state"]))


def _operated(table: DeviceTable, world: World, command: OperateDevice) -> Device:
    row, device = table.rule(command.operation, world, command.agent), world.device(command.agent)
    for name, value in row["sets"].items():
        device = _WRITES[name](device, value == "On", command)
    return device


def _holds(row: DeviceRowData, world: World, agent: str) -> bool:
    return all(_READS[name](world, agent) == (value == "On") for name, value in row["when"].items())


def _target(command: OperateDevice) -> str:
    return cast(bodies.ForwardCallsOn, command.body)["destination"]


#: What a row may require of a device, by the contract's name, and what it may set. The step of the calls sets supervision.
_READS: Mapping[str, Callable[[World, str], bool]] = {
    "doNotDisturb": lambda world, agent: world.device(agent).do_not_disturb,
    "forwarding": lambda world, agent: world.device(agent).forward_to is not None,
    "supervisor": lambda world, agent: "supervise" in world.seats.get(agent, frozenset()),
    "supervising": lambda world, agent: agent in world.supervisions,
}
_WRITES: Mapping[str, Callable[[Device, bool, OperateDevice], Device]] = {
    "doNotDisturb": lambda device, on, _: replace(device, do_not_disturb=on),
    "forwarding": lambda device, on, asked: replace(device, forward_to=_target(asked) if on else None),
}
