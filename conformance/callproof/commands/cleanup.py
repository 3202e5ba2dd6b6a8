"""`callproof cleanup`: ends the calls that interrupted runs left up. Only their ledgers say which calls those are."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from callproof.commands import results
from callproof.commands.exits import CALLS_LEFT, CLEAN, CONFIGURATION, SUITE_ERROR, Stopped
from callproof.commands.parsing import Parser
from callproof.commands.sources import target_in
from callproof.commands.streams import mask_errors
from callproof.not_written import in_one_sentence
from callproof.runner import locking
from callproof.runner.cleaning import clean_up_after
from callproof.runner.ledger import Ledger, LedgerNotUsable, read_ledger
from callproof.runner.masking import redactor_for
from callproof.validator.finding import printable

_WHICH_TARGET = "the calls are on {}, and only the target file says how to log in there: add --target FILE"
_DAMAGED = "line {} of {} cannot be read and may have named a call; once no agent has a call of that run, remove the file"
_EPILOG = f"""\
Only calls that a ledger names are ended; the ledger then records that. With
--out, every ledger of the folder ({results.LEDGERS}) is read.

exit codes:
  0  no call that a ledger names is up
  4  bad usage, a bad target file, or no ledger there
  6  the calls were ended, but a ledger could not be written
  7  calls may still be up: each is named, with the reason
"""


class _Options(Namespace):
    out: Path | None
    ledger: Path | None
    target: str | None


def main(arguments: list[str]) -> int:
    """End the calls; print a line for each that may still be up, and then return 7. Raises Stopped."""
    options = _options(arguments)
    ledgers, left = _read(_files(options))
    to_end = [ledger for ledger in ledgers if ledger.may_have_left_calls]
    before = sum(len((*ledger.open_legs, *ledger.unlearnt, *ledger.doubtful)) for ledger in to_end)
    left += _left_after(to_end, options.target)
    for line in left:
        print(printable(line))
    if any(ledger.embedded for ledger in ledgers):
        own = "this run started its own server, which has stopped; no call is left to end"
        print(own, file=sys.stderr)
    if len(ledgers) != 1 or not ledgers[0].embedded:
        where = "the ledger" if len(ledgers) == 1 else f"{len(ledgers)} ledgers"
        print(f"{before} calls in {where} were open; {len(left)} may still be up", file=sys.stderr)
    if failures := [ledger.failure for ledger in to_end if ledger.failure]:
        print(f"callproof cleanup: {in_one_sentence(failures)}", file=sys.stderr)
    return CALLS_LEFT if left else SUITE_ERROR if failures else CLEAN


def _files(options: _Options) -> tuple[Path, ...]:
    """The ledgers to read. Raises Stopped if there is none."""
    if options.ledger is not None:
        if not options.ledger.exists():
            raise Stopped(f"the ledger {options.ledger} does not exist", CONFIGURATION)
        return (options.ledger,)
    assert options.out is not None
    try:
        found = results.ledgers_in(options.out)
    except OSError as error:
        raise Stopped(f"--out {options.out} cannot be read: {error.strerror}", CONFIGURATION) from None
    if not found:
        why = f"there is no ledger ({results.LEDGERS}); name the folder of the run"
        raise Stopped(f"--out {options.out}: {why}", CONFIGURATION)
    return found


def _read(files: Sequence[Path]) -> tuple[list[Ledger], list[str]]:
    """The ledgers that can be read, and a line for everything that cannot, because it may name a call."""
    ledgers, left = list[Ledger](), list[str]()
    for file in files:
        try:
            ledger = read_ledger(file)
        except LedgerNotUsable as error:
            left.append(str(error))
            continue
        if locking.is_held(file):
            left.append(f"the ledger {file} is in use: its run still goes on; end it first")
            continue
        ledgers.append(ledger)
        left += [_DAMAGED.format(number, file) for number in ledger.damaged if not ledger.embedded]
    return ledgers, left


def _left_after(ledgers: Sequence[Ledger], target: str | None) -> list[str]:
    """End the calls of these ledgers; a line for each call that may still be up. Raises Stopped."""
    if not ledgers:
        return []
    if target is None:
        raise Stopped(_WHICH_TARGET.format(ledgers[0].base_url), CONFIGURATION)
    known, left = target_in(target), list[str]()
    mask_errors(redactor_for(known).shown)
    for ledger in ledgers:
        try:
            left += asyncio.run(clean_up_after(ledger, known))
        except LedgerNotUsable as error:
            left.append(str(error))
    return left


def _options(arguments: list[str]) -> _Options:
    parser = Parser("cleanup", "End the calls that interrupted runs left up.", _EPILOG)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--out", type=Path, metavar="DIR", help="the folder of the runs: read all its ledgers")
    which.add_argument("--ledger", type=Path, metavar="FILE", help="read only this ledger")
    parser.add_argument("--target", metavar="FILE", help="the target file of the runs, if they had one")
    return parser.parse_args(arguments, namespace=_Options())
