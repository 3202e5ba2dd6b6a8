"""Every bound of the suite and the validator: its number, what sets it, what happens at it.

`make limits` makes docs/limits.md from these rows. A bound stands here and nowhere else; code reads its `default`. How much of a value
a message shows is not a bound. This module imports nothing, because users of `callproof check` in a commit hook feel its start-up time.
"""

from __future__ import annotations

_CHECK = "What `check` reads"
_RUN = "How `run` goes on and ends"


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

TEARDOWN = Bound(
    _RUN,
    "seconds in which an interrupted run ends its calls",
    10,
    "`timing.teardown_s`",
    "Every call that was not seen to end is named, with the command that ends it; exit code 7.",
)
SECOND_INTERRUPT = Bound(
    _RUN,
    "seconds in which a second interruption ends the process",
    2,
    "",
    "The process ends; if calls may be left, it has printed the command that ends them.",
)
FAREWELL = Bound(
    _RUN,
    "seconds for each farewell to a CometD server",
    5,
    "",
    "The session is left without its answer; the server drops it by itself.",
)
SCENARIO = Bound(
    _RUN,
    "seconds of one scenario",
    120,
    "`timing.time_factor` multiplies it",
    "Its calls are ended; what it had not shown by then is not judged.",
)
WITHOUT_CONNECTION = Bound(
    _RUN,
    "scenarios in a row without a connection",
    3,
    "",
    "The run ends; what it did not play is not judged.",
)
EMBEDDED_START = Bound(
    _RUN,
    "seconds in which the reference server starts",
    30,
    "",
    "The run ends before anything is judged; exit code 5 with the server's output.",
)
EMBEDDED_STOP = Bound(
    _RUN,
    "seconds in which the reference server stops",
    5,
    "",
    "Its process is killed.",
)
LEDGER_BYTES = Bound(
    _RUN,
    "bytes of one ledger that `cleanup` reads",
    16 * 1024 * 1024,
    "",
    "The ledger is named as one that cannot be read; exit code 7.",
)
