"""The handlers stand on the generated stubs, and none of them waits."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import pytest

from refswitch.calls import Supervision
from refswitch.request_log import Record
from refswitch.rest.caller import Caller
from refswitch.rest.channels import AgentChannel
from refswitch.rest.devices import AgentDevice
from refswitch.rest.me import AgentSession
from refswitch.rest.operations import AgentOperations
from refswitch.rest.realm import Realm
from refswitch.rest.sessions import Admission, HttpSessions
from refswitch.seats import new_seat
from refswitch.stubs import bodies, operations

from ..house import CONTRACT  # noqa: TID252  # the whole house is one floor up

BODIES: dict[str, Any] = {
    "StartContactCenterSession": {"channels": ["voice"]},
    "ForwardCallsOn": {"destination": "15001"},
    "ListenIn": {"targetDeviceUri": "http://x/api/v2/devices/d2"},
    "Coach": {"targetDeviceUri": "http://x/api/v2/devices/d2", "supervisorMonitoringScope": "Agent"},
    "BargeIn": {"targetDeviceUri": "http://x/api/v2/devices/d2", "supervisorMonitoringMode": "NextCall"},
    "Dial": {"destination": {"phoneNumber": "1"}},
    "InitiateConference": {"destination": {"phoneNumber": "1"}, "userData": {"a": 1}},
    "CompleteConference": {"consultCallUri": "http://x/api/v2/me/calls/c2"},
}
#: What the switch is given beside the name of an operation on a device.
PASSED_ON: dict[str, list[object]] = {
    "ForwardCallsOn": ["15001"],
    "ListenIn": [Supervision("15001", "ListenIn", "Call", "AllCalls")],
    "Coach": [Supervision("15001", "Coach", "Agent", "AllCalls")],
    "BargeIn": [Supervision("15001", "BargeIn", "Call", "NextCall")],
    "CancelSupervisorMonitoring": [None],
}
#: What the switch is asked for by an operation without parameters.
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("destination", "user_data", "other", "key", "participant")),
    "is_simulated": False,
}


class Noted:
    """A switch that only notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def operate(self, agent: str, call_id: str, operation: str, **more: object) -> None:
        self.asked.append((agent, call_id, operation, more))

    def dial(self, agent: str, **more: object) -> None:
        self.asked.append((agent, "Dial", more))

    agent_states: ClassVar = dict.fromkeys(operations.ChannelOperationTable.__annotations__)

    def log_in(self, agent: str) -> None:
        self.asked.append((agent, "StartContactCenterSession"))

    def log_out(self, agent: str) -> None:
        self.asked.append((agent, "EndContactCenterSession"))

    def set_agent_state(self, agent: str, operation: str) -> None:
        self.asked.append((agent, operation))

    def operate_device(self, agent: str, operation: str, *, destination: str | None = None) -> None:
        self.asked.append((agent, operation) if destination is None else (agent, operation, destination))

    def number_of(self, device_id: str) -> str | None:
        return {"d2": "15001"}.get(device_id)

    def supervise(self, agent: str, operation: str, supervision: Supervision | None) -> None:
        self.asked.append((agent, operation, supervision))


class NoOutcomes:
    """No number has any."""

    def met(self, *asked: object) -> None:
        return None


def performed(
    name: str, path_id: str | None, perform: Any, kind: Any = AgentOperations, **members: object
) -> list[tuple[object, ...]]:
    """Run one operation as a coroutine that may not wait even once."""
    switch: Any = Noted()
    seat = new_seat("15000", device_id="d1")
    sessions = HttpSessions(lambda: 0.0)
    outcomes: Any = NoOutcomes()
    realm = Realm(switch, sessions, Admission([seat], sessions), "http://switch.example", outcomes)
    agent = kind(Caller(realm, seat, sessions.open(seat), Record()))
    body = {"operationName": name, **BODIES.get(name, {}), **members}
    running = perform(agent, body) if path_id is None else perform(agent, path_id, body)
    with pytest.raises(StopIteration) as finished:
        running.send(None)
    assert finished.value.value == {"statusCode": 0}
    return list(switch.asked)


def mapping(union: str) -> list[str]:
    openapi: Any = CONTRACT.openapi
    return sorted(openapi["components"]["schemas"][union]["discriminator"]["mapping"])


@pytest.mark.parametrize("name", mapping("CallOperation"))
def test_every_call_operation_of_the_contract_is_carried_out_without_waiting(name: str) -> None:
    ((agent, call, operation, _),) = performed(name, "c1", operations.perform_call_operation)
    assert (agent, call, operation) == ("15000", "c1", name)


@pytest.mark.parametrize("name", mapping("MeOperation"))
def test_every_session_operation_is_carried_out_without_waiting(name: str) -> None:
    asked = performed(name, None, operations.perform_me_operation, AgentSession)
    assert asked == [("15000", name)]


@pytest.mark.parametrize("name", mapping("ChannelOperation"))
def test_every_agent_state_is_set_without_waiting(name: str) -> None:
    asked = performed(name, "voice", operations.perform_channel_operation, AgentChannel)
    assert asked == [("15000", name)]


@pytest.mark.parametrize("name", mapping("DeviceOperation"))
def test_every_device_operation_is_carried_out_without_waiting(name: str) -> None:
    ((agent, operation, *more),) = performed(name, "d1", operations.perform_device_operation, AgentDevice)
    assert (agent, operation, more) == ("15000", name, PASSED_ON.get(name, []))


def test_dial_and_initiate_conference_pass_on_destination_and_user_data() -> None:
    assert performed("Dial", "d1", operations.perform_dialling_operation) == [
        ("15000", "Dial", {"destination": "1", "user_data": None, "is_simulated": False})
    ]
    assert performed("InitiateConference", "c1", operations.perform_call_operation) == [
        ("15000", "c1", "InitiateConference", {**NOTHING, "destination": "1", "user_data": {"a": 1}})
    ]


def test_the_consult_call_is_named_by_the_end_of_its_address() -> None:
    assert performed("CompleteConference", "c1", operations.perform_call_operation) == [
        ("15000", "c1", "CompleteConference", {**NOTHING, "other": "c2"})
    ]


def test_a_member_that_the_operation_does_not_have_is_passed_over() -> None:
    assert performed("Hold", "c1", operations.perform_call_operation, destination=None, consultCallUri=5) == [
        ("15000", "c1", "Hold", NOTHING)
    ]


def test_the_operations_are_what_the_stubs_ask_for() -> None:
    def fits(
        agent: AgentOperations, session: AgentSession, device: AgentDevice, channel: AgentChannel
    ) -> tuple[
        operations.DiallingOperations,
        operations.CallOperations,
        operations.MeOperations,
        operations.DeviceOperations,
        operations.ChannelOperations,
    ]:
        return agent, agent, session, device, channel

    assert asyncio.iscoroutinefunction(AgentOperations.Answer)
    assert bodies.Answer.__required_keys__ == {"operationName"}
    assert fits is not None
