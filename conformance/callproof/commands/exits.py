"""What the command line's exit codes mean, and how a command stops short. `cli` alone leaves the process with them.

The codes of `callproof run` beyond these are made from the result by `verdicts.exit_code`.
"""

from __future__ import annotations

CLEAN = 0  # everything asked for was judged, and nothing was found
FINDINGS = 1  # judged, and something was found
NOT_JUDGED = 2  # bad usage, unreadable or no matching file, contract not loadable
CONFIGURATION = 4  # `run` and its companions: bad usage, bad file, a missing extra
SUITE_ERROR = 6  # the suite itself is at fault; nothing is said of what it judged
INTERRUPTED = 130


class Stopped(Exception):
    """A command cannot go on: one sentence for a person, with the remedy, and the exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        self.sentence = sentence
        self.code = code
        super().__init__(sentence)
