"""The request bodies, one for each operationName.

Generated from version 0.1.0 of the contract by callproof stubs; do not edit.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .resources import CallUri, Destination, DeviceUri, DtmfDigits, Location, PhoneNumber, UserData


class AfterCallWork(TypedDict):
    """Sets the agent's state to NotReady with the work mode AfterCallWork. wrapUpTime is for a T-Server."""

    operationName: Literal["AfterCallWork"]
    wrapUpTime: NotRequired[str]


class Answer(TypedDict):
    """Answers a ringing call."""

    operationName: Literal["Answer"]


class AttachUserData(TypedDict):
    """Adds key and value pairs to the user data of the call. The page says that a key which is there is kept
    beside the new one; a JSON object cannot show both, and the new value is shown.
    """

    operationName: Literal["AttachUserData"]
    userData: UserData


class AuxWork(TypedDict):
    """Sets the agent's state to NotReady with the work mode AuxWork."""

    operationName: Literal["AuxWork"]


class BargeIn(TypedDict):
    """Lets the supervisor join the calls of another agent, heard by all parties; a call in progress is joined
    at once.
    """

    operationName: Literal["BargeIn"]
    targetDeviceUri: DeviceUri
    # Agent, the supervisor is released when the agent leaves the call; Call, he stays. Call when left out.
    supervisorMonitoringScope: NotRequired[Literal["Agent", "Call"]]
    # NextCall, one call and no more; AllCalls, until it is cancelled. AllCalls when left out.
    supervisorMonitoringMode: NotRequired[Literal["NextCall", "AllCalls"]]
    phoneNumber: NotRequired[PhoneNumber]


class ClearCall(TypedDict):
    """Ends a call for all its parties; any party may. It is offered where the switch allows it."""

    operationName: Literal["ClearCall"]


class CompleteConference(TypedDict):
    """Joins a consult call to its parent, so that all parties are in one call. It may be posted to the
    consult call or to the parent.
    """

    operationName: Literal["CompleteConference"]
    consultCallUri: NotRequired[CallUri]


class CompleteTransfer(TypedDict):
    """Connects the held party to the party of the consult call, and takes the agent out of both. It may be
    posted to the consult call or to the parent, and before the consult call is answered.
    """

    operationName: Literal["CompleteTransfer"]
    consultCallUri: NotRequired[CallUri]


class DeleteUserData(TypedDict):
    """Deletes all user data of the call."""

    operationName: Literal["DeleteUserData"]


class DeleteUserDataPair(TypedDict):
    """Deletes one pair of the user data of the call."""

    operationName: Literal["DeleteUserDataPair"]
    key: str


class Hangup(TypedDict):
    """Releases the agent's leg of a call."""

    operationName: Literal["Hangup"]


class Hold(TypedDict):
    """Places an established call on hold."""

    operationName: Literal["Hold"]


class InitiateConference(TypedDict):
    """Starts a conference in two steps: the named call goes on hold and a consult call to the destination is
    opened, which CompleteConference later joins to it.
    """

    operationName: Literal["InitiateConference"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]


class InitiateTransfer(TypedDict):
    """Starts a transfer in two steps: the named call goes on hold and a consult call to the destination is
    opened, to which CompleteTransfer later connects the held party.
    """

    operationName: Literal["InitiateTransfer"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]


class MuteCall(TypedDict):
    """Mutes the agent, whom the other parties do not hear any more. It is offered where the switch can mute."""

    operationName: Literal["MuteCall"]


class MuteMonitoredUser(TypedDict):
    """Mutes the agent whom the supervisor monitors, to take over the call."""

    operationName: Literal["MuteMonitoredUser"]


class PauseCallRecording(TypedDict):
    """Stops recording the call for a while."""

    operationName: Literal["PauseCallRecording"]


class Reject(TypedDict):
    """Rejects a ringing call that came through a queue; the call goes back to its queue. A call that came
    straight to the agent cannot be rejected.
    """

    operationName: Literal["Reject"]


class RemoveParticipantFromConference(TypedDict):
    """Removes a party from a conference. Only the owner of the conference or a monitoring supervisor may."""

    operationName: Literal["RemoveParticipantFromConference"]
    participant: PhoneNumber


class ResumeCallRecording(TypedDict):
    """Goes on recording the call after a pause."""

    operationName: Literal["ResumeCallRecording"]


class Retrieve(TypedDict):
    """Takes a held call back."""

    operationName: Literal["Retrieve"]


class SendDtmf(TypedDict):
    """Sends digits to the other party."""

    operationName: Literal["SendDtmf"]
    digits: DtmfDigits


class SingleStepConference(TypedDict):
    """Calls another party into the call at once, without a consult call."""

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
    """Takes the call on hold back and puts the other one on hold. It may be posted to either of the two."""

    operationName: Literal["SwapCalls"]
    otherCallUri: CallUri


class SwitchToBargeIn(TypedDict):
    """Lets a supervisor who listens in or coaches be heard by all parties of the call. There is no way back
    to coaching.
    """

    operationName: Literal["SwitchToBargeIn"]


class SwitchToListenIn(TypedDict):
    """Lets a supervisor who coaches or has barged in only listen. There is no way back to coaching."""

    operationName: Literal["SwitchToListenIn"]


class UnmuteCall(TypedDict):
    """Lets the other parties hear the agent again."""

    operationName: Literal["UnmuteCall"]


class UnmuteMonitoredUser(TypedDict):
    """Lets the monitored agent be heard again."""

    operationName: Literal["UnmuteMonitoredUser"]


class UpdateUserData(TypedDict):
    """Adds key and value pairs to the user data of the call, replaces the values of keys that are there and
    leaves the others.
    """

    operationName: Literal["UpdateUserData"]
    userData: UserData


# Body of POST /me/calls/{id}; operationName says which operation is asked for.
CallOperation: TypeAlias = (
    Answer
    | AttachUserData
    | ClearCall
    | CompleteConference
    | CompleteTransfer
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
    """Sets the agent's state to NotReady; posted to /me it does so on all his channels."""

    operationName: Literal["NotReady"]


class Offline(TypedDict):
    """Logs the agent out of his device without ending his session: the device stays Active and its user is
    LoggedOut. Any other agent state logs him in again.
    """

    operationName: Literal["Offline"]


class Ready(TypedDict):
    """Sets the agent's state to Ready; posted to /me it does so on all his channels."""

    operationName: Literal["Ready"]


# Body of POST /me/channels/{channel}; operationName says which agent state is asked for. Beside the ones of
# every contact centre it takes the custom agent states that settings/agent-states lists.
ChannelOperation: TypeAlias = AfterCallWork | AuxWork | NotReady | Offline | Ready


class Coach(TypedDict):
    """Lets the supervisor hear the calls of another agent, who alone hears the supervisor."""

    operationName: Literal["Coach"]
    targetDeviceUri: DeviceUri
    # Agent, the supervisor is released when the agent leaves the call; Call, he stays. Call when left out.
    supervisorMonitoringScope: NotRequired[Literal["Agent", "Call"]]
    # NextCall, one call and no more; AllCalls, until it is cancelled. AllCalls when left out.
    supervisorMonitoringMode: NotRequired[Literal["NextCall", "AllCalls"]]
    phoneNumber: NotRequired[PhoneNumber]


class DoNotDisturbOff(TypedDict):
    """Turns do-not-disturb off."""

    operationName: Literal["DoNotDisturbOff"]


class DoNotDisturbOn(TypedDict):
    """Turns do-not-disturb on: nobody reaches the device. Posted to /me it is meant for all of the agent's
    devices.
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
    """Lets the supervisor hear the calls of another agent, unheard by anybody."""

    operationName: Literal["ListenIn"]
    targetDeviceUri: DeviceUri
    # Agent, the supervisor is released when the agent leaves the call; Call, he stays. Call when left out.
    supervisorMonitoringScope: NotRequired[Literal["Agent", "Call"]]
    # NextCall, one call and no more; AllCalls, until it is cancelled. AllCalls when left out.
    supervisorMonitoringMode: NotRequired[Literal["NextCall", "AllCalls"]]
    phoneNumber: NotRequired[PhoneNumber]


# Body of POST /me/devices/{id}; operationName says which operation is asked for.
DeviceOperation: TypeAlias = (
    BargeIn
    | CancelSupervisorMonitoring
    | Coach
    | DoNotDisturbOff
    | DoNotDisturbOn
    | ForwardCallsOff
    | ForwardCallsOn
    | ListenIn
)


class Dial(TypedDict):
    """Places a call from the device."""

    operationName: Literal["Dial"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]
    outboundCallerId: NotRequired[str]


# Body of POST /me/devices/{id}/calls; operationName says which operation is asked for.
DiallingOperation: TypeAlias = Dial


class EndContactCenterSession(TypedDict):
    """Logs the agent out, gives his device back and ends the HTTP session; it is the last request of a
    session. A CometD session that is still open hears of it and may be disconnected before or afterwards
    (inferred), by whoever sends credentials with that. Calls go on (inferred).
    """

    operationName: Literal["EndContactCenterSession"]


class StartContactCenterSessionMobileSession(TypedDict):
    mobileDeviceId: NotRequired[str]
    mobilePushType: NotRequired[str]
    debug: NotRequired[bool]


class StartContactCenterSession(TypedDict):
    """Logs the agent in on the named channels: with voice his device becomes Active and its user LoggedIn.
    When it fails for some of the channels the answer is partial success; when it fails for all of them it
    is the refusal of the first. For a session that has started already it changes nothing. The session is
    not needed for calls (inferred: public client programs operate on calls without one); it is for agent
    states. The session names its device by devicePath; a place has the agent's one device here. queue and
    loginCode are for a T-Server, mobileSession for the push service of a mobile client.
    """

    operationName: Literal["StartContactCenterSession"]
    channels: list[str]
    place: NotRequired[str]
    queue: NotRequired[str]
    loginCode: NotRequired[str]
    devicePath: NotRequired[str]
    mobileSession: NotRequired[StartContactCenterSessionMobileSession]


# Body of POST /me; operationName says which operation is asked for. An agent state is set on all of the
# agent's channels; custom agent states are taken as on a channel.
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
