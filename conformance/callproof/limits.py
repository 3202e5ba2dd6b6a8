"""Every bound of the suite and the validator: its number, what sets it, what happens at it.

`make limits` makes docs/limits.md from these rows. A bound stands here and nowhere else; code reads its `default`. How much of a value
a message shows is not a bound. This module imports nothing, because users of `callproof check` in a commit hook feel its start-up time.
"""

from __future__ import annotations

_CHECK = "What `check` reads"
_CONTRACT = "What a contract may hold (`--contract`)"
_YAML = "What a YAML file may hold (a target file, a scenario)"


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
    "bytes of one JSON document",
    64 * 1024 * 1024,
    "",
    "The file is left out and named, with the advice to write one message per line; exit code 2 unless there are findings.",
)
LINES = Bound(
    _CHECK,
    "bytes of a file with one document per line (NDJSON)",
    1024 * 1024 * 1024,
    "",
    "What stands before is judged; the file is named as left out; exit code 2 unless there are findings.",
)
LINE = Bound(
    _CHECK,
    "bytes of one line of such a file",
    16 * 1024 * 1024,
    "",
    "What stands before is judged; the file is named as left out; exit code 2 unless there are findings.",
)
LINE_COUNT = Bound(
    _CHECK,
    "lines of such a file",
    2_000_000,
    "",
    "What stands before is judged; the file is named as left out; exit code 2 unless there are findings.",
)
VALUES = Bound(
    _CHECK,
    "values in one JSON document",
    4_000_000,
    "",
    "The file is left out and named, with the advice to write one message per line; exit code 2 unless there are findings.",
)
DEEPEST = Bound(
    _CHECK,
    "levels of arrays and objects in a payload",
    200,
    "",
    "A finding (rule json) at the first bracket beyond.",
)
DIGITS = Bound(
    _CHECK,
    "digits of an integer in a payload",
    4300,
    "",
    "A finding (rule json) at the number.",
)
ENTRIES = Bound(
    _CHECK,
    "files and folders below one folder",
    100_000,
    "",
    "The folder is named as not wholly read; exit code 2 unless there are findings.",
)
FINDINGS = Bound(
    _CHECK,
    "findings about one message",
    10_000,
    "",
    "The rest of the message is not judged, and a note says so.",
)
ALIKE = Bound(
    _CHECK,
    "findings alike in one file that have lines of their own",
    10,
    "",
    "The others are counted on the last of these lines. Alike are findings of one rule at one path, whatever the indexes in it.",
)
SHOWN = Bound(
    _CHECK,
    "lines about findings",
    1000,
    "--max-findings N",
    "Further findings are counted, and the summary says how many are not shown.",
)
GUESSES = Bound(
    _CHECK,
    "comparisons of an unknown word with a known one, in one file",
    50_000,
    "",
    "Later findings come without a suggestion, and misspelled optional members are no longer noticed; a note says so.",
)
WORD = Bound(
    _CHECK,
    "characters of a word that is compared with known ones",
    60,
    "",
    "The finding comes without a suggestion.",
)
NAMED = Bound(
    _CHECK,
    "inputs left out that are named",
    1000,
    "",
    "Further ones are counted.",
)
BUNDLE = Bound(
    _CONTRACT,
    "bytes of one bundle",
    64 * 1024 * 1024,
    "",
    "The command ends, naming the bundle; exit code 2 from `check`, 4 from the others.",
)
YAML_DEEPEST = Bound(
    _YAML,
    "levels of nesting",
    30,
    "",
    "The file is refused, with the line.",
)
