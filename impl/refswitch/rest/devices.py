"""The agent's devices, under /me and at the address that every call's deviceUri gives. Somebody else's are not there."""

from __future__ import annotations

from collections.abc import Mapping

from refswitch.calls import Supervision
from refswitch.stubs import bodies, operations, resources

from .answers import chosen, collection
from .caller import Caller
from .errors import BadValue, NoSuchResource

_ACCEPTED: resources.Accepted = {"statusCode": 0}


async def list_devices(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """The agent's one device: its address, or with `fields` the device."""
    device = caller.realm.switch.device(caller.seat.number)
    return collection("devices", [f"{caller.realm.api}/devices/{device['id']}"], [device], fields)


async def read_device(caller: Caller, id: str, fields: str | None = None) -> resources.DeviceAnswer:
    """One device, whole or the members that were asked for."""
    check_own(caller, id)
    return {"statusCode": 0, "device": chosen(caller.realm.switch.device(caller.seat.number), fields)}


async def operate_on_device(
    caller: Caller, operation: bodies.DeviceOperation, id: str
) -> operations.DeviceOperationAnswer:
    """Every operation on a device, by operationName."""
    return await operations.perform_device_operation(AgentDevice(caller), id, operation)


async def read_device_settings(caller: Caller, id: str) -> resources.TServerSettingsAnswer:
    """No configuration stands behind this switch, so a device has no settings of its own."""
    check_own(caller, id)
    return {"statusCode": 0, "settings": [], "key": "name"}


def check_own(caller: Caller, device_id: str) -> None:
    """Raises NoSuchResource for a device that is not the agent's."""
    if device_id != caller.seat.device_id:
        raise NoSuchResource(f"device {device_id} of yours")


class AgentDevice:
    """What an agent may ask for his device: implements DeviceOperations of the stubs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def DoNotDisturbOn(
        self, device_id: resources.DeviceId, body: bodies.DoNotDisturbOn
    ) -> operations.DeviceOperationAnswer:
        return self._operate(device_id, body["operationName"])

    async def DoNotDisturbOff(
        self, device_id: resources.DeviceId, body: bodies.DoNotDisturbOff
    ) -> operations.DeviceOperationAnswer:
        return self._operate(device_id, body["operationName"])

    async def ForwardCallsOn(
        self, device_id: resources.DeviceId, body: bodies.ForwardCallsOn
    ) -> operations.DeviceOperationAnswer:
        return self._operate(device_id, body["operationName"], body["destination"])

    async def ForwardCallsOff(
        self, device_id: resources.DeviceId, body: bodies.ForwardCallsOff
    ) -> operations.DeviceOperationAnswer:
        return self._operate(device_id, body["operationName"])

    async def ListenIn(
        self, device_id: resources.DeviceId, body: bodies.ListenIn
    ) -> operations.DeviceOperationAnswer:
        return self._supervise(device_id, body)

    async def Coach(
        self, device_id: resources.DeviceId, body: bodies.Coach
    ) -> operations.DeviceOperationAnswer:
        return self._supervise(device_id, body)

    async def BargeIn(
        self, device_id: resources.DeviceId, body: bodies.BargeIn
    ) -> operations.DeviceOperationAnswer:
        return self._supervise(device_id, body)

    async def CancelSupervisorMonitoring(
        self, device_id: resources.DeviceId, body: bodies.CancelSupervisorMonitoring
    ) -> operations.DeviceOperationAnswer:
        check_own(self._caller, device_id)
        self._caller.realm.switch.supervise(self._caller.seat.number, body["operationName"], None)
        return _ACCEPTED

    def _supervise(
        self, device_id: str, body: bodies.ListenIn | bodies.Coach | bodies.BargeIn
    ) -> resources.Accepted:
        """The supervised device is named by the end of its address: whoever reaches us by another name may say so."""
        check_own(self._caller, device_id)
        switch = self._caller.realm.switch
        target = switch.number_of(body["targetDeviceUri"].rpartition("/")[2])
        if target is None:
            raise BadValue("$.targetDeviceUri", "names no device of this contact centre")
        supervision = Supervision(
            target,
            body["operationName"],
            body.get("supervisorMonitoringScope", "Call"),
            body.get("supervisorMonitoringMode", "AllCalls"),
        )
        switch.supervise(self._caller.seat.number, body["operationName"], supervision)
        return _ACCEPTED

    def _operate(self, device_id: str, operation: str, destination: str | None = None) -> resources.Accepted:
        check_own(self._caller, device_id)
        agent = self._caller.seat.number
        self._caller.realm.switch.operate_device(agent, operation, destination=destination)
        return _ACCEPTED
