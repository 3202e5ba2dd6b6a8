"""What Bayeux messages are made of: JSON values, advice, errors.

Reading is lenient, because servers differ; broken rules are returned beside the value.
"""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from callproof.shortening import to_show

from .rules import Rule

_MOST_SHOWN = 300

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
"""Any JSON value, as Python's own reader gives it."""

Message: TypeAlias = dict[str, Json]
"""One Bayeux message: a JSON object."""

LONG_POLLING, WEBSOCKET = "long-polling", "websocket"
"""Connection types, as handshakes negotiate them (Bayeux 1.0, supportedConnectionTypes; CometD, transports)."""

_LARGEST_NUMBER = 2**53
"""A larger JSON number is not exact, and cannot be meant as milliseconds."""

_ERROR_FORM = re.compile(r"(?P<code>[0-9]{3}):(?P<args>[^:]*):(?P<text>.*)", re.DOTALL)
_LEADING_CODE = re.compile(r"\s*([0-9]{3})(?![0-9])")


class Reconnect(StrEnum):
    """What the server advises to do next (Bayeux 1.0, reconnect advice field)."""

    RETRY = "retry"
    HANDSHAKE = "handshake"
    NONE = "none"


@dataclass(frozen=True)
class Advice:
    """The advice in force. New advice replaces all of it: an absent member returns to its default.

    The defaults are those of the CometD JavaScript client: retry, no interval, a timeout of one minute.
    """

    reconnect: Reconnect = Reconnect.RETRY
    interval_ms: int = 0
    timeout_ms: int = 60_000
    max_interval_ms: int | None = None
    multiple_clients: bool = False


@dataclass(frozen=True)
class BayeuxError:
    """The error of a reply: `code:args:text`, or as much of it as could be read (Bayeux 1.0, error)."""

    code: int | None
    args: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        """For people; a long one is marked to be cut where it is written."""
        whole = self.text if self.code is None else f"{self.code}:{','.join(self.args)}:{self.text}"
        return to_show(whole, _MOST_SHOWN, " ...")


def read_advice(value: Json) -> tuple[Advice | None, list[tuple[str, Rule]]]:
    """Read an `advice` member; also return its invalid members, each with the rule that it breaks.

    If the advice is not an object, it is ignored.
    """
    if not isinstance(value, dict):
        return None, [("", Rule.ADVICE_MALFORMED)]
    forgiven: list[tuple[str, Rule]] = []
    reconnect = value.get("reconnect", "retry")
    if not isinstance(reconnect, str) or reconnect not in {known.value for known in Reconnect}:
        forgiven.append((".reconnect", Rule.ADVICE_MALFORMED))
        reconnect = "retry"
    numbers: dict[str, int | None] = {}
    for name, least in (("interval", -_LARGEST_NUMBER), ("timeout", 0), ("maxInterval", -_LARGEST_NUMBER)):
        numbers[name] = _milliseconds(value.get(name), least)
        if name in value and numbers[name] is None:
            forgiven.append((f".{name}", Rule.ADVICE_MALFORMED))
    if reconnect == "retry" and not {"interval", "timeout"} <= value.keys():
        forgiven.append(("", Rule.ADVICE_INCOMPLETE))
    timeout = numbers["timeout"]
    advice = Advice(
        reconnect=Reconnect(reconnect),
        interval_ms=numbers["interval"] or 0,
        timeout_ms=Advice.timeout_ms if timeout is None else timeout,
        max_interval_ms=numbers["maxInterval"],
        multiple_clients=value.get("multiple-clients") is True,
    )
    return advice, forgiven


def _milliseconds(value: Json, least: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return int(value) if least <= value <= _LARGEST_NUMBER else None


def read_error(value: Json) -> tuple[BayeuxError, Rule | None]:
    """Read an `error` member of any shape; also return the rule that its form breaks.

    The code is found in `402::Unknown client`, in `402`, in `"402 unknown"` and in the number 402 alike.
    """
    if isinstance(value, str):
        form = _ERROR_FORM.fullmatch(value)
        if form is not None:
            args = tuple(form["args"].split(",")) if form["args"] else ()
            return BayeuxError(int(form["code"]), args, form["text"]), None
        leading = _LEADING_CODE.match(value)
        return BayeuxError(int(leading[1]) if leading else None, (), value), Rule.ERROR_FORM
    if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 999:
        return BayeuxError(value, (), ""), Rule.ERROR_FORM
    if value is None:
        return BayeuxError(None, (), "no error was given"), Rule.FAILURE_WITHOUT_ERROR
    return BayeuxError(None, (), "the error is not a text"), Rule.ERROR_FORM
