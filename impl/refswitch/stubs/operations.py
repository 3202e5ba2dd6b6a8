"""What a server fills in: a Protocol for each resource, with one method for each operationName.

Make one object for each authenticated agent, and hand the validated body to the function beside the Protocol.

Generated from version 0.2.0 of the contract by callproof stubs; do not edit.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias, TypedDict, cast

from . import bodies, resources

# Answer to POST /me when the operation was taken.
MeOperationAnswer: TypeAlias = resources.Accepted | resources.PartlyDone


class MeOperations(Protocol):
    """The operations of POST /me."""

    async def AfterCallWork(self, body: bodies.AfterCallWork) -> MeOperationAnswer:
        """Sets the agent's state to NotReady with the work mode AfterCallWork. wrapUpTime is for a T-Server.

        Source: AgentStateAfterCallWork, HTCC 8.5.2 (stated).
        """
        ...

    async def AuxWork(self, body: bodies.AuxWork) -> MeOperationAnswer:
        """Sets the agent's state to NotReady with the work mode AuxWork.

        Source: AgentStateAuxWork, GWS 8.5.2 (stated).
        """
        ...

    async def DoNotDisturbOff(self, body: bodies.DoNotDisturbOff) -> MeOperationAnswer:
        """Turns do-not-disturb off.

        Source: AgentStateDoNotDisturbOff, HTCC 8.5.2; SettingAgentStateAll, HTCC 8.5.0 (stated).
        """
        ...

    async def DoNotDisturbOn(self, body: bodies.DoNotDisturbOn) -> MeOperationAnswer:
        """Turns do-not-disturb on, so that nobody can reach the device. When posted to /me, it applies to all
        of the agent's devices.

        Source: AgentStateDoNotDisturbOn, HTCC 8.5.2, 2016-03-25; SettingAgentStateAll, HTCC 8.5.0
        (stated).
        """
        ...

    async def EndContactCenterSession(self, body: bodies.EndContactCenterSession) -> MeOperationAnswer:
        """Logs the agent out, returns their device and ends the HTTP session; it is the last request of a
        session. A CometD session that is still open is notified and may be disconnected before or
        afterwards (inferred), by any client that sends credentials with the disconnect. What the cookie
        alone had opened ends with the HTTP session (inferred): a held connect is answered, a WebSocket is
        closed. Calls continue (inferred).

        Source: EndContactCenterSession, HTCC 8.5.2 (stated).
        """
        ...

    async def NotReady(self, body: bodies.NotReady) -> MeOperationAnswer:
        """Sets the agent's state to NotReady. When posted to /me, it applies to all of the agent's channels.

        Source: AgentStateNotReady, HTCC 8.5.2; SettingAgentStateAll, HTCC 8.5.0 (stated).
        """
        ...

    async def Offline(self, body: bodies.Offline) -> MeOperationAnswer:
        """Logs the agent out of their device without ending their session: the device stays Active and its
        user is LoggedOut. Any other agent state logs the agent in again.

        Source: public client programs show id and states (sample).
        """
        ...

    async def Ready(self, body: bodies.Ready) -> MeOperationAnswer:
        """Sets the agent's state to Ready. When posted to /me, it applies to all of the agent's channels.

        Source: AgentStateReady, HTCC 8.5.2; SettingAgentStateAll, HTCC 8.5.0 (stated).
        """
        ...

    async def StartContactCenterSession(self, body: bodies.StartContactCenterSession) -> MeOperationAnswer:
        """Logs the agent in on the named channels: with voice, their device is Active and its user LoggedIn.
        If it fails for some of the channels, the answer is partial success; if it fails for all of them,
        the answer is the refusal of one of them. It changes nothing for a session that has already
        started. Calls do not need the session (inferred: public client programs operate on calls without
        one); agent states do. devicePath names the device of the session; without it, the session is on
        the device of the place, or on the agent's own. queue and loginCode are for a T-Server,
        mobileSession for the push service of a mobile client.

        Source: StartContactCenterSession, HTCC 8.5.2; AsyncTelephonyOpsPresence, HTCC 8.5.0, for loginCode
        and queue; mobileSession from a public client program (stated).
        """
        ...


class MeOperationTable(TypedDict):
    """operationName -> the method that answers it."""

    AfterCallWork: Callable[[bodies.AfterCallWork], Awaitable[MeOperationAnswer]]
    AuxWork: Callable[[bodies.AuxWork], Awaitable[MeOperationAnswer]]
    DoNotDisturbOff: Callable[[bodies.DoNotDisturbOff], Awaitable[MeOperationAnswer]]
    DoNotDisturbOn: Callable[[bodies.DoNotDisturbOn], Awaitable[MeOperationAnswer]]
    EndContactCenterSession: Callable[[bodies.EndContactCenterSession], Awaitable[MeOperationAnswer]]
    NotReady: Callable[[bodies.NotReady], Awaitable[MeOperationAnswer]]
    Offline: Callable[[bodies.Offline], Awaitable[MeOperationAnswer]]
    Ready: Callable[[bodies.Ready], Awaitable[MeOperationAnswer]]
    StartContactCenterSession: Callable[[bodies.StartContactCenterSession], Awaitable[MeOperationAnswer]]


def me_operation_table(operations: MeOperations) -> MeOperationTable:
    """The methods of one object by operationName."""
    return {
        "AfterCallWork": operations.AfterCallWork,
        "AuxWork": operations.AuxWork,
        "DoNotDisturbOff": operations.DoNotDisturbOff,
        "DoNotDisturbOn": operations.DoNotDisturbOn,
        "EndContactCenterSession": operations.EndContactCenterSession,
        "NotReady": operations.NotReady,
        "Offline": operations.Offline,
        "Ready": operations.Ready,
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


# Answer to POST /me/devices/{id} when the operation was taken.
DeviceOperationAnswer: TypeAlias = resources.Accepted


class DeviceOperations(Protocol):
    """The operations of POST /me/devices/{id}."""

    async def BargeIn(self, device_id: resources.DeviceId, body: bodies.BargeIn) -> DeviceOperationAnswer:
        """Lets the supervisor join another agent's calls, where all parties hear the supervisor. The
        supervisor joins a call in progress at once.

        Source: SupervisorBargeIn, HTCC 8.5.2 (stated).
        """
        ...

    async def CancelSupervisorMonitoring(
        self, device_id: resources.DeviceId, body: bodies.CancelSupervisorMonitoring
    ) -> DeviceOperationAnswer:
        """Ends the supervision of another agent's calls.

        Source: SupervisorCancelMonitoring, HTCC 8.5.2 (stated).
        """
        ...

    async def Coach(self, device_id: resources.DeviceId, body: bodies.Coach) -> DeviceOperationAnswer:
        """Lets the supervisor hear another agent's calls. Only that agent hears the supervisor.

        Source: SupervisorCoach, HTCC 8.5.2 (stated).
        """
        ...

    async def DoNotDisturbOff(
        self, device_id: resources.DeviceId, body: bodies.DoNotDisturbOff
    ) -> DeviceOperationAnswer:
        """Turns do-not-disturb off.

        Source: AgentStateDoNotDisturbOff, HTCC 8.5.2; SettingAgentStateAll, HTCC 8.5.0 (stated).
        """
        ...

    async def DoNotDisturbOn(
        self, device_id: resources.DeviceId, body: bodies.DoNotDisturbOn
    ) -> DeviceOperationAnswer:
        """Turns do-not-disturb on, so that nobody can reach the device. When posted to /me, it applies to all
        of the agent's devices.

        Source: AgentStateDoNotDisturbOn, HTCC 8.5.2, 2016-03-25; SettingAgentStateAll, HTCC 8.5.0
        (stated).
        """
        ...

    async def ForwardCallsOff(
        self, device_id: resources.DeviceId, body: bodies.ForwardCallsOff
    ) -> DeviceOperationAnswer:
        """Ends the forwarding of calls.

        Source: ForwardCallsOn, GWS 8.6.0, capabilities (sample).
        """
        ...

    async def ForwardCallsOn(
        self, device_id: resources.DeviceId, body: bodies.ForwardCallsOn
    ) -> DeviceOperationAnswer:
        """Forwards calls to the destination, which is a plain string here, unlike in every call operation.

        Source: ForwardCallsOn, GWS 8.6.0 (stated).
        """
        ...

    async def ListenIn(self, device_id: resources.DeviceId, body: bodies.ListenIn) -> DeviceOperationAnswer:
        """Lets the supervisor hear another agent's calls without being heard by anyone.

        Source: SupervisorListenIn, HTCC 8.5.2 (stated).
        """
        ...

    async def SetCallDisposition(
        self, device_id: resources.DeviceId, body: bodies.SetCallDisposition
    ) -> DeviceOperationAnswer:
        """Sets the disposition (the outcome) of a call. While the call is live, the disposition becomes part
        of its user data; after the call has been released, it only goes to the reporting solution. The
        operation is posted to the call, or to the device of the call. The body names the call at both
        addresses.

        Source: CallsSetCallDisposition, HTCC 8.5.2 and GWS 8.6.0, posted to /me/calls/{id}; the request
        sample of its revision of 2016-01-22 and a public client program post it to /me/devices/{id};
        userData from that client program  (stated).
        """
        ...


class DeviceOperationTable(TypedDict):
    """operationName -> the method that answers it."""

    BargeIn: Callable[[resources.DeviceId, bodies.BargeIn], Awaitable[DeviceOperationAnswer]]
    CancelSupervisorMonitoring: Callable[
        [resources.DeviceId, bodies.CancelSupervisorMonitoring], Awaitable[DeviceOperationAnswer]
    ]
    Coach: Callable[[resources.DeviceId, bodies.Coach], Awaitable[DeviceOperationAnswer]]
    DoNotDisturbOff: Callable[[resources.DeviceId, bodies.DoNotDisturbOff], Awaitable[DeviceOperationAnswer]]
    DoNotDisturbOn: Callable[[resources.DeviceId, bodies.DoNotDisturbOn], Awaitable[DeviceOperationAnswer]]
    ForwardCallsOff: Callable[[resources.DeviceId, bodies.ForwardCallsOff], Awaitable[DeviceOperationAnswer]]
    ForwardCallsOn: Callable[[resources.DeviceId, bodies.ForwardCallsOn], Awaitable[DeviceOperationAnswer]]
    ListenIn: Callable[[resources.DeviceId, bodies.ListenIn], Awaitable[DeviceOperationAnswer]]
    SetCallDisposition: Callable[
        [resources.DeviceId, bodies.SetCallDisposition], Awaitable[DeviceOperationAnswer]
    ]


def device_operation_table(operations: DeviceOperations) -> DeviceOperationTable:
    """The methods of one object by operationName."""
    return {
        "BargeIn": operations.BargeIn,
        "CancelSupervisorMonitoring": operations.CancelSupervisorMonitoring,
        "Coach": operations.Coach,
        "DoNotDisturbOff": operations.DoNotDisturbOff,
        "DoNotDisturbOn": operations.DoNotDisturbOn,
        "ForwardCallsOff": operations.ForwardCallsOff,
        "ForwardCallsOn": operations.ForwardCallsOn,
        "ListenIn": operations.ListenIn,
        "SetCallDisposition": operations.SetCallDisposition,
    }


async def perform_device_operation(
    operations: DeviceOperations, device_id: resources.DeviceId, body: bodies.DeviceOperation
) -> DeviceOperationAnswer:
    """Call the method that the body names. The body must have been validated: its tag is looked up."""
    # The row under a body's own tag takes that body; a type checker cannot follow the two together.
    perform = cast(
        Callable[[resources.DeviceId, bodies.DeviceOperation], Awaitable[DeviceOperationAnswer]],
        device_operation_table(operations)[body["operationName"]],
    )
    return await perform(device_id, body)


# Answer to POST /me/devices/{id}/calls when the operation was taken.
DiallingOperationAnswer: TypeAlias = resources.Accepted


class DiallingOperations(Protocol):
    """The operations of POST /me/devices/{id}/calls."""

    async def Dial(self, device_id: resources.DeviceId, body: bodies.Dial) -> DiallingOperationAnswer:
        """Places a call from the device.

        Source: CallsDial, HTCC 8.5.2 and 8.6.0 (stated).
        """
        ...


class DiallingOperationTable(TypedDict):
    """operationName -> the method that answers it."""

    Dial: Callable[[resources.DeviceId, bodies.Dial], Awaitable[DiallingOperationAnswer]]


def dialling_operation_table(operations: DiallingOperations) -> DiallingOperationTable:
    """The methods of one object by operationName."""
    return {
        "Dial": operations.Dial,
    }


async def perform_dialling_operation(
    operations: DiallingOperations, device_id: resources.DeviceId, body: bodies.DiallingOperation
) -> DiallingOperationAnswer:
    """Call the method that the body names. The body must have been validated: its tag is looked up."""
    return await dialling_operation_table(operations)[body["operationName"]](device_id, body)


# Answer to POST /me/channels/{channel} when the operation was taken.
ChannelOperationAnswer: TypeAlias = resources.Accepted


class ChannelOperations(Protocol):
    """The operations of POST /me/channels/{channel}."""

    async def AfterCallWork(
        self, channel: resources.MediaChannelName, body: bodies.AfterCallWork
    ) -> ChannelOperationAnswer:
        """Sets the agent's state to NotReady with the work mode AfterCallWork. wrapUpTime is for a T-Server.

        Source: AgentStateAfterCallWork, HTCC 8.5.2 (stated).
        """
        ...

    async def AuxWork(
        self, channel: resources.MediaChannelName, body: bodies.AuxWork
    ) -> ChannelOperationAnswer:
        """Sets the agent's state to NotReady with the work mode AuxWork.

        Source: AgentStateAuxWork, GWS 8.5.2 (stated).
        """
        ...

    async def NotReady(
        self, channel: resources.MediaChannelName, body: bodies.NotReady
    ) -> ChannelOperationAnswer:
        """Sets the agent's state to NotReady. When posted to /me, it applies to all of the agent's channels.

        Source: AgentStateNotReady, HTCC 8.5.2; SettingAgentStateAll, HTCC 8.5.0 (stated).
        """
        ...

    async def Offline(
        self, channel: resources.MediaChannelName, body: bodies.Offline
    ) -> ChannelOperationAnswer:
        """Logs the agent out of their device without ending their session: the device stays Active and its
        user is LoggedOut. Any other agent state logs the agent in again.

        Source: public client programs show id and states (sample).
        """
        ...

    async def Ready(self, channel: resources.MediaChannelName, body: bodies.Ready) -> ChannelOperationAnswer:
        """Sets the agent's state to Ready. When posted to /me, it applies to all of the agent's channels.

        Source: AgentStateReady, HTCC 8.5.2; SettingAgentStateAll, HTCC 8.5.0 (stated).
        """
        ...


class ChannelOperationTable(TypedDict):
    """operationName -> the method that answers it."""

    AfterCallWork: Callable[
        [resources.MediaChannelName, bodies.AfterCallWork], Awaitable[ChannelOperationAnswer]
    ]
    AuxWork: Callable[[resources.MediaChannelName, bodies.AuxWork], Awaitable[ChannelOperationAnswer]]
    NotReady: Callable[[resources.MediaChannelName, bodies.NotReady], Awaitable[ChannelOperationAnswer]]
    Offline: Callable[[resources.MediaChannelName, bodies.Offline], Awaitable[ChannelOperationAnswer]]
    Ready: Callable[[resources.MediaChannelName, bodies.Ready], Awaitable[ChannelOperationAnswer]]


def channel_operation_table(operations: ChannelOperations) -> ChannelOperationTable:
    """The methods of one object by operationName."""
    return {
        "AfterCallWork": operations.AfterCallWork,
        "AuxWork": operations.AuxWork,
        "NotReady": operations.NotReady,
        "Offline": operations.Offline,
        "Ready": operations.Ready,
    }


async def perform_channel_operation(
    operations: ChannelOperations, channel: resources.MediaChannelName, body: bodies.ChannelOperation
) -> ChannelOperationAnswer:
    """Call the method that the body names. The body must have been validated: its tag is looked up."""
    # The row under a body's own tag takes that body; a type checker cannot follow the two together.
    perform = cast(
        Callable[[resources.MediaChannelName, bodies.ChannelOperation], Awaitable[ChannelOperationAnswer]],
        channel_operation_table(operations)[body["operationName"]],
    )
    return await perform(channel, body)


# Answer to POST /me/calls/{id} when the operation was taken.
CallOperationAnswer: TypeAlias = resources.Accepted


class CallOperations(Protocol):
    """The operations of POST /me/calls/{id}."""

    async def Accept(self, call_id: resources.CallId, body: bodies.Accept) -> CallOperationAnswer:
        """Accepts a preview call: an outbound call that the agent sees before it is dialled. The call is then
        dialled.

        Source: a public client program posts it to a call in state Preview that offers it; no page that
        was seen describes it (inferred).
        """
        ...

    async def Answer(self, call_id: resources.CallId, body: bodies.Answer) -> CallOperationAnswer:
        """Answers a ringing call.

        Source: CallsAnswer, HTCC 8.5.2 (stated).
        """
        ...

    async def AttachUserData(
        self, call_id: resources.CallId, body: bodies.AttachUserData
    ) -> CallOperationAnswer:
        """Adds key-value pairs to the call's user data. The page says that an existing key is kept beside the
        new one; a JSON object cannot show both, so the call shows the new value.

        Source: AttachUserData, HTCC 8.5.2 (stated).
        """
        ...

    async def ClearCall(self, call_id: resources.CallId, body: bodies.ClearCall) -> CallOperationAnswer:
        """Ends a call for all its parties. Any party may clear it. The operation is offered where the switch
        allows it.

        Source: ClearCall, HTCC 8.5.2; offered in a capture of GWS 8.5.202.96 (stated).
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

    async def CompleteTransfer(
        self, call_id: resources.CallId, body: bodies.CompleteTransfer
    ) -> CallOperationAnswer:
        """Connects the held party to the party of the consult call and takes the agent out of both calls. It
        may be posted to the consult call or to the parent, and before the consult call is answered.

        Source: CompleteTransfer, HTCC 8.5.2 (stated).
        """
        ...

    async def Decline(self, call_id: resources.CallId, body: bodies.Decline) -> CallOperationAnswer:
        """Declines a preview call: an outbound call that the agent sees before it is dialled. The call is not
        dialled.

        Source: a public client program posts it to a call in state Preview that offers Accept; no page
        that was seen describes it (inferred).
        """
        ...

    async def DeleteUserData(
        self, call_id: resources.CallId, body: bodies.DeleteUserData
    ) -> CallOperationAnswer:
        """Deletes all of the call's user data.

        Source: DeleteUserData, HTCC 8.5.2 (stated).
        """
        ...

    async def DeleteUserDataPair(
        self, call_id: resources.CallId, body: bodies.DeleteUserDataPair
    ) -> CallOperationAnswer:
        """Deletes one pair of the call's user data.

        Source: DeleteUserDataPair, HTCC 8.5.2 (stated).
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
        """Starts a two-step conference: puts the named call on hold and opens a consult call to the
        destination, which CompleteConference later joins to the named call.

        Source: InitiateConference, HTCC 8.5.2, 2016-03-25 (stated).
        """
        ...

    async def InitiateTransfer(
        self, call_id: resources.CallId, body: bodies.InitiateTransfer
    ) -> CallOperationAnswer:
        """Starts a two-step transfer: puts the named call on hold and opens a consult call to the
        destination, to whose party CompleteTransfer later connects the held party.

        Source: InitiateTransfer, HTCC 8.5.2 (stated).
        """
        ...

    async def MuteCall(self, call_id: resources.CallId, body: bodies.MuteCall) -> CallOperationAnswer:
        """Mutes the agent, so that the other parties no longer hear them. The operation is offered where the
        switch can mute.

        Source: CallsMuteCall, HTCC 8.5.2 (stated).
        """
        ...

    async def MuteMonitoredUser(
        self, call_id: resources.CallId, body: bodies.MuteMonitoredUser
    ) -> CallOperationAnswer:
        """Mutes the monitored agent so that the supervisor can take over the call.

        Source: SupervisorMuteMonitoredUser, HTCC 8.5.2 (stated).
        """
        ...

    async def PauseCallRecording(
        self, call_id: resources.CallId, body: bodies.PauseCallRecording
    ) -> CallOperationAnswer:
        """Pauses the recording of the call.

        Source: CallRecordingPauseCallRecording, HTCC 8.5.2 (stated).
        """
        ...

    async def Reject(self, call_id: resources.CallId, body: bodies.Reject) -> CallOperationAnswer:
        """Rejects a ringing call that came through a queue; the call goes back to its queue. A call that came
        directly to the agent cannot be rejected.

        Source: CallsReject, HTCC 8.5.2 (stated).
        """
        ...

    async def RemoveParticipantFromConference(
        self, call_id: resources.CallId, body: bodies.RemoveParticipantFromConference
    ) -> CallOperationAnswer:
        """Removes a party from a conference. Only the owner of the conference or a monitoring supervisor may
        do so.

        Source: RemoveParticipantFromConference, HTCC 8.5.2 (stated).
        """
        ...

    async def ResumeCallRecording(
        self, call_id: resources.CallId, body: bodies.ResumeCallRecording
    ) -> CallOperationAnswer:
        """Resumes recording the call after a pause.

        Source: CallRecordingPauseCallRecording, HTCC 8.5.2 (inferred).
        """
        ...

    async def Retrieve(self, call_id: resources.CallId, body: bodies.Retrieve) -> CallOperationAnswer:
        """Takes a held call off hold.

        Source: AsyncTelephonyOpsCallControl, HTCC 8.5.1; offered by every Held sample of 8.5.2 (stated).
        """
        ...

    async def SendDtmf(self, call_id: resources.CallId, body: bodies.SendDtmf) -> CallOperationAnswer:
        """Sends digits to the other party.

        Source: CallsSendDTMF, HTCC 8.5.2 (stated).
        """
        ...

    async def SetCallDisposition(
        self, call_id: resources.CallId, body: bodies.SetCallDisposition
    ) -> CallOperationAnswer:
        """Sets the disposition (the outcome) of a call. While the call is live, the disposition becomes part
        of its user data; after the call has been released, it only goes to the reporting solution. The
        operation is posted to the call, or to the device of the call. The body names the call at both
        addresses.

        Source: CallsSetCallDisposition, HTCC 8.5.2 and GWS 8.6.0, posted to /me/calls/{id}; the request
        sample of its revision of 2016-01-22 and a public client program post it to /me/devices/{id};
        userData from that client program  (stated).
        """
        ...

    async def SingleStepConference(
        self, call_id: resources.CallId, body: bodies.SingleStepConference
    ) -> CallOperationAnswer:
        """Adds another party to the call at once, without a consult call.

        Source: AsyncTelephonyOpsCallControl, HTCC 8.5.1; offered by every Established and Held sample of
        8.5.2 (sample).
        """
        ...

    async def SingleStepTransfer(
        self, call_id: resources.CallId, body: bodies.SingleStepTransfer
    ) -> CallOperationAnswer:
        """Transfers the call to a destination at once, without a consult call.

        Source: SingleStepTransfer, HTCC 8.5.2 (stated).
        """
        ...

    async def StartCallRecording(
        self, call_id: resources.CallId, body: bodies.StartCallRecording
    ) -> CallOperationAnswer:
        """Starts recording the call. Recording ends with StopCallRecording or with the call.

        Source: CallRecordingStartCallRecording, HTCC 8.5.2 (stated).
        """
        ...

    async def StopCallRecording(
        self, call_id: resources.CallId, body: bodies.StopCallRecording
    ) -> CallOperationAnswer:
        """Stops recording the call.

        Source: CallRecordingStopCallRecording, HTCC 8.5.2 (stated).
        """
        ...

    async def SwapCalls(self, call_id: resources.CallId, body: bodies.SwapCalls) -> CallOperationAnswer:
        """Takes the held call off hold and puts the other one on hold. It may be posted to either of the two.

        Source: SwapCalls, HTCC 8.5.2 (stated).
        """
        ...

    async def SwitchToBargeIn(
        self, call_id: resources.CallId, body: bodies.SwitchToBargeIn
    ) -> CallOperationAnswer:
        """Lets all parties of the call hear a supervisor who is listening in or coaching. There is no way
        back to coaching.

        Source: SupervisorSwitchToBargeIn, HTCC 8.5.2 (stated).
        """
        ...

    async def SwitchToListenIn(
        self, call_id: resources.CallId, body: bodies.SwitchToListenIn
    ) -> CallOperationAnswer:
        """Makes a supervisor who is coaching or has barged in a listener only. There is no way back to
        coaching.

        Source: SupervisorSwitchToListenin, HTCC 8.5.2 (stated).
        """
        ...

    async def UnmuteCall(self, call_id: resources.CallId, body: bodies.UnmuteCall) -> CallOperationAnswer:
        """Lets the other parties hear the agent again.

        Source: CallsUnmuteCall, HTCC 8.5.2 (stated).
        """
        ...

    async def UnmuteMonitoredUser(
        self, call_id: resources.CallId, body: bodies.UnmuteMonitoredUser
    ) -> CallOperationAnswer:
        """Unmutes the monitored agent.

        Source: SupervisorUnmuteMonitoredUser, HTCC 8.5.2 (stated).
        """
        ...

    async def UpdateUserData(
        self, call_id: resources.CallId, body: bodies.UpdateUserData
    ) -> CallOperationAnswer:
        """Adds key-value pairs to the call's user data, replaces the values of existing keys and leaves the
        other keys as they are.

        Source: UpdateUserData, HTCC 8.5.2 (stated).
        """
        ...


class CallOperationTable(TypedDict):
    """operationName -> the method that answers it."""

    Accept: Callable[[resources.CallId, bodies.Accept], Awaitable[CallOperationAnswer]]
    Answer: Callable[[resources.CallId, bodies.Answer], Awaitable[CallOperationAnswer]]
    AttachUserData: Callable[[resources.CallId, bodies.AttachUserData], Awaitable[CallOperationAnswer]]
    ClearCall: Callable[[resources.CallId, bodies.ClearCall], Awaitable[CallOperationAnswer]]
    CompleteConference: Callable[
        [resources.CallId, bodies.CompleteConference], Awaitable[CallOperationAnswer]
    ]
    CompleteTransfer: Callable[[resources.CallId, bodies.CompleteTransfer], Awaitable[CallOperationAnswer]]
    Decline: Callable[[resources.CallId, bodies.Decline], Awaitable[CallOperationAnswer]]
    DeleteUserData: Callable[[resources.CallId, bodies.DeleteUserData], Awaitable[CallOperationAnswer]]
    DeleteUserDataPair: Callable[
        [resources.CallId, bodies.DeleteUserDataPair], Awaitable[CallOperationAnswer]
    ]
    Hangup: Callable[[resources.CallId, bodies.Hangup], Awaitable[CallOperationAnswer]]
    Hold: Callable[[resources.CallId, bodies.Hold], Awaitable[CallOperationAnswer]]
    InitiateConference: Callable[
        [resources.CallId, bodies.InitiateConference], Awaitable[CallOperationAnswer]
    ]
    InitiateTransfer: Callable[[resources.CallId, bodies.InitiateTransfer], Awaitable[CallOperationAnswer]]
    MuteCall: Callable[[resources.CallId, bodies.MuteCall], Awaitable[CallOperationAnswer]]
    MuteMonitoredUser: Callable[[resources.CallId, bodies.MuteMonitoredUser], Awaitable[CallOperationAnswer]]
    PauseCallRecording: Callable[
        [resources.CallId, bodies.PauseCallRecording], Awaitable[CallOperationAnswer]
    ]
    Reject: Callable[[resources.CallId, bodies.Reject], Awaitable[CallOperationAnswer]]
    RemoveParticipantFromConference: Callable[
        [resources.CallId, bodies.RemoveParticipantFromConference], Awaitable[CallOperationAnswer]
    ]
    ResumeCallRecording: Callable[
        [resources.CallId, bodies.ResumeCallRecording], Awaitable[CallOperationAnswer]
    ]
    Retrieve: Callable[[resources.CallId, bodies.Retrieve], Awaitable[CallOperationAnswer]]
    SendDtmf: Callable[[resources.CallId, bodies.SendDtmf], Awaitable[CallOperationAnswer]]
    SetCallDisposition: Callable[
        [resources.CallId, bodies.SetCallDisposition], Awaitable[CallOperationAnswer]
    ]
    SingleStepConference: Callable[
        [resources.CallId, bodies.SingleStepConference], Awaitable[CallOperationAnswer]
    ]
    SingleStepTransfer: Callable[
        [resources.CallId, bodies.SingleStepTransfer], Awaitable[CallOperationAnswer]
    ]
    StartCallRecording: Callable[
        [resources.CallId, bodies.StartCallRecording], Awaitable[CallOperationAnswer]
    ]
    StopCallRecording: Callable[[resources.CallId, bodies.StopCallRecording], Awaitable[CallOperationAnswer]]
    SwapCalls: Callable[[resources.CallId, bodies.SwapCalls], Awaitable[CallOperationAnswer]]
    SwitchToBargeIn: Callable[[resources.CallId, bodies.SwitchToBargeIn], Awaitable[CallOperationAnswer]]
    SwitchToListenIn: Callable[[resources.CallId, bodies.SwitchToListenIn], Awaitable[CallOperationAnswer]]
    UnmuteCall: Callable[[resources.CallId, bodies.UnmuteCall], Awaitable[CallOperationAnswer]]
    UnmuteMonitoredUser: Callable[
        [resources.CallId, bodies.UnmuteMonitoredUser], Awaitable[CallOperationAnswer]
    ]
    UpdateUserData: Callable[[resources.CallId, bodies.UpdateUserData], Awaitable[CallOperationAnswer]]


def call_operation_table(operations: CallOperations) -> CallOperationTable:
    """The methods of one object by operationName."""
    return {
        "Accept": operations.Accept,
        "Answer": operations.Answer,
        "AttachUserData": operations.AttachUserData,
        "ClearCall": operations.ClearCall,
        "CompleteConference": operations.CompleteConference,
        "CompleteTransfer": operations.CompleteTransfer,
        "Decline": operations.Decline,
        "DeleteUserData": operations.DeleteUserData,
        "DeleteUserDataPair": operations.DeleteUserDataPair,
        "Hangup": operations.Hangup,
        "Hold": operations.Hold,
        "InitiateConference": operations.InitiateConference,
        "InitiateTransfer": operations.InitiateTransfer,
        "MuteCall": operations.MuteCall,
        "MuteMonitoredUser": operations.MuteMonitoredUser,
        "PauseCallRecording": operations.PauseCallRecording,
        "Reject": operations.Reject,
        "RemoveParticipantFromConference": operations.RemoveParticipantFromConference,
        "ResumeCallRecording": operations.ResumeCallRecording,
        "Retrieve": operations.Retrieve,
        "SendDtmf": operations.SendDtmf,
        "SetCallDisposition": operations.SetCallDisposition,
        "SingleStepConference": operations.SingleStepConference,
        "SingleStepTransfer": operations.SingleStepTransfer,
        "StartCallRecording": operations.StartCallRecording,
        "StopCallRecording": operations.StopCallRecording,
        "SwapCalls": operations.SwapCalls,
        "SwitchToBargeIn": operations.SwitchToBargeIn,
        "SwitchToListenIn": operations.SwitchToListenIn,
        "UnmuteCall": operations.UnmuteCall,
        "UnmuteMonitoredUser": operations.UnmuteMonitoredUser,
        "UpdateUserData": operations.UpdateUserData,
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
