"""The sentences for a validator's findings."""

from __future__ import annotations

import jsonschema_rs
import pytest

from refswitch.suggestions import did_you_mean
from refswitch.violations import place_of, shown, violations

SCHEMA = {
    "type": "object",
    "required": ["a"],
    "properties": {
        "a": {"type": "string", "pattern": "^x$"},
        "b": {"enum": ["Hold", "Hangup", "Answer"]},
        "c": {"type": "integer", "minimum": 3, "maximum": 5},
        "d": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "uniqueItems": True,
            "items": {"type": "object"},
        },
        "e": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "f": {"oneOf": [{"type": "string"}, {"type": "null"}]},
        "g": {"not": {"type": "integer"}},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, ["$.a is required"]),
        ({"c": "x"}, ["$.a is required", '$.c must be of type integer, but is "x"']),
        ({"a": "y"}, ['$.a must match ^x$, but is "y"']),
        (
            {"a": "x", "b": "Hodl"},
            ['$.b must be one of Hold, Hangup, Answer, but is "Hodl"; did you mean Hold?'],
        ),
        ({"a": "x", "c": 1}, ["$.c must be 3 or more, but is 1"]),
        ({"a": "x", "d": []}, ["$.d must have 1 or more entries, but is []"]),
        ({"a": "x", "d": [{}, 1]}, ["$.d[1] must be of type object, but is 1"]),
        ({"a": "x", "d": [{}, {}]}, ["$.d must not contain an entry twice, but is [{}, {}]"]),
        ({"a": "x", "e": 1}, ["$.e must fit one of the forms allowed here, but is 1"]),
        ({"a": "x", "f": 1}, ["$.f must fit exactly one of the forms allowed here, but is 1"]),
        ({"a": "x", "ä b": 1}, ['$["\\u00e4 b"] is not known here']),
        ({"a": "x"}, []),
    ],
)
def test_a_violation_names_the_place_and_the_rule(value: object, words: list[str]) -> None:
    assert [
        str(one) for one in violations(jsonschema_rs.Draft202012Validator(SCHEMA).iter_errors(value))
    ] == words


def test_a_rule_without_words_of_its_own_uses_the_validators() -> None:
    (violation,) = violations(jsonschema_rs.Draft202012Validator(SCHEMA).iter_errors({"a": "x", "g": 1}))
    assert str(violation).startswith("$.g is wrong: ")


def test_a_long_or_strange_value_is_shown_shortened_and_in_ascii() -> None:
    assert shown("x" * 1000) == '"' + "x" * 76 + "..."
    assert shown("\n\u2028\ud800") == '"\\n\\u2028\\ud800"'
    assert place_of(("a", 0, "x\ny")) == '$.a[0]["x\\ny"]'


def test_a_word_unlike_any_other_gets_no_suggestion() -> None:
    assert did_you_mean("Teleport", ["Hold", "Answer"]) == ""
    assert (
        did_you_mean("initiateconference", ["Hold", "InitiateConference"])
        == "; did you mean InitiateConference?"
    )
