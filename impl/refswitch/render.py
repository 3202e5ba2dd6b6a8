"""Renders legs and changes as the contract's JSON. No other module knows its member names.

What is absent is left out, never sent empty (DeleteUserData, HTCC 8.5.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from .calls import Change, View, is_outside
from .stubs.notifications import CallEventData, Extensions
from .stubs.resources import Call, Participant


class Render:
    """Turns views into resources.

    `public_base` is the configured address that every link begins with, such as http://127.0.0.1:8080; it never comes from a
    request (HTCCConfigurationOptionsReference 8.5.2, externalApiUrlV2). `devices` maps each seat's number to its device id.
    """

    def __init__(self, public_base: str, devices: Mapping[str, str]) -> None:
        self._api = public_base.rstrip("/") + "/api/v2"
        self._devices = devices

    def call(self, view: View, now: float) -> Call:
        """The call resource of a leg at the time `now` (CallResource, HTCC 8.5.2).

        `monitoring` is absent from a supervisor's own leg, as in every sample of one (SupervisorSwitchToBargeIn, HTCC 8.5.2).
        """
        leg = view.leg
        call_id = leg.key.call_id
        resource: Call = {
            "id": call_id,
            "state": leg.state.value,
            "callUuid": call_id,
            "connId": leg.conn_id,
            "deviceUri": f"{self._api}/devices/{self._devices[leg.key.agent]}",
            "participants": [participant(number) for number in view.participants],
            "dnis": leg.dnis,
            "callType": leg.call_type,
            "capabilities": list(view.capabilities),
            "duration": str(int(now - leg.began)),
            "mute": leg.mute,
            "supervisorListeningIn": view.is_supervised,
            "monitoredUserMuted": leg.user_muted == "On",
            "uri": self._uri(call_id),
            "path": f"/calls/{call_id}",
        }
        if leg.monitoring == "none":
            resource["monitoring"] = False
        if leg.ani is not None:
            resource["ani"] = leg.ani
        if view.is_recordable:
            resource["recordingState"] = leg.recording
        if view.user_data:
            resource["userData"] = dict(view.user_data)
        if leg.parent is not None:
            resource["parentCallUri"] = self._uri(leg.parent)
            resource["parentCallPath"] = f"/calls/{leg.parent}"
        return resource

    def notification(self, change: Change, now: float) -> CallEventData:
        """The data of a notification on /v2/me/calls (InitiateConference, HTCC 8.5.2, CometD notification)."""
        data: CallEventData = {
            "notificationType": change.notification_type,
            "call": self.call(change.view, now),
            "phoneNumber": change.view.leg.key.agent,
            "messageType": "CallStateChangeMessage",
        }
        if change.extensions:
            data["extensions"] = cast(Extensions, dict(change.extensions))  # named by the table's rows
        return data

    def _uri(self, call_id: str) -> str:
        return f"{self._api}/me/calls/{call_id}"


def participant(number: str) -> Participant:
    """Another party. e164Number is empty for a number of this switch; an outside number is written with its country code."""
    return {
        "e164Number": number if is_outside(number) else "",
        "formattedPhoneNumber": number,
        "phoneNumber": number,
        "digits": number,
    }
