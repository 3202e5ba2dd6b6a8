"""The request bodies, one for each operationName.

Generated from version 0.2.0 of the contract by callproof stubs; do not edit.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .resources import (
    AbsoluteUri,
    CallUri,
    CallUuid,
    Destination,
    DeviceUri,
    DtmfDigits,
    Location,
    PhoneNumber,
    UserData,
)


class Accept(TypedDict):
    """Accepts a preview call: an outbound call that the agent sees before it is dialled. The call is then
    dialled.
    """

    operationName: Literal["Accept"]


class AfterCallWork(TypedDict):
    """Sets the agent's state to NotReady with the work mode AfterCallWork. wrapUpTime is for a T-Server."""

    operationName: Literal["AfterCallWork"]
    wrapUpTime: NotRequired[str]


class Answer(TypedDict):
    """Answers a ringing call."""

    operationName: Literal["Answer"]


class AttachUserData(TypedDict):
    """Adds key-value pairs to the call's user data. The page says that an existing key is kept beside the new
    one; a JSON object cannot show both, so the call shows the new value.
    """

    operationName: Literal["AttachUserData"]
    userData: UserData


class AuxWork(TypedDict):
    """Sets the agent's state to NotReady with the work mode AuxWork."""

    operationName: Literal["AuxWork"]


class BargeIn(TypedDict):
    """Lets the supervisor join another agent's calls, where all parties hear the supervisor. The supervisor
    joins a call in progress at once.
    """

    operationName: Literal["BargeIn"]
    targetDeviceUri: DeviceUri
    # With Agent, the supervisor is released when the agent leaves the call; with Call, the supervisor stays.
    # The default is Call.
    supervisorMonitoringScope: NotRequired[Literal["Agent", "Call"]]
    # NextCall covers one call and no more; AllCalls lasts until it is cancelled. The default is AllCalls.
    supervisorMonitoringMode: NotRequired[Literal["NextCall", "AllCalls"]]
    phoneNumber: NotRequired[PhoneNumber]


class ClearCall(TypedDict):
    """Ends a call for all its parties. Any party may clear it. The operation is offered where the switch
    allows it.
    """

    operationName: Literal["ClearCall"]


class CompleteConference(TypedDict):
    """Joins a consult call to its parent, so that all parties are in one call. It may be posted to the
    consult call or to the parent.
    """

    operationName: Literal["CompleteConference"]
    consultCallUri: NotRequired[CallUri]


class CompleteTransfer(TypedDict):
    """Connects the held party to the party of the consult call and takes the agent out of both calls. It may
    be posted to the consult call or to the parent, and before the consult call is answered.
    """

    operationName: Literal["CompleteTransfer"]
    consultCallUri: NotRequired[CallUri]


class Decline(TypedDict):
    """Declines a preview call: an outbound call that the agent sees before it is dialled. The call is not
    dialled.
    """

    operationName: Literal["Decline"]


class DeleteUserData(TypedDict):
    """Deletes all of the call's user data."""

    operationName: Literal["DeleteUserData"]


class DeleteUserDataPair(TypedDict):
    """Deletes one pair of the call's user data."""

    operationName: Literal["DeleteUserDataPair"]
    key: str


class Hangup(TypedDict):
    """Releases the agent's leg of a call."""

    operationName: Literal["Hangup"]


class Hold(TypedDict):
    """Places an established call on hold."""

    operationName: Literal["Hold"]


class InitiateConference(TypedDict):
    """Starts a two-step conference: puts the named call on hold and opens a consult call to the destination,
    which CompleteConference later joins to the named call.
    """

    operationName: Literal["InitiateConference"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]


class InitiateTransfer(TypedDict):
    """Starts a two-step transfer: puts the named call on hold and opens a consult call to the destination, to
    whose party CompleteTransfer later connects the held party.
    """

    operationName: Literal["InitiateTransfer"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]


class MuteCall(TypedDict):
    """Mutes the agent, so that the other parties no longer hear them. The operation is offered where the
    switch can mute.
    """

    operationName: Literal["MuteCall"]


class MuteMonitoredUser(TypedDict):
    """Mutes the monitored agent so that the supervisor can take over the call."""

    operationName: Literal["MuteMonitoredUser"]


class PauseCallRecording(TypedDict):
    """Pauses the recording of the call."""

    operationName: Literal["PauseCallRecording"]


class Reject(TypedDict):
    """Rejects a ringing call that came through a queue; the call goes back to its queue. A call that came
    directly to the agent cannot be rejected.
    """

    operationName: Literal["Reject"]


class RemoveParticipantFromConference(TypedDict):
    """Removes a party from a conference. Only the owner of the conference or a monitoring supervisor may do
    so.
    """

    operationName: Literal["RemoveParticipantFromConference"]
    participant: PhoneNumber


class ResumeCallRecording(TypedDict):
    """Resumes recording the call after a pause."""

    operationName: Literal["ResumeCallRecording"]


class Retrieve(TypedDict):
    """Takes a held call off hold."""

    operationName: Literal["Retrieve"]


class SendDtmf(TypedDict):
    """Sends digits to the other party."""

    operationName: Literal["SendDtmf"]
    digits: DtmfDigits


class SetCallDisposition(TypedDict):
    """Sets the disposition (the outcome) of a call. While the call is live, the disposition becomes part of
    its user data; after the call has been released, it only goes to the reporting solution. The operation
    is posted to the call, or to the device of the call. The body names the call at both addresses.
    """

    operationName: Literal["SetCallDisposition"]
    callUri: AbsoluteUri
    callUuid: CallUuid
    disposition: str
    dispositionKey: NotRequired[str]
    userData: NotRequired[UserData]


class SingleStepConference(TypedDict):
    """Adds another party to the call at once, without a consult call."""

    operationName: Literal["SingleStepConference"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]


class SingleStepTransfer(TypedDict):
    """Transfers the call to a destination at once, without a consult call."""

    operationName: Literal["SingleStepTransfer"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]


class StartCallRecording(TypedDict):
    """Starts recording the call. Recording ends with StopCallRecording or with the call."""

    operationName: Literal["StartCallRecording"]


class StopCallRecording(TypedDict):
    """Stops recording the call."""

    operationName: Literal["StopCallRecording"]


class SwapCalls(TypedDict):
    """Takes the held call off hold and puts the other one on hold. It may be posted to either of the two."""

    operationName: Literal["SwapCalls"]
    otherCallUri: CallUri


class SwitchToBargeIn(TypedDict):
    """Lets all parties of the call hear a supervisor who is listening in or coaching. There is no way back to
    coaching.
    """

    operationName: Literal["SwitchToBargeIn"]


class SwitchToListenIn(TypedDict):
    """Makes a supervisor who is coaching or has barged in a listener only. There is no way back to coaching."""

    operationName: Literal["SwitchToListenIn"]


class UnmuteCall(TypedDict):
    """Lets the other parties hear the agent again."""

    operationName: Literal["UnmuteCall"]


class UnmuteMonitoredUser(TypedDict):
    """Unmutes the monitored agent."""

    operationName: Literal["UnmuteMonitoredUser"]


class UpdateUserData(TypedDict):
    """Adds key-value pairs to the call's user data, replaces the values of existing keys and leaves the other
    keys as they are.
    """

    operationName: Literal["UpdateUserData"]
    userData: UserData


# Body of POST /me/calls/{id}; operationName names the requested operation.
CallOperation: TypeAlias = (
    Accept
    | Answer
    | AttachUserData
    | ClearCall
    | CompleteConference
    | CompleteTransfer
    | Decline
    | DeleteUserData
    | DeleteUserDataPair
    | Hangup
    | Hold
    | InitiateConference
    | InitiateTransfer
    | MuteCall
    | MuteMonitoredUser
    | PauseCallRecording
    | Reject
    | RemoveParticipantFromConference
    | ResumeCallRecording
    | Retrieve
    | SendDtmf
    | SetCallDisposition
    | SingleStepConference
    | SingleStepTransfer
    | StartCallRecording
    | StopCallRecording
    | SwapCalls
    | SwitchToBargeIn
    | SwitchToListenIn
    | UnmuteCall
    | UnmuteMonitoredUser
    | UpdateUserData
)


class CancelSupervisorMonitoring(TypedDict):
    """Ends the supervision of another agent's calls."""

    operationName: Literal["CancelSupervisorMonitoring"]


class NotReady(TypedDict):
    """Sets the agent's state to NotReady. When posted to /me, it applies to all of the agent's channels."""

    operationName: Literal["NotReady"]


class Offline(TypedDict):
    """Logs the agent out of their device without ending their session: the device stays Active and its user
    is LoggedOut. Any other agent state logs the agent in again.
    """

    operationName: Literal["Offline"]


class Ready(TypedDict):
    """Sets the agent's state to Ready. When posted to /me, it applies to all of the agent's channels."""

    operationName: Literal["Ready"]


# Body of POST /me/channels/{channel}; operationName names the requested agent state. Besides the states that
# every contact centre has, it accepts the custom agent states that settings/agent-states lists.
ChannelOperation: TypeAlias = AfterCallWork | AuxWork | NotReady | Offline | Ready


class Coach(TypedDict):
    """Lets the supervisor hear another agent's calls. Only that agent hears the supervisor."""

    operationName: Literal["Coach"]
    targetDeviceUri: DeviceUri
    # With Agent, the supervisor is released when the agent leaves the call; with Call, the supervisor stays.
    # The default is Call.
    supervisorMonitoringScope: NotRequired[Literal["Agent", "Call"]]
    # NextCall covers one call and no more; AllCalls lasts until it is cancelled. The default is AllCalls.
    supervisorMonitoringMode: NotRequired[Literal["NextCall", "AllCalls"]]
    phoneNumber: NotRequired[PhoneNumber]


class DoNotDisturbOff(TypedDict):
    """Turns do-not-disturb off."""

    operationName: Literal["DoNotDisturbOff"]


class DoNotDisturbOn(TypedDict):
    """Turns do-not-disturb on, so that nobody can reach the device. When posted to /me, it applies to all of
    the agent's devices.
    """

    operationName: Literal["DoNotDisturbOn"]


class ForwardCallsOff(TypedDict):
    """Ends the forwarding of calls."""

    operationName: Literal["ForwardCallsOff"]


class ForwardCallsOn(TypedDict):
    """Forwards calls to the destination, which is a plain string here, unlike in every call operation."""

    operationName: Literal["ForwardCallsOn"]
    destination: PhoneNumber


class ListenIn(TypedDict):
    """Lets the supervisor hear another agent's calls without being heard by anyone."""

    operationName: Literal["ListenIn"]
    targetDeviceUri: DeviceUri
    # With Agent, the supervisor is released when the agent leaves the call; with Call, the supervisor stays.
    # The default is Call.
    supervisorMonitoringScope: NotRequired[Literal["Agent", "Call"]]
    # NextCall covers one call and no more; AllCalls lasts until it is cancelled. The default is AllCalls.
    supervisorMonitoringMode: NotRequired[Literal["NextCall", "AllCalls"]]
    phoneNumber: NotRequired[PhoneNumber]


# Body of POST /me/devices/{id}; operationName names the requested operation.
DeviceOperation: TypeAlias = (
    BargeIn
    | CancelSupervisorMonitoring
    | Coach
    | DoNotDisturbOff
    | DoNotDisturbOn
    | ForwardCallsOff
    | ForwardCallsOn
    | ListenIn
    | SetCallDisposition
)


class Dial(TypedDict):
    """Places a call from the device."""

    operationName: Literal["Dial"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]
    outboundCallerId: NotRequired[str]


# Body of POST /me/devices/{id}/calls; operationName names the requested operation.
DiallingOperation: TypeAlias = Dial


class EndContactCenterSession(TypedDict):
    """Logs the agent out, returns their device and ends the HTTP session; it is the last request of a
    session. A CometD session that is still open is notified and may be disconnected before or afterwards
    (inferred), by any client that sends credentials with the disconnect. What the cookie alone had opened
    ends with the HTTP session (inferred): a held connect is answered, a WebSocket is closed. Calls
    continue (inferred).
    """

    operationName: Literal["EndContactCenterSession"]


class StartContactCenterSessionMobileSession(TypedDict):
    mobileDeviceId: NotRequired[str]
    mobilePushType: NotRequired[str]
    debug: NotRequired[bool]


class StartContactCenterSession(TypedDict):
    """Logs the agent in on the named channels: with voice, their device is Active and its user LoggedIn. If
    it fails for some of the channels, the answer is partial success; if it fails for all of them, the
    answer is the refusal of one of them. It changes nothing for a session that has already started. Calls
    do not need the session (inferred: public client programs operate on calls without one); agent states
    do. devicePath names the device of the session; without it, the session is on the device of the place,
    or on the agent's own. queue and loginCode are for a T-Server, mobileSession for the push service of a
    mobile client.
    """

    operationName: Literal["StartContactCenterSession"]
    channels: list[str]
    place: NotRequired[str]
    queue: NotRequired[str]
    loginCode: NotRequired[str]
    devicePath: NotRequired[str]
    mobileSession: NotRequired[StartContactCenterSessionMobileSession]


# Body of POST /me; operationName names the requested operation. An agent state is set on all of the agent's
# channels; custom agent states are accepted as on a channel.
MeOperation: TypeAlias = (
    AfterCallWork
    | AuxWork
    | DoNotDisturbOff
    | DoNotDisturbOn
    | EndContactCenterSession
    | NotReady
    | Offline
    | Ready
    | StartContactCenterSession
)
