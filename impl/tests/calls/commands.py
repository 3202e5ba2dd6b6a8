"""Short ways to write commands of the call core. Bodies are those of requests, with the members that the contract defines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refswitch.calls import Dial, LegKey, Operate, OperateDevice, Supervise, Supervision
from refswitch.stubs import bodies

CALLS = "http://gws.example/api/v2/me/calls/"


def body(operation: str, members: Mapping[str, Any]) -> Any:
    """A body that is valid if its members are; members that are None or not the operation's are left out."""
    listed = getattr(bodies, operation).__annotations__
    said = {name: value for name, value in members.items() if value is not None and name in listed}
    return {"operationName": operation, **said}


def operate(
    operation: str,
    leg: LegKey,
    destination: str | None = None,
    user_data: Mapping[str, object] | None = None,
    *,
    other: str | None = None,
    key: str = "key",
    participant: str | None = None,
    disposition_key: str | None = None,
) -> Operate:
    """An operation on a leg. `other` is the id of another call; a body that names its own call names this one."""
    address = None if other is None else CALLS + other
    members = {
        "destination": None if destination is None else {"phoneNumber": destination},
        "userData": user_data,
        "consultCallUri": address,
        "otherCallUri": address,
        "key": key,
        "participant": participant,
        "callUri": CALLS + leg.call_id,
        "callUuid": leg.call_id,
        "disposition": "Referred",
        "dispositionKey": disposition_key,
    }
    return Operate(leg, body(operation, members))


def dial(agent: str, number: str, user_data: Mapping[str, object] | None = None) -> Dial:
    """A call from the agent's device."""
    return Dial(agent, body("Dial", {"destination": {"phoneNumber": number}, "userData": user_data}))


def on_device(agent: str, operation: str, destination: str | None = None) -> OperateDevice:
    """An operation on the agent's device."""
    return OperateDevice(agent, body(operation, {"destination": destination}))


def supervision(target: str, how: str, scope: str | None = None, mode: str | None = None) -> Supervision:
    """A supervisor's request about the agent at a number."""
    members = {
        "targetDeviceUri": f"http://gws.example/api/v2/devices/{target}",
        "supervisorMonitoringScope": scope,
        "supervisorMonitoringMode": mode,
    }
    return Supervision(target, body(how, members))


def supervise(
    supervisor: str, target: str, how: str, scope: str | None = None, mode: str | None = None
) -> Supervise:
    """A supervisor begins to hear an agent."""
    return Supervise(supervisor, supervision(target, how, scope, mode))
