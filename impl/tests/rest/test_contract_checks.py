"""A contract that this server cannot serve is refused when the house is built, by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from refswitch.app import build_app
from refswitch.calls import BadTable
from refswitch.contract import Contract, ContractBroken
from refswitch.settings import Settings

from ..house import CONTRACT, SEATING, House, visit  # noqa: TID252  # the whole house is one floor up


def spoilt(spoil: Callable[[Any], None]) -> Contract:
    openapi = json.loads(json.dumps(CONTRACT.openapi))
    spoil(openapi)
    return replace(CONTRACT, openapi=openapi)


def unknown_operation(openapi: Any) -> None:
    openapi["paths"]["/me/calls"]["get"]["operationId"] = "listEverything"


def bad_pattern(openapi: Any) -> None:
    openapi["components"]["schemas"]["PhoneNumber"]["pattern"] = "("


def dangling(openapi: Any) -> None:
    openapi["components"]["schemas"]["Hold"]["properties"]["x"] = {"$ref": "#/components/schemas/Nowhere"}


def no_union(openapi: Any) -> None:
    del openapi["components"]["schemas"]["MeOperation"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (unknown_operation, "has operations that this server does not know: listEverything"),
        (bad_pattern, "#/components/schemas/"),
        (dangling, "Pointer '/components/schemas/Nowhere' does not exist"),
        (no_union, "MeOperation"),
    ],
)
def test_a_contract_that_cannot_be_served_is_refused_in_one_line(
    spoil: Callable[[Any], None], words: str
) -> None:
    with pytest.raises(ContractBroken) as caught:
        build_app(Settings(spoilt(spoil), SEATING))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_call_model_that_names_what_does_not_exist_is_refused() -> None:
    model: Any = json.loads(json.dumps(CONTRACT.call_model))
    model["operations"][0]["effect"] = "teleports"
    with pytest.raises(BadTable, match="teleports is no effect"):
        build_app(Settings(replace(CONTRACT, call_model=model), SEATING))


def test_an_answer_that_breaks_the_contract_is_an_internal_error_when_answers_are_checked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def demand_shoe_size(openapi: Any) -> None:
        openapi["components"]["schemas"]["UserResource"]["required"].append("shoeSize")

    async def story(house: House) -> None:
        told = await house.get("/me")
        assert (told.status, told.body) == (500, {"statusCode": 4, "statusMessage": "Internal error"})

    visit(story, contract=spoilt(demand_shoe_size))
    assert "$.user.shoeSize is required" in caplog.text
