"""`callproof check`: judges files, folders of them, pipes and standard input.

Findings go to standard output, one per line; everything else goes to standard error. An input that was left out, wholly or in part, is
named, and the command ends with 2 unless there are findings, which end it with 1.
"""

from __future__ import annotations

import argparse
import re
import sys
from functools import partial

from callproof import limits
from callproof.commands.check_reports import REPORTS, Placed, Tally
from callproof.commands.exits import NOT_JUDGED, Stopped
from callproof.commands.inputs import STDIN, Inputs, pieces_of
from callproof.contract.bundles import ContractNotUsable, load_contract
from callproof.suggestions import did_you_mean
from callproof.validator.document import NotJson
from callproof.validator.finding import NOT_JUDGED as UNJUDGED
from callproof.validator.finding import NOTE, Finding
from callproof.validator.folding import Folding, kind_of
from callproof.validator.guesses import Guesses
from callproof.validator.payload import KINDS, judged
from callproof.validator.readers import READERS, LeftOut, format_of
from callproof.validator.rules import in_document
from callproof.validator.schemas import Schemas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import NoReturn, TypeAlias

    from callproof.json_values import Json
    from callproof.validator.document import Document
    from callproof.validator.folding import Kind

    # Passes at most so many bytes of a file, piece by piece. Raises LeftOut.
    Pieces: TypeAlias = Callable[[int], Iterable[bytes]]

_NO_MORE_GUESSES = "has so many unknown words that the later ones were not compared with the documented ones"
_EPILOG = f"""\
callproof recognises a payload by its shape: requests by operationName, answers
by statusCode, notifications and Bayeux messages by channel, the data of a
notification by messageType. An unrecognised payload is an error. A message that
Genesys documents and this contract does not describe, such as one on
/v2/me/chats, is a note: it was not judged. So is a call in the form before
8.5.2, whose participants are strings.

It reads {", ".join(READERS)} (in capitals too; one document per line in the
last two). In a folder it reads regular files, and follows links that stay
inside; hidden files and folders are skipped, everything else is named as left
out. A pipe, or standard input, is read to its end, however long that takes.

A line reads FILE:LINE:COLUMN: error  $.path  what is wrong, what was expected.
Lines and columns count from 1; a column is one character. Of findings alike in
one file the first {limits.ALIKE.default} have a line, and the last of these counts the others.

exit codes, the first that applies:
  1  a finding at or above --fail-on (a file that is not JSON is a finding)
  2  bad usage, the contract could not be loaded, standard output could not be
     written, or an input was left out: it is missing, unreadable, of a kind
     that is not read, not inside the folder, or over a bound; with --strict,
     a message was not judged
  0  everything was judged, without such a finding
"""


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code. Raises Stopped."""
    options = _options(arguments)
    # whatever the environment says, because the time grows with the square of the digits
    sys.set_int_max_str_digits(limits.DIGITS.default)
    try:
        contract = load_contract(options.contract)
    except ContractNotUsable as error:
        raise Stopped(str(error), NOT_JUDGED) from None
    schemas = Schemas(contract.openapi, contract.asyncapi)
    wanted = _wanted(options.kind, schemas)
    tally = Tally()
    report = REPORTS[options.format](contract.version, options.color)
    for source in Inputs(options.ignore, tally.leave_out).files(options.paths):
        name = options.stdin_name if source.path == STDIN else source.path
        try:
            left = options.max_findings - tally.lines
            findings = findings_in(partial(pieces_of, source), name, schemas, wanted, tally, left)
        except re.error as error:
            why = f"the contract cannot be used: {error.pattern!r} is not a pattern"
            raise Stopped(why, NOT_JUDGED) from None
        for placed in findings:
            report.tell(placed)
            tally.tell(placed)
    report.end(tally)
    if not options.quiet:
        print(tally.in_words(), file=sys.stderr)
    return tally.exit_code(options.fail_on, options.strict)


def findings_in(
    pieces: Pieces,
    file: str,
    schemas: Schemas,
    wanted: str,
    tally: Tally,
    most: int = limits.SHOWN.default,
) -> list[Placed]:
    """What is wrong with one file, in the order of its text. All findings are counted in the tally; at most `most` get a line."""
    judging = _Judging(file, schemas, wanted, tally, Folding(most))
    try:
        how = format_of(file)
        for document in how.read(pieces(how.most.default)):
            judging.judge(document)
    except (LeftOut, MemoryError) as error:
        tally.leave_out(file, str(error) or "needs more memory than there is")
        if not judging.documents:
            return []
    return judging.ended()


class _Judging:
    """The judging of one file."""

    def __init__(self, file: str, schemas: Schemas, wanted: str, tally: Tally, folding: Folding) -> None:
        self.documents = 0
        self._file = file
        self._schemas = schemas
        self._wanted = wanted
        self._tally = tally
        self._guesses = Guesses()
        self._folding = folding
        self._placed: list[Placed] = []
        self._has_findings = False

    def judge(self, document: Document | NotJson) -> None:
        """Judge the next document of the file."""
        self.documents += 1
        if isinstance(document, NotJson):
            if self._keeps(document.finding):
                self._placed.append(
                    Placed(self._file, document.line, document.column, document.finding, _mask_for(None))
                )
            return
        kept = [finding for finding in self._found(document) if self._keeps(finding)]
        if kept:
            places = zip(document.places(kept), kept, strict=True)
            mask = _mask_for(document.value)
            self._placed += [
                Placed(self._file, line, column, finding, mask) for (line, column), finding in places
            ]

    def ended(self) -> list[Placed]:
        """The findings that get a line, sorted; of each kind, the last counts those that get none."""
        if self._guesses.spent:
            note = Finding((), UNJUDGED, _NO_MORE_GUESSES, severity=NOTE)
            self._placed += [Placed(self._file, 1, 1, note, str)] if self._keeps(note) else []
        self._tally.files += 1
        self._tally.files_with_findings += self._has_findings
        self._placed.sort(key=lambda placed: (placed.line, placed.column))
        last: dict[Kind, Placed] = {kind_of(placed.finding): placed for placed in self._placed}
        for kind, placed in last.items():
            placed.more = self._folding.more(kind)
        return self._placed

    def _found(self, document: Document) -> Iterator[Finding]:
        yield from in_document(document)
        for subject, findings in judged(document.value, self._schemas, self._wanted, self._guesses):
            self._tally.messages += subject is not None
            yield from findings

    def _keeps(self, finding: Finding) -> bool:
        self._tally.found[finding.severity] += 1
        self._has_findings = self._has_findings or finding.severity != NOTE
        return self._folding.keeps(finding)


def _mask_for(value: Json) -> Callable[[str], str]:
    """What masks the secrets that this document names, and then shortens; made only where something was found, because it takes time."""
    from callproof.redaction import Redactor

    redactor = Redactor()
    redactor.learn_from(value)
    return redactor.shown


# Options ---------------------------------------------------------------------------------------------------------------


class _Options(argparse.Namespace):
    paths: list[str]
    kind: str
    ignore: list[str]
    strict: bool
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
    add("paths", nargs="+", metavar="PATH", help="a file, a folder, a pipe, or - for standard input")
    kinds = f"what the payloads are: {', '.join(KINDS)}, or a schema such as Call"
    add("--as", dest="kind", default="", metavar="KIND", help=kinds)
    add("--format", choices=tuple(REPORTS), default="text", help="the format of the findings (default: text)")
    failing = "the least severity that leads to exit code 1 (default: error)"
    add("--fail-on", choices=("error", "warning", "never"), default="error", help=failing)
    most = f"print at most N findings, but count all (default: {limits.SHOWN.default})"
    add("--max-findings", type=_number, default=limits.SHOWN.default, metavar="N", help=most)
    patterns = "leave out what has this name, or this path below a folder; repeatable"
    add("--ignore", action="append", default=[], metavar="GLOB", help=patterns)
    strict = "messages that the contract does not describe lead to exit code 2"
    add("--strict", action="store_true", help=strict)
    colours = "when to use colours (default: auto: on a terminal, unless NO_COLOR is set)"
    add("--color", choices=("auto", "always", "never"), default="auto", help=colours)
    add("--contract", metavar="DIR", help="use the contract's bundles in this folder")
    add("--stdin-name", default="stdin", metavar="NAME", help="the file name to print for -")
    add("-q", "--quiet", action="store_true", help="print no summary line")
    return parser.parse_args(arguments, namespace=_Options())


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _wanted(kind: str, schemas: Schemas) -> str:
    if not kind or kind in KINDS or kind in schemas.components:
        return kind
    otherwise = f"it takes {', '.join(KINDS)} or the name of a schema"
    meant = did_you_mean(kind, [*KINDS, *schemas.components], otherwise)
    raise Stopped(f"--as {kind}: this is neither a kind nor the name of a schema; {meant}", NOT_JUDGED)
