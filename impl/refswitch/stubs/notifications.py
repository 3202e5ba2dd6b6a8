"""What the server sends on its own, as Bayeux messages.

Generated from version 0.1.0 of the contract by callproof stubs; do not edit.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .resources import Call, Device, DevicePath, DeviceUri, MediaChannel, PhoneNumber


class Extensions(TypedDict):
    """T-Library extensions of the event. Absent when there are none, never empty."""

    BusinessCall: NotRequired[int]
    WrapUpTime: NotRequired[int]


class AttachedDataChangedData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["AttachedDataChanged"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]


class AttachedDataChanged(TypedDict):
    """The user data of the call changed, by whoever of its parties. The call carries all of it, and no
    userData when nothing is left.
    """

    channel: Literal["/v2/me/calls"]
    data: AttachedDataChangedData


# What kind of news about the call it is. StatusChange comes also when the state stays as it is, for example
# on mute. Documented: StatusChange, ParticipantsUpdated, AttachedDataChanged, DtmfSent,
# CallRecordingStateChange, MonitoredUserMutedStateChange.
NotificationType: TypeAlias = str


class CallEventData(TypedDict):
    """What every notification about a call carries. phoneNumber is the agent's own number. Members that this
    contract does not know are to be ignored; real servers send data.metrics.
    """

    messageType: Literal["CallStateChangeMessage"]
    notificationType: NotificationType
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]


class CallNotification(TypedDict):
    """A notification about a call whose notificationType this version of the contract has no schema of its
    own for. The envelope and the call are held to the same rules.
    """

    channel: Literal["/v2/me/calls"]
    data: CallEventData


class CallRecordingStateChangeData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["CallRecordingStateChange"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]


class CallRecordingStateChange(TypedDict):
    """Recording of the call was started, stopped, paused or resumed; recordingState says which."""

    channel: Literal["/v2/me/calls"]
    data: CallRecordingStateChangeData


class ChannelStateChangeData(TypedDict):
    messageType: Literal["ChannelStateChangeMessageV2"]
    channels: list[MediaChannel]


class ChannelStateChange(TypedDict):
    """The state of the agent on some of his channels changed. There is no notificationType."""

    channel: Literal["/v2/me/channels"]
    data: ChannelStateChangeData


class DeviceErrorNotificationData(TypedDict):
    messageType: Literal["ErrorMessage"]
    devicePath: NotRequired[DevicePath]
    deviceUri: NotRequired[DeviceUri]
    errorMessage: NotRequired[str]
    errorCode: NotRequired[int]


class DeviceErrorNotification(TypedDict):
    """A request about a device was refused by what is behind the API. It names the device and has no text;
    the HTTP answer says why.
    """

    channel: Literal["/v2/me/devices"]
    data: DeviceErrorNotificationData


class DeviceStateChangeData(TypedDict):
    messageType: Literal["DeviceStateChangeMessage"]
    devices: list[Device]


class DeviceStateChange(TypedDict):
    """The state of the agent on his device changed, or what the device is set to. There is no
    notificationType; each device is whole, as it would be read. Members that this contract does not know
    are to be ignored; real servers send data.metrics.
    """

    channel: Literal["/v2/me/devices"]
    data: DeviceStateChangeData


class DtmfSentData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["DtmfSent"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]


class DtmfSent(TypedDict):
    """The digits of a SendDtmf were sent; they are not repeated here."""

    channel: Literal["/v2/me/calls"]
    data: DtmfSentData


class ErrorNotificationData(TypedDict):
    messageType: Literal["ErrorMessage"]
    errorMessage: NotRequired[str]
    errorCode: NotRequired[int]


class ErrorNotification(TypedDict):
    """Tells that something went wrong after a request had been taken. What it carries besides messageType is
    not documented for calls.
    """

    channel: Literal["/v2/me/calls"]
    data: ErrorNotificationData


class MonitoredUserMutedStateChangeData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["MonitoredUserMutedStateChange"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]


class MonitoredUserMutedStateChange(TypedDict):
    """The supervisor of the call muted the monitored agent, or let him be heard again."""

    channel: Literal["/v2/me/calls"]
    data: MonitoredUserMutedStateChangeData


class ParticipantsUpdatedData(TypedDict):
    messageType: Literal["CallStateChangeMessage"]
    notificationType: Literal["ParticipantsUpdated"]
    call: Call
    phoneNumber: PhoneNumber
    extensions: NotRequired[Extensions]


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
