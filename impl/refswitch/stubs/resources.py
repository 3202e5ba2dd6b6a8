"""What requests, answers and notifications are made of.

Generated from version 0.2.0 of the contract by callproof stubs; do not edit.
"""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypeAlias, TypedDict

# An absolute http or https address under the configured public base.
AbsoluteUri: TypeAlias = str


class Accepted(TypedDict):
    """The server accepted the request and passed it on; notifications report the outcome. There is no
    statusMessage.
    """

    statusCode: Literal[0]


class AgentStateSetting(TypedDict):
    """An agent state that can be set; a client posts its operationName to set it."""

    id: str
    operationName: str
    displayName: str
    state: str
    workMode: NotRequired[str]
    reason: NotRequired[str]


class AgentStatesAnswer(TypedDict):
    """The agent states of the contact centre. Those that every contact centre has come first."""

    statusCode: Literal[0]
    settings: list[AgentStateSetting]


# Key-value data attached to a call. Values are strings, numbers, null or nested objects. A call without user
# data omits this member and never has an empty object.
UserData: TypeAlias = Mapping[str, object]

# Identifies a leg to its agent, in characters that can stand in a path as they are. No page gives its form:
# the samples of 8.5.2 show the callUuid, older samples the connection id. Because uri and path end with it,
# it consists of characters that need no percent-encoding there, and it does not begin with a dot. It never
# changes while the leg lives.
CallId: TypeAlias = str

# State of a leg. Released is final. The documentation gives its list as examples, so other words are
# possible. Preview and PreviewCancelled belong to outbound calls that an agent sees before they are dialled,
# and are known from client programs only: Preview waits for Accept or Decline, and PreviewCancelled is final.
# Documented: Dialing, Ringing, Established, Held, Released, Preview, PreviewCancelled.
CallState: TypeAlias = str

# The call's universally unique id. The samples show 32 characters of 0-9 and A-V, a T-Server's form; no page
# requires it.
CallUuid: TypeAlias = str

# The switch's connection id. The samples show sixteen hexadecimal digits, a T-Server's form; no page requires
# it.
ConnId: TypeAlias = str

# Absolute address of the device whose view the leg is. It does not contain /me.
DeviceUri: TypeAlias = str

# The digits of a participant's number, as the switch has them.
DialledDigits: TypeAlias = str


class Participant(TypedDict):
    """Another party of the call, never the agent."""

    # The number in E.164 form; empty for an internal number.
    e164Number: NotRequired[str]
    formattedPhoneNumber: NotRequired[str]
    # The party's number; empty where the switch does not know it (inferred).
    phoneNumber: str
    digits: NotRequired[DialledDigits]


# Kind of call as the switch reports it. The documentation gives its list as examples, so other words are
# possible. A conference keeps the type the call had before. Documented: Internal, Inbound, Outbound, Consult.
CallType: TypeAlias = str

# Name of an operation that is possible on the leg at this moment. A server may offer operations that this
# contract does not describe; this schema lists the documented names. Documented: Accept, Answer,
# AttachUserData, ClearCall, CompleteConference, CompleteTransfer, Decline, DeleteUserData,
# DeleteUserDataPair, Hangup, Hold, InitiateConference, InitiateTransfer, MuteCall, MuteMonitoredUser,
# PauseCallRecording, Reject, RemoveParticipantFromConference, ResumeCallRecording, Retrieve, SendDtmf,
# SetCallDisposition, SingleStepConference, SingleStepTransfer, StartCallRecording, StopCallRecording,
# SwapCalls, SwitchToBargeIn, SwitchToListenIn, UnmuteCall, UnmuteMonitoredUser, UpdateUserData.
Capability: TypeAlias = str

# The user data of a call that has some.
AttachedUserData: TypeAlias = Mapping[str, object]

# Absolute address of a leg. It contains /me/calls.
CallUri: TypeAlias = str

# Path of a leg, /calls/ and its id, without /me and without /api/v2. One sample lacks the leading slash.
CallPath: TypeAlias = str

# Whole seconds, written as a string of digits.
Seconds: TypeAlias = str

# An on-off value written as a word, not as a boolean.
OnOff: TypeAlias = Literal["On", "Off"]

# State of the leg's recording; present only where recording is available.
RecordingState: TypeAlias = Literal["Stopped", "Recording", "Paused"]


class Call(TypedDict):
    """A leg, which is one agent's view of a call. Members that this contract does not name are to be ignored.
    Two agents' legs of one call may have the same id or different ids.
    """

    id: CallId
    state: CallState
    callUuid: CallUuid
    connId: NotRequired[ConnId]
    deviceUri: DeviceUri
    # The other parties, never the agent.
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


# A directory number as it is dialled. The samples use digits only; no page gives a form, and the server says
# which numbers it can dial.
PhoneNumber: TypeAlias = str


class CallAnswer(TypedDict):
    """One leg, under its singular name."""

    statusCode: Literal[0]
    call: Call


class Destination(TypedDict):
    """Where to dial. An object in every call operation."""

    phoneNumber: PhoneNumber


# Passed on to the switch as the location attribute of its requests.
Location: TypeAlias = str

# Keys of a telephone, in the order in which they are pressed. The page names only the digits; the star and
# the hash are inferred.
DtmfDigits: TypeAlias = str


class CallsAnswerUris(TypedDict):
    statusCode: Literal[0]
    uris: list[CallUri]


# A leg with the requested members; with fields=*, the whole Call.
PartialCall: TypeAlias = Call | Mapping[str, object]


class CallsAnswerCalls(TypedDict):
    statusCode: Literal[0]
    calls: list[PartialCall]


# The agent's legs: their addresses or, with fields, the legs themselves.
CallsAnswer: TypeAlias = CallsAnswerUris | CallsAnswerCalls

# Name of a channel that an agent works on, such as voice, chat or email, in characters that can stand in a
# path as they are.
MediaChannelName: TypeAlias = str


class UserState(TypedDict):
    """The state of the agent on a device or channel. Before a session it is Offline. After a session has
    started and before a state has been set, it is LoggedIn, with neither id nor displayName. A contact
    centre may have states of its own.
    """

    id: NotRequired[str]
    displayName: NotRequired[str]
    state: str
    workMode: NotRequired[str]
    reason: NotRequired[str]


class MediaChannel(TypedDict):
    """A channel that the agent's session has. A capture lists channels other than voice, because the state of
    voice belongs to the device. That voice is listed like the others is inferred, because public client
    programs read the agent's state there.
    """

    channel: MediaChannelName
    dndState: NotRequired[OnOff]
    userState: NotRequired[UserState]


class ChannelAnswer(TypedDict):
    """One channel of the agent's session, under its singular name."""

    statusCode: Literal[0]
    channel: MediaChannel


class ChannelsAnswerUris(TypedDict):
    statusCode: Literal[0]
    uris: list[AbsoluteUri]


# A channel with the requested members; with fields=*, the whole MediaChannel.
PartialMediaChannel: TypeAlias = MediaChannel | Mapping[str, object]


class ChannelsAnswerChannels(TypedDict):
    statusCode: Literal[0]
    channels: list[PartialMediaChannel]


# The channels of the agent's session: their addresses or, with fields, the channels themselves.
ChannelsAnswer: TypeAlias = ChannelsAnswerUris | ChannelsAnswerChannels


class ContactPhoneNumbersItem(TypedDict):
    phoneNumber: NotRequired[str]
    description: NotRequired[str]
    switchName: NotRequired[str]


class Contact(TypedDict):
    """Somebody or something that an agent can call or transfer to: another user, a queue, or an entry that
    the contact centre added. No member is required, because fields may leave any of them out.
    """

    id: NotRequired[str]
    name: NotRequired[str]
    type: NotRequired[str]
    phoneNumber: NotRequired[str]
    phoneNumbers: NotRequired[list[ContactPhoneNumbersItem]]
    userName: NotRequired[str]
    firstName: NotRequired[str]
    lastName: NotRequired[str]
    employeeId: NotRequired[str]
    emailAddress: NotRequired[str]
    businessUnits: NotRequired[list[object]]
    roles: NotRequired[list[str]]
    availability: NotRequired[Mapping[str, object]]
    uri: NotRequired[AbsoluteUri]
    path: NotRequired[str]


class ContactsAnswerUris(TypedDict):
    statusCode: Literal[0]
    totalCount: NotRequired[int]
    uris: list[AbsoluteUri]


class ContactsAnswerContacts(TypedDict):
    statusCode: Literal[0]
    totalCount: NotRequired[int]
    contacts: list[Contact]


# The contacts: their addresses or, with fields, the contacts themselves. totalCount counts all that match the
# request.
ContactsAnswer: TypeAlias = ContactsAnswerUris | ContactsAnswerContacts

# Identifies a device, in characters that can stand in a path as they are. It is a UUID in every sample; no
# page requires that.
DeviceId: TypeAlias = str

# Name of an operation that is possible on the device at this moment. Documented: DoNotDisturbOn,
# DoNotDisturbOff, ForwardCallsOn, ForwardCallsOff, ListenIn, Coach, BargeIn, CancelSupervisorMonitoring.
DeviceCapability: TypeAlias = str


class SupervisorMonitoringState(TypedDict):
    """The agent whom a supervisor's device monitors. Absent while it monitors nobody."""

    state: str
    mode: NotRequired[str]
    scope: NotRequired[str]
    targetDeviceUri: NotRequired[DeviceUri]


# Path of a device, /devices/ and its id, without /me and without /api/v2.
DevicePath: TypeAlias = str


class Device(TypedDict):
    """An agent's telephone. Before and after a contact centre session, its user is LoggedOut. A device that
    is not registered at the switch is Inactive and has no userState. The resource is the same in an answer
    and in a notification. In capabilities, the documentation shows the supervisor's operations to
    supervisors only.
    """

    id: DeviceId
    deviceState: Literal["Active", "Inactive"]
    userState: NotRequired[UserState]
    phoneNumber: str
    description: NotRequired[str]
    e164Number: NotRequired[str]
    telephonyNetwork: NotRequired[Literal["Private", "Public"]]
    doNotDisturb: NotRequired[OnOff]
    forwardTo: NotRequired[PhoneNumber]
    voiceEnvironmentUri: NotRequired[AbsoluteUri]
    capabilities: NotRequired[list[DeviceCapability]]
    supervisorMonitoringState: NotRequired[SupervisorMonitoringState]
    channels: NotRequired[list[str]]
    dynamicPhoneNumber: NotRequired[str]
    uri: NotRequired[DeviceUri]
    path: NotRequired[DevicePath]


# A device with the requested members; with fields=*, the whole Device.
PartialDevice: TypeAlias = Device | Mapping[str, object]


class DeviceAnswer(TypedDict):
    """One device, under its singular name."""

    statusCode: Literal[0]
    device: PartialDevice


class DevicesAnswerUris(TypedDict):
    statusCode: Literal[0]
    uris: list[AbsoluteUri]


class DevicesAnswerDevices(TypedDict):
    statusCode: Literal[0]
    devices: list[PartialDevice]


# The agent's devices: their addresses or, with fields, the devices themselves.
DevicesAnswer: TypeAlias = DevicesAnswerUris | DevicesAnswerDevices

# Identifies a feature, such as api-voice, in characters that can stand in a path as they are.
FeatureId: TypeAlias = str


class Feature(TypedDict):
    """Something that the contact centre is allowed to do; the page of an operation names the feature that it
    needs.
    """

    id: FeatureId
    displayName: NotRequired[str]
    description: NotRequired[str]
    autoAssignOnContactCenterCreate: NotRequired[bool]
    uri: NotRequired[AbsoluteUri]
    path: NotRequired[str]


class FeatureAnswer(TypedDict):
    """One feature, under its singular name."""

    statusCode: Literal[0]
    feature: Feature


class FeaturesAnswerUris(TypedDict):
    statusCode: Literal[0]
    uris: list[AbsoluteUri]


# A feature with the requested members; with fields=*, the whole Feature.
PartialFeature: TypeAlias = Feature | Mapping[str, object]


class FeaturesAnswerFeatures(TypedDict):
    statusCode: Literal[0]
    features: list[PartialFeature]


# The features: their addresses or, with fields, the features themselves.
FeaturesAnswer: TypeAlias = FeaturesAnswerUris | FeaturesAnswerFeatures


class Group(TypedDict):
    """A set of users, queues, dispositions or other objects, such as a business unit. contains names their
    kinds. No member is required, because fields may leave any of them out.
    """

    id: NotRequired[str]
    name: NotRequired[str]
    type: NotRequired[str]
    contains: NotRequired[list[str]]
    defaultGroup: NotRequired[bool]
    uri: NotRequired[AbsoluteUri]
    path: NotRequired[str]


class GroupsAnswerUris(TypedDict):
    statusCode: Literal[0]
    uris: list[AbsoluteUri]


class GroupsAnswerGroups(TypedDict):
    statusCode: Literal[0]
    groups: list[Group]


# The groups: their addresses or, with fields, the groups themselves.
GroupsAnswer: TypeAlias = GroupsAnswerUris | GroupsAnswerGroups

# The settings of one section by their names, with any values.
SettingsSection: TypeAlias = Mapping[str, object]

# What the agent's desktop is set to: sections by their names, and in each section the settings by theirs; no
# sections where nothing is set. An internal address of a captured server lists the sections in an array
# instead, so that form is accepted too.
UserSettings: TypeAlias = Mapping[str, SettingsSection] | list[SettingsSection]


class UserResource(TypedDict):
    """The requesting agent, with the requested subresources that apply."""

    id: str
    userName: str
    firstName: NotRequired[str]
    lastName: NotRequired[str]
    emailAddress: NotRequired[str]
    roles: NotRequired[list[str]]
    enabled: NotRequired[bool]
    changePasswordOnFirstLogin: NotRequired[bool]
    contactCenterId: NotRequired[str]
    uri: NotRequired[AbsoluteUri]
    path: NotRequired[str]
    devices: NotRequired[list[Device]]
    calls: NotRequired[list[Call]]
    channels: NotRequired[list[MediaChannel]]
    channelStates: NotRequired[list[MediaChannel]]
    features: NotRequired[list[Feature]]
    settings: NotRequired[UserSettings]
    interactions: NotRequired[list[object]]
    chats: NotRequired[list[object]]


class MeAnswer(TypedDict):
    """A single resource, under its singular name."""

    statusCode: Literal[0]
    user: UserResource


# Identifies a service, in characters that can stand in a path as they are. A capture shows UUIDs and words in
# capitals.
ServiceId: TypeAlias = str


class Service(TypedDict):
    """A service behind the API, such as a switch. A device's voiceEnvironmentUri ends with the id of the
    service that the device belongs to.
    """

    id: ServiceId
    name: str
    type: str
    state: str
    uri: NotRequired[AbsoluteUri]
    path: NotRequired[str]


# A service with the requested members; with fields=*, the whole Service.
PartialService: TypeAlias = Service | Mapping[str, object]


class PartlyDoneSucceededItem(TypedDict):
    statusCode: Literal[0]
    channel: str


class PartlyDoneFailedItem(TypedDict):
    statusCode: int
    statusMessage: str
    channel: str


class PartlyDone(TypedDict):
    """A bulk operation succeeded for some of its parts. There is no statusMessage at the top level."""

    statusCode: Literal[7]
    succeeded: list[PartlyDoneSucceededItem]
    failed: list[PartlyDoneFailedItem]


# Why a request was refused. The code 0 belongs to Accepted and to the answers of GET, the code 7 to
# PartlyDone. x-codes gives the meaning of each code, the version that it dates from and the HTTP status that
# it comes with.
StatusCode: TypeAlias = int


class Refused(TypedDict):
    """The server refused the request and changed nothing. The answer has no other members."""

    statusCode: StatusCode
    statusMessage: str


class ServiceAnswer(TypedDict):
    """One service, under its singular name."""

    statusCode: Literal[0]
    service: Service


class ServicesAnswerUris(TypedDict):
    statusCode: Literal[0]
    uris: list[AbsoluteUri]


class ServicesAnswerServices(TypedDict):
    statusCode: Literal[0]
    services: list[PartialService]


# The services behind the API: their addresses or, with fields, the services themselves.
ServicesAnswer: TypeAlias = ServicesAnswerUris | ServicesAnswerServices


class TServerSettingsAnswerSettingsItem(TypedDict):
    name: str
    value: str


class TServerSettingsAnswer(TypedDict):
    """The switch configuration of a device. key is the member that distinguishes the settings."""

    statusCode: Literal[0]
    settings: list[TServerSettingsAnswerSettingsItem]
    key: NotRequired[str]


class VersionAnswer(TypedDict):
    """The version of the API that is served."""

    statusCode: Literal[0]
    version: str
