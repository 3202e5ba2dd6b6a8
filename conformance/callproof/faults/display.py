"""The matrix as a terminal shows it: eighty columns, no colour needed. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from callproof.validator.finding import printable

from .matrix import Matrix, Trial, TrialResult
from .model import Variant

_WIDTH = 80
_HEAD = f"{'variant':32} {'expects':17} {'verdict':13} {'reds':>4} {'hits':>4} {'s':>5}"
_WORDS = {
    "missed": "MISSED",
    "accused": "ACCUSED",
    "not exercised": "NOT EXERCISED",
    "not judged": "NOT JUDGED",
    "wrong story": "WRONG STORY",
}


def in_words(matrix: Matrix) -> str:
    """Return the whole matrix, its summary last. The unproved requirements are listed only if all variants were tried."""
    return "\n".join(_lines(matrix))


def progress(done: int, of: int, trial: Trial) -> str:
    """Return one line about a finished trial."""
    return f"[{done:3}/{of}] {trial.variant.name:33} {trial.seconds:5.1f} s {trial.stopped}"[:_WIDTH].rstrip()


def catalogue_of_variants(variants: Sequence[Variant]) -> str:
    """Return the list of all variants: what each is, and what it expects."""
    lines: list[str] = []
    for area in dict.fromkeys(variant.area for variant in variants):
        lines += ["", area]
        for variant in variants:
            if variant.area == area:
                lines.append(f"  {variant.name:33} {variant.expects or 'stays green'}")
                lines += _wrapped(variant.title, 4)
    return "\n".join(lines[1:])


def _lines(matrix: Matrix) -> Iterator[str]:
    yield _HEAD
    areas = dict.fromkeys(result.trial.variant.area for result in matrix.results)
    for area in areas:
        yield f"-- {area} {'-' * (_WIDTH - 4 - len(area))}"
        for result in matrix.results:
            if result.trial.variant.area == area:
                yield _row(result)
                yield from _details(result)
    yield "-" * _WIDTH
    if matrix.whole:
        yield from _unproved(matrix)
    for baseline in matrix.baselines:
        yield from _baseline(baseline)
    yield _summary(matrix)


def _row(result: TrialResult) -> str:
    trial = result.trial
    verdict = _WORDS.get(result.outcome, result.outcome)
    hits, reds = min(sum(trial.triggers), 9999), len(result.others) or "-"
    return f"{trial.variant.name:32} {trial.variant.expects or '-':17} {verdict:13} {reds:>4} {hits:4} {trial.seconds:5.1f}"


def _details(result: TrialResult) -> Iterator[str]:
    """What the row does not show: why the outcome is not good, and which other requirements turned red."""
    texts = [result.why] if result.why else []
    if result.others and result.outcome not in ("wrong story", "accused"):
        texts.append(f"red too: {', '.join(result.others)}")
    for text in texts:
        yield from _wrapped(printable(text), 4, most=4)


def _unproved(matrix: Matrix) -> Iterator[str]:
    if matrix.unproved:
        yield f"MUST requirements that no caught variant expects ({len(matrix.unproved)}):"
        yield from _wrapped(", ".join(matrix.unproved), 2)


def _wrapped(text: str, indent: int, *, most: int | None = None) -> list[str]:
    margin = " " * indent
    return textwrap.wrap(
        text, _WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False, max_lines=most
    )


def _baseline(baseline: Trial) -> Iterator[str]:
    profiles = ", ".join(f"{name} {verdict}" for name, verdict in baseline.profiles.items())
    judged = "played what these variants need" if baseline.variant.scenarios else profiles
    text = baseline.stopped or f"{judged} ({len(baseline.checks)} checks, {baseline.seconds:.0f} s)"
    name = baseline.variant.name
    yield from textwrap.wrap(f"{name}: {text}", _WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    if reds := baseline.reds():
        text = f"{name}, red without a fault: {', '.join(reds)}"
        yield from textwrap.wrap(text, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _summary(matrix: Matrix) -> str:
    faulty, legal = matrix.of_kind(legal=False), matrix.of_kind(legal=True)
    caught = sum(result.outcome == "caught" for result in faulty)
    green = sum(result.outcome == "green" for result in legal)
    return f"{len(faulty)} faulty: {caught} caught by name; {len(legal)} legal: {green} green"
