"""What a bundle promises, and that a generator which loses a part of it is named together with that part."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from callproof.bundling.values import JsonObject
from tools.generators import python, typescript
from tools.generators.__main__ import main
from tools.generators.outcome import Lost, Outcome
from tools.generators.promises import Endpoint, Member, Promises, Schema, promised

CHECKOUT = Path(__file__).parents[2]
DIST = CHECKOUT / "dist"
NO_PYTHON = importlib.util.find_spec("openapi_python_client") is None
NO_NODE = shutil.which("node") is None or not (CHECKOUT / "node_modules/.bin/openapi-ts").exists()
needs_python = pytest.mark.skipif(NO_PYTHON, reason="not installed: make generators installs and runs them")
needs_node = pytest.mark.skipif(NO_NODE, reason="node or the npm packages are not installed: run npm ci")


def ref(name: str) -> JsonObject:
    return {"$ref": f"#/components/schemas/{name}"}


def bundle(name: str) -> Any:
    return json.loads((DIST / name).read_text(encoding="utf-8"))


def laid(folder: Path, name: str, document: Any) -> Promises:
    """Lay the bundle into the folder and return what it promises."""
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return promised(document)


def test_promises_are_the_schemas_in_use_with_their_members_and_the_operations_of_each_endpoint() -> None:
    document: JsonObject = {
        "paths": {
            "/x": {
                "post": {
                    "operationId": "operate",
                    "requestBody": {"content": {"application/json": {"schema": ref("Operation")}}},
                    "responses": {"200": {"content": {"application/json": {"schema": ref("Thing")}}}},
                }
            }
        },
        "components": {
            "schemas": {
                "Operation": {
                    "oneOf": [ref("Hold")],
                    "discriminator": {"propertyName": "operationName", "mapping": {"Hold": "x"}},
                },
                "Hold": {
                    "type": "object",
                    "required": ["operationName"],
                    "properties": {"operationName": {"type": "string"}},
                },
                "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
                "Thing": {
                    "allOf": [
                        ref("Base"),
                        {"required": ["data"], "properties": {"data": {"properties": {"any": {}}}}},
                    ],
                    "properties": {"state": ref("State")},
                    "not": {"anyOf": [ref("RuledOut")]},
                },
                "State": {"type": "string", "enum": ["On", "Off"]},
                "Data": {"type": "object"},
                "RuledOut": {"type": "object", "properties": {"data": ref("Data")}},
            }
        },
    }
    assert promised(document) == Promises(
        schemas=(
            Schema("Base", (Member(("id",), True, False),), (), False),
            Schema("Hold", (Member(("operationName",), True, False),), (), False),
            Schema("Operation", (), (), False),
            Schema("State", (), ("On", "Off"), False),
            Schema(
                "Thing",
                (
                    Member(("data",), True, True),
                    Member(("data", "any"), False, True),
                    Member(("id",), True, False),
                    Member(("state",), False, False),
                ),
                (),
                False,
            ),
        ),
        endpoints=(Endpoint("operate", "Operation", ("Hold",)),),
        rules=("Data", "RuledOut"),
    )


def test_an_outcome_counts_what_survives_and_names_the_rest() -> None:
    schemas = tuple(Schema(name, (), (), False) for name in ("Call", "Device"))
    promises = Promises(schemas, (Endpoint("operate", "Operation", ("Hold", "Answer")),), ())
    lost = (
        Lost("schema", "Call", "lacks id"),
        Lost("schema", "Call", "lacks state"),
        Lost("operation", "Hold"),
    )
    assert Outcome("a tool 1.0", "openapi.json", promises, lost, ()).lines() == [
        "LOSSY  a tool 1.0  openapi.json  1 of 2 schemas, 1 of 2 operations, 1 of 1 endpoints",
        "       schema Call: lacks id",
        "       schema Call: lacks state",
        "       operation Hold",
    ]
    assert Outcome("a tool 1.0", "openapi.json", promises, (), ("it fails",)).lines() == [
        "LOSSY  a tool 1.0  openapi.json  not counted",
        "       it fails",
    ]


def test_every_schema_of_the_bundles_is_a_promise_or_a_rule() -> None:
    for name in ("openapi.json", "asyncapi.json"):
        promises = promised(bundle(name))
        named = {schema.name for schema in promises.schemas}
        assert named | set(promises.rules) == set(bundle(name)["components"]["schemas"])


def test_the_page_names_each_generator_with_its_version_and_each_rule() -> None:
    page = (CHECKOUT / "docs/generators.md").read_text(encoding="utf-8")
    locked = (CHECKOUT / "requirements/generators.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split(" ")[0].split("==") for line in locked if "==" in line and line[0].isalpha())
    pins |= json.loads((CHECKOUT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    for each in (*python.GENERATORS, *typescript.GENERATORS):
        assert f"| `{each.package}` | {pins[each.package]} | `" in page
    rules = {rule for name in ("openapi.json", "asyncapi.json") for rule in promised(bundle(name)).rules}
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in page] == []


def test_without_bundles_nothing_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--bundles", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("run make contract\n")


@pytest.mark.slow
@needs_python
def test_a_schema_that_a_generator_of_python_drops_is_named(tmp_path: Path) -> None:
    document = bundle("openapi.json")
    code = document["components"]["schemas"]["Refused"]["properties"]["statusCode"]
    document["components"]["schemas"]["Refused"]["properties"]["statusCode"] = {
        "allOf": [code, {"type": "integer"}]
    }
    promises = laid(tmp_path, "openapi.json", document)
    (generator,) = (each for each in python.GENERATORS if each.package == "openapi-python-client")
    outcome = python.made_and_witnessed(generator, promises, tmp_path, tmp_path)
    assert (outcome.lost, outcome.faults) == ((Lost("schema", "Refused", "the generator drops it"),), ())


@pytest.mark.slow
@needs_python
@pytest.mark.parametrize("generator", python.GENERATORS, ids=lambda each: str(each.package))
def test_what_generated_python_lacks_is_named(generator: python.Generator, tmp_path: Path) -> None:
    """The code is made from a bundle without a member, a word and an operation that the whole bundle promises."""
    whole, less = promised(bundle("openapi.json")), bundle("openapi.json")
    schemas = less["components"]["schemas"]
    del schemas["Call"]["properties"]["mute"]
    schemas["OnOff"]["enum"].remove("Off")
    del schemas["CallOperation"]["discriminator"]["mapping"]["Hold"]
    schemas["CallOperation"]["oneOf"].remove({"$ref": "#/components/schemas/Hold"})
    laid(tmp_path, "openapi.json", less)
    outcome = python.made_and_witnessed(generator, whole, tmp_path, tmp_path)
    assert outcome.faults == ()
    assert set(outcome.lost) == {
        Lost("schema", "Call", "lacks mute, or it is not optional"),
        Lost("schema", "OnOff", "lacks the word Off"),
        Lost("operation", "Hold", "not at operateOnCall"),
    }


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("generator", typescript.GENERATORS[:2], ids=lambda each: str(each.package))
def test_what_generated_typescript_lacks_is_named(generator: typescript.Generator, tmp_path: Path) -> None:
    whole, less = promised(bundle("openapi.json")), bundle("openapi.json")
    schemas = less["components"]["schemas"]
    del schemas["Call"]["properties"]["mute"]
    schemas["OnOff"]["enum"].remove("Off")
    del schemas["CallOperation"]["discriminator"]["mapping"]["Hold"]
    schemas["CallOperation"]["oneOf"].remove({"$ref": "#/components/schemas/Hold"})
    laid(tmp_path, "openapi.json", less)
    outcome = typescript.made_and_witnessed(generator, whole, tmp_path, tmp_path)
    assert outcome.faults == ()
    assert set(outcome.lost) == {
        Lost("schema", "Call", "lacks mute, or it is not optional"),
        Lost("schema", "OnOff", "lacks the word Off"),
        Lost("operation", "Hold", "not at operateOnCall"),
    }


@pytest.mark.slow
@needs_node
def test_what_modelina_lacks_is_named(tmp_path: Path) -> None:
    """Modelina reads a required member of an inline part as one of the whole Call, and an anyOf beside members as all that there is."""
    document = bundle("asyncapi.json")
    schemas = document["components"]["schemas"]
    part = schemas["CallRecordingStateChange"]["properties"]["data"]["allOf"][1]
    part["properties"]["call"] = {"type": "object", "required": ["recordingState"]}
    schemas["DisconnectReply"]["anyOf"] = [
        {"required": ["successful"], "properties": {"successful": {"type": "boolean"}}}
    ]
    promises = laid(tmp_path, "asyncapi.json", document)
    (modelina,) = (each for each in typescript.GENERATORS if each.package == "@asyncapi/modelina")
    outcome = typescript.made_and_witnessed(modelina, promises, tmp_path, tmp_path)
    assert outcome.faults == ()
    assert {lost.name for lost in outcome.lost} == {"Call", "DisconnectReply"}
    assert Lost("schema", "Call", "lacks recordingState, or it is not optional") in outcome.lost
