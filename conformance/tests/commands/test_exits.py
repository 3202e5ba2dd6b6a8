"""Every result document has one exit code, whatever the mix of verdicts in it."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest

from callproof.catalogue.requirement import Verdict
from callproof.commands.exits import (
    CALLS_LEFT,
    CLEAN,
    FINDINGS,
    INTERRUPTED,
    NOT_JUDGED,
    SUITE_ERROR,
    WARNINGS,
    of_result,
)
from callproof.json_values import Json
from callproof.judge.verdicts import WORST_FIRST, of_profile


def document(
    mix: tuple[Verdict, ...],
    *,
    complete: bool = True,
    interrupted: bool = False,
    cleaned: bool = True,
    strict: bool = False,
    counted: bool = True,
) -> dict[str, Json]:
    """The part of a result document that the exit code looks at: one profile, one requirement for each verdict of the mix."""
    checks: list[Json] = [{"verdict": verdict} for verdict in mix if verdict != "not-tested"]
    return {
        "run": {"complete": complete, "interrupted": interrupted, "options": {"strict": strict}},
        "profiles": [{"verdict": of_profile(mix if counted else [v for v in mix if v != "fail"])}],
        "requirements": [{"verdict": verdict, "counted": counted} for verdict in mix],
        "scenarios": [{"checks": checks}],
        "cleanup": {"complete": cleaned},
    }


def expected_code(mix: tuple[Verdict, ...], strict: bool) -> int:
    if "error" in mix:
        return SUITE_ERROR
    if "fail" in mix:
        return FINDINGS
    if {"inconclusive", "blocked", "not-tested"} & set(mix) or set(mix) == {"not-applicable"}:
        return NOT_JUDGED
    return WARNINGS if strict and "warn" in mix else CLEAN


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "mix", [mix for n in (1, 2, 3) for mix in combinations_with_replacement(WORST_FIRST, n)]
)
def test_every_mix_of_verdicts_has_its_of_result(mix: tuple[Verdict, ...], strict: bool) -> None:
    assert of_result(document(mix, strict=strict)) == expected_code(mix, strict)


@pytest.mark.parametrize("verdict", WORST_FIRST)
def test_calls_that_may_be_left_replace_every_code_but_a_violation_and_our_own_error(
    verdict: Verdict,
) -> None:
    code = of_result(document((verdict, "pass"), cleaned=False, strict=True))
    kept = {"fail": FINDINGS, "error": SUITE_ERROR}
    assert code == kept.get(verdict, CALLS_LEFT)


@pytest.mark.parametrize(("verdict", "cleaned"), list(product(WORST_FIRST, [True, False])))
def test_an_interrupted_run_says_so_whatever_it_found(verdict: Verdict, cleaned: bool) -> None:
    assert of_result(document((verdict,), interrupted=True, complete=False, cleaned=cleaned)) == INTERRUPTED


def test_a_run_that_was_not_finished_is_undetermined_unless_a_violation_was_seen() -> None:
    assert of_result(document(("pass",), complete=False)) == NOT_JUDGED
    assert of_result(document(("pass", "fail"), complete=False)) == FINDINGS


def test_a_run_in_which_nothing_was_looked_at_is_never_green() -> None:
    empty = document(())
    assert of_result(empty) == NOT_JUDGED
    assert of_result({**empty, "profiles": []}) == NOT_JUDGED


def test_a_violation_of_what_does_not_count_changes_no_code() -> None:
    assert of_result(document(("pass", "fail"), counted=False)) == CLEAN
