"""`callproof selftest`: tests the suite with faulty servers, which it must catch, and legal ones, which it must not accuse."""

from __future__ import annotations

import argparse
import asyncio
import fnmatch
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from callproof.commands.contracts import contract_at
from callproof.commands.exits import CLEAN, CONFIGURATION, FINDINGS, NOT_READY, Stopped, of_result
from callproof.commands.parsing import Parser, at_least_one
from callproof.commands.sources import suite_on
from callproof.faults import BadVariants, Variant, read_variants
from callproof.faults.bench import Bench
from callproof.faults.display import catalogue_of_variants, in_words, progress
from callproof.faults.fitting import misfits
from callproof.faults.matrix import Matrix, Trial, as_document, judge_all
from callproof.suggestions import did_you_mean

_EPILOG = """\
Every variant is the reference server, changed in one respect. A faulty one is
caught if the requirement that it names fails there and passes on the unchanged
server. A legal one must pass.

exit codes:
  0  all faults caught by name, all legal ones green    4  bad usage
  1  the matrix has a gap                               5  no sound server
"""
#: A run mostly waits, so that more of them at once than there are cores keep the cores busy.
_AT_ONCE = 10


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 only if every faulty server was caught by name and every legal one stayed green."""
    options = _options(arguments)
    try:
        every = read_variants()
    except BadVariants as bad:
        raise Stopped(f"the variants cannot be used: {bad}", CONFIGURATION) from None
    variants = _chosen(every, options.only)
    if options.list:
        print(catalogue_of_variants(variants))
        return CLEAN
    file = Path(options.json) if options.json else None
    if file is not None and not file.parent.is_dir():
        raise Stopped(f"--json: the folder {file.parent} does not exist", CONFIGURATION)
    contract = contract_at(options.contract)
    suite = suite_on(contract)
    if wrong := [*misfits(every, suite.catalogue)]:
        raise Stopped(f"the variants cannot be used: {'; '.join(wrong)}", CONFIGURATION)
    bench = Bench(suite, suite.catalogue, contract, of_result)
    matrix = asyncio.run(_prove(bench, variants, options.at_once, whole=not options.only))
    print(in_words(matrix))
    if file is not None:
        _write(matrix, file)
    return CLEAN if matrix.is_proof else FINDINGS


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser("selftest", "Test the suite with faulty servers and with odd but legal ones.", _EPILOG)
    add = parser.add_argument
    parser.takes_several("--only", "NAME", "only this variant, or those that match this pattern; repeatable")
    add("--list", action="store_true", help="list the variants, and stop")
    add("--json", metavar="FILE", help="also write the matrix as JSON")
    most = f"how many runs at the same time (default: {_AT_ONCE})"
    add("--at-once", metavar="N", type=at_least_one, default=_AT_ONCE, help=most)
    parser.takes_contract()
    return parser.parse_args(arguments)


def _chosen(variants: Sequence[Variant], patterns: Sequence[str]) -> tuple[Variant, ...]:
    """The variants that match, in their order. A pattern that matches none is a typing mistake."""
    names = [variant.name for variant in variants]
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            hint = did_you_mean(pattern, names, "--list says which there are")
            raise Stopped(f"no variant is called {pattern}; {hint}", CONFIGURATION)
    wanted = [one for pattern in patterns for one in fnmatch.filter(names, pattern)] or names
    return tuple(variant for variant in variants if variant.name in wanted)


def _write(matrix: Matrix, file: Path) -> None:
    try:
        file.write_text(json.dumps(as_document(matrix), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise Stopped(f"--json: {file} cannot be written ({error.strerror})", CONFIGURATION) from None


async def _prove(bench: Bench, variants: Sequence[Variant], at_once: int, *, whole: bool) -> Matrix:
    ended = 0

    def done(trial: Trial) -> None:
        nonlocal ended
        ended += 1
        print(progress(ended, len(sound) + len(variants), trial), file=sys.stderr)

    sound = bench.sound(variants, whole=whole)
    trials = await bench.trials([*sound, *variants], at_once, done)
    baselines, trials = trials[: len(sound)], trials[len(sound) :]
    if stopped := next((baseline.stopped for baseline in baselines if baseline.stopped), ""):
        raise Stopped(f"the reference server cannot be judged: {stopped}", NOT_READY)
    levels = {requirement.id: requirement.level for requirement in bench.catalogue}
    not_tested = frozenset(item.id for item in bench.catalogue if item.not_tested is not None)
    return judge_all(trials, baselines, levels, not_tested, whole=whole)
