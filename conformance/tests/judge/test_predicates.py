"""The suite's values, and the language of expectations over them."""

from __future__ import annotations

import pytest

from callproof.catalogue.scenario import Ask, Given, Hear, Predicate, Scenario
from callproof.json_values import Json
from callproof.judge.notification import Notification
from callproof.judge.predicates import RULES, Scope, Unbound, differences, lookup

SCOPE = Scope({"talk.id": "A", "limit": 3}, {"bob": frozenset({"15001"}), "carol": frozenset({"15002"})})
PEOPLE: Json = [{"phoneNumber": "15001"}, {"phoneNumber": "15002"}]


def holds(predicate: Predicate, value: Json, scope: Scope) -> bool:
    return not any(differences([predicate], value, scope))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", ({"calls": [{"id": "A", "n": 1}, {"id": "B"}], "x": None},)),
        ("calls.0.id", ("A",)),
        ("calls.*.id", ("A", "B")),
        ("calls[id=B].id", ("B",)),
        ("calls.7", ()),
        ("x", (None,)),
        ("x.y", ()),
    ],
)
def test_a_path_leads_to_every_value_it_names(path: str, found: tuple[Json, ...]) -> None:
    assert lookup({"calls": [{"id": "A", "n": 1}, {"id": "B"}], "x": None}, path) == found


@pytest.mark.parametrize(
    ("kind", "wanted", "value", "expected"),
    [
        ("is", 1, True, False),
        ("is", 1, 1, True),
        ("is", "{talk.id}", "A", True),
        ("one of", ["On", "Off"], "on", False),
        ("matches", "^[0-9]+$", "31", True),
        ("matches", "^[0-9]+$", 31, False),
        ("contains", ["Hangup"], ["Hold", "Hangup"], True),
        ("lacks", ["Hangup"], ["Hold", "Hangup"], False),
        ("same set", ["a", "b"], ["b", "a"], True),
        ("type", "integer", True, False),
        ("at least", 1, 0, False),
        ("below", 500, 503, False),
        ("empty", False, [], False),
        ("only", ["statusCode"], {"statusCode": 1, "data": {}}, False),
        ("every", {"phoneNumber": "string"}, [{"phoneNumber": "1"}, {}], False),
        ("every", {"phoneNumber": "string"}, [], True),
        ("unique", True, [{"a": 1}, {"a": 1}], False),
        ("numbers of", ["bob", "carol"], PEOPLE, True),
        ("numbers of", ["bob"], PEOPLE, False),
        ("nobody is", "bob", PEOPLE, False),
        ("number of", "carol", "15002", True),
    ],
)
def test_rules_answer_yes_or_no(kind: str, wanted: Json, value: Json, expected: bool) -> None:
    assert holds(Predicate("value", kind, wanted), {"value": value}, SCOPE) is expected


@pytest.mark.parametrize("kind", sorted(set(RULES) - {"is not", "absent", "present", "unique", "nobody is"}))
def test_what_is_not_there_meets_no_expectation(kind: str) -> None:
    wanted: Json = {"at least": 1, "below": 1, "empty": True}.get(kind, "string")

    assert holds(Predicate("value", kind, wanted), {}, SCOPE) is False


def test_an_expectation_about_the_unknown_is_neither_met_nor_missed() -> None:
    with pytest.raises(Unbound, match=r"consult\.id"):
        holds(Predicate("id", "is", "{consult.id}"), {"id": "A"}, SCOPE)


def test_a_difference_says_what_was_expected_and_what_was_there() -> None:
    wrong = differences([Predicate("call.state", "is", "Held")], {"call": {"state": "Dialing"}}, SCOPE)

    assert [str(each) for each in wrong] == ["call.state: expected Held, got Dialing"]


def test_a_message_without_a_call_has_empty_names() -> None:
    message = Notification("alice", 0, {"data": {"messageType": "ErrorMessage", "call": None}})

    assert (message.call_id, message.state, message.parent_id, message.message_type) == (
        "",
        "",
        "",
        "ErrorMessage",
    )


def test_the_parent_is_read_off_either_link() -> None:
    by_path = Notification("alice", 0, {"data": {"call": {"parentCallPath": "/calls/P"}}})
    by_uri = Notification("alice", 0, {"data": {"call": {"parentCallUri": "http://h/api/v2/me/calls/P"}}})

    assert by_path.parent_id == by_uri.parent_id == "P"


def test_a_scenario_knows_its_agents_and_what_it_proves() -> None:
    steps = (
        Ask("alice", ("B-B-002",), operation="Hold", on="talk"),
        Hear("carol", ("A-A-001",), call="talk", state="Held"),
    )
    scenario = Scenario("a/b", "title", "http", (Given("talk", "established", ("alice", "bob")),), steps)

    assert scenario.agents == ("alice", "bob", "carol")
    assert scenario.proves == {"A-A-001", "B-B-002"}
    assert scenario.places_calls
