"""Renders devices and agent states as the contract's JSON. No other module knows its member names."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from .calls import OFFLINE, AgentState, Device, DeviceTable, UserState, World
from .stubs import notifications, resources

#: The voice environment of every device here: the service that stands for the switch.
SWITCH_ID = str(uuid.uuid5(uuid.NAMESPACE_DNS, "voice-environment.refswitch.invalid"))
VOICE = "voice"


class Devices:
    """The rules that a switch's devices follow, the agent states that can be set on them, and how both are rendered.

    `public_base` is the configured address that every link begins with. `devices` maps each seat's number to its device id. `custom` are
    the contact centre's own agent states, in addition to those of the table.
    """

    def __init__(
        self,
        public_base: str,
        devices: Mapping[str, str],
        table: DeviceTable,
        custom: Iterable[AgentState] = (),
    ) -> None:
        self.table = table
        self.agent_states = {state.operation: state for state in (*table.agent_states, *custom)}
        self._api = public_base.rstrip("/") + "/api/v2"
        self._ids = devices

    def device(self, world: World, number: str) -> resources.Device:
        """The device resource (CallsDeviceResource, HTCC 8.5.2), with the additional members of a capture of GWS 8.5.202.96.

        Every device here is registered at the switch, so it is Active, and before a session its user is Offline, as captured.
        """
        device = world.device(number)
        resource: resources.Device = {
            "id": self._ids[number],
            "deviceState": "Active",
            "userState": user_state(device.user_state or self.agent_states[OFFLINE].shown),
            "phoneNumber": number,
            "description": "",
            "e164Number": "",
            "telephonyNetwork": "Private",
            "doNotDisturb": "On" if device.do_not_disturb else "Off",
            "voiceEnvironmentUri": f"{self._api}/voice-environments/{SWITCH_ID}",
            "capabilities": list(self.table.capabilities(world, number)),
            "channels": [VOICE],
            "dynamicPhoneNumber": "",
        }
        if device.forward_to is not None:
            resource["forwardTo"] = device.forward_to
        if (supervision := world.supervisions.get(number)) is not None:
            resource["supervisorMonitoringState"] = {
                "state": supervision.how,
                "mode": supervision.mode,
                "scope": supervision.scope,
                "targetDeviceUri": f"{self._api}/devices/{self._ids[supervision.target]}",
            }
        return resource

    def number_of(self, device_id: str) -> str | None:
        """The number of the seat that has this device, or None."""
        return next((number for number, own in self._ids.items() if own == device_id), None)

    def channels(self, world: World, number: str) -> list[resources.MediaChannel]:
        """The channels of the agent's session; none without a session."""
        device = world.device(number)
        return [_voice(device)] if device.in_session else []

    def device_changed(self, world: World, number: str) -> notifications.DeviceStateChangeData:
        """The data of a notification on /v2/me/devices (AgentStateNotReady, HTCC 8.5.2)."""
        return {"messageType": "DeviceStateChangeMessage", "devices": [self.device(world, number)]}

    def channels_changed(self, world: World, number: str) -> notifications.ChannelStateChangeData:
        """The data of a notification on /v2/me/channels (AgentStateControlReady, GWS 8.5.2)."""
        return {"messageType": "ChannelStateChangeMessageV2", "channels": [_voice(world.device(number))]}

    def device_failed(self, number: str) -> notifications.DeviceErrorNotificationData:
        """The data of an error notification about a device (capture of GWS 8.5.202.96)."""
        path = f"/devices/{self._ids[number]}"
        return {"messageType": "ErrorMessage", "devicePath": path, "deviceUri": self._api + path}


def user_state(state: UserState) -> resources.UserState:
    """The userState of a device or channel; members that the state does not have are absent."""
    shown: resources.UserState = {"state": state.state}
    if state.id is not None:
        shown["id"] = state.id
    if state.display_name is not None:
        shown["displayName"] = state.display_name
    if state.work_mode is not None:
        shown["workMode"] = state.work_mode
    if state.reason is not None:
        shown["reason"] = state.reason
    return shown


def agent_state_setting(state: AgentState) -> resources.AgentStateSetting:
    """An entry of settings/agent-states (SettingsSystem, HTCC 8.5.2)."""
    shown = state.shown
    setting: resources.AgentStateSetting = {
        "id": shown.id or "",
        "operationName": state.operation,
        "displayName": shown.display_name or state.operation,
        "state": state.in_settings,
    }
    if shown.work_mode is not None:
        setting["workMode"] = shown.work_mode
    if shown.reason is not None:
        setting["reason"] = shown.reason
    return setting


def _voice(device: Device) -> resources.MediaChannel:
    channel: resources.MediaChannel = {"channel": VOICE, "dndState": "On" if device.do_not_disturb else "Off"}
    if device.user_state is not None:
        channel["userState"] = user_state(device.user_state)
    return channel
