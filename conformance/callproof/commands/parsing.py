"""The commands of `callproof` beside `check`, one module each with a `main(arguments)` that returns the exit code."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from typing import NoReturn, TextIO

from callproof.commands.exits import CONFIGURATION, Stopped


def in_columns(rows: Sequence[tuple[str, str]], stream: TextIO) -> str:
    """Names and what they stand for, one a line; on a terminal no line is longer than the terminal is wide."""
    width = shutil.get_terminal_size().columns if stream.isatty() else sys.maxsize
    longest = max((len(name) for name, _ in rows), default=0)
    lines = [f"{name:<{longest}}  {words}" for name, words in rows]
    return "".join((line if len(line) <= width else line[: width - 1] + "…") + "\n" for line in lines)


class Parser(argparse.ArgumentParser):
    """Bad usage ends a command with one sentence and code 4: the codes below it are verdicts."""

    def __init__(self, command: str, description: str, epilog: str | None = None) -> None:
        self._command = f"callproof {command}"
        formatter = argparse.RawDescriptionHelpFormatter
        super().__init__(
            prog=self._command, description=description, epilog=epilog, formatter_class=formatter
        )

    def error(self, message: str) -> NoReturn:
        raise Stopped(f"{message}; see {self._command} --help", CONFIGURATION)
