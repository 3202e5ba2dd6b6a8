"""What a server fills in: a Protocol for each resource, with one method for each operationName.

Make one object for each authenticated agent, and hand the validated body to the function beside the Protocol.

Generated from version 0.1.0 of the contract by callproof stubs; do not edit.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias, TypedDict, cast

from . import bodies, resources

# Answer to POST /me when the operation was taken.
MeOperationAnswer: TypeAlias = resources.Accepted | resources.PartlyDone


class MeOperations(Protocol):
    """The operations of POST /me."""

    async def EndContactCenterSession(self, body: bodies.EndContactCenterSession) -> MeOperationAnswer:
        """Logs the agent out and ends the HTTP session; it is the last request of a session.

        Source: EndContactCenterSession, HTCC 8.5.2 (stated).
        """
        ...

    async def StartContactCenterSession(self, body: bodies.StartContactCenterSession) -> MeOperationAnswer:
        """Logs the agent in on the named channels.

        Source: StartContactCenterSession, HTCC 8.5.2 (stated).
        """
        ...


class MeOperationTable(TypedDict):
    """operationName -> the method that answers it."""

    EndContactCenterSession: Callable[[bodies.EndContactCenterSession], Awaitable[MeOperationAnswer]]
    StartContactCenterSession: Callable[[bodies.StartContactCenterSession], Awaitable[MeOperationAnswer]]


def me_operation_table(operations: MeOperations) -> MeOperationTable:
    """The methods of one object by operationName."""
    return {
        "EndContactCenterSession": operations.EndContactCenterSession,
        "StartContactCenterSession": operations.StartContactCenterSession,
    }


async def perform_me_operation(operations: MeOperations, body: bodies.MeOperation) -> MeOperationAnswer:
    """Call the method that the body names. The body must have been validated: its tag is looked up."""
    # The row under a body's own tag takes that body; a type checker cannot follow the two together.
    perform = cast(
        Callable[[bodies.MeOperation], Awaitable[MeOperationAnswer]],
        me_operation_table(operations)[body["operationName"]],
    )
    return await perform(body)


# Answer to POST /me/devices/{id}/calls when the operation was taken.
DeviceOperationAnswer: TypeAlias = resources.Accepted


class DeviceOperations(Protocol):
    """The operations of POST /me/devices/{id}/calls."""

    async def Dial(self, device_id: resources.DeviceId, body: bodies.Dial) -> DeviceOperationAnswer:
        """Places a call from the device.

        Source: CallsDial, HTCC 8.5.2 and 8.6.0 (stated).
        """
        ...


class DeviceOperationTable(TypedDict):
    """operationName -> the method that answers it."""

    Dial: Callable[[resources.DeviceId, bodies.Dial], Awaitable[DeviceOperationAnswer]]


def device_operation_table(operations: DeviceOperations) -> DeviceOperationTable:
    """The methods of one object by operationName."""
    return {
        "Dial": operations.Dial,
    }


async def perform_device_operation(
    operations: DeviceOperations, device_id: resources.DeviceId, body: bodies.DeviceOperation
) -> DeviceOperationAnswer:
    """Call the method that the body names. The body must have been validated: its tag is looked up."""
    return await device_operation_table(operations)[body["operationName"]](device_id, body)


# Answer to POST /me/calls/{id} when the operation was taken.
CallOperationAnswer: TypeAlias = resources.Accepted


class CallOperations(Protocol):
    """The operations of POST /me/calls/{id}."""

    async def Answer(self, call_id: resources.CallId, body: bodies.Answer) -> CallOperationAnswer:
        """Answers a ringing call.

        Source: CallsAnswer, HTCC 8.5.2 (stated).
        """
        ...

    async def CompleteConference(
        self, call_id: resources.CallId, body: bodies.CompleteConference
    ) -> CallOperationAnswer:
        """Joins a consult call to its parent, so that all parties are in one call. It may be posted to the
        consult call or to the parent.

        Source: CompleteConference, HTCC 8.5.2 (stated).
        """
        ...

    async def Hangup(self, call_id: resources.CallId, body: bodies.Hangup) -> CallOperationAnswer:
        """Releases the agent's leg of a call.

        Source: CallsHangup, HTCC 8.5.2 (stated).
        """
        ...

    async def Hold(self, call_id: resources.CallId, body: bodies.Hold) -> CallOperationAnswer:
        """Places an established call on hold.

        Source: CallsHold, HTCC 8.5.2 (stated).
        """
        ...

    async def InitiateConference(
        self, call_id: resources.CallId, body: bodies.InitiateConference
    ) -> CallOperationAnswer:
        """Starts a conference in two steps: the named call goes on hold and a consult call to the destination
        is opened, which CompleteConference later joins to it.

        Source: InitiateConference, HTCC 8.5.2, 2016-03-25 (stated).
        """
        ...

    async def Retrieve(self, call_id: resources.CallId, body: bodies.Retrieve) -> CallOperationAnswer:
        """Takes a held call back.

        Source: AsyncTelephonyOpsCallControl, HTCC 8.5.1; offered by every Held sample of 8.5.2 (stated).
        """
        ...


class CallOperationTable(TypedDict):
    """operationName -> the method that answers it."""

    Answer: Callable[[resources.CallId, bodies.Answer], Awaitable[CallOperationAnswer]]
    CompleteConference: Callable[
        [resources.CallId, bodies.CompleteConference], Awaitable[CallOperationAnswer]
    ]
    Hangup: Callable[[resources.CallId, bodies.Hangup], Awaitable[CallOperationAnswer]]
    Hold: Callable[[resources.CallId, bodies.Hold], Awaitable[CallOperationAnswer]]
    InitiateConference: Callable[
        [resources.CallId, bodies.InitiateConference], Awaitable[CallOperationAnswer]
    ]
    Retrieve: Callable[[resources.CallId, bodies.Retrieve], Awaitable[CallOperationAnswer]]


def call_operation_table(operations: CallOperations) -> CallOperationTable:
    """The methods of one object by operationName."""
    return {
        "Answer": operations.Answer,
        "CompleteConference": operations.CompleteConference,
        "Hangup": operations.Hangup,
        "Hold": operations.Hold,
        "InitiateConference": operations.InitiateConference,
        "Retrieve": operations.Retrieve,
    }


async def perform_call_operation(
    operations: CallOperations, call_id: resources.CallId, body: bodies.CallOperation
) -> CallOperationAnswer:
    """Call the method that the body names. The body must have been validated: its tag is looked up."""
    # The row under a body's own tag takes that body; a type checker cannot follow the two together.
    perform = cast(
        Callable[[resources.CallId, bodies.CallOperation], Awaitable[CallOperationAnswer]],
        call_operation_table(operations)[body["operationName"]],
    )
    return await perform(call_id, body)
