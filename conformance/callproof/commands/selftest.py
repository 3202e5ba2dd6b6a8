"""`callproof selftest`: the suite is put to the test by faulty servers, which it must catch, and legal ones, which it must not accuse."""

from __future__ import annotations

import argparse
import asyncio
import fnmatch
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from callproof.catalogue import BadCatalogue, Catalogue, read_catalogue
from callproof.contract import ContractNotUsable, load_contract
from callproof.exits import CLEAN, CONFIGURATION, FINDINGS, Stopped
from callproof.faults import BadVariants, Variant, read_variants
from callproof.faults.bench import Bench
from callproof.faults.display import catalogue_of_variants, in_words, progress
from callproof.faults.matrix import Matrix, Trial, as_document, judge, judge_all
from callproof.loading import BadScenario, read_suite
from callproof.problem import closest

#: A run mostly waits, so that more of them at once than there are cores keep the cores busy.
_AT_ONCE = 8


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 only if every faulty server was caught by name and every legal one stayed green."""
    options = _parser().parse_args(arguments)
    variants = _chosen(_variants(), options.only)
    if options.list:
        print(catalogue_of_variants(variants))
        return CLEAN
    file = Path(options.json) if options.json else None
    if file is not None and not file.parent.is_dir():
        raise Stopped(f"--json: there is no directory {file.parent}", CONFIGURATION)
    bench, catalogue = _bench(options.contract)
    matrix = asyncio.run(_prove(bench, catalogue, variants, options.at_once))
    print(in_words(matrix))
    if file is not None:
        file.write_text(json.dumps(as_document(matrix), indent=2) + "\n", encoding="utf-8")
    return CLEAN if matrix.is_proof else FINDINGS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="callproof selftest", description="Let faulty and odd but legal servers prove the suite."
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        default=[],
        help="this variant, or those of this pattern; may be repeated",
    )
    parser.add_argument("--list", action="store_true", help="say which variants there are, and run nothing")
    parser.add_argument("--json", metavar="FILE", help="write the matrix as JSON too")
    parser.add_argument(
        "--at-once",
        metavar="N",
        type=_at_least_one,
        default=_AT_ONCE,
        help=f"runs at the same time (default: {_AT_ONCE})",
    )
    parser.add_argument(
        "--contract",
        metavar="DIR",
        help="directory of the contract's bundles (default: the ones it came with)",
    )
    return parser


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 on")
    return int(text)


def _variants() -> tuple[Variant, ...]:
    try:
        return read_variants()
    except BadVariants as bad:
        raise Stopped(f"the variants cannot be used: {bad}", CONFIGURATION) from bad


def _chosen(variants: Sequence[Variant], patterns: Sequence[str]) -> tuple[Variant, ...]:
    """The variants that are meant, in their order. A pattern that means none is a typing mistake."""
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(variant.name, pattern) for variant in variants):
            close = closest(pattern, [variant.name for variant in variants])
            hint = f"did you mean {close}?" if close else "--list says which there are"
            raise Stopped(f"no variant is called {pattern}; {hint}", CONFIGURATION)
    if not patterns:
        return tuple(variants)
    return tuple(v for v in variants if any(fnmatch.fnmatchcase(v.name, pattern) for pattern in patterns))


def _bench(directory: str | None) -> tuple[Bench, Catalogue]:
    try:
        contract = load_contract(directory)
        catalogue = read_catalogue()
        return Bench(read_suite(), catalogue, contract.schemas, Path(contract.directory)), catalogue
    except (ContractNotUsable, BadCatalogue, BadScenario) as problem:
        raise Stopped(str(problem), CONFIGURATION) from problem


async def _prove(bench: Bench, catalogue: Catalogue, variants: Sequence[Variant], at_once: int) -> Matrix:
    levels = {requirement.id: requirement.level for requirement in catalogue}
    baseline = await bench.sound()
    ended = 0

    def done(trial: Trial) -> None:
        nonlocal ended
        ended += 1
        print(progress(ended, len(variants), judge(trial, baseline, levels)), file=sys.stderr)

    trials = await bench.trials(variants, at_once, done)
    return judge_all(trials, baseline, levels, frozenset(r.id for r in catalogue if r.not_tested is not None))
