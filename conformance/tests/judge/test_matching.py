"""Laying expectations over messages, without a server and without time."""

from __future__ import annotations

import itertools

import pytest

from callproof.catalogue.scenario import Claim, Hear, MayHear, Predicate
from callproof.json_values import Json
from callproof.judge.findings import Difference
from callproof.judge.legs import NO_LEGS, Legs, fits_the_run, is_attributable
from callproof.judge.matching import (
    Matching,
    attached_since,
    is_allowed,
    is_identified,
    is_refresh,
    match,
    nearest,
    repeats,
)
from callproof.judge.notification import Notification
from conformance.tests.judge.building import SCOPE, TALK, hear, notification, party, reading


def places(matching_of: tuple[tuple[Notification, ...], ...]) -> list[list[int]]:
    return [[each.position for each in answer] for answer in matching_of]


def test_one_message_answers_one_expectation_only() -> None:
    found = match([hear("Held"), hear("Held")], [notification(0, "Held", "A")], TALK, SCOPE)

    assert places(found.answers) == [[0], []]


def test_the_best_assignment_wins_over_the_first_come() -> None:
    consult = Claim(("X",), (Predicate("call.callType", "is", "Consult"),))
    wanted = [hear("Held"), hear("Held", claims=(consult,))]
    log = [
        notification(0, "Held", "A", callType="Consult"),
        notification(1, "Held", "A", callType="Internal"),
    ]

    assert places(match(wanted, log, TALK, SCOPE).answers) == [[1], [0]]


def test_equal_messages_are_taken_in_order() -> None:
    found = match(
        [hear("Held"), hear("Held")],
        [notification(0, "Held", "A"), notification(1, "Held", "A")],
        TALK,
        SCOPE,
    )

    assert places(found.answers) == [[0], [1]]


def test_the_order_of_independent_messages_does_not_matter() -> None:
    legs = TALK.bind("alice", "other", "B")
    wanted = [hear("Held"), hear("Dialing", call="consult", new=True), hear("Released", call="other")]
    messages = [("Held", "A"), ("Dialing", "C"), ("Released", "B")]

    for order in itertools.permutations(messages):
        found = match(wanted, [notification(i, *each) for i, each in enumerate(order)], legs, SCOPE)
        assert [answer[0].call_id for answer in found.answers] == ["A", "C", "B"]
        assert found.legs.id_of("alice", "consult") == "C"


def test_an_expectation_of_several_times_takes_several() -> None:
    found = match(
        [hear("Held", least=1, most=3)],
        [notification(0, "Held", "A"), notification(1, "Held", "A")],
        TALK,
        SCOPE,
    )

    assert places(found.answers) == [[0, 1]]
    assert found.is_complete([hear("Held", least=1, most=3)])


def test_a_known_call_is_never_a_new_one() -> None:
    found = match([hear("Dialing", call="consult", new=True)], [notification(0, "Dialing", "A")], TALK, SCOPE)

    assert places(found.answers) == [[]]


def test_one_call_is_not_two_new_ones() -> None:
    wanted = [hear("Dialing", call="one", new=True), hear("Dialing", call="two", new=True)]
    found = match(wanted, [notification(0, "Dialing", "C"), notification(1, "Dialing", "C")], TALK, SCOPE)

    assert sum(map(len, found.answers)) == 1


def test_parties_identify_under_any_number_that_an_agent_is_shown_by() -> None:
    wanted = [hear("", parties=("bob",))]

    assert places(
        match(wanted, [notification(0, "Held", "A", participants=party("+3115001"))], TALK, SCOPE).answers
    ) == [[0]]
    assert places(
        match(wanted, [notification(0, "Held", "A", participants=party("15002"))], TALK, SCOPE).answers
    ) == [[]]


@pytest.mark.parametrize(
    ("call", "fits", "attributable"),
    [
        ({"participants": party("15001")}, True, True),
        ({"participants": party("0031000")}, False, False),
        ({"participants": party("0031000"), "dnis": "15002"}, True, False),
        ({"participants": party("0031000"), "parentCallPath": "/calls/A"}, True, True),
        ({"participants": []}, True, False),
    ],
    ids=["our number", "a stranger", "dialled by us", "our parent", "nobody"],
)
def test_to_accuse_takes_more_than_to_match(call: dict[str, Json], fits: bool, attributable: bool) -> None:
    message = notification(0, "Dialing", "Z", **call)

    assert (fits_the_run(message, TALK, SCOPE), is_attributable(message, TALK, SCOPE)) == (fits, attributable)


def test_the_nearest_miss_comes_first_with_its_differences() -> None:
    log = [notification(0, "Dialing", "B"), notification(1, "Established", "A")]

    first, second = nearest(hear("Held"), log, TALK, SCOPE)

    assert first.differences == (Difference("call.state", "Held", "Established"),)
    assert [difference.member for difference in second.differences] == ["call.id", "call.state"]
    assert first.what == "alice received StatusChange about talk, state Established"


def test_measurements_of_the_server_do_not_make_two_messages_different() -> None:
    plain = notification(0, "Held", "A")
    measured = Notification("alice", 1, {"data": {**plain.data, "metrics": {"ms": 3}}})

    assert repeats([plain, measured]) == ((plain, measured),)


def test_a_large_log_is_laid_out_in_no_time() -> None:
    log = [notification(position, "Held", "A") for position in range(300)]

    assert places(match([hear("Held", most=5)], log, TALK, SCOPE).answers) == [[0, 1, 2, 3, 4]]


ATTACHED = Claim(
    ("X",),
    (Predicate("call.userData.case", "is", "7"),),
    readings=(reading("it may come later", Predicate("later.*.call.userData.case", "is", "7")),),
)
MUTE = Claim(("X",), (Predicate("call.mute", "is", "On"),))
HONEST = notification(0, participants=party("15001"))
REFRESH = notification(
    1, type_="AttachedDataChanged", participants=party("15001"), userData={"case": "7"}, mute="On"
)


@pytest.mark.parametrize("claims", [(), (ATTACHED,), (MUTE,)])
def test_a_refresh_is_an_answer_only_where_nothing_else_is(claims: tuple[Claim, ...]) -> None:
    wanted = hear(claims=claims)

    assert places(match([wanted], [HONEST, REFRESH], TALK, SCOPE).answers) == [[0]]
    assert places(match([wanted], [REFRESH], TALK, SCOPE).answers) == [[1]]
    both = places(match([hear(), wanted], [HONEST, REFRESH], TALK, SCOPE).answers)
    assert sorted(both) == [[0], [1]]


def test_what_tells_more_than_a_refresh_wins_by_its_claims() -> None:
    joined = notification(1, participants=party("15001", "15002"), mute="On")

    assert places(match([hear(claims=(MUTE,))], [HONEST, joined], TALK, SCOPE).answers) == [[1]]


def test_a_matching_is_perfect_once_nothing_better_could_come() -> None:
    hears = [hear(claims=(ATTACHED,))]
    logs = ([], [HONEST], [HONEST, REFRESH])

    perfect = [match(hears, log, TALK, SCOPE).is_perfect(hears, log, SCOPE) for log in logs]

    assert perfect == [False, False, True]


@pytest.mark.parametrize(
    ("before", "after", "type_", "added"),
    [
        ({}, {"a": 1}, "AttachedDataChanged", {"a": 1}),
        ({"a": 1}, {"a": 1, "b": 2}, "AttachedDataChanged", {"b": 2}),
        ({"a": 1}, {"a": 2, "b": 2}, "AttachedDataChanged", {}),
        ({"a": 1}, {"b": 2}, "AttachedDataChanged", {}),
        ({"a": 1}, {"a": 1}, "AttachedDataChanged", {}),
        ({}, {"a": 1}, "StatusChange", {}),
    ],
)
def test_data_is_attached_by_what_adds_to_it_and_takes_nothing_away(
    before: dict[str, Json], after: dict[str, Json], type_: str, added: dict[str, Json]
) -> None:
    then = notification(1, type_=type_, userData=after)

    assert attached_since(notification(0, userData=before), then) == added


NEW = hear("Dialing", call="consult", new=True)
KNOWN = TALK.bind("alice", "consult", "C")


@pytest.mark.parametrize(
    ("wanted", "told", "legs", "identified"),
    [
        pytest.param(hear(), notification(0), TALK, True, id="the call that is meant"),
        pytest.param(hear(), notification(0, call_id="B"), TALK, False, id="another call"),
        pytest.param(hear(), notification(0, "Dialing"), TALK, False, id="another state"),
        pytest.param(hear(call="other"), notification(0, call_id="C"), TALK, False, id="an unknown call"),
        pytest.param(
            hear(), notification(0, agent="bob"), TALK.bind("bob", "talk", "A"), False, id="another agent"
        ),
        pytest.param(hear(notification="X"), notification(0), TALK, False, id="another kind of notification"),
        pytest.param(hear(), notification(0, call_id=""), NO_LEGS, False, id="no call where none is known"),
        pytest.param(NEW, notification(0, "Dialing", ""), TALK, False, id="no call where a new one is meant"),
        pytest.param(NEW, notification(0, "Dialing", "C"), TALK, True, id="a new call"),
        pytest.param(
            NEW, notification(0, "Dialing"), TALK, False, id="a known call where a new one is meant"
        ),
        pytest.param(NEW, notification(0, "Dialing", "C"), KNOWN, True, id="the new call once it is known"),
        pytest.param(NEW, notification(0, "Dialing", "D"), KNOWN, False, id="another one after the new call"),
        pytest.param(
            NEW,
            notification(0, "Dialing", "C", participants=party("0031000")),
            TALK,
            False,
            id="a stranger's call where a new one is meant",
        ),
    ],
)
def test_a_notification_is_identified_by_agent_call_state_kind_and_parties(
    wanted: Hear, told: Notification, legs: Legs, identified: bool
) -> None:
    assert is_identified(wanted, told, legs, SCOPE) is identified


@pytest.mark.parametrize(
    ("told", "allowed"),
    [
        (notification(0), True),
        (notification(0, "Dialing"), False),
        (notification(0, type_="Other"), False),
        (notification(0, call_id="B"), False),
        (notification(0, agent="bob"), False),
    ],
)
def test_what_a_scenario_allows_is_of_this_agent_call_state_and_kind(
    told: Notification, allowed: bool
) -> None:
    may = MayHear("alice", call="talk", state="Held", notification="StatusChange")

    assert is_allowed(told, may, TALK) is allowed


@pytest.mark.parametrize(
    ("after", "refreshes"),
    [
        (notification(1, participants=party("15001"), capabilities=["Hangup"]), True),
        (notification(1, "Established", participants=party("15001"), capabilities=["Hangup"]), False),
        (notification(1, participants=party("15002"), capabilities=["Hangup"]), False),
        (notification(1, participants=party("15001")), False),
        (REFRESH, True),
    ],
)
def test_a_refresh_tells_what_is_offered_or_attached_and_nothing_else(
    after: Notification, refreshes: bool
) -> None:
    assert is_refresh(HONEST, after) is refreshes


def test_near_misses_are_of_the_same_agent_and_about_some_call() -> None:
    log = [notification(0, agent="bob"), notification(0, call_id=""), notification(1, "Dialing")]

    assert [miss.evidence for miss in nearest(hear(), log, TALK, SCOPE)] == ["a1"]


@pytest.mark.parametrize(
    ("wanted", "legs", "differences"),
    [
        (NEW, TALK, (Difference("call.id", "a call not seen before", "A"),)),
        (NEW, NO_LEGS, ()),
        (NEW, KNOWN, (Difference("call.id", "C", "A"),)),
        (hear("Dialing", call="never named"), TALK, ()),
    ],
)
def test_a_near_miss_says_whether_it_is_about_another_call(
    wanted: Hear, legs: Legs, differences: tuple[Difference, ...]
) -> None:
    (miss,) = nearest(wanted, [notification(0, "Dialing")], legs, SCOPE)

    assert miss.differences == differences


def test_where_nothing_is_expected_or_nothing_came_nothing_is_assigned() -> None:
    assert match([], [notification(0)], TALK, SCOPE) == Matching((), TALK)
    assert match([hear()], [], TALK, SCOPE) == Matching(((),), TALK)
