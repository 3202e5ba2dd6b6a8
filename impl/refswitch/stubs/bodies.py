"""The request bodies, one for each operationName.

Generated from version 0.1.0 of the contract by callproof stubs; do not edit.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .resources import CallUri, Destination, DtmfDigits, Location, PhoneNumber, UserData


class Answer(TypedDict):
    """Answers a ringing call."""

    operationName: Literal["Answer"]


class AttachUserData(TypedDict):
    """Adds key and value pairs to the user data of the call. The page says that a key which is there is kept
    beside the new one; a JSON object cannot show both, and the new value is shown.
    """

    operationName: Literal["AttachUserData"]
    userData: UserData


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
    """Mutes the agent, whom the other parties do not hear any more. It is offered where the switch can mute.
    """

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


class Dial(TypedDict):
    """Places a call from the device."""

    operationName: Literal["Dial"]
    destination: Destination
    location: NotRequired[Location]
    userData: NotRequired[UserData]
    outboundCallerId: NotRequired[str]


# Body of POST /me/devices/{id}/calls; operationName says which operation is asked for.
DeviceOperation: TypeAlias = Dial


class EndContactCenterSession(TypedDict):
    """Logs the agent out and ends the HTTP session; it is the last request of a session."""

    operationName: Literal["EndContactCenterSession"]


class StartContactCenterSession(TypedDict):
    """Logs the agent in on the named channels."""

    operationName: Literal["StartContactCenterSession"]
    channels: list[str]
    place: NotRequired[str]
    queue: NotRequired[str]
    loginCode: NotRequired[str]
    devicePath: NotRequired[str]


# Body of POST /me; operationName says which operation is asked for.
MeOperation: TypeAlias = EndContactCenterSession | StartContactCenterSession
