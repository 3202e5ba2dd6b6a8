"""`callproof check`: judges JSON files, folders of them and standard input.

Findings go to standard output, one per line; everything else goes to standard error. A file that could not be read was not judged, so the
command ends with 2 even if other files had findings: no verdict would cover everything that was asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys

from callproof import limits
from callproof.commands.exits import CLEAN, FINDINGS, NOT_JUDGED, Stopped
from callproof.contract.bundles import ContractNotUsable, load_contract
from callproof.suggestions import did_you_mean
from callproof.validator.document import NotJson
from callproof.validator.finding import ERROR, WARNING, printable
from callproof.validator.payload import KINDS, validate
from callproof.validator.readers import READERS, reader_for
from callproof.validator.rules import in_document
from callproof.validator.schemas import Schemas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO, NoReturn, TextIO

    from callproof.json_values import Json, JsonObject
    from callproof.validator.document import Document
    from callproof.validator.finding import Finding

LARGEST = limits.FILE.default  # parsed, it takes about ten times as much memory
FORMAT = "callproof.check/1"
_STDIN = "-"
_PIECE = 1024 * 1024  # bytes that are read at a time
_COLOURS = {ERROR: "\x1b[31m", WARNING: "\x1b[33m"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_EPILOG = """\
callproof recognises a payload by its shape: requests by operationName, answers
by statusCode, notifications and Bayeux messages by channel, the data of a
notification by messageType. An unrecognised payload is an error.

A line reads FILE:LINE:COLUMN: error  $.path  what is wrong, what was expected.
Lines and columns count from 1; a column is one character.

exit codes:
  0  everything was judged, without a finding at or above --fail-on
  1  there was such a finding (a file that is not JSON is a finding)
  2  not everything was judged: bad usage, unreadable or no matching file,
     a file over 64 MiB, the contract could not be loaded, or standard
     output could not be written
"""


class Unreadable(Exception):
    """A path that cannot be judged."""


class Placed:
    """A finding with its file and place. `mask` is for everything in it that comes from the file."""

    __slots__ = ("column", "file", "finding", "line", "mask")

    def __init__(
        self, file: str, line: int, column: int, finding: Finding, mask: Callable[[str], str]
    ) -> None:
        self.mask = mask
        self.file = file
        self.line = line
        self.column = column
        self.finding = finding

    def as_json(self) -> JsonObject:
        finding = self.finding
        whole: JsonObject = {"file": self.file, "line": self.line, "column": self.column}
        whole |= {"severity": finding.severity, "rule": finding.rule}
        whole |= {"path": self.mask(finding.where), "message": self.mask(finding.message)}
        optional = {"schema": finding.schema, "suggestion": self.mask(finding.suggestion)}
        return whole | {name: text for name, text in optional.items() if text}

    def as_text(self, coloured: bool) -> str:
        finding = self.finding
        place = f"{printable(self.file)}:{self.line}:{self.column}:"
        if not coloured:
            return f"{place} {finding.severity}  {self.mask(finding.where)}  {self.mask(finding.message)}"
        return (
            f"{_BOLD}{place}{_PLAIN} {_COLOURS[finding.severity]}{finding.severity}{_PLAIN}  "
            f"{_BOLD}{self.mask(finding.where)}{_PLAIN}  {self.mask(finding.message)}"
        )


class Tally:
    """What has been judged and found so far."""

    def __init__(self) -> None:
        self.files = 0
        self.files_with_findings = 0
        self.messages = 0
        self.found = {ERROR: 0, WARNING: 0}
        self.not_read: list[str] = []
        self.shown = 0

    @property
    def total(self) -> int:
        return sum(self.found.values())

    def exit_code(self, fail_on: str) -> int:
        """2 if anything was not judged, else 1 if something was found at or above `fail_on`, else 0."""
        if self.not_read or not self.files:
            return NOT_JUDGED
        failing = {"error": self.found[ERROR], "warning": self.total, "never": 0}[fail_on]
        return FINDINGS if failing else CLEAN

    def in_words(self) -> str:
        judged = f"{_count(self.files, 'file')}, {_count(self.messages, 'message')} judged"
        kinds = [_count(number, severity) for severity, number in self.found.items() if number]
        found = (
            f"{', '.join(kinds)} in {_count(self.files_with_findings, 'file')}" if kinds else "nothing found"
        )
        hidden = f"; {self.total - self.shown} not shown (--max-findings)" if self.shown < self.total else ""
        missed = f"; {len(self.not_read)} not read" if self.not_read else ""
        return f"{found} ({judged}{missed}){hidden}"

    def as_json(self) -> JsonObject:
        return {
            "files": self.files,
            "messages": self.messages,
            "errors": self.found[ERROR],
            "warnings": self.found[WARNING],
            "not_read": [*self.not_read],
            "not_shown": self.total - self.shown,
        }


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code. Raises Stopped."""
    options = _options(arguments)
    try:
        contract = load_contract(options.contract)
    except ContractNotUsable as error:
        raise Stopped(str(error), NOT_JUDGED) from None
    schemas = Schemas(contract.openapi, contract.asyncapi)
    wanted = _wanted(options.kind, schemas)
    tally = Tally()
    report = REPORTS[options.format](contract.version, options.color)
    for file in _files(options.paths, tally):
        try:
            name = options.stdin_name if file == _STDIN else file
            findings = findings_in(_read(file), name, schemas, wanted, tally)
        except Unreadable as error:
            _not_read(file, str(error), tally)
            continue
        except re.error as error:
            why = f"the contract cannot be used: {error.pattern!r} is not a pattern"
            raise Stopped(why, NOT_JUDGED) from None
        for placed in findings[: max(0, options.max_findings - tally.shown)]:
            report.tell(placed)
            tally.shown += 1
    report.end(tally)
    if not options.quiet:
        print(tally.in_words(), file=sys.stderr)
    return tally.exit_code(options.fail_on)


def findings_in(
    pieces: Iterable[bytes], file: str, schemas: Schemas, wanted: str, tally: Tally
) -> list[Placed]:
    """Everything that is wrong with one file, in the order of its text. Raises Unreadable when `pieces` does."""
    findings: list[Placed] = []
    try:
        for document in reader_for(file)(pieces):
            findings += _in_document(document, file, schemas, wanted, tally)
    except NotJson as error:
        findings.append(Placed(file, error.line, error.column, error.finding, _mask_for(None)))
    tally.files += 1
    tally.files_with_findings += bool(findings)
    for placed in findings:
        tally.found[placed.finding.severity] += 1
    return sorted(findings, key=lambda placed: (placed.line, placed.column))


def _in_document(document: Document, file: str, schemas: Schemas, wanted: str, tally: Tally) -> list[Placed]:
    validated = validate(document.value, schemas, wanted)
    tally.messages += len(validated.subjects)
    findings = [*in_document(document), *validated.findings]
    if not findings:
        return []
    places = zip(document.places(findings), findings, strict=True)
    mask = _mask_for(document.value)
    return [Placed(file, line, column, finding, mask) for (line, column), finding in places]


def _mask_for(value: Json) -> Callable[[str], str]:
    """What masks the secrets that this document names, and then shortens; made only where something was found, because it takes time."""
    from callproof.redaction import Redactor

    redactor = Redactor()
    redactor.learn_from(value)
    return redactor.shown


# Reports ---------------------------------------------------------------------------------------------------------------


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
        whole = {"format": FORMAT, "contract": self._contract_version, "summary": tally.as_json()}
        print(json.dumps({**whole, "findings": self._findings}, indent=1), flush=True)


#: How findings are written, by the name of the format. Adding a format is adding a row.
REPORTS: dict[str, Callable[[str, str], _TextReport | _JsonReport]] = {
    "text": _TextReport,
    "json": _JsonReport,
}


def _shows_colours(out: TextIO) -> bool:
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# Files -----------------------------------------------------------------------------------------------------------------


def _files(paths: list[str], tally: Tally) -> Iterator[str]:
    """The files to judge, each once; a folder stands for those below it that a reader knows, sorted, hidden folders left out."""
    seen: set[str] = set()
    for path in paths:
        found = _below(path) if path != _STDIN and os.path.isdir(path) else [path]
        if not found:
            _not_read(path, f"holds no *{' or *'.join(READERS)} file", tally)
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def _below(folder: str) -> list[str]:
    found: list[str] = []
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.join(here, name) for name in files if name.endswith(tuple(READERS))]
    return sorted(found)


def _read(file: str) -> Iterator[bytes]:
    """The bytes of a file, piece by piece. Raises Unreadable, also when it goes on beyond the limit."""
    try:
        if file == _STDIN:
            yield from _pieces(sys.stdin.buffer)
        else:
            with open(file, "rb") as stream:
                yield from _pieces(stream)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from None


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    size = 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise Unreadable(f"is larger than {LARGEST // 1024 // 1024} MiB; split it into smaller files")
        yield piece


def _not_read(file: str, why: str, tally: Tally) -> None:
    tally.not_read.append(file)
    sys.stdout.flush()
    print(f"callproof check: {printable(file)}: {why}", file=sys.stderr)


# Options ---------------------------------------------------------------------------------------------------------------


class _Options(argparse.Namespace):
    paths: list[str]
    kind: str
    format: str
    fail_on: str
    max_findings: int
    color: str
    contract: str | None
    stdin_name: str
    quiet: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Stopped(f"{message}; see callproof check --help", NOT_JUDGED)


def _help(prog: str) -> argparse.HelpFormatter:
    """Fixed at 80 columns: asking for the terminal's width costs every start as much as judging a file."""
    return argparse.RawDescriptionHelpFormatter(prog, width=80)


def _options(arguments: list[str]) -> _Options:
    parser = _Parser(
        prog="callproof check",
        description="Judge payloads: requests, answers, notifications, Bayeux batches.",
        epilog=_EPILOG,
        formatter_class=_help,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="a JSON file, a folder, or - for standard input")
    kinds = f"what the payloads are: {', '.join(KINDS)}, or a schema such as Call"
    add("--as", dest="kind", default="", metavar="KIND", help=kinds)
    add("--format", choices=tuple(REPORTS), default="text", help="the format of the findings (default: text)")
    failing = "the least severity that leads to exit code 1 (default: error)"
    add("--fail-on", choices=("error", "warning", "never"), default="error", help=failing)
    most = "print at most N findings, but count all (default: 1000)"
    add("--max-findings", type=_number, default=1000, metavar="N", help=most)
    colours = "when to use colours (default: auto: on a terminal, unless NO_COLOR is set)"
    add("--color", choices=("auto", "always", "never"), default="auto", help=colours)
    add("--contract", metavar="DIR", help="use the contract's bundles in this folder")
    add("--stdin-name", default="stdin", metavar="NAME", help="the file name to print for -")
    add("-q", "--quiet", action="store_true", help="print no summary line")
    return parser.parse_args(arguments, namespace=_Options())


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _wanted(kind: str, schemas: Schemas) -> str:
    if not kind or kind in KINDS or kind in schemas.components:
        return kind
    otherwise = f"it takes {', '.join(KINDS)} or the name of a schema"
    meant = did_you_mean(kind, [*KINDS, *schemas.components], otherwise)
    raise Stopped(f"--as {kind}: this is neither a kind nor the name of a schema; {meant}", NOT_JUDGED)
