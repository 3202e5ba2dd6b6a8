"""Every bound of the suite and the validator: its number, what sets it, what happens at it.

`make limits` makes docs/limits.md from these rows. A bound stands here and nowhere else; code reads its `default`. How much of a value
a message shows is not a bound. This module imports nothing, because users of `callproof check` in a commit hook feel its start-up time.
"""

from __future__ import annotations

_CHECK = "What `check` reads"
_SECRETS = "What is masked as secret"


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

SECRET_INSIDE = Bound(
    _SECRETS,
    "characters of a secret that is found anywhere",
    6,
    "",
    "A shorter one is masked only as a whole word, or as a whole value.",
)
SECRET_WORD = Bound(
    _SECRETS,
    "characters of a secret that is found as a word",
    3,
    "",
    "A shorter one is masked only where it is a whole value.",
)
SECRETS_LEARNED = Bound(
    _SECRETS,
    "cookies, session ids and tokens of a server that are recognised at a time",
    1000,
    "",
    "The oldest one is then masked only beside its name.",
)
ENCODINGS = Bound(
    _SECRETS,
    "layers of escapes (JSON, percent, HTML) within each other",
    4,
    "",
    "A secret in a deeper layer is not recognised.",
)
