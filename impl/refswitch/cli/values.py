"""The values of options: one reader for each kind. Each raises ArgumentTypeError, which says what is wrong and what is expected."""

from __future__ import annotations

import argparse
import math
import re

from refswitch.bayeux import Settings as BayeuxSettings
from refswitch.http_bounds import HttpBounds
from refswitch.suggestions import did_you_mean

#: Limits on each CometD client by their name on the command line, with their field. For polls, 0 means no limit.
LIMITS = {
    "body": "max_body",
    "messages": "max_messages",
    "depth": "max_depth",
    "queue": "max_queue",
    "subscriptions": "max_subscriptions",
    "sessions": "max_sessions",
    "sockets": "max_sockets",
    "polls": "max_held_per_browser",
}
#: Limits on HTTP connections, likewise.
HTTP_LIMITS = {
    "head": "head_bytes",
    "headers": "headers",
    "target": "target_bytes",
    "head-seconds": "head_seconds",
    "body-seconds": "body_seconds",
    "idle-seconds": "idle_seconds",
    "connections": "connections",
}
_DEFAULTS = ((BayeuxSettings(), LIMITS), (HttpBounds(), HTTP_LIMITS))
DEFAULT_LIMITS = ", ".join(
    f"{name}={getattr(values, field)}" for values, names in _DEFAULTS for name, field in names.items()
)


def port(text: str) -> int:
    """A port; 0 means a free one."""
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port; give a number from 0 to 65535")
    return int(text)


def count(text: str) -> int:
    """A number of sandboxes."""
    if not re.fullmatch("[0-9]{1,4}", text):
        raise argparse.ArgumentTypeError(f"{text} is not a number of sandboxes; give a number from 0 to 9999")
    return int(text)


def seconds(text: str) -> float:
    """A time in seconds."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= 3600:
        raise argparse.ArgumentTypeError(
            f"{text} is not a time; give a number of seconds above 0 and up to 3600"
        )
    return number


def limit(text: str) -> tuple[str, int]:
    """NAME=N as the name, which is one of LIMITS or HTTP_LIMITS, and the number."""
    name, _, number = text.partition("=")
    known = (*LIMITS, *HTTP_LIMITS)
    if name not in known:
        hint = did_you_mean(name, known)
        raise argparse.ArgumentTypeError(f"{name} is not a limit; the limits are {', '.join(known)}{hint}")
    if not re.fullmatch("[0-9]{1,9}", number) or (int(number) == 0 and name != "polls"):
        raise argparse.ArgumentTypeError(f"{text}: a limit is a number from 1 to 999999999")
    return name, int(number)
