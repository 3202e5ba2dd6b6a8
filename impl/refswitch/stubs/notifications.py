"""What the server sends on its own, as Bayeux messages.

Generated from version 0.2.0 of the contract by callproof stubs; do not edit.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .resources import Call, Device, DevicePath, DeviceUri, MediaChannel, PhoneNumber


class Extensions(TypedDict):
    """T-Library extensions of the event. The samples leave the member out when there are none. A Ringing call
    that came through a queue also says what happens if nobody answers (NO_ANSWER_*) and where the call
    came from (OriginationDN and the switch of that number).
    """

    BusinessCall: NotRequired[int]
    WrapUpTime: NotRequired[int]
    NO_ANSWER_ACTION: NotRequired[str]
    NO_ANSWER_TIMEOUT: NotRequired[int | str]
    NO_ANSWER_OVERFLOW: NotRequired[str]
    OriginationDN: NotRequired[str]
    OriginationDN_location: NotRequired[str]


class MetricsEventProcessing(TypedDict):
    nodeProcessingTimeNanos: NotRequired[int]
    serverGenerationTimestamp: NotRequired[int]
    serverProcessingTimeTotalMs: NotRequired[int]


class Metrics(TypedDict):
    """How long the server took for the event. Every message of a real server carries it, and no published
    page shows it. Clients do not need it. A total of -1 means that the server does not know.
    """

    eventProcessing: NotRequired[MetricsEventProcessing]


class AttachedDataChangedData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["AttachedDataChanged"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]
    metrics: NotRequired[Metrics]


class AttachedDataChanged(TypedDict):
    """One of the parties changed the call's user data. The call carries all of it, or no userData when
    nothing is left.
    """

    channel: Literal["/v2/me/calls"]
    data: AttachedDataChangedData


# The kind of notification about the call. StatusChange is also sent when the state stays the same, for
# example on mute. Documented: StatusChange, ParticipantsUpdated, AttachedDataChanged, DtmfSent,
# CallRecordingStateChange, MonitoredUserMutedStateChange.
NotificationType: TypeAlias = str


class CallEventData(TypedDict):
    """The members that every notification about a call carries. phoneNumber is the agent's own number.
    Members that this contract does not name are to be ignored.
    """

    messageType: Literal["CallStateChangeMessage"]
    notificationType: NotificationType
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]
    metrics: NotRequired[Metrics]


class CallNotification(TypedDict):
    """A notification about a call whose notificationType has no schema of its own in this version of the
    contract. The envelope and the call follow the same rules.
    """

    channel: Literal["/v2/me/calls"]
    data: CallEventData


class CallRecordingStateChangeData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["CallRecordingStateChange"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]
    metrics: NotRequired[Metrics]


class CallRecordingStateChange(TypedDict):
    """The recording of the call was started, stopped, paused or resumed; recordingState says which."""

    channel: Literal["/v2/me/calls"]
    data: CallRecordingStateChangeData


class ChannelStateChangeData(TypedDict):
    messageType: Literal["ChannelStateChangeMessageV2"]
    channels: list[MediaChannel]
    metrics: NotRequired[Metrics]


class ChannelStateChange(TypedDict):
    """The agent's state on some of their channels changed. There is no notificationType."""

    channel: Literal["/v2/me/channels"]
    data: ChannelStateChangeData


class DeviceErrorNotificationData(TypedDict):
    messageType: Literal["ErrorMessage"]
    devicePath: NotRequired[DevicePath]
    deviceUri: NotRequired[DeviceUri]
    errorMessage: NotRequired[str]
    errorCode: NotRequired[int]
    metrics: NotRequired[Metrics]


class DeviceErrorNotification(TypedDict):
    """A server behind the API refused a request about a device. The message names the device and has no text;
    the HTTP answer says why.
    """

    channel: Literal["/v2/me/devices"]
    data: DeviceErrorNotificationData


class DeviceStateChangeData(TypedDict):
    messageType: Literal["DeviceStateChangeMessage"]
    devices: list[Device]
    metrics: NotRequired[Metrics]


class DeviceStateChange(TypedDict):
    """A change of the agent's state on their device, or of what the device is set to. There is no
    notificationType. Each device is whole, as a client would read it. Members that this contract does not
    name are to be ignored.
    """

    channel: Literal["/v2/me/devices"]
    data: DeviceStateChangeData


class DtmfSentData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["DtmfSent"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]
    metrics: NotRequired[Metrics]


class DtmfSent(TypedDict):
    """The digits of a SendDtmf were sent; the notification does not repeat them."""

    channel: Literal["/v2/me/calls"]
    data: DtmfSentData


class ErrorNotificationData(TypedDict):
    messageType: Literal["ErrorMessage"]
    errorMessage: NotRequired[str]
    errorCode: NotRequired[int]
    metrics: NotRequired[Metrics]


class ErrorNotification(TypedDict):
    """Reports that something went wrong after a request was accepted. The documentation does not say what it
    carries for calls besides messageType.
    """

    channel: Literal["/v2/me/calls"]
    data: ErrorNotificationData


class MonitoredUserMutedStateChangeData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["MonitoredUserMutedStateChange"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]
    metrics: NotRequired[Metrics]


class MonitoredUserMutedStateChange(TypedDict):
    """The supervisor of the call muted the monitored agent, or unmuted them."""

    channel: Literal["/v2/me/calls"]
    data: MonitoredUserMutedStateChangeData


class ParticipantsUpdatedData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["ParticipantsUpdated"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]
    metrics: NotRequired[Metrics]


class ParticipantsUpdated(TypedDict):
    """A party joined or left the call."""

    channel: Literal["/v2/me/calls"]
    data: ParticipantsUpdatedData


class StatusChangeData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["StatusChange"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]
    metrics: NotRequired[Metrics]


class StatusChange(TypedDict):
    """The state of a leg changed, or a property that belongs to its state."""

    channel: Literal["/v2/me/calls"]
    data: StatusChangeData


# Whatever the server sends on its own.
Notification: TypeAlias = (
    AttachedDataChanged
    | CallNotification
    | CallRecordingStateChange
    | ChannelStateChange
    | DeviceErrorNotification
    | DeviceStateChange
    | DtmfSent
    | ErrorNotification
    | MonitoredUserMutedStateChange
    | ParticipantsUpdated
    | StatusChange
)

# The data of whatever the server sends.
NotificationData: TypeAlias = (
    AttachedDataChangedData
    | CallEventData
    | CallRecordingStateChangeData
    | ChannelStateChangeData
    | DeviceErrorNotificationData
    | DeviceStateChangeData
    | DtmfSentData
    | ErrorNotificationData
    | MonitoredUserMutedStateChangeData
    | ParticipantsUpdatedData
    | StatusChangeData
)
