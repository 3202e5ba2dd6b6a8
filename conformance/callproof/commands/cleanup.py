"""`callproof cleanup`: ends the calls that a broken run has left, by its ledger and by nothing else."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from pathlib import Path

from callproof.commands import Parser
from callproof.commands.sources import target_in
from callproof.exits import CLEAN, CONFIGURATION, Stopped
from callproof.ledger import LedgerNotUsable, read_ledger
from callproof.runner import NotReady, clean_up_after
from callproof.verdicts import ExitCode


class _Options(Namespace):
    ledger: Path
    target: str


def main(arguments: list[str]) -> int:
    """End the calls; 7 and a line for each that may still be up. Raises Stopped."""
    parser = Parser(
        "cleanup", "End the calls that a broken run has left.", "Only calls named in the ledger are touched."
    )
    parser.add_argument(
        "--ledger", required=True, type=Path, metavar="FILE", help="ledger.jsonl of the broken run"
    )
    parser.add_argument("--target", required=True, metavar="FILE", help="the target file of that run")
    options = parser.parse_args(arguments, namespace=_Options())
    target = target_in(options.target)
    try:
        ledger = read_ledger(options.ledger)
        before = len(ledger.open_legs)
        left = asyncio.run(clean_up_after(ledger, target))
    except LedgerNotUsable as error:
        raise Stopped(str(error), CONFIGURATION) from None
    except NotReady as error:
        raise Stopped(str(error), ExitCode.NOT_READY) from None
    for line in left:
        print(line)
    print(f"{before} calls in the ledger were open, {len(left)} may still be up", file=sys.stderr)
    return ExitCode.CALLS_LEFT if left else CLEAN
