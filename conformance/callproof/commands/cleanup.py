"""`callproof cleanup`: ends the calls that an interrupted run left up. Only its ledger says which calls those are."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from pathlib import Path

from callproof.commands.exits import CALLS_LEFT, CLEAN, CONFIGURATION, NOT_READY, Stopped
from callproof.commands.parsing import Parser
from callproof.commands.sources import target_in
from callproof.commands.streams import mask_errors
from callproof.runner.cleaning import clean_up_after
from callproof.runner.ledger import LedgerNotUsable, read_ledger
from callproof.runner.masking import redactor_for
from callproof.runner.preflight import NotReady
from callproof.validator.finding import printable

_WHICH_TARGET = "the calls are on {}, and only the target file says how to log in there: add --target FILE"


class _Options(Namespace):
    ledger: Path
    target: str | None


def main(arguments: list[str]) -> int:
    """End the calls; print a line for each that may still be up, and then return 7. Raises Stopped."""
    options = _options(arguments)
    try:
        ledger = read_ledger(options.ledger)
        if ledger.embedded:
            print(
                "this run started its own server, which has stopped; no call is left to end",
                file=sys.stderr,
            )
            return CLEAN
        if options.target is None:
            raise Stopped(_WHICH_TARGET.format(ledger.base_url), CONFIGURATION)
        before = len(ledger.open_legs) + len(ledger.unlearnt)
        target = target_in(options.target)
        mask_errors(redactor_for(target).shown)
        left = asyncio.run(clean_up_after(ledger, target))
    except LedgerNotUsable as error:
        raise Stopped(str(error), CONFIGURATION) from None
    except NotReady as error:
        raise Stopped(str(error), NOT_READY) from None
    for line in left:
        print(printable(line))
    print(f"{before} calls in the ledger were open; {len(left)} may still be up", file=sys.stderr)
    return CALLS_LEFT if left else CLEAN


def _options(arguments: list[str]) -> _Options:
    parser = Parser(
        "cleanup",
        "End the calls that an interrupted run left up.",
        "Only calls named in the ledger are ended; the ledger then records that.",
    )
    parser.add_argument("--ledger", required=True, type=Path, metavar="FILE", help="ledger.jsonl of that run")
    parser.add_argument("--target", metavar="FILE", help="the target file of that run, if it had one")
    return parser.parse_args(arguments, namespace=_Options())
