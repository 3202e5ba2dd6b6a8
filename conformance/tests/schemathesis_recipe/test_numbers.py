"""Only a listed number leaves in a body, whatever schemathesis has drawn and whatever a server might read."""

from __future__ import annotations

from typing import Any

import pytest

from callproof.schemathesis_recipe.callproof_recipe.numbers import only_listed, pick

LISTED = ("15001", "15000")


def dial(destination: object) -> dict[str, object]:
    return {"operationName": "Dial", "destination": destination}


@pytest.mark.parametrize(
    ("drawn", "sent"),
    [
        ({"phoneNumber": "15001"}, {"phoneNumber": "15001"}),
        ({"phoneNumber": "112"}, {"phoneNumber": "15000"}),
        ({"phoneNumber": 112}, {"phoneNumber": 15000}),
        ({"phoneNumber": 1.5}, {"phoneNumber": 15001}),
        ({"phoneNumber": ["112"]}, {"phoneNumber": ["15000"]}),
        ({"phoneNumber": {"digits": "112"}}, {"phoneNumber": {"digits": "15000"}}),
        ({"phoneNumber": "15001", "other": "112"}, {"phoneNumber": "15001", "other": "15000"}),
        ("112", "15000"),
        (112, 15000),
        ([["112"]], [["15000"]]),
        (None, None),
        (True, True),
        ({}, {}),
    ],
)  # fmt: skip
def test_a_destination_is_a_listed_number_in_whatever_form_it_stands(drawn: object, sent: object) -> None:
    assert only_listed(dial(drawn), LISTED) == dial(sent)


@pytest.mark.parametrize(
    ("drawn", "sent"),
    [
        ({"userData": {"destination": "112"}}, {"userData": {"destination": "15000"}}),
        ({"more": [{"phoneNumber": "112"}]}, {"more": [{"phoneNumber": "15000"}]}),
        ([{"destination": "112"}], [{"destination": "15000"}]),
        ({"operationName": "SendDtmf", "digits": "112"}, {"operationName": "SendDtmf", "digits": "112"}),
        (112, 112),
        (None, None),
    ],
)  # fmt: skip
def test_a_number_that_is_dialled_is_replaced_anywhere_and_nothing_else_is(drawn: Any, sent: Any) -> None:
    assert only_listed(drawn, LISTED) == sent


@pytest.mark.parametrize(
    ("drawn", "sent"),
    [
        (b'{"destination": "112"', b""),
        ('{"phoneNumber": "112"', ""),
        (b"\xff\x00", b"\xff\x00"),
        ("no JSON", "no JSON"),
    ],
)  # fmt: skip
def test_text_that_is_no_json_value_is_not_sent_if_it_names_a_destination(drawn: Any, sent: Any) -> None:
    assert only_listed(drawn, LISTED) == sent


def test_what_was_drawn_stays_as_it_is() -> None:
    body = dial({"phoneNumber": "112"})
    only_listed(body, LISTED)
    assert body == dial({"phoneNumber": "112"})


def test_the_same_drawn_number_becomes_the_same_listed_one_and_others_come_up_too() -> None:
    drawn = [str(number) for number in range(20)]
    first, again = ([pick(number, LISTED) for number in drawn] for _ in range(2))
    assert first == again
    assert set(first) == set(LISTED)


def test_a_number_to_avoid_is_chosen_only_if_there_is_no_other() -> None:
    assert {pick(str(number), LISTED, {"15000"}) for number in range(20)} == {"15001"}
    assert pick("15000", LISTED, {"15000"}) == "15001"
    assert pick("112", ("15000",), {"15000"}) == "15000"
