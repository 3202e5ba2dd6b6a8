"""Every operation of the contract becomes one command to the switch, with the body as posted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from refswitch.calls import (
    AgentState,
    Command,
    DeviceCommand,
    Dial,
    LegKey,
    LogIn,
    LogOut,
    Operate,
    OperateDevice,
    SetAgentState,
    Supervise,
    Supervision,
    UserState,
)
from refswitch.request import Request
from refswitch.rest.caller import Caller, handle
from refswitch.rest.handlers import HANDLERS
from refswitch.seats import new_seat
from refswitch.stubs import operations

from ..house import CONTRACT  # noqa: TID252  # the whole house is one floor up

ALICE, BOB = "15000", "15001"
DEVICE = "http://x/api/v2/devices/d2"
BODIES: dict[str, Any] = {
    "StartContactCenterSession": {"channels": ["voice"]},
    "ForwardCallsOn": {"destination": BOB},
    "ListenIn": {"targetDeviceUri": DEVICE},
    "Coach": {"targetDeviceUri": DEVICE, "supervisorMonitoringScope": "Agent"},
    "BargeIn": {"targetDeviceUri": DEVICE, "supervisorMonitoringMode": "NextCall"},
    "SetCallDisposition": {"callUri": "http://x/api/v2/calls/c1", "callUuid": "c1", "disposition": "Done"},
    "Dial": {"destination": {"phoneNumber": "1"}},
    "InitiateConference": {"destination": {"phoneNumber": "1"}, "userData": {"a": 1}},
}
STATES = {
    name: AgentState(name, UserState(name), name) for name in operations.ChannelOperationTable.__annotations__
}


class Noted:
    """A switch that only records its commands."""

    agent_states = STATES

    def __init__(self) -> None:
        self.asked: list[Command | DeviceCommand] = []

    def apply(self, command: Command | DeviceCommand) -> None:
        self.asked.append(command)

    def number_of(self, device_id: str) -> str | None:
        return {"d2": BOB}.get(device_id)


def body(name: str) -> Any:
    return {"operationName": name, **BODIES.get(name, {})}


def commands(operation_id: str, name: str, **path: str) -> list[Command | DeviceCommand]:
    """The commands to the switch from one operation that Alice posts."""
    switch, seat = Noted(), new_seat(ALICE, device_id="d1")
    sessions = SimpleNamespace(end=lambda token: None)
    sandbox: Any = SimpleNamespace(
        switch=switch,
        outcomes=SimpleNamespace(met=lambda agent, command: None),
        access=SimpleNamespace(sessions=sessions),
    )
    request = Request("POST", "/", "", ())
    caller = Caller(sandbox, seat, "token", request)
    assert handle(HANDLERS[operation_id], caller, operation=body(name), **path) == {"statusCode": 0}
    assert request.status_code == 0
    return switch.asked


def mapping(union: str) -> list[str]:
    openapi: Any = CONTRACT.openapi
    return sorted(openapi["components"]["schemas"][union]["discriminator"]["mapping"])


@pytest.mark.parametrize("name", mapping("CallOperation"))
def test_an_operation_on_a_call_is_one_value_made_of_its_leg_and_its_body(name: str) -> None:
    assert commands("operateOnCall", name, id="c1") == [Operate(LegKey(ALICE, "c1"), body(name))]


def test_a_dial_is_one_value_made_of_its_agent_and_its_body() -> None:
    assert commands("dialFromDevice", "Dial", id="d1") == [Dial(ALICE, body("Dial"))]


@pytest.mark.parametrize("name", mapping("ChannelOperation"))
def test_an_agent_state_is_set_on_a_channel(name: str) -> None:
    assert commands("operateOnChannel", name, channel="voice") == [SetAgentState(ALICE, STATES[name])]


@pytest.mark.parametrize("name", mapping("MeOperation"))
def test_an_operation_on_me_is_carried_out_on_the_one_channel_and_the_one_device(name: str) -> None:
    others = {
        "StartContactCenterSession": LogIn(ALICE),
        "EndContactCenterSession": LogOut(ALICE, STATES["Offline"]),
        "DoNotDisturbOn": OperateDevice(ALICE, body(name)),
        "DoNotDisturbOff": OperateDevice(ALICE, body(name)),
    }
    assert commands("operateOnMe", name) == [others.get(name) or SetAgentState(ALICE, STATES[name])]


@pytest.mark.parametrize("name", mapping("DeviceOperation"))
def test_an_operation_on_a_device_is_one_value_and_supervision_names_the_number_at_the_device(
    name: str,
) -> None:
    supervised = name in ("ListenIn", "Coach", "BargeIn")
    others = {
        "CancelSupervisorMonitoring": Supervise(ALICE, None),
        "SetCallDisposition": Operate(LegKey(ALICE, "c1"), body(name)),
        **({name: Supervise(ALICE, Supervision(BOB, body(name)))} if supervised else {}),
    }
    assert commands("operateOnDevice", name, id="d1") == [
        others.get(name) or OperateDevice(ALICE, body(name))
    ]
