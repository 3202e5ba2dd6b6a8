"""Every bound of the suite and the validator: its number, what sets it, what happens at it.

`make limits` makes docs/limits.md from these rows. A bound stands here and nowhere else; code reads its `default`. How much of a value
a message shows is not a bound. This module imports nothing, because users of `callproof check` in a commit hook feel its start-up time.
"""

from __future__ import annotations

_CHECK = "What `check` reads"
_TARGET = "The target file"
_WIRE = "What a server sends to `run` and `listen`"


class Bound:
    """One bound, as a row of docs/limits.md."""

    def __init__(self, area: str, subject: str, default: int, option: str, consequence: str) -> None:
        """Keep a row.

        `area` is the heading that it stands under, `subject` what is bounded, with its unit ("bytes of an answer's body"), `default` the
        number in that unit, `option` what sets it (an option or a key of the target file; empty if nothing does), `consequence` one
        sentence on what happens at the bound.
        """
        self.area = area
        self.subject = subject
        self.default = default
        self.option = option
        self.consequence = consequence


FILE = Bound(
    _CHECK,
    "bytes of one file",
    64 * 1024 * 1024,
    "",
    "The file is left out and named; exit code 2 if nothing else is worse.",
)

ANSWER_BYTES = Bound(
    _WIRE,
    "bytes of an answer's body, before and after decompression, and of a WebSocket frame",
    8 * 1024 * 1024,
    "limits.answer_bytes",
    "The rest is not read, and the connection is closed; what depends on the answer is undetermined.",
)
HEAD_BYTES = Bound(
    _WIRE,
    "bytes of an answer's head, interim answers included",
    64 * 1024,
    "limits.head_bytes",
    "The rest is not read, and the connection is closed; what depends on the answer is undetermined.",
)
HEADERS = Bound(
    _WIRE,
    "headers of an answer",
    200,
    "",
    "The answer is not used; what depends on it is undetermined.",
)
MESSAGES_PER_DELIVERY = Bound(
    _WIRE,
    "Bayeux messages in one answer or frame",
    1_000,
    "limits.messages_per_delivery",
    "The delivery is not used, and the session counts as interrupted; what depends on it is undetermined.",
)
MESSAGES_PER_SCENARIO = Bound(
    _WIRE,
    "Bayeux messages that one agent receives during one scenario",
    5_000,
    "limits.messages_per_scenario",
    "Later messages are dropped until the next scenario; what depends on them is undetermined.",
)
TRANSCRIPT_BYTES = Bound(
    _WIRE,
    "bytes of a run's transcript",
    128 * 1024 * 1024,
    "limits.transcript_bytes",
    "Later entries keep their ids and lose their contents; the run ends, and what it did not judge is undetermined.",
)
RETRY_AFTER_S = Bound(
    _WIRE,
    "seconds that a run waits in all because of Retry-After",
    120,
    "limits.retry_after_s",
    "The answer is taken as it is: HTTP 429 or 503.",
)
PAUSE_S = Bound(
    _WIRE,
    "seconds of one Retry-After",
    60,
    "",
    "A longer one is not waited for: the answer is taken as it is.",
)
TRIES_WHEN_LIMITED = Bound(
    _WIRE,
    "times that a request is sent because of Retry-After",
    3,
    "",
    "The last answer is taken as it is.",
)
ANSWER_DEPTH = Bound(
    _WIRE,
    "levels of nesting in a JSON body",
    200,
    "",
    "The body counts as not readable, and the reason says so.",
)
IDLE_CONNECTIONS = Bound(
    _WIRE,
    "idle connections that an agent keeps",
    8,
    "",
    "The oldest is closed.",
)
IDLE_S = Bound(
    _WIRE,
    "seconds that an idle connection is kept",
    2,
    "",
    "It is closed before the server does it: many close it after five seconds, some during a write.",
)
GOODBYE_S = Bound(
    _WIRE,
    "seconds for the server to answer the closing of a WebSocket",
    2,
    "",
    "The connection is cut.",
)
BACKOFF_S = Bound(
    _WIRE,
    "seconds between two attempts of an agent's session during a run",
    10,
    "",
    "The session tries again at this pace, so that a server that comes back is found soon.",
)

TARGET_FILE = Bound(
    _TARGET,
    "bytes of a target file",
    256 * 1024,
    "",
    "The file is refused; exit code 4.",
)
