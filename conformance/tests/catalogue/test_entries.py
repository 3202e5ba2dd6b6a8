"""Requirement files are read whole or refused whole, and rest on the contract's clauses."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import yaml

from callproof.catalogue.entries import Surroundings, requirements
from callproof.catalogue.form import Form
from callproof.catalogue.requirement import Requirement
from callproof.catalogue.scenario import Predicate, Reading
from callproof.json_values import JsonObject
from callproof.runner.suite import texts_in
from callproof.strict_yaml import Place

TEXTS = texts_in()
_SCENARIO_SCHEMA: JsonObject = json.loads(TEXTS["scenarios/scenario.schema.json"])
FORM = Form(
    json.loads(TEXTS["requirements/requirement.schema.json"]),
    others={str(_SCENARIO_SCHEMA["$id"]): _SCENARIO_SCHEMA},
)


def clause(basis: str, source: str = "ReturnValues, HTCC 8.5.2, all; table") -> JsonObject:
    return {
        "id": "carries-status-code",
        "text": "Every answer carries a `statusCode`.",
        "basis": basis,
        "source": source,
    }


AROUND = Surroundings(
    {
        "openapi/openapi.yaml#carries-status-code": clause("stated"),
        "openapi/openapi.yaml#by-samples": clause("sample"),
        "openapi/openapi.yaml#inferred": clause("inferred"),
        "openapi/operations/Dial.yaml#is-accepted": clause("stated"),
        "openapi/operations/Hold.yaml#is-accepted": clause("stated", "CallsHold, HTCC 8.5.2, HTTP response"),
    },
    ("http", "notify"),
)
ENTRY: Mapping[str, object] = {
    "id": "HTTP-ENV-001",
    "title": "Every answer carries a statusCode",
    "level": "MUST",
    "clause": "openapi/openapi.yaml#carries-status-code",
    "rationale": "A client decides by it.",
    "since": "0.1",
    "profiles": ["http"],
}


def read(*entries: Mapping[str, object]) -> tuple[Requirement, ...]:
    found, mistakes = requirements(
        {"some.yaml": yaml.safe_dump([*map(dict, entries)], sort_keys=False)}, FORM, AROUND
    )
    assert mistakes == []
    return found


def mistakes_in(*entries: Mapping[str, object]) -> list[str]:
    _, mistakes = requirements(
        {"some.yaml": yaml.safe_dump([*map(dict, entries)], sort_keys=False)}, FORM, AROUND
    )
    return [str(mistake) for mistake in mistakes]


def test_text_basis_and_source_are_those_of_the_clause() -> None:
    (requirement,) = read(ENTRY)
    assert (requirement.text, requirement.basis) == ("Every answer carries a `statusCode`.", "stated")
    assert (requirement.source.doc, requirement.source.section) == ("ReturnValues, HTCC 8.5.2", "all; table")
    assert (requirement.accepts, requirement.not_tested, requirement.must_because) == ((), None, "")
    assert requirement.place == Place("some.yaml", 1)


def test_the_same_id_in_two_files_is_two_clauses() -> None:
    (requirement,) = read({**ENTRY, "clause": "openapi/operations/Hold.yaml#is-accepted"})
    assert str(requirement.source) == "CallsHold, HTCC 8.5.2, HTTP response"


def test_a_reading_says_what_shows_it_or_which_rule_of_the_judge_accepts_it() -> None:
    (requirement,) = read(
        {
            **ENTRY,
            "accepts": [
                {
                    "id": "forbidden",
                    "text": "statusCode 3",
                    "verdict": "pass",
                    "shows": {"body.statusCode": {"one of": [3, 5]}},
                },
                {
                    "id": "by-notification",
                    "text": "an ErrorMessage",
                    "verdict": "warn",
                    "by": "refused by notification",
                },
            ],
        }
    )
    shown = Predicate("body.statusCode", "one of", [3, 5])
    assert requirement.accepts == (
        Reading("forbidden", "statusCode 3", "pass", predicates=(shown,), place=Place("some.yaml", 10)),
        Reading(
            "by-notification",
            "an ErrorMessage",
            "warn",
            rule="refused by notification",
            place=Place("some.yaml", 18),
        ),
    )
    assert requirement.reading("forbidden") == requirement.accepts[0]
    assert requirement.reading("allowed") is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"clause": "openapi/openapi.yaml#carries-status-cod"},
            "some.yaml:4: HTTP-ENV-001 points to nothing: openapi/openapi.yaml#carries-status-cod; "
            "did you mean carries-status-code? [dangling-clause]",
        ),
        (
            {"clause": "openapi/openapi.yaml#zzz"},
            "some.yaml:4: HTTP-ENV-001 points to nothing: openapi/openapi.yaml#zzz; "
            "add the sentence to openapi/openapi.yaml and run `make contract` [dangling-clause]",
        ),
        (
            {"clause": "openapi/operations/Dail.yaml#is-accepted"},
            "some.yaml:4: HTTP-ENV-001 points to nothing: openapi/operations/Dail.yaml#is-accepted; "
            "did you mean openapi/operations/Dial.yaml? [dangling-clause]",
        ),
        (
            {"clause": "openapi/openapi.yaml#inferred"},
            "some.yaml:3: HTTP-ENV-001 is a MUST on a clause whose basis is inferred; "
            "make it a SHOULD, or find a source that states it [level-beyond-basis]",
        ),
        (
            {"clause": "openapi/openapi.yaml#by-samples"},
            "some.yaml:3: HTTP-ENV-001 is a MUST on samples alone; say in must_because what breaks otherwise [level-beyond-basis]",
        ),
        (
            {"must_because": "Because we would like it very much indeed."},
            "some.yaml:9: HTTP-ENV-001 has must_because and is a MUST on the basis stated; "
            "leave it out; it belongs to a MUST on bayeux, http, sample [level-beyond-basis]",
        ),
        (
            {"profiles": ["htpp"]},
            "some.yaml:7: HTTP-ENV-001: there is no profile htpp; did you mean http? [unknown-profile]",
        ),
        (
            {"level": "SHALL"},
            'some.yaml:3: [0].level: "SHALL" is not one of "MUST", "SHOULD" or "MAY" [form]',
        ),
        (
            {"colour": "red"},
            "some.yaml:1: [0]: Additional properties are not allowed ('colour' was unexpected) [form]",
        ),
        (
            {"rational": "A client decides by it."},
            "some.yaml:1: [0]: Additional properties are not allowed ('rational' was unexpected); did you mean rationale? [form]",
        ),
        (
            {"applies_if": "weather:fine"},
            'some.yaml:9: [0].applies_if: "weather:fine" does not match '
            '"^(always|(claim|number|offered|answer|auth|transport|acknowledge):[A-Za-z0-9-]+)$" [form]',
        ),
    ],
    ids=[
        "sentence", "other sentence", "file", "inferred", "samples", "reason", "profile", "level", "member", "mistyped member",
        "condition",
    ],
)  # fmt: skip
def test_what_the_rules_forbid_is_told_with_line_rule_and_remedy(
    change: Mapping[str, object], told: str
) -> None:
    assert told in mistakes_in({**ENTRY, **change})


@pytest.mark.parametrize(
    "reading",
    [
        {"id": "forbidden", "text": "statusCode 3", "verdict": "pass"},
        {
            "id": "forbidden",
            "text": "statusCode 3",
            "verdict": "pass",
            "by": "some rule",
            "shows": {"status": 403},
        },
        {"id": "forbidden", "text": "statusCode 3", "verdict": "fail", "shows": {"status": 403}},
        {"id": "forbidden", "text": "statusCode 3", "verdict": "pass", "shows": {"status": {"about": 403}}},
    ],
    ids=["nothing shows it", "shown and by a rule", "a verdict that is none", "an expectation that is none"],
)
def test_a_reading_that_says_too_little_or_too_much_is_refused(reading: Mapping[str, object]) -> None:
    assert mistakes_in({**ENTRY, "accepts": [reading]})


def test_two_readings_of_one_requirement_have_different_ids() -> None:
    reading = {"id": "forbidden", "text": "statusCode 3", "verdict": "pass", "shows": {"body.statusCode": 3}}
    assert mistakes_in({**ENTRY, "accepts": [reading, {**reading, "text": "statusCode 5"}]}) == [
        "some.yaml:15: HTTP-ENV-001 lists the reading forbidden twice; rename one of them [reading-twice]"
    ]


def test_an_id_is_there_once_and_a_clause_is_judged_by_one_requirement() -> None:
    assert mistakes_in(ENTRY, ENTRY) == [
        "some.yaml:9: HTTP-ENV-001 is in the catalogue already, at some.yaml:1; give it an id of its own [id-taken]"
    ]
    assert mistakes_in(ENTRY, {**ENTRY, "id": "HTTP-ENV-002"}) == [
        "some.yaml:12: HTTP-ENV-002 points to the same clause as HTTP-ENV-001; "
        "point to the sentence that it judges, or add a sentence to the contract [clause-taken]"
    ]


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    found, mistakes = requirements(
        {"one.yaml": "- {", "two.yaml": "- {id: X}", "three.yaml": "[]"}, FORM, AROUND
    )
    assert found == ()
    assert {mistake.place.file for mistake in mistakes} == {"one.yaml", "two.yaml", "three.yaml"}


def test_no_requirements_at_all_are_a_mistake() -> None:
    _, mistakes = requirements({}, FORM, AROUND)
    assert [mistake.rule for mistake in mistakes] == ["no-requirements"]
