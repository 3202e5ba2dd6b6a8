"""A contract that this server cannot serve is refused when the server is built, and the error names the problem."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from refswitch.app import build_app
from refswitch.contract import Contract, ContractBroken
from refswitch.rest.projection import Projection
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


def no_path_item(openapi: Any) -> None:
    openapi["paths"]["/me"] = 5


def no_operation_id(openapi: Any) -> None:
    del openapi["paths"]["/me"]["get"]["operationId"]


def an_operation_id_twice(openapi: Any) -> None:
    openapi["paths"]["/me/devices"]["get"]["operationId"] = "listCalls"


def no_body(openapi: Any) -> None:
    del openapi["paths"]["/me"]["post"]["requestBody"]


def a_body_elsewhere(openapi: Any) -> None:
    openapi["paths"]["/me"]["post"]["requestBody"] = {"$ref": "#/components/requestBodies/Me"}


def an_answer_nowhere(openapi: Any) -> None:
    openapi["paths"]["/me"]["get"]["responses"]["403"] = {"$ref": "#/components/responses/Nowhere"}


def another_name_for_the_id(openapi: Any) -> None:
    openapi["paths"]["/me/calls/{call}"] = openapi["paths"].pop("/me/calls/{id}")


def an_operation_of_another_resource(openapi: Any) -> None:
    schemas = openapi["components"]["schemas"]
    schemas["CallOperation"]["discriminator"]["mapping"]["Dial"] = "#/components/schemas/Dial"


def no_union(openapi: Any) -> None:
    del openapi["components"]["schemas"]["MeOperation"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (unknown_operation, "has operations that this server does not know: listEverything"),
        (bad_pattern, "$.components.schemas.PhoneNumber must fit exactly one of the forms"),
        (dangling, "Pointer '/components/schemas/Nowhere' does not exist"),
        (no_union, "MeOperation"),
        (no_path_item, 'is not an OpenAPI document ($.paths["/me"] must be of type object, but is 5)'),
        (no_operation_id, "#/paths/~1me/get has no operationId of its own"),
        (an_operation_id_twice, "has the operationId listCalls of another"),
        (no_body, "operateOnMe lacks parameters that this server needs: operation"),
        (a_body_elsewhere, "#/paths/~1me/post/requestBody has no content of its own"),
        (an_answer_nowhere, "#/components/responses has no Nowhere of its own"),
        (another_name_for_the_id, "names id, which the path does not"),
        (an_operation_of_another_resource, "has operations that this server does not know: Dial"),
    ],
)
def test_a_contract_that_cannot_be_served_is_refused_in_one_line(
    spoil: Callable[[Any], None], words: str
) -> None:
    with pytest.raises(ContractBroken) as caught:
        build_app(Settings(spoilt(spoil), SEATING))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_answer_that_breaks_the_contract_fails_the_test_that_asked_for_it() -> None:
    def demand_shoe_size(openapi: Any) -> None:
        openapi["components"]["schemas"]["UserResource"]["required"].append("shoeSize")

    async def story(house: House) -> None:
        with pytest.raises(AssertionError, match="shoeSize"):
            await house.get("/me")
        assert (await house.get("/me/calls")).code == (200, 0)

    visit(story, contract=spoilt(demand_shoe_size))


def test_every_post_requires_a_body_in_the_contract_and_connexion_is_not_told() -> None:
    """Connexion would refuse a chunked body as absent; our validator refuses an absent one as lacking its operationName."""

    def bodies(paths: Any) -> list[Any]:
        return [item["post"]["requestBody"] for item in paths.values() if "post" in item]

    told = bodies(Projection(CONTRACT).document["paths"])
    assert [body.get("required") for body in bodies(CONTRACT.openapi["paths"])] == [True] * len(told)
    assert [set(body) for body in told] == [{"content"}] * len(told)
