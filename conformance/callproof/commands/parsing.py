"""What the commands share in reading their options and printing lists; `check` starts faster without it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from typing import NoReturn, TextIO

from callproof.commands.exits import CONFIGURATION, Stopped


def in_columns(rows: Sequence[tuple[str, str]], stream: TextIO) -> str:
    """Names with their explanations, one per line; on a terminal, lines are cut to its width."""
    width = shutil.get_terminal_size().columns if stream.isatty() else sys.maxsize
    longest = max((len(name) for name, _ in rows), default=0)
    lines = [f"{name:<{longest}}  {words}" for name, words in rows]
    return "".join((line if len(line) <= width else line[: width - 1] + "…") + "\n" for line in lines)


class Parser(argparse.ArgumentParser):
    """Bad usage ends a command with one sentence and code 4, because the codes below 4 are verdicts."""

    def __init__(self, command: str, description: str, epilog: str | None = None) -> None:
        super().__init__(
            prog=f"callproof {command}",
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def takes_several(self, name: str, metavar: str, help: str) -> None:
        """Add a repeatable option; its value is a list."""
        self.add_argument(name, action="append", default=[], metavar=metavar, help=help)

    def takes_contract(self) -> None:
        """Add the option that every command about the contract has."""
        self.add_argument("--contract", metavar="DIR", help="use the contract's bundles in this folder")

    def error(self, message: str) -> NoReturn:
        raise Stopped(f"{message}; see {self.prog} --help", CONFIGURATION)


def at_least_one(text: str) -> int:
    """The type of an option that counts something. Raises ArgumentTypeError."""
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 up")
    return int(text)
