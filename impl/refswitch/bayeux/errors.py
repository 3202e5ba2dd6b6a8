"""Everything that can be wrong: one row per cause, and the one function that writes an error field."""

import re
from enum import Enum


class Cause(Enum):
    """Why a message is refused: the code and the sentence that go on the wire (Bayeux 1.0, error)."""

    NO_COMMON_CONNECTION_TYPE = 301, "No common connection type"
    UNSUPPORTED_CONNECTION_TYPE = 301, "Connection type was not offered"
    MISSING_FIELD = 400, "Missing field"
    WRONG_VALUE = 400, "Field of the wrong type or value"
    UNSUPPORTED_VERSION = 400, "Unsupported Bayeux version"
    UNKNOWN_CLIENT = 402, "Unknown client"  # the sentence of CometD 3
    UNKNOWN_CLIENT_403 = 403, "Unknown client"  # as modified servers do
    UNKNOWN_CLIENT_UNADVISED = 402, "Unknown client", False
    QUEUE_OVERFLOWN = 402, "Too many messages were waiting"
    SUBSCRIPTION_MISSING = 403, "Missing subscription"
    SUBSCRIPTION_DENIED = 403, "Subscription denied"
    TOO_MANY_SUBSCRIPTIONS = 403, "Too many subscriptions"
    TOO_MANY_SESSIONS = 403, "Too many sessions"
    PUBLISH_DENIED = 403, "Publish denied"
    UNKNOWN_META_CHANNEL = 404, "Unknown meta channel"
    INVALID_CHANNEL = 405, "Invalid channel"
    INVALID_ID = 405, "Invalid message id"

    def __init__(self, code: int, sentence: str, is_advised: bool = True) -> None:
        self.code = code
        self.sentence = sentence
        self.is_advised = is_advised


class Refused(Exception):
    """One message is refused; the others in its batch are still processed."""

    def __init__(self, cause: Cause, *arguments: str) -> None:
        self.cause = cause
        self.arguments = arguments
        super().__init__(self.error)

    @property
    def error(self) -> str:
        """The `error` field: `code:arguments:sentence`.

        An argument that contains a separator, or anything else that channel and field names cannot contain, is left
        out: client input can never change the form.
        """
        shown = ",".join(argument for argument in self.arguments if _ARGUMENT.fullmatch(argument))
        return f"{self.cause.code}:{shown}:{self.cause.sentence}"


class NotMessages(Exception):
    """The body is not an array of Bayeux messages, so it cannot be answered in Bayeux."""

    def __init__(self, place: str, rule: str) -> None:
        self.place = place
        self.rule = rule
        super().__init__(f"{place}: {rule}")


_ARGUMENT = re.compile(r"[A-Za-z0-9/*_!~()$@.-]{1,128}", re.ASCII)
