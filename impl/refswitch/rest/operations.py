"""The operations an agent can post, as the generated stubs want them: one method for each operationName.

No method waits for anything: between reading the world and publishing what became of it, nobody else is served.
"""

from __future__ import annotations

from refswitch.stubs import bodies, operations, resources

from .caller import Caller
from .errors import BadValue, NoSuchResource

#: Channels that StartContactCenterSession logs an agent in on.
SERVED_CHANNELS = ("voice",)
_ACCEPTED: resources.Accepted = {"statusCode": 0}


class AgentOperations:
    """What one agent may ask for: implements MeOperations, DeviceOperations and CallOperations of the stubs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._switch = caller.realm.switch
        self._agent = caller.seat.number

    async def StartContactCenterSession(
        self, body: bodies.StartContactCenterSession
    ) -> operations.MeOperationAnswer:
        """Voice is served. Unknown channels beside it are told as failed; unknown ones alone are refused by the first of them."""
        failed = [channel for channel in body["channels"] if channel not in SERVED_CHANNELS]
        if not failed:
            return _ACCEPTED
        if len(failed) == len(body["channels"]):
            raise BadValue("$.channels[0]", _not_served(failed[0]))
        return {
            "statusCode": 7,
            "succeeded": [
                {"statusCode": 0, "channel": channel}
                for channel in body["channels"]
                if channel in SERVED_CHANNELS
            ],
            "failed": [
                {"statusCode": 10, "statusMessage": _not_served(name), "channel": name} for name in failed
            ],
        }

    async def EndContactCenterSession(
        self, body: bodies.EndContactCenterSession
    ) -> operations.MeOperationAnswer:
        """The HTTP session ends with it; credentials open another."""
        self._caller.realm.sessions.end(self._caller.session)
        return _ACCEPTED

    async def Dial(
        self, device_id: resources.DeviceId, body: bodies.Dial
    ) -> operations.DeviceOperationAnswer:
        """location and outboundCallerId are for a T-Server and mean nothing to this switch."""
        if device_id != self._caller.seat.device_id:
            raise NoSuchResource(f"device {device_id} of yours")
        self._switch.dial(
            self._agent, destination=body["destination"]["phoneNumber"], user_data=body.get("userData")
        )
        return _ACCEPTED

    async def Answer(self, call_id: resources.CallId, body: bodies.Answer) -> operations.CallOperationAnswer:
        return self._operate(call_id, body["operationName"])

    async def Hangup(self, call_id: resources.CallId, body: bodies.Hangup) -> operations.CallOperationAnswer:
        return self._operate(call_id, body["operationName"])

    async def Hold(self, call_id: resources.CallId, body: bodies.Hold) -> operations.CallOperationAnswer:
        return self._operate(call_id, body["operationName"])

    async def Retrieve(
        self, call_id: resources.CallId, body: bodies.Retrieve
    ) -> operations.CallOperationAnswer:
        return self._operate(call_id, body["operationName"])

    async def InitiateConference(
        self, call_id: resources.CallId, body: bodies.InitiateConference
    ) -> operations.CallOperationAnswer:
        """location is for a T-Server and means nothing to this switch."""
        self._switch.operate(
            self._agent,
            call_id,
            body["operationName"],
            destination=body["destination"]["phoneNumber"],
            user_data=body.get("userData"),
        )
        return _ACCEPTED

    async def CompleteConference(
        self, call_id: resources.CallId, body: bodies.CompleteConference
    ) -> operations.CallOperationAnswer:
        """consultCallUri is read by its end, the call's id: whoever reaches us by another name may say so."""
        uri = body.get("consultCallUri")
        consult = uri.rpartition("/")[2] if uri is not None else None
        self._switch.operate(self._agent, call_id, body["operationName"], consult=consult)
        return _ACCEPTED

    def _operate(self, call_id: str, operation: str) -> resources.Accepted:
        self._switch.operate(self._agent, call_id, operation)
        return _ACCEPTED


def _not_served(channel: str) -> str:
    return f"channel {channel[:64]} is not served; served: {', '.join(SERVED_CHANNELS)}"
