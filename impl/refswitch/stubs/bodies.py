"""The request bodies, one for each operationName.

Generated from version 0.1.0 of the contract by callproof stubs; do not edit.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .resources import CallUri, Destination, Location, PhoneNumber, UserData


class AfterCallWork(TypedDict):
    """Sets the agent's state to NotReady with the work mode AfterCallWork. wrapUpTime is for a T-Server."""

    operationName: Literal["AfterCallWork"]
    wrapUpTime: NotRequired[str]


class Answer(TypedDict):
    """Answers a ringing call."""

    operationName: Literal["Answer"]


class AuxWork(TypedDict):
    """Sets the agent's state to NotReady with the work mode AuxWork."""

    operationName: Literal["AuxWork"]


class CompleteConference(TypedDict):
    """Joins a consult call to its parent, so that all parties are in one call. It may be posted to the
    consult call or to the parent.
    """

    operationName: Literal["CompleteConference"]
    consultCallUri: NotRequired[CallUri]


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


class Retrieve(TypedDict):
    """Takes a held call back."""

    operationName: Literal["Retrieve"]


# Body of POST /me/calls/{id}; operationName says which operation is asked for.
CallOperation: TypeAlias = Answer | CompleteConference | Hangup | Hold | InitiateConference | Retrieve


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


# Body of POST /me/devices/{id}; operationName says which operation is asked for.
DeviceOperation: TypeAlias = DoNotDisturbOff | DoNotDisturbOn | ForwardCallsOff | ForwardCallsOn


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
