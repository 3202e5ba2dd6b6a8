"""The agent himself: who he is, his contact centre session, and what is meant for all of his channels and devices."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from refswitch.devices import VOICE
from refswitch.stubs import bodies, operations, resources

from .agent_states import set_agent_state
from .caller import Caller
from .contact_centre import features
from .errors import ChannelNotServed, NoSuchResource, RequestRefused, refusal

CONTACT_CENTRE_ID = str(uuid.uuid5(uuid.NAMESPACE_DNS, "contact-center.refswitch.invalid"))
_ACCEPTED: resources.Accepted = {"statusCode": 0}


async def read_me(caller: Caller, subresources: str = "") -> resources.MeAnswer:
    """The agent, with the subresources that were asked for and apply; settings, interactions and chats never do here."""
    asked = subresources.split(",")
    user = _user(caller)
    for name, add in _SUBRESOURCES.items():
        if name in asked or "*" in asked:
            add(caller, user)
    return {"statusCode": 0, "user": user}


async def operate_on_me(caller: Caller, operation: bodies.MeOperation) -> operations.MeOperationAnswer:
    """Session operations and what is meant for all channels or devices. An agent state of the contact centre's own has no method."""
    if operation["operationName"] not in operations.MeOperationTable.__annotations__:
        return set_agent_state(
            caller, operation["operationName"], operations.MeOperationTable.__annotations__
        )
    return await operations.perform_me_operation(AgentSession(caller), operation)


class AgentSession:
    """What an agent may ask for himself: implements MeOperations of the stubs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._switch = caller.realm.switch
        self._agent = caller.seat.number

    async def StartContactCenterSession(
        self, body: bodies.StartContactCenterSession
    ) -> operations.MeOperationAnswer:
        """Each channel succeeds or fails by itself. When all fail, the first one's refusal is the answer."""
        failed: dict[str, RequestRefused] = {}
        for channel in body["channels"]:
            try:
                self._start(channel, body.get("devicePath"))
            except RequestRefused as refused:
                failed[channel] = refused
        if not failed:
            return _ACCEPTED
        if len(failed) == len(body["channels"]):
            raise failed[body["channels"][0]]
        return {
            "statusCode": 7,
            "succeeded": [
                {"statusCode": 0, "channel": channel} for channel in body["channels"] if channel not in failed
            ],
            "failed": [_failure(channel, refused) for channel, refused in failed.items()],
        }

    async def EndContactCenterSession(
        self, body: bodies.EndContactCenterSession
    ) -> operations.MeOperationAnswer:
        """The HTTP session ends with it; credentials open another. CometD sessions are told, and live on."""
        self._switch.log_out(self._agent)
        self._caller.realm.sessions.end(self._caller.session)
        return _ACCEPTED

    async def Ready(self, body: bodies.Ready) -> operations.MeOperationAnswer:
        return self._set(body["operationName"])

    async def NotReady(self, body: bodies.NotReady) -> operations.MeOperationAnswer:
        return self._set(body["operationName"])

    async def AuxWork(self, body: bodies.AuxWork) -> operations.MeOperationAnswer:
        return self._set(body["operationName"])

    async def AfterCallWork(self, body: bodies.AfterCallWork) -> operations.MeOperationAnswer:
        return self._set(body["operationName"])

    async def Offline(self, body: bodies.Offline) -> operations.MeOperationAnswer:
        return self._set(body["operationName"])

    async def DoNotDisturbOn(self, body: bodies.DoNotDisturbOn) -> operations.MeOperationAnswer:
        """All of the agent's devices are one here."""
        self._switch.operate_device(self._agent, body["operationName"])
        return _ACCEPTED

    async def DoNotDisturbOff(self, body: bodies.DoNotDisturbOff) -> operations.MeOperationAnswer:
        self._switch.operate_device(self._agent, body["operationName"])
        return _ACCEPTED

    def _set(self, operation: str) -> resources.Accepted:
        """All of the agent's channels are one here."""
        self._switch.set_agent_state(self._agent, operation)
        return _ACCEPTED

    def _start(self, channel: str, device_path: str | None) -> None:
        """Raises RequestRefused. place, queue, loginCode and mobileSession mean nothing to this switch."""
        if channel != VOICE:
            raise ChannelNotServed(channel, (VOICE,))
        if device_path not in (None, f"/devices/{self._caller.seat.device_id}"):
            raise NoSuchResource(f"device {device_path} of yours")
        self._switch.log_in(self._agent)


def _failure(channel: str, refused: RequestRefused) -> resources.PartlyDoneFailedItem:
    told = refusal(refused)
    return {"statusCode": told.status_code, "statusMessage": told.message, "channel": channel}


def _user(caller: Caller) -> resources.UserResource:
    """GET /me in a capture of GWS 8.5.202.96."""
    seat, api = caller.seat, caller.realm.api
    first, _, last = seat.display_name.partition(" ")
    return {
        "id": seat.user_id,
        "userName": seat.login,
        "firstName": first,
        "lastName": last,
        "emailAddress": "",
        "roles": ["ROLE_AGENT"],
        "enabled": True,
        "changePasswordOnFirstLogin": False,
        "contactCenterId": CONTACT_CENTRE_ID,
        "uri": f"{api}/users/{seat.user_id}",
        "path": f"/users/{seat.user_id}",
    }


def _add_devices(caller: Caller, user: resources.UserResource) -> None:
    user["devices"] = [caller.realm.switch.device(caller.seat.number)]


def _add_calls(caller: Caller, user: resources.UserResource) -> None:
    user["calls"] = caller.realm.switch.calls(caller.seat.number)


def _add_channels(caller: Caller, user: resources.UserResource) -> None:
    """Absent without a session; channelStates says the same once more (capture of GWS 8.5.202.96)."""
    if channels := caller.realm.switch.channels(caller.seat.number):
        user["channels"] = user["channelStates"] = channels


def _add_features(caller: Caller, user: resources.UserResource) -> None:
    user["features"] = features(caller.realm)


_SUBRESOURCES: Mapping[str, Callable[[Caller, resources.UserResource], None]] = {
    "devices": _add_devices,
    "calls": _add_calls,
    "channels": _add_channels,
    "features": _add_features,
}
