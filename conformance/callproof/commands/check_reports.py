"""What `check` has found, and the formats that it is reported in."""

from __future__ import annotations

import json
import os
import sys

from callproof import VERSION, limits
from callproof.commands.exits import CLEAN, FINDINGS, NOT_JUDGED
from callproof.validator.finding import ERROR, NOTE, WARNING, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from callproof.json_values import Json, JsonObject
    from callproof.validator.finding import Finding

FORMAT = "callproof.check/2"
_COLOURS = {ERROR: "\x1b[31m", WARNING: "\x1b[33m", NOTE: "\x1b[36m"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class Placed:
    """A finding with its file and place. `mask` is for everything in it that comes from the file.

    `more` findings of the file are like it and have no line of their own.
    """

    __slots__ = ("column", "file", "finding", "line", "mask", "more")

    def __init__(
        self, file: str, line: int, column: int, finding: Finding, mask: Callable[[str], str]
    ) -> None:
        self.file = file
        self.line = line
        self.column = column
        self.finding = finding
        self.mask = mask
        self.more = 0

    def as_json(self) -> JsonObject:
        finding = self.finding
        whole: JsonObject = {"file": self.file, "line": self.line, "column": self.column}
        whole |= {"severity": finding.severity, "rule": finding.rule}
        whole |= {"path": self.mask(finding.where), "message": self.mask(finding.message)}
        optional: JsonObject = {
            "schema": finding.schema,
            "suggestion": self.mask(finding.suggestion),
            "more": self.more,
        }
        return whole | {name: value for name, value in optional.items() if value}

    def as_text(self, coloured: bool) -> str:
        finding = self.finding
        more = f"; and {self.more:,} more like it" if self.more else ""
        place = f"{printable(self.file)}:{self.line}:{self.column}:"
        if not coloured:
            return (
                f"{place} {finding.severity}  {self.mask(finding.where)}  {self.mask(finding.message)}{more}"
            )
        return (
            f"{_BOLD}{place}{_PLAIN} {_COLOURS[finding.severity]}{finding.severity}{_PLAIN}  "
            f"{_BOLD}{self.mask(finding.where)}{_PLAIN}  {self.mask(finding.message)}{more}"
        )


class Tally:
    """What has been judged, found and left out so far."""

    def __init__(self) -> None:
        self.files = 0
        self.files_with_findings = 0
        self.messages = 0
        self.found = {ERROR: 0, WARNING: 0, NOTE: 0}
        self.lines = 0
        self.shown = 0  # findings that have a line, or that a line counts
        self.left_out = 0
        self.named: list[tuple[str, str]] = []  # inputs that were left out, and why, up to a bound

    @property
    def total(self) -> int:
        return sum(self.found.values())

    def leave_out(self, file: str, why: str) -> None:
        """Count an input that is not judged, or not wholly, and name it on standard error."""
        self.left_out += 1
        if len(self.named) < limits.NAMED.default:
            self.named.append((file, why))
            sys.stdout.flush()
            print(f"callproof check: left out: {printable(file)}: {printable(why)}", file=sys.stderr)

    def tell(self, placed: Placed) -> None:
        """Count a line that was shown."""
        self.lines += 1
        self.shown += 1 + placed.more

    def exit_code(self, fail_on: str, strict: bool = False) -> int:
        """1 if something was found at or above `fail_on`, else 2 if anything was left out, or with `strict` not judged, else 0."""
        errors, warnings = self.found[ERROR], self.found[WARNING]
        if {"error": errors, "warning": errors + warnings, "never": 0}[fail_on]:
            return FINDINGS
        if self.left_out or not self.files or (strict and self.found[NOTE]):
            return NOT_JUDGED
        return CLEAN

    def in_words(self) -> str:
        """The summary, without the full stop."""
        if not self.files:
            return f"nothing was judged; {_count(self.left_out, 'input')} left out"
        kinds = [
            _count(self.found[severity], severity) for severity in (ERROR, WARNING) if self.found[severity]
        ]
        found = (
            f"{', '.join(kinds)} in {_count(self.files_with_findings, 'file')}" if kinds else "nothing found"
        )
        judged = f"{_count(self.files, 'file')}, {_count(self.messages, 'message')} judged"
        notes = f", {self.found[NOTE]} not judged" if self.found[NOTE] else ""
        missed = f"; {_count(self.left_out, 'input')} left out" if self.left_out else ""
        hidden = f"; {self.total - self.shown} not shown (--max-findings)" if self.shown < self.total else ""
        return f"{found} ({judged}{notes}{missed}){hidden}"

    def as_json(self) -> JsonObject:
        return {
            "files": self.files,
            "messages": self.messages,
            "errors": self.found[ERROR],
            "warnings": self.found[WARNING],
            "not_judged": self.found[NOTE],
            "left_out": self.left_out,
            "not_shown": self.total - self.shown,
        }


class _TextReport:
    """Prints each finding as soon as it is known."""

    def __init__(self, contract_version: str, color: str) -> None:
        self._coloured = color == "always" or (color == "auto" and _shows_colours(sys.stdout))

    def tell(self, placed: Placed) -> None:
        print(placed.as_text(self._coloured))

    def end(self, tally: Tally) -> None:
        sys.stdout.flush()


class _JsonReport:
    """One document at the end, so that a reader needs no more than a JSON parser."""

    def __init__(self, contract_version: str, color: str) -> None:
        self._contract_version = contract_version
        self._findings: list[Json] = []

    def tell(self, placed: Placed) -> None:
        self._findings.append(placed.as_json())

    def end(self, tally: Tally) -> None:
        whole = {
            "format": FORMAT,
            "version": VERSION,
            "contract": self._contract_version,
            "summary": tally.as_json(),
        }
        left_out: list[Json] = [{"file": file, "reason": why} for file, why in tally.named]
        print(json.dumps({**whole, "findings": self._findings, "left_out": left_out}, indent=1), flush=True)


#: How findings are written, by the name of the format. Adding a format is adding a row.
REPORTS: dict[str, Callable[[str, str], _TextReport | _JsonReport]] = {
    "text": _TextReport,
    "json": _JsonReport,
}


def _shows_colours(out: TextIO) -> bool:
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
