"""The agent's devices, under /me and at the address in every call's deviceUri. Other agents' devices are not visible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from refswitch.calls import LegKey, Operate, OperateDevice, Supervise, Supervision
from refswitch.refusals import BadValue
from refswitch.stubs import bodies, resources

from .answers import chosen, collection
from .caller import Caller, check_own
from .calls import carry_out


def list_devices(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """The agent's one device: its address, or with `fields` the device."""
    device = caller.sandbox.switch.device(caller.seat.number)
    return collection("devices", [f"{caller.sandbox.api}/devices/{device['id']}"], [device], fields)


def read_device(caller: Caller, id: str, fields: str | None = None) -> resources.DeviceAnswer:
    """One device: all of it, or the members asked for."""
    check_own(caller, id)
    return {"statusCode": 0, "device": chosen(caller.sandbox.switch.device(caller.seat.number), fields)}


def operate_on_device(caller: Caller, operation: bodies.DeviceOperation, id: str) -> resources.Accepted:
    """Every operation on a device, by operationName."""
    check_own(caller, id)
    command = _COMMANDS.get(operation["operationName"], _operate)(caller, operation)
    if isinstance(command, Operate):
        return carry_out(caller, command)
    caller.sandbox.switch.apply(command)
    return {"statusCode": 0}


def read_device_settings(caller: Caller, id: str) -> resources.TServerSettingsAnswer:
    """This switch has no configuration behind it, so a device has no settings of its own."""
    check_own(caller, id)
    return {"statusCode": 0, "settings": [], "key": "name"}


def _operate(caller: Caller, operation: Any) -> OperateDevice:
    return OperateDevice(caller.seat.number, operation)


def _supervise(caller: Caller, operation: bodies.ListenIn | bodies.Coach | bodies.BargeIn) -> Supervise:
    """Finds the device to supervise. Only the end of its address counts, because a client may know us under another host name."""
    target = caller.sandbox.switch.number_of(operation["targetDeviceUri"].rpartition("/")[2])
    if target is None:
        raise BadValue("$.targetDeviceUri", "names no device of this contact centre")
    return Supervise(caller.seat.number, Supervision(target, operation))


def _supervise_no_longer(caller: Caller, operation: bodies.CancelSupervisorMonitoring) -> Supervise:
    return Supervise(caller.seat.number, None)


def _set_disposition(caller: Caller, operation: bodies.SetCallDisposition) -> Operate:
    """Acts on the agent's call that the body names."""
    return Operate(LegKey(caller.seat.number, operation["callUuid"]), operation)


#: The command for the switch, for an operation that does not concern the device alone.
_COMMANDS: Mapping[str, Callable[[Caller, Any], Operate | OperateDevice | Supervise]] = {
    "SetCallDisposition": _set_disposition,
    "ListenIn": _supervise,
    "Coach": _supervise,
    "BargeIn": _supervise,
    "CancelSupervisorMonitoring": _supervise_no_longer,
}
