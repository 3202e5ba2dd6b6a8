"""Every mix of verdicts leads to one profile verdict and one exit code."""

from itertools import combinations_with_replacement, product

import pytest

from callproof.catalogue.requirement import Level, Verdict
from callproof.json_values import Json
from callproof.judge.findings import Outcome
from callproof.judge.verdicts import (
    GOOD,
    WORST_FIRST,
    ExitCode,
    exit_code,
    meaning,
    of_check,
    of_profile,
    worst,
)


@pytest.mark.parametrize(
    ("outcome", "must", "should", "may"),
    [
        (Outcome.MET, "pass", "pass", "pass"),
        (Outcome.UNMET, "fail", "warn", "info"),
        (Outcome.UNDECIDED, "inconclusive", "inconclusive", "inconclusive"),
        (Outcome.BLOCKED, "blocked", "blocked", "blocked"),
        (Outcome.NOT_APPLICABLE, "not-applicable", "not-applicable", "not-applicable"),
        (Outcome.SUITE_ERROR, "error", "error", "error"),
    ],
)
def test_the_level_decides_what_is_unmet_and_nothing_else(
    outcome: Outcome, must: str, should: str, may: str
) -> None:
    levels: tuple[Level, ...] = ("MUST", "SHOULD", "MAY")

    assert [of_check(outcome, level) for level in levels] == [must, should, may]


def test_an_accepted_reading_earns_its_own_verdict_and_excuses_nothing_unmet() -> None:
    assert of_check(Outcome.MET, "MUST", "warn") == "warn"
    assert of_check(Outcome.UNMET, "MUST", "pass") == "fail"


@pytest.mark.parametrize("mix", list(combinations_with_replacement(WORST_FIRST, 3)))
def test_a_requirement_has_the_worst_verdict_of_its_checks(mix: tuple[Verdict, ...]) -> None:
    assert worst(mix) == mix[0]
    assert worst(reversed(mix)) == mix[0]


def test_a_requirement_without_checks_is_not_tested() -> None:
    assert worst([]) == "not-tested"


@pytest.mark.parametrize(
    "mix", [mix for n in (1, 2, 3) for mix in combinations_with_replacement(WORST_FIRST, n)]
)
def test_a_profile_is_conformant_only_when_all_is_good_and_something_was_looked_at(
    mix: tuple[Verdict, ...],
) -> None:
    if "fail" in mix:
        expected = "not-conformant"
    elif set(mix) <= GOOD and set(mix) != {"not-applicable"}:
        expected = "conformant"
    else:
        expected = "undetermined"
    assert of_profile(mix) == expected


def test_an_empty_profile_is_undetermined() -> None:
    assert of_profile([]) == "undetermined"


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


def expected_code(mix: tuple[Verdict, ...], strict: bool) -> ExitCode:
    if "error" in mix:
        return ExitCode.SUITE_ERROR
    if "fail" in mix:
        return ExitCode.NOT_CONFORMANT
    if {"inconclusive", "blocked", "not-tested"} & set(mix) or set(mix) == {"not-applicable"}:
        return ExitCode.UNDETERMINED
    return ExitCode.WARNINGS if strict and "warn" in mix else ExitCode.CONFORMANT


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "mix", [mix for n in (1, 2, 3) for mix in combinations_with_replacement(WORST_FIRST, n)]
)
def test_every_mix_of_verdicts_has_its_exit_code(mix: tuple[Verdict, ...], strict: bool) -> None:
    assert exit_code(document(mix, strict=strict)) == expected_code(mix, strict)


@pytest.mark.parametrize("verdict", WORST_FIRST)
def test_calls_that_may_be_left_replace_every_code_but_a_violation_and_our_own_error(
    verdict: Verdict,
) -> None:
    code = exit_code(document((verdict, "pass"), cleaned=False, strict=True))
    kept = {"fail": ExitCode.NOT_CONFORMANT, "error": ExitCode.SUITE_ERROR}
    assert code == kept.get(verdict, ExitCode.CALLS_LEFT)


@pytest.mark.parametrize(("verdict", "cleaned"), list(product(WORST_FIRST, [True, False])))
def test_an_interrupted_run_says_so_whatever_it_found(verdict: Verdict, cleaned: bool) -> None:
    assert (
        exit_code(document((verdict,), interrupted=True, complete=False, cleaned=cleaned))
        == ExitCode.INTERRUPTED
    )


def test_a_run_that_was_not_finished_is_undetermined_unless_a_violation_was_seen() -> None:
    assert exit_code(document(("pass",), complete=False)) == ExitCode.UNDETERMINED
    assert exit_code(document(("pass", "fail"), complete=False)) == ExitCode.NOT_CONFORMANT


def test_a_run_in_which_nothing_was_looked_at_is_never_green() -> None:
    empty = document(())
    assert exit_code(empty) == ExitCode.UNDETERMINED
    assert exit_code({**empty, "profiles": []}) == ExitCode.UNDETERMINED


def test_a_violation_of_what_does_not_count_changes_no_code() -> None:
    assert exit_code(document(("pass", "fail"), counted=False)) == ExitCode.CONFORMANT


def test_every_verdict_says_what_it_means_for_the_certificate() -> None:
    assert all(meaning(verdict).endswith(".") for verdict in WORST_FIRST)
    assert meaning("fail", counted=False) == "Not counted: stands in the way of a certificate."
