"""A faulty server counts as caught only by the rules, and each rule alone is enough to withhold it."""

from dataclasses import replace

import pytest

from callproof.catalogue.requirement import Level
from callproof.faults.display import in_words
from callproof.faults.matrix import Matrix, Seen, Trial, TrialResult, as_document, judge, judge_all
from callproof.faults.model import Variant

LEVELS: dict[str, Level] = {"A-ONE-001": "MUST", "A-TWO-001": "MUST", "A-MAY-001": "SHOULD"}
FAULTY = Variant(
    "faulty",
    "order",
    "A faulty server",
    expects="A-ONE-001",
    codes=("missing-event",),
    related=("A-TWO-001",),
)
LEGAL = Variant("odd", "legal", "An odd but legal server")
BASELINE = Trial(
    Variant("sound", "legal", "The sound server"),
    checks=(
        Seen("s/one", "A-ONE-001", "pass"),
        Seen("s/one", "A-MAY-001", "pass"),
        Seen("s/two", "A-TWO-001", "pass"),
    ),
    profiles={"http": "conformant"},
)
RED = Seen("s/one", "A-ONE-001", "fail", "missing-event", "nothing came")
CAUGHT = Trial(FAULTY, checks=(RED, Seen("s/two", "A-TWO-001", "fail")), triggers=(3,))
GREEN = Trial(LEGAL, checks=BASELINE.checks, triggers=(1,))


def outcome(trial: Trial, baseline: Trial = BASELINE) -> TrialResult:
    return judge(trial, baseline, LEVELS)


def test_red_by_name_with_a_fitting_code_is_caught() -> None:
    assert outcome(CAUGHT) == TrialResult(CAUGHT, "caught", code="missing-event")


def test_a_should_is_caught_by_a_warning_and_a_must_is_not() -> None:
    warned = replace(
        CAUGHT,
        variant=replace(FAULTY, expects="A-MAY-001", codes=()),
        checks=(Seen("s/one", "A-MAY-001", "warn"),),
    )
    assert outcome(warned).outcome == "caught"
    assert outcome(replace(CAUGHT, checks=(replace(RED, verdict="warn"),))).outcome == "missed"


@pytest.mark.parametrize(
    ("trial", "expected"),
    [
        (replace(CAUGHT, triggers=(0, 0)), "not exercised"),
        (replace(CAUGHT, stopped="the run was cut short"), "not judged"),
        (replace(CAUGHT, checks=(RED, Seen("s/one", "A-TWO-001", "error"))), "not judged"),
        (replace(CAUGHT, checks=(replace(RED, code="schema"),)), "missed"),
        (replace(CAUGHT, checks=(replace(RED, verdict="blocked"),)), "missed"),
        (replace(CAUGHT, checks=(replace(RED, verdict="inconclusive"),)), "missed"),
        (replace(CAUGHT, checks=(replace(RED, verdict="pass"),)), "missed"),
        (replace(CAUGHT, checks=()), "missed"),
        (
            replace(CAUGHT, checks=(RED, *(Seen("s/one", f"B-{n}-001", "fail") for n in range(4)))),
            "wrong story",
        ),
    ],
)
def test_anything_else_is_not_caught(trial: Trial, expected: str) -> None:
    assert outcome(trial).outcome == expected


def test_a_requirement_that_is_red_without_the_fault_too_proves_nothing() -> None:
    assert outcome(CAUGHT, replace(BASELINE, checks=(RED,))).outcome == "missed"


def test_a_few_other_reds_are_named_and_relatives_are_not() -> None:
    assert outcome(replace(CAUGHT, checks=(*CAUGHT.checks, Seen("s/one", "B-ONE-001", "fail")))).others == (
        "B-ONE-001",
    )


@pytest.mark.parametrize(
    ("trial", "expected"),
    [
        (GREEN, "green"),
        (replace(GREEN, checks=(*GREEN.checks, Seen("s/one", "A-MAY-001", "warn"))), "green"),
        (replace(GREEN, checks=(*GREEN.checks, RED)), "accused"),
        (replace(GREEN, checks=(*GREEN.checks, replace(RED, verdict="inconclusive"))), "not judged"),
        (replace(GREEN, checks=GREEN.checks[:2]), "not judged"),
        (replace(GREEN, triggers=(0,)), "not exercised"),
    ],
)
def test_a_legal_server_stays_green_or_is_accused(trial: Trial, expected: str) -> None:
    assert outcome(trial).outcome == expected


def test_a_legal_server_must_be_seen_to_use_the_readings_that_it_needs() -> None:
    needing = replace(GREEN, variant=replace(LEGAL, needs=("A-MAY-001/later",)))
    used = Seen("s/one", "A-MAY-001", "warn", reading="later")
    assert outcome(needing).outcome == "not exercised"
    assert outcome(needing).why == "the reading A-MAY-001/later was not used"
    assert outcome(replace(needing, checks=(*GREEN.checks, used))).outcome == "green"
    assert (
        outcome(replace(needing, checks=(*GREEN.checks, replace(used, reading="sooner")))).outcome
        == "not exercised"
    )


def test_a_warning_about_a_reading_that_a_legal_server_needs_accuses_it() -> None:
    needing = replace(GREEN, variant=replace(LEGAL, needs=("A-MAY-001/later",)))
    used, doubted = Seen("s/one", "A-MAY-001", "pass", reading="later"), Seen("s/two", "A-MAY-001", "warn")
    assert outcome(replace(needing, checks=(*GREEN.checks, used, doubted))).outcome == "accused"


def test_the_matrix_is_proof_only_if_nothing_is_missing() -> None:
    whole = judge_all([CAUGHT, GREEN], [BASELINE], LEVELS)
    assert whole.is_proof
    assert whole.unproved == ("A-TWO-001",)
    assert not judge_all([CAUGHT, replace(GREEN, triggers=(0,))], [BASELINE], LEVELS).is_proof
    undetermined = replace(BASELINE, profiles={"http": "undetermined"})
    assert not judge_all([CAUGHT], [undetermined], LEVELS).is_proof
    part = replace(undetermined, variant=replace(BASELINE.variant, scenarios=("s/one", "s/two")))
    assert judge_all([CAUGHT], [part], LEVELS, whole=False).is_proof
    assert not judge_all([CAUGHT], [replace(BASELINE, checks=())], LEVELS).is_proof


def test_no_line_of_the_matrix_is_wider_than_a_terminal() -> None:
    long = replace(CAUGHT, stopped="for a reason that needs many words " * 5)
    text = in_words(judge_all([CAUGHT, long, GREEN], [BASELINE], LEVELS))
    assert max(map(len, text.splitlines())) <= 80
    assert text.splitlines()[-1] == "2 faulty: 1 caught by name; 1 legal: 1 green"


def test_machines_get_what_people_see() -> None:
    document = as_document(Matrix((BASELINE,), (outcome(CAUGHT),), ("A-TWO-001",)))
    assert document["format"] == "callproof.selftest/2"
    assert document["variants"] == [
        {
            "name": "faulty", "area": "order", "title": "A faulty server", "expects": "A-ONE-001", "outcome": "caught", "why": "",
            "code": "missing-event", "others": [], "scenarios": ["s/one", "s/two"], "triggers": [3], "seconds": 0.0,
            "red": {"A-ONE-001": "nothing came", "A-TWO-001": ""},
        }
    ]  # fmt: skip
