"""The operations on calls that an agent can post, as the generated stubs want them: one method for each operationName.

No method waits for anything: between reading the world and publishing what became of it, nobody else is served.
"""

from __future__ import annotations

from refswitch.stubs import bodies, operations, resources

from .caller import Caller
from .devices import check_own

_ACCEPTED: resources.Accepted = {"statusCode": 0}


class AgentOperations:
    """What one agent may ask for: implements DiallingOperations and CallOperations of the stubs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._switch = caller.realm.switch
        self._agent = caller.seat.number

    async def Dial(
        self, device_id: resources.DeviceId, body: bodies.Dial
    ) -> operations.DiallingOperationAnswer:
        """location and outboundCallerId are for a T-Server and mean nothing to this switch."""
        check_own(self._caller, device_id)
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
