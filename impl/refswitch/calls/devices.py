"""The devices of the seats: what each is set to, the state of its agent, and the one step from a command to the next.

Rows come from the sections `devices` and `agentStates` of call-model.yaml. A device takes an operation when one of its rows holds for what
it is set to; read down that column it is what the device offers.
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
    """What a device is or will be set to, as the contract has it."""

    doNotDisturb: OnOff
    forwarding: OnOff
    supervisor: OnOff
    supervising: OnOff


class DeviceRowData(TypedDict):
    """A row of `devices`, as the contract has it."""

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
    """A row of `agentStates`, as the contract has it."""

    workMode: str
    inSettings: str


@dataclass(frozen=True, slots=True)
class AgentState:
    """An agent state that can be set, by the name of its operation. `in_settings` is the state as the settings list it."""

    operation: str
    shown: UserState
    in_settings: str


@dataclass(frozen=True)
class DeviceTable:
    """Every row of the devices, and the agent states that every contact centre has."""

    rows: tuple[DeviceRowData, ...]
    agent_states: tuple[AgentState, ...]

    def rule(self, operation: str, world: World, agent: str) -> DeviceRowData:
        """The row for an operation on the agent's device as it is now. Raises NotPossibleOnDevice."""
        for row in self.rows:
            if row["operation"] == operation and _holds(row, world, agent):
                return row
        raise NotPossibleOnDevice(operation, agent, self.capabilities(world, agent))

    def capabilities(self, world: World, agent: str) -> tuple[str, ...]:
        """What the agent's device offers as it is now, by name."""
        return tuple(sorted(row["operation"] for row in self.rows if _holds(row, world, agent)))


class NotPossibleOnDevice(Refused):
    """The device does not take this operation as it is set."""

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
    """A contact centre session begins on the agent's device. Nothing, if there is one."""

    agent: str


@dataclass(frozen=True, slots=True)
class LogOut:
    """The agent's contact centre session ends; `offline` is what their device then shows. Nothing, if there is none."""

    agent: str
    offline: AgentState


@dataclass(frozen=True, slots=True)
class SetAgentState:
    """The agent wants to be in another state."""

    agent: str
    state: AgentState


@dataclass(frozen=True, slots=True)
class OperateDevice:
    """The agent asks for an operation on their device, by the request's body."""

    agent: str
    body: bodies.DeviceOperation

    @property
    def operation(self) -> str:
        """The operationName."""
        return self.body["operationName"]


DeviceCommand = LogIn | LogOut | SetAgentState | OperateDevice


def step_device(table: DeviceTable, world: World, command: DeviceCommand) -> tuple[World, bool]:
    """The next world, and whether the agent is to be notified of their device.

    Raises NotRegistered or NotPossibleOnDevice, and then nothing has happened. An agent state that is set already is told again, as in the
    capture; a session that begins twice or ends twice is not.
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
    """The number at which a call to this one rings, forwarded as often as it is; None when nobody can be reached so."""
    passed = {number}
    while (to := world.device(number).forward_to) is not None:
        if to in passed:
            return None
        passed.add(to)
        number = to
    return None if world.device(number).do_not_disturb else number


def read_device_table(rows: Iterable[DeviceRowData], agent_states: Iterable[AgentStateData]) -> DeviceTable:
    """Make the look-up from the contract's rows. Raises BadTable for two rows that answer the same question."""
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


#: What a row may ask of a device, by the contract's name, and what it may set. Supervision is set by the step of the calls.
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
