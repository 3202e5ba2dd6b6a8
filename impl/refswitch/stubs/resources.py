"""What requests, answers and notifications are made of.

Generated from version 0.1.0 of the contract by callproof stubs; do not edit.
"""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypeAlias, TypedDict

# An absolute http or https address under the configured public base.
AbsoluteUri: TypeAlias = str


class Accepted(TypedDict):
    """The request was taken and passed on; what comes of it is told by notification. There is no
    statusMessage.
    """

    statusCode: Literal[0]


# Key and value data attached to a call. Values are strings, numbers, null or nested objects. In a call it is
# absent when there is none, never an empty object.
UserData: TypeAlias = Mapping[str, object]

# Identifies a leg towards its agent. Since 8.5.2 it equals callUuid, 32 characters of 0-9 and A-V; other
# servers may shape it otherwise, so the contract asks only that it can stand in a path. It never changes
# while the leg lives.
CallId: TypeAlias = str

# State of a leg. Released is final. Preview and PreviewCancelled belong to push-preview outbound calls and
# are known from client programs only.
CallState: TypeAlias = Literal[
    "Dialing",
    "Ringing",
    "Established",
    "Held",
    "Released",
    "Preview",
    "PreviewCancelled",
]

# The call's universally unique id in the switch's base-32 form.
CallUuid: TypeAlias = str

# The T-Server connection id, sixteen hexadecimal digits.
ConnId: TypeAlias = str

# Absolute address of the device whose view the leg is. It has no /me.
DeviceUri: TypeAlias = str

# A directory number as it is dialled. Letters and SIP user characters occur in switch numbers, blanks do not.
PhoneNumber: TypeAlias = str

# The digits of a participant's number, as the switch has them.
DialledDigits: TypeAlias = str


class Participant(TypedDict):
    """Another party of the call; never the agent himself."""

    # The number in E.164 form; empty for an internal number.
    e164Number: NotRequired[str]
    formattedPhoneNumber: NotRequired[str]
    phoneNumber: PhoneNumber
    digits: NotRequired[DialledDigits]


# Kind of call as the switch reports it. The documentation gives its list as examples, so other words are
# possible. A conference keeps the type the call had before. Documented: Internal, Inbound, Outbound, Consult.
CallType: TypeAlias = str

# Name of an operation that is possible on the leg at this moment. A server may offer operations that this
# contract does not describe; the documented names are listed. Documented: Answer, AttachUserData, ClearCall,
# CompleteConference, CompleteTransfer, DeleteUserData, DeleteUserDataPair, Hangup, Hold, InitiateConference,
# InitiateTransfer, MuteCall, MuteMonitoredUser, PauseCallRecording, Reject, RemoveParticipantFromConference,
# ResumeCallRecording, Retrieve, SendDtmf, SingleStepConference, SingleStepTransfer, StartCallRecording,
# StopCallRecording, SwapCalls, SwitchToBargeIn, SwitchToListenIn, UnmuteCall, UnmuteMonitoredUser,
# UpdateUserData.
Capability: TypeAlias = str

# The user data of a call that has some.
AttachedUserData: TypeAlias = Mapping[str, object]

# Absolute address of a leg. It has /me/calls.
CallUri: TypeAlias = str

# Path of a leg, without /me and without /api/v2.
CallPath: TypeAlias = str

# Whole seconds, written as a string of digits.
Seconds: TypeAlias = str

# A switch written as a word, not as a boolean.
OnOff: TypeAlias = Literal["On", "Off"]

# State of the leg's recording; present only where recording is available.
RecordingState: TypeAlias = Literal["Stopped", "Recording", "Paused"]


class Call(TypedDict):
    """A leg, which is one agent's view of a call. Members that this contract does not know are to be ignored.
    The ids of two agents' legs of one call may be the same or different.
    """

    id: CallId
    state: CallState
    callUuid: CallUuid
    connId: NotRequired[ConnId]
    deviceUri: DeviceUri
    # The other parties, never the agent himself.
    participants: list[Participant]
    ani: NotRequired[str]
    # The number that was dialled; a conference does not change it.
    dnis: NotRequired[str]
    callType: CallType
    # The operations possible now, in no particular order; empty once the leg is Released.
    capabilities: list[Capability]
    userData: NotRequired[AttachedUserData]
    parentCallUri: NotRequired[CallUri]
    parentCallPath: NotRequired[CallPath]
    duration: Seconds
    mute: NotRequired[OnOff]
    recordingState: NotRequired[RecordingState]
    supervisorListeningIn: NotRequired[bool]
    monitoredUserMuted: NotRequired[bool]
    monitoring: NotRequired[bool]
    uri: CallUri
    path: CallPath


class CallAnswer(TypedDict):
    """One leg, under its singular name."""

    statusCode: Literal[0]
    call: Call


class Destination(TypedDict):
    """Where to dial. An object in every call operation."""

    phoneNumber: PhoneNumber


# Passed on to the switch as the location attribute of its requests.
Location: TypeAlias = str

# Keys of a telephone, in the order in which they are pressed. The page names the digits only; the star and
# the hash are inferred.
DtmfDigits: TypeAlias = str


class CallsAnswerUris(TypedDict):
    statusCode: Literal[0]
    uris: list[CallUri]


# A leg with the members that were asked for; with fields=* it is the whole Call.
PartialCall: TypeAlias = Call | Mapping[str, object]


class CallsAnswerCalls(TypedDict):
    statusCode: Literal[0]
    calls: list[PartialCall]


# The agent's legs: their addresses, or with fields the legs themselves.
CallsAnswer: TypeAlias = CallsAnswerUris | CallsAnswerCalls

# Identifies a device; a UUID in every sample.
DeviceId: TypeAlias = str


class DeviceUserState(TypedDict):
    id: str
    displayName: str
    state: str
    workMode: NotRequired[str]
    reason: NotRequired[str]


class Device(TypedDict):
    """An agent's telephone."""

    id: DeviceId
    deviceState: Literal["Active", "Inactive"]
    phoneNumber: PhoneNumber
    e164Number: NotRequired[str]
    telephonyNetwork: NotRequired[Literal["Private", "Public"]]
    doNotDisturb: NotRequired[OnOff]
    userState: NotRequired[DeviceUserState]
    capabilities: NotRequired[list[str]]
    uri: DeviceUri
    path: str


class DevicesAnswerUris(TypedDict):
    statusCode: Literal[0]
    uris: list[AbsoluteUri]


class DevicesAnswerDevices(TypedDict):
    statusCode: Literal[0]
    devices: list[Device]


# The agent's devices: their addresses, or with fields the devices themselves.
DevicesAnswer: TypeAlias = DevicesAnswerUris | DevicesAnswerDevices


class UserResource(TypedDict):
    """The agent who asks, with the subresources that were asked for and apply."""

    id: str
    userName: str
    firstName: NotRequired[str]
    lastName: NotRequired[str]
    emailAddress: NotRequired[str]
    roles: NotRequired[list[str]]
    enabled: NotRequired[bool]
    changePasswordOnFirstLogin: NotRequired[bool]
    uri: AbsoluteUri
    path: str
    devices: NotRequired[list[Device]]
    calls: NotRequired[list[Call]]


class MeAnswer(TypedDict):
    """A singular resource comes under its singular name."""

    statusCode: Literal[0]
    user: UserResource


class PartlyDoneSucceededItem(TypedDict):
    statusCode: Literal[0]
    channel: str


class PartlyDoneFailedItem(TypedDict):
    statusCode: int
    statusMessage: str
    channel: str


class PartlyDone(TypedDict):
    """A bulk operation succeeded for some of its parts. There is no statusMessage at the top."""

    statusCode: Literal[7]
    succeeded: list[PartlyDoneSucceededItem]
    failed: list[PartlyDoneFailedItem]


# Outcome of a request. 0: done, or taken and passed on. 1: a required parameter is missing. 2: a parameter is
# not valid in the current state. 3: operation forbidden. 4: internal error. 5: permission missing. 6:
# resource not found. 7: partial success of a bulk operation. 8: password must be changed. 9: processing not
# complete. 10: value out of its range. 11: read-only property. 12 to 15: resource cannot be retrieved,
# created, deleted, updated. 16 and 17: cannot be assigned, unassigned. 18 and 19: already exists, already in
# use. 20: not authenticated.
StatusCode: TypeAlias = int


class Refused(TypedDict):
    """The request was refused and nothing was changed."""

    statusCode: StatusCode
    statusMessage: str
