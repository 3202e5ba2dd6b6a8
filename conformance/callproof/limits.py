"""Every bound of the suite and the validator: its number, what sets it, what happens at it.

`make limits` makes docs/limits.md from these rows. A bound stands here and nowhere else; code reads its `default`. How much of a value
a message shows is not a bound. This module imports nothing, because users of `callproof check` in a commit hook feel its start-up time.
"""

from __future__ import annotations

_CHECK = "What `check` reads"


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

_BAYEUX = "How the Bayeux client of `run` and `listen` waits"

ANSWER = Bound(
    _BAYEUX,
    "seconds for an answer, beside those that the server holds a connect",
    10,
    "`Session(timeout_s=...)`; `timing.http_timeout_s` of the target file",
    "The message counts as lost, and the client sends it again after a pause.",
)
OPENING = Bound(
    _BAYEUX,
    "seconds for the first opening and the first answer of a transport, while another one is left to try",
    5,
    "",
    "The client tries the next transport at once.",
)
ADVISED_TIMEOUT = Bound(
    _BAYEUX,
    "seconds of an advised `timeout`",
    600,
    "",
    "A connect that is held longer counts as lost, and the client sends another.",
)
ADVISED_INTERVAL = Bound(
    _BAYEUX,
    "seconds of an advised `interval`",
    600,
    "",
    "The client waits this long and no longer.",
)
PAUSE = Bound(
    _BAYEUX,
    "seconds that each failure in a row adds to the pause; also the seconds between connects that bring nothing",
    1,
    "`Session(backoff_increment_s=...)`",
    "The client waits before it tries again, whatever the server advises.",
)
LONGEST_PAUSE = Bound(
    _BAYEUX,
    "seconds of the pause after failures",
    60,
    "`Session(backoff_limit_s=...)`",
    "The pause grows no further.",
)
QUIET_CONNECTS = Bound(
    _BAYEUX,
    "connects in a row that a server may answer without an event before the client keeps them apart",
    3,
    "",
    "Connects begin at least one pause apart until an event arrives. A server that holds connects does not notice.",
)
CONNECTS_PER_SECOND = Bound(
    _BAYEUX,
    "connects in a second while events arrive",
    50,
    "",
    "The next connect waits for its turn; events that were queued meanwhile arrive together.",
)
WAITING_EVENTS = Bound(
    _BAYEUX,
    "events that wait to be read from a session",
    1_000,
    "`Session(most_waiting=...)`",
    "Reading from the server pauses; the server's own limit applies.",
)
REMEMBERED_IDS = Bound(
    _BAYEUX,
    "ids of lost messages, and of past sessions, that a session remembers",
    1_000,
    "",
    "The oldest is forgotten; a reply to it is reported as one to nothing.",
)
FAREWELL = Bound(
    _BAYEUX,
    "seconds for the answer to a disconnect, and again for the end of the held connect",
    2,
    "`Session.leave(limit_s=...)`",
    "The connection is closed without waiting further.",
)
