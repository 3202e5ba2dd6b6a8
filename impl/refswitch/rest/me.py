"""The agent: their identity, their contact centre session, and operations on all their channels or devices."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from refswitch.calls import OFFLINE, LogIn, LogOut, OperateDevice
from refswitch.devices import VOICE
from refswitch.refusals import ChannelNotServed, NoSuchResource, RequestRefused, refusal
from refswitch.stubs import bodies, operations, resources

from .agent_states import set_agent_state
from .caller import Caller
from .contact_centre import features

CONTACT_CENTRE_ID = str(uuid.uuid5(uuid.NAMESPACE_DNS, "contact-center.refswitch.invalid"))


def read_me(caller: Caller, subresources: str = "") -> resources.MeAnswer:
    """The agent, with the requested subresources that apply; interactions and chats never do here."""
    asked = subresources.split(",")
    user = _user(caller)
    for name, add in _SUBRESOURCES.items():
        if name in asked or "*" in asked:
            add(caller, user)
    return {"statusCode": 0, "user": user}


def operate_on_me(caller: Caller, operation: bodies.MeOperation) -> resources.Accepted | resources.PartlyDone:
    """Session operations, and operations on all channels or devices, of which each agent here has one.

    Any other operationName is that of an agent state; the contact centre may have states of its own.
    """
    name = operation["operationName"]
    if (perform := _OPERATIONS.get(name)) is not None:
        return perform(caller, operation)
    return set_agent_state(caller, name, operations.MeOperationTable.__annotations__)


def _start_session(
    caller: Caller, operation: bodies.StartContactCenterSession
) -> resources.Accepted | resources.PartlyDone:
    """Each channel succeeds or fails by itself, once. When all fail, the first one's refusal is the answer."""
    failed: dict[str, RequestRefused] = {}
    channels = list(dict.fromkeys(operation["channels"]))
    for channel in channels:
        try:
            _start(caller, channel, operation.get("devicePath"))
        except RequestRefused as refused:
            failed[channel] = refused
    if not failed:
        return {"statusCode": 0}
    if len(failed) == len(channels):
        raise failed[channels[0]]
    return {
        "statusCode": 7,
        "succeeded": [{"statusCode": 0, "channel": channel} for channel in channels if channel not in failed],
        "failed": [_failure(channel, refused) for channel, refused in failed.items()],
    }


def _start(caller: Caller, channel: str, device_path: str | None) -> None:
    """Raises RequestRefused. This switch ignores place, queue, loginCode and mobileSession."""
    if channel != VOICE:
        raise ChannelNotServed(channel, (VOICE,))
    if device_path not in (None, f"/devices/{caller.seat.device_id}"):
        raise NoSuchResource(f"device {device_path} of yours")
    caller.sandbox.switch.apply(LogIn(caller.seat.number))


def _end_session(caller: Caller, operation: bodies.EndContactCenterSession) -> resources.Accepted:
    """Also ends the HTTP session; credentials open another. CometD sessions are notified and stay."""
    switch = caller.sandbox.switch
    switch.apply(LogOut(caller.seat.number, switch.agent_states[OFFLINE]))
    caller.sandbox.access.sessions.end(caller.session)
    return {"statusCode": 0}


def _operate_device(
    caller: Caller, operation: bodies.DoNotDisturbOn | bodies.DoNotDisturbOff
) -> resources.Accepted:
    caller.sandbox.switch.apply(OperateDevice(caller.seat.number, operation))
    return {"statusCode": 0}


#: The functions of operations that do not set an agent state.
_OPERATIONS: Mapping[str, Callable[[Caller, Any], resources.Accepted | resources.PartlyDone]] = {
    "StartContactCenterSession": _start_session,
    "EndContactCenterSession": _end_session,
    "DoNotDisturbOn": _operate_device,
    "DoNotDisturbOff": _operate_device,
}


def _failure(channel: str, refused: RequestRefused) -> resources.PartlyDoneFailedItem:
    told = refusal(refused)
    return {"statusCode": told.status_code, "statusMessage": told.message, "channel": channel}


def _user(caller: Caller) -> resources.UserResource:
    """GET /me in a capture of GWS 8.5.202.96."""
    seat, api = caller.seat, caller.sandbox.api
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
    user["devices"] = [caller.sandbox.switch.device(caller.seat.number)]


def _add_calls(caller: Caller, user: resources.UserResource) -> None:
    user["calls"] = caller.sandbox.switch.calls(caller.seat.number)


def _add_channels(caller: Caller, user: resources.UserResource) -> None:
    """Empty without a session, for clients that go through them at once; channelStates repeats it (capture of GWS 8.5.202.96)."""
    user["channels"] = user["channelStates"] = caller.sandbox.switch.channels(caller.seat.number)


def _add_features(caller: Caller, user: resources.UserResource) -> None:
    user["features"] = features(caller.sandbox)


def _add_settings(caller: Caller, user: resources.UserResource) -> None:
    """The sections of the seats file, the same for every agent."""
    user["settings"] = caller.sandbox.seating.settings


_SUBRESOURCES: Mapping[str, Callable[[Caller, resources.UserResource], None]] = {
    "devices": _add_devices,
    "calls": _add_calls,
    "channels": _add_channels,
    "features": _add_features,
    "settings": _add_settings,
}
