"""The request bodies, one for each operationName.

Generated from version 0.1.0 of the contract by callproof stubs; do not edit.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .resources import CallUri, Destination, Location, UserData


class Answer(TypedDict):
    """Answers a ringing call."""

    operationName: Literal["Answer"]


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
