"""Laying expectations over messages, without a server and without time."""

from __future__ import annotations

import itertools

import pytest

from callproof.catalogue.scenario import Claim, Hear, Predicate
from callproof.json_values import Json
from callproof.judge.findings import Difference
from callproof.judge.legs import Legs, fits_the_run, is_attributable
from callproof.judge.matching import match, nearest, repeats
from callproof.judge.notification import Notification
from callproof.judge.predicates import Scope

SCOPE = Scope(
    numbers={
        "alice": frozenset({"15000"}),
        "bob": frozenset({"15001", "+3115001"}),
        "carol": frozenset({"15002"}),
    }
)
TALK = Legs({("alice", "talk"): "A"}, frozenset({("alice", "A")}))


def heard(position: int, call_id: str, state: str, agent: str = "alice", **call: Json) -> Notification:
    shown: dict[str, Json] = {"id": call_id, "state": state, **call}
    return Notification(
        agent,
        position,
        {"channel": "/v2/me/calls", "data": {"notificationType": "StatusChange", "call": shown}},
        evidence=f"e{position}",
    )


def party(number: str) -> list[Json]:
    return [{"phoneNumber": number, "digits": number}]


def hear(state: str, call: str = "talk", **more: object) -> Hear:
    return Hear("alice", call=call, state=state, **more)  # type: ignore[arg-type]  # the test names fields of Hear


def places(matching_of: tuple[tuple[Notification, ...], ...]) -> list[list[int]]:
    return [[each.position for each in answer] for answer in matching_of]


def test_one_message_answers_one_expectation_only() -> None:
    found = match([hear("Held"), hear("Held")], [heard(0, "A", "Held")], TALK, SCOPE)

    assert places(found.answers) == [[0], []]


def test_the_best_assignment_wins_over_the_first_come() -> None:
    consult = Claim(("X",), (Predicate("call.callType", "is", "Consult"),))
    wanted = [hear("Held"), hear("Held", claims=(consult,))]
    log = [heard(0, "A", "Held", callType="Consult"), heard(1, "A", "Held", callType="Internal")]

    assert places(match(wanted, log, TALK, SCOPE).answers) == [[1], [0]]


def test_equal_messages_are_taken_in_order() -> None:
    found = match([hear("Held"), hear("Held")], [heard(0, "A", "Held"), heard(1, "A", "Held")], TALK, SCOPE)

    assert places(found.answers) == [[0], [1]]


def test_the_order_of_independent_messages_does_not_matter() -> None:
    legs = TALK.bind("alice", "other", "B")
    wanted = [hear("Held"), hear("Dialing", call="consult", new=True), hear("Released", call="other")]
    messages = [("A", "Held"), ("C", "Dialing"), ("B", "Released")]

    for order in itertools.permutations(messages):
        found = match(wanted, [heard(i, *each) for i, each in enumerate(order)], legs, SCOPE)
        assert [answer[0].call_id for answer in found.answers] == ["A", "C", "B"]
        assert found.legs.id_of("alice", "consult") == "C"


def test_an_expectation_of_several_times_takes_several() -> None:
    found = match(
        [hear("Held", least=1, most=3)], [heard(0, "A", "Held"), heard(1, "A", "Held")], TALK, SCOPE
    )

    assert places(found.answers) == [[0, 1]]
    assert found.is_complete([hear("Held", least=1, most=3)])


def test_a_known_call_is_never_a_new_one() -> None:
    found = match([hear("Dialing", call="consult", new=True)], [heard(0, "A", "Dialing")], TALK, SCOPE)

    assert places(found.answers) == [[]]


def test_one_call_is_not_two_new_ones() -> None:
    wanted = [hear("Dialing", call="one", new=True), hear("Dialing", call="two", new=True)]
    found = match(wanted, [heard(0, "C", "Dialing"), heard(1, "C", "Dialing")], TALK, SCOPE)

    assert sum(map(len, found.answers)) == 1


def test_parties_identify_under_any_number_that_an_agent_is_shown_by() -> None:
    wanted = [hear("", parties=("bob",))]

    assert places(
        match(wanted, [heard(0, "A", "Held", participants=party("+3115001"))], TALK, SCOPE).answers
    ) == [[0]]
    assert places(
        match(wanted, [heard(0, "A", "Held", participants=party("15002"))], TALK, SCOPE).answers
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
    message = heard(0, "Z", "Dialing", "alice", **call)

    assert (fits_the_run(message, TALK, SCOPE), is_attributable(message, TALK, SCOPE)) == (fits, attributable)


def test_the_nearest_miss_comes_first_with_its_differences() -> None:
    log = [heard(0, "B", "Dialing"), heard(1, "A", "Established")]

    first, second = nearest(hear("Held"), log, TALK, SCOPE)

    assert first.differences == (Difference("call.state", "Held", "Established"),)
    assert [difference.member for difference in second.differences] == ["call.id", "call.state"]
    assert first.what == "alice heard StatusChange of talk, state Established"


def test_measurements_of_the_server_do_not_make_two_messages_different() -> None:
    plain = heard(0, "A", "Held")
    measured = Notification("alice", 1, {"data": {**plain.data, "metrics": {"ms": 3}}})

    assert repeats([plain, measured]) == ((plain, measured),)


def test_a_large_log_is_laid_out_in_no_time() -> None:
    log = [heard(position, "A", "Held") for position in range(300)]

    assert places(match([hear("Held", most=5)], log, TALK, SCOPE).answers) == [[0, 1, 2, 3, 4]]
