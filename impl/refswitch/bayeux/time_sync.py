"""The time synchronisation extension: what a client needs to work out the server's time from its own (CometD, Timesync)."""

import math
from dataclasses import dataclass

from refswitch.json_values import Json

from .messages import Message, ext_of

#: A client whose estimate is this good, in milliseconds, gets no further answer.
_GOOD_ENOUGH = 25


@dataclass(frozen=True, slots=True)
class TimeSync:
    """What a message said about the client's clock, and its arrival. Times of day are in milliseconds, `received` in seconds of `now`."""

    client_time: float
    server_time: int
    accuracy: float
    received: float

    def answer(self, now: float) -> Json:
        """The field of the reply; `p` is how long the server had the message."""
        spent = max(0, round((now - self.received) * 1000))
        return {"tc": self.client_time, "ts": self.server_time, "p": spent, "a": self.accuracy}


def time_sync(message: Message, now: float, time_of_day: int | None) -> TimeSync | None:
    """What a message asks for; None if it asks for nothing, asks in a form that is not valid, or has a good estimate already."""
    asked = ext_of(message).get("timesync")
    if not isinstance(asked, dict) or time_of_day is None:
        return None
    client_time, lag, offset = (_number(asked.get(name, 0)) for name in ("tc", "l", "o"))
    if client_time is None or lag is None or offset is None or "tc" not in asked:
        return None
    accuracy = client_time + offset + lag - time_of_day
    if lag != 0 and abs(accuracy) < _GOOD_ENOUGH:
        return None
    return TimeSync(client_time, time_of_day, accuracy, now)


def _number(value: Json) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) and abs(value) < 1e15 else None  # type: ignore[arg-type,return-value]  # a number
