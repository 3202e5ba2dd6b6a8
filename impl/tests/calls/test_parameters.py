"""Reading the parameters that several operations share from a body."""

from __future__ import annotations

from typing import Any

import pytest

from refswitch.calls.parameters import destination_of, other_call_of, user_data_of


def read(**body: Any) -> tuple[object, ...]:
    said: Any = body
    return destination_of(said), user_data_of(said), other_call_of(said)


@pytest.mark.parametrize(
    ("operation", "member"), [("CompleteConference", "consultCallUri"), ("SwapCalls", "otherCallUri")]
)
def test_the_other_call_is_named_by_the_end_of_its_address(operation: str, member: str) -> None:
    assert read(operationName=operation, **{member: "http://anywhere/me/calls/c2"}) == (None, {}, "c2")


def test_destination_and_user_data_are_those_of_the_body() -> None:
    said = read(operationName="InitiateConference", destination={"phoneNumber": "1"}, userData={"a": 1})
    assert said == ("1", {"a": 1}, None)


def test_a_member_that_the_contract_does_not_define_for_the_operation_is_ignored() -> None:
    assert read(operationName="Hold", destination=5, userData=[], consultCallUri=None) == (None, {}, None)
