"""Every mix of verdicts leads to one profile verdict."""

from itertools import combinations_with_replacement

import pytest

from callproof.catalogue.requirement import Level, Verdict
from callproof.judge.findings import Outcome
from callproof.judge.verdicts import (
    GOOD,
    WORST_FIRST,
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


def test_every_verdict_says_what_it_means_for_the_certificate() -> None:
    assert all(meaning(verdict).endswith(".") for verdict in WORST_FIRST)
    assert meaning("fail", counted=False) == "Not counted: prevents a certificate."
