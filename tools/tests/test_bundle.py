"""The content of the bundles, of the smallest contract and of the real one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callproof.bundling.bundle import bundles, halves, text_of
from callproof.bundling.findings import ContractBroken
from callproof.bundling.sources import read_contract
from callproof.bundling.values import Json, JsonObject, as_list, as_object, value_at, walk
from tools.tests.small_contract import lay

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def small(tmp_path: Path) -> dict[str, JsonObject]:
    return bundles(read_contract(lay(tmp_path)))


def schema(document: JsonObject, name: str) -> JsonObject:
    return as_object(value_at(document, ("components", "schemas", name)))


def test_a_union_is_filled_from_the_operation_files_of_its_target(small: dict[str, JsonObject]) -> None:
    assert schema(small["openapi.json"], "CallOperation") == {
        "title": "CallOperation",
        "description": "Body of the operations on a call.",
        "x-basis": "stated",
        "x-source": "AsyncTelephonyOperations, HTCC 8.5.1",
        "oneOf": [{"$ref": "#/components/schemas/Hold"}, {"$ref": "#/components/schemas/InitiateConference"}],
        "discriminator": {
            "propertyName": "operationName",
            "mapping": {
                "Hold": "#/components/schemas/Hold",
                "InitiateConference": "#/components/schemas/InitiateConference",
            },
        },
    }


def test_a_link_stays_where_it_stands_and_a_shared_one_becomes_a_component(
    small: dict[str, JsonObject],
) -> None:
    for name in ("openapi.json", "openapi-3.1.json"):
        read = as_object(value_at(small[name], ("paths", "/me/calls/{id}", "get", "responses", "200")))
        assert read["links"] == {
            "operate": {"operationId": "operateOnCall", "parameters": {"id": "$response.body#/id"}},
            "again": {"$ref": "#/components/links/Again"},
        }
        assert value_at(small[name], ("components", "links")) == {
            "Again": {"operationId": "operateOnCall", "parameters": {"path.id": "$request.path.id"}}
        }


def test_an_operation_is_one_new_file(tmp_path: Path) -> None:
    retrieve = "type: object\nproperties: {operationName: {type: string, enum: [Retrieve]}}\nx-target: call\n"
    contract = read_contract(lay(tmp_path, more={"openapi/operations/Retrieve.yaml": retrieve}))
    union = schema(bundles(contract)["openapi.json"], "CallOperation")
    assert union["oneOf"] == [
        {"$ref": f"#/components/schemas/{name}"} for name in ("Hold", "InitiateConference", "Retrieve")
    ]


def test_every_file_becomes_a_component_of_its_kind_and_paths_are_written_out(
    small: dict[str, JsonObject],
) -> None:
    document = small["openapi.json"]
    schemas = (
        "Accepted Call CallId CallOperation CallState CallType Capability Destination DeviceOperation Dial Hold "
        "InitiateConference Refused ReleasedWithOperations"
    )
    components = as_object(document["components"])
    assert {kind: list(as_object(members)) for kind, members in components.items()} == {
        "links": ["Again"],
        "responses": ["Accepted", "Refused"],
        "schemas": schemas.split(),
        "securitySchemes": ["basic"],
    }
    assert value_at(document, ("paths", "/me/calls/{id}", "post", "operationId")) == "operateOnCall"


def test_no_reference_leaves_a_bundle_or_leads_nowhere(small: dict[str, JsonObject]) -> None:
    for document in small.values():
        for _, value in walk(document):
            if isinstance(value, dict) and isinstance(value.get("$ref"), str):
                reference = str(value["$ref"])
                assert reference.startswith("#/")
                tokens = tuple(t.replace("~1", "/") for t in reference.removeprefix("#/").split("/"))
                assert value_at(document, tokens) is not None


def test_a_schema_may_refer_to_itself(small: dict[str, JsonObject]) -> None:
    consult = value_at(schema(small["openapi.json"], "Call"), ("properties", "consult"))
    assert consult == {"$ref": "#/components/schemas/Call"}


def test_both_bundles_call_a_shared_schema_by_one_name_and_say_the_same_of_it(
    small: dict[str, JsonObject],
) -> None:
    assert schema(small["openapi.json"], "Call") == schema(small["asyncapi.json"], "Call")


def test_statements_stay_in_the_bundles_and_plumbing_does_not(small: dict[str, JsonObject]) -> None:
    hold = schema(small["openapi.json"], "Hold")
    assert {name for name in hold if name.startswith("x-")} == {
        "x-target",
        "x-basis",
        "x-source",
        "x-file",
        "x-behaviour",
        "x-refusals",
    }
    names = {name for document in small.values() for _, value in walk(document) for name in as_object(value)}
    assert not names & {"x-operations"}
    assert "x-bayeux" in small["asyncapi.json"]


def test_asyncapi_has_the_discriminator_as_a_name(tmp_path: Path) -> None:
    union = "oneOf: [{$ref: Call.yaml}]\ndiscriminator: {propertyName: kind, mapping: {Call: Call.yaml}}\n"
    more = {"openapi/schemas/Kinds.yaml": union}
    change = (
        "asyncapi/schemas/StatusChange.yaml",
        "../../openapi/schemas/Call.yaml",
        "../../openapi/schemas/Kinds.yaml",
    )
    documents = bundles(read_contract(lay(tmp_path, change, more=more)))
    assert schema(documents["asyncapi.json"], "Kinds") == {
        "oneOf": [{"$ref": "#/components/schemas/Call"}],
        "discriminator": "kind",
    }


def test_a_request_example_is_shown_with_its_request(small: dict[str, JsonObject]) -> None:
    post = value_at(small["openapi.json"], ("paths", "/me/calls/{id}", "post"))
    media = as_object(value_at(post, ("requestBody", "content", "application/json")))
    assert media["examples"] == {
        "Hold": {
            "summary": "Hold (sample: CallsHold, HTCC 8.5.2)",
            "value": {"operationName": "Hold"},
            "x-basis": "sample",
            "x-source": "CallsHold, HTCC 8.5.2",
        },
        "InitiateConference": {
            "summary": "InitiateConference (recorded from refswitch)",
            "value": {
                "operationName": "InitiateConference",
                "destination": {"phoneNumber": "1"},
                "userData": {},
            },
            "x-basis": "recorded",
            "x-source": "refswitch, flow a-call",
        },
    }


def test_the_examples_of_a_parameter_are_those_of_all_operations_of_its_path(
    small: dict[str, JsonObject],
) -> None:
    (parameter,) = as_list(value_at(small["openapi.json"], ("paths", "/me/calls/{id}", "parameters")))
    assert as_object(parameter)["examples"] == {"A": {"summary": "A (recorded from refswitch)", "value": "A"}}


def test_a_response_example_is_shown_with_its_response(small: dict[str, JsonObject]) -> None:
    media = value_at(
        small["openapi.json"], ("components", "responses", "Accepted", "content", "application/json")
    )
    assert list(as_object(as_object(media)["examples"])) == ["Hold-response"]


def test_a_message_example_is_shown_with_its_message_and_its_summary(small: dict[str, JsonObject]) -> None:
    message = as_object(value_at(small["asyncapi.json"], ("components", "messages", "StatusChange")))
    (example,) = message["examples"] if isinstance(message["examples"], list) else []
    assert {**as_object(example), "payload": ...} == {
        "name": "held",
        "summary": "The call is held (sample: CallsHold, HTCC 8.5.2)",
        "payload": ...,
    }


def answers_shown(document: JsonObject) -> dict[str, list[str]]:
    """The names of the examples of each shared answer."""
    responses = as_object(value_at(document, ("components", "responses")))
    media = {name: value_at(one, ("content", "application/json")) for name, one in responses.items()}
    return {name: list(as_object(as_object(one).get("examples"))) for name, one in media.items()}


def test_an_answer_whose_status_the_contract_does_not_list_is_shown_under_default(
    small: dict[str, JsonObject],
) -> None:
    assert answers_shown(small["openapi.json"]) == {
        "Accepted": ["Hold-response"],
        "Refused": ["Hold-refused"],
    }


def test_an_answer_is_shown_under_its_own_status_only(tmp_path: Path) -> None:
    default = "    default: {$ref: ../responses/Refused.yaml}\n"
    change = (
        "openapi/paths/me-call.yaml",
        default,
        '    "400": {$ref: ../responses/BadRequest.yaml}\n' + default,
    )
    text = "description: Bad.\ncontent: {application/json: {schema: {$ref: ../schemas/Refused.yaml}}}\n"
    contract = read_contract(lay(tmp_path, change, more={"openapi/responses/BadRequest.yaml": text}))
    assert answers_shown(bundles(contract)["openapi.json"]) == {
        "Accepted": ["Hold-response"],
        "BadRequest": ["Hold-refused"],
        "Refused": [],
    }


def test_negative_examples_stay_out_of_the_bundles(small: dict[str, JsonObject]) -> None:
    assert "no-number" not in json.dumps(small)


def test_the_same_contract_makes_the_same_bytes(tmp_path: Path) -> None:
    texts = [
        {name: text_of(document) for name, document in bundles(read_contract(lay(tmp_path / run))).items()}
        for run in ("first", "second")
    ]
    assert texts[0] == texts[1]
    assert all(text.endswith("}\n") for text in texts[0].values())


def test_openapi_31_differs_from_30_in_its_version_only(small: dict[str, JsonObject]) -> None:
    assert small["openapi-3.1.json"] == {**small["openapi.json"], "openapi": "3.1.0"}


def test_a_fault_keeps_every_bundle_from_being_made(tmp_path: Path) -> None:
    lay(tmp_path, ("openapi/schemas/Call.yaml", "CallId.yaml", "CalId.yaml"))
    with pytest.raises(ContractBroken) as broken:
        bundles(read_contract(tmp_path))
    assert [(f.path, f.line, f.rule) for f in broken.value.findings] == [
        ("openapi/schemas/Call.yaml", 5, "reference")
    ]


def test_a_place_in_a_bundle_leads_back_to_its_file_and_line(tmp_path: Path) -> None:
    openapi, _ = halves(read_contract(lay(tmp_path)))
    assert openapi.place(("components", "schemas", "Call", "properties", "state")) == (
        "openapi/schemas/Call.yaml",
        6,
    )
    assert openapi.place(("paths", "/me/calls/{id}", "post")) == ("openapi/paths/me-call.yaml", 14)
    assert openapi.place(("info",)) == ("openapi/openapi.yaml", 2)


def _documented() -> list[tuple[str, Json]]:
    names = (
        "openapi/examples/InitiateConference/request.json",
        "openapi/examples/InitiateConference/response.json",
        "asyncapi/examples/InitiateConference/1-held.json",
        "asyncapi/examples/InitiateConference/2-dialing.json",
    )
    return [(name, json.loads((CHECKOUT / name).read_text(encoding="utf-8"))) for name in names]


@pytest.mark.parametrize(("name", "document"), _documented(), ids=[name for name, _ in _documented()])
def test_the_founding_page_s_documents_are_in_the_bundles_value_for_value(name: str, document: Json) -> None:
    shown = [
        as_object(example).get("value", as_object(example).get("payload"))
        for bundle in bundles(read_contract(CHECKOUT)).values()
        for tokens, value in walk(bundle)
        if tokens and tokens[-1] == "examples"
        for example in (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        )
    ]
    assert document in shown
