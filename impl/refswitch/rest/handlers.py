"""One async function for each operationId of the contract. None of them waits for anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import cast

from refswitch.stubs import bodies, operations, resources

from .caller import Caller
from .operations import AgentOperations

Handler = Callable[..., Awaitable[Mapping[str, object]]]

#: operationId -> the operationNames that can be posted there.
OPERATION_NAMES: Mapping[str, frozenset[str]] = {
    "operateOnMe": frozenset(operations.MeOperationTable.__annotations__),
    "operateOnDevice": frozenset(operations.DeviceOperationTable.__annotations__),
    "operateOnCall": frozenset(operations.CallOperationTable.__annotations__),
}

#: Members that DevicesAnswer wants of a device, whatever else was asked for.
_DEVICE_ALWAYS = "id,deviceState,phoneNumber,uri,path"


class Handlers:
    """The resources, of the caller's switch. Arguments are named as the contract names the parameters."""

    def by_operation_id(self) -> Mapping[str, Handler]:
        handlers: Mapping[str, Handler] = {
            "readMe": self.read_me,
            "operateOnMe": self.operate_on_me,
            "listDevices": self.list_devices,
            "operateOnDevice": self.operate_on_device,
            "listCalls": self.list_calls,
            "readCall": self.read_call,
            "operateOnCall": self.operate_on_call,
        }
        return {operation_id: _noted(handler) for operation_id, handler in handlers.items()}

    async def read_me(self, caller: Caller, subresources: str = "") -> resources.MeAnswer:
        """The agent, with the subresources that were asked for and are served; others are absent."""
        user = _user(caller)
        asked = subresources.split(",")
        if "devices" in asked or "*" in asked:
            user["devices"] = [_device(caller)]
        if "calls" in asked or "*" in asked:
            user["calls"] = caller.realm.switch.calls(caller.seat.number)
        return {"statusCode": 0, "user": user}

    async def operate_on_me(
        self, caller: Caller, operation: bodies.MeOperation
    ) -> operations.MeOperationAnswer:
        """StartContactCenterSession and EndContactCenterSession."""
        return await operations.perform_me_operation(AgentOperations(caller), operation)

    async def list_devices(self, caller: Caller, fields: str | None = None) -> resources.DevicesAnswer:
        """The agent's one device: its address, or with `fields` the device."""
        device = _device(caller)
        if fields is None:
            return {"statusCode": 0, "uris": [device["uri"]]}
        chosen = _chosen(device, f"{fields},{_DEVICE_ALWAYS}")
        return {"statusCode": 0, "devices": [cast(resources.Device, chosen)]}

    async def operate_on_device(
        self, caller: Caller, operation: bodies.DeviceOperation, id: str
    ) -> operations.DeviceOperationAnswer:
        """Dial."""
        return await operations.perform_device_operation(AgentOperations(caller), id, operation)

    async def list_calls(self, caller: Caller, fields: str | None = None) -> resources.CallsAnswer:
        """The agent's live legs: their addresses, or with `fields` the legs or the members asked for."""
        calls = caller.realm.switch.calls(caller.seat.number)
        if fields is None:
            return {"statusCode": 0, "uris": [call["uri"] for call in calls]}
        return {"statusCode": 0, "calls": [_chosen(call, fields) for call in calls]}

    async def read_call(self, caller: Caller, id: str) -> resources.CallAnswer:
        """One live leg, always whole."""
        return {"statusCode": 0, "call": caller.realm.switch.call(caller.seat.number, id)}

    async def operate_on_call(
        self, caller: Caller, operation: bodies.CallOperation, id: str
    ) -> operations.CallOperationAnswer:
        """Every operation on a leg, by operationName."""
        return await operations.perform_call_operation(AgentOperations(caller), id, operation)


def _user(caller: Caller) -> resources.UserResource:
    """GET /me in a capture of GWS 8.5.202.96."""
    seat, api = caller.seat, caller.realm.api
    first, _, last = seat.display_name.partition(" ")
    return {
        "id": seat.user_id,
        "userName": seat.login,
        "firstName": first,
        "lastName": last,
        "roles": ["ROLE_AGENT"],
        "enabled": True,
        "changePasswordOnFirstLogin": False,
        "uri": f"{api}/users/{seat.user_id}",
        "path": f"/users/{seat.user_id}",
    }


def _device(caller: Caller) -> resources.Device:
    """CallsDeviceResource, HTCC 8.5.2. Nothing can be done to the device itself, so it offers nothing."""
    seat, api = caller.seat, caller.realm.api
    return {
        "id": seat.device_id,
        "deviceState": "Active",
        "phoneNumber": seat.number,
        "e164Number": "",
        "telephonyNetwork": "Private",
        "doNotDisturb": "Off",
        "capabilities": [],
        "uri": f"{api}/devices/{seat.device_id}",
        "path": f"/devices/{seat.device_id}",
    }


def _noted(handler: Handler) -> Handler:
    """The handler, with what it answers noted for the log."""

    @wraps(handler)
    async def noted(*, caller: Caller, **arguments: object) -> Mapping[str, object]:
        answer = await handler(caller=caller, **arguments)
        caller.record.status_code = cast(int, answer["statusCode"])
        return answer

    return noted


def _chosen(resource: Mapping[str, object], fields: str) -> Mapping[str, object]:
    """With * the whole resource, else the members that are named; a name that no member has chooses nothing."""
    names = fields.split(",")
    return resource if "*" in names else {name: value for name, value in resource.items() if name in names}
