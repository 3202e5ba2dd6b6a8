"""Every result document has one exit code, whatever the mix of verdicts in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

import pytest

from callproof import cli
from callproof.catalogue.requirement import Verdict
from callproof.commands import exits
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
    failed: str = "",
    select: Sequence[str] = (),
    left_out: str = "",
) -> dict[str, Json]:
    """The part of a result document that the exit code looks at: one profile, one requirement for each verdict of the mix."""
    checks: list[Json] = [{"verdict": verdict} for verdict in mix if verdict != "not-tested"]
    return {
        "run": {
            "complete": complete,
            "interrupted": interrupted,
            "options": {"strict": strict, "select": [*select]},
            "failed": failed,
        },
        "profiles": [{"verdict": of_profile(mix if counted else [v for v in mix if v != "fail"])}],
        "requirements": [{"verdict": verdict, "counted": counted} for verdict in mix],
        "scenarios": [{"checks": checks, "left_out": left_out}],
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


@pytest.mark.parametrize(("verdict", "interrupted"), list(product(WORST_FIRST, [True, False])))
def test_calls_that_may_be_left_outrank_every_other_code(verdict: Verdict, interrupted: bool) -> None:
    left = document(
        (verdict, "pass"), cleaned=False, strict=True, interrupted=interrupted, failed="disk full"
    )
    assert of_result(left) == CALLS_LEFT


@pytest.mark.parametrize("verdict", WORST_FIRST)
def test_an_interrupted_run_that_ended_its_calls_says_so_whatever_it_found(verdict: Verdict) -> None:
    assert of_result(document((verdict,), interrupted=True, complete=False)) == INTERRUPTED


@pytest.mark.parametrize("verdict", WORST_FIRST)
def test_a_run_that_could_not_write_is_no_certificate_and_no_accusation(verdict: Verdict) -> None:
    assert of_result(document((verdict, "pass"), failed="disk full")) == SUITE_ERROR


@pytest.mark.parametrize(
    ("code", "mix", "facts"),
    [
        (CLEAN, ("pass", "not-tested"), {}),
        (CLEAN, ("warn", "not-tested"), {}),
        (WARNINGS, ("warn", "not-tested"), {"strict": True}),
        (FINDINGS, ("fail", "not-tested"), {}),
        (NOT_JUDGED, ("blocked", "not-tested"), {}),
        (NOT_JUDGED, ("inconclusive", "pass", "not-tested"), {}),
        (NOT_JUDGED, ("not-applicable", "not-tested"), {}),
        (NOT_JUDGED, ("not-tested",), {}),
        (NOT_JUDGED, ("pass", "not-tested"), {"left_out": "the target file does not name number:busy"}),
        (NOT_JUDGED, ("pass", "not-tested"), {"complete": False}),
    ],
)
def test_who_selects_a_part_is_told_about_that_part(
    code: int, mix: tuple[Verdict, ...], facts: dict[str, Any]
) -> None:
    """The profile stays undetermined, and the code is 0 only if everything selected was played, judged and met."""
    assert of_result(document(mix, **facts)) != CLEAN
    assert of_result(document(mix, select=["a/b"], **facts)) == code


def test_the_readme_and_the_help_have_the_table_of_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    _, introduced, after = readme.partition("Where several exit codes apply")
    table, _, _ = after.partition("\n\nThe first Ctrl-C")
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", table, flags=re.MULTILINE)
    assert [(int(code), text) for code, text in rows if introduced] == [
        *exits.OF_RUN.items(),
        *exits.BEFORE_A_RUN.items(),
    ]
    assert cli.main(["run", "--help"]) == CLEAN
    assert exits.of_run_in_words() in capsys.readouterr().out


def test_a_run_that_was_not_finished_is_undetermined_unless_a_violation_was_seen() -> None:
    assert of_result(document(("pass",), complete=False)) == NOT_JUDGED
    assert of_result(document(("pass", "fail"), complete=False)) == FINDINGS


def test_a_run_in_which_nothing_was_looked_at_is_never_green() -> None:
    empty = document(())
    assert of_result(empty) == NOT_JUDGED
    assert of_result({**empty, "profiles": []}) == NOT_JUDGED


def test_a_violation_of_what_does_not_count_changes_no_code() -> None:
    assert of_result(document(("pass", "fail"), counted=False)) == CLEAN
