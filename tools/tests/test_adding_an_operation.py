"""The contract's promise to its maintainers: an operation is one new file, one row, one word and an example; the rest follows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from callproof.bundling.bundle import bundles
from callproof.bundling.sources import read_contract
from callproof.stubs import render
from tools.contract.lint import lint

ROOT = Path(__file__).parents[2]
FILE = """\
title: ParkCall
description: Ends a conference for everybody.
type: object
required: [operationName]
properties:
  operationName: {type: string, enum: [ParkCall]}
x-target: call
x-basis: stated
x-source: ParkCall, HTCC 8.5.2
"""
ROW = (
    "  - {id: park-call, operation: ParkCall, in: [Established], of: [call], becomes: Released, basis: stated, "
    'source: "ParkCall, HTCC 8.5.2", tells: [{leg: self, notificationType: StatusChange, state: Released}]}\n'
)
EXAMPLE = '- {file: ParkCall/request.json, schema: ParkCall, basis: sample, source: "ParkCall, HTCC 8.5.2"}\n'


@pytest.mark.slow
def test_an_operation_is_one_new_file_one_new_row_its_name_among_the_capabilities_and_an_example(
    tmp_path: Path,
) -> None:
    for half in ("openapi", "asyncapi"):
        shutil.copytree(ROOT / half, tmp_path / half)
    (tmp_path / "openapi" / "operations" / "ParkCall.yaml").write_text(FILE)
    model = tmp_path / "openapi" / "call-model.yaml"
    model.write_text(model.read_text().replace("operations:\n", "operations:\n" + ROW, 1))

    capability = tmp_path / "openapi" / "schemas" / "Capability.yaml"
    capability.write_text(capability.read_text().replace("  - MuteCall\n", "  - MuteCall\n  - ParkCall\n"))

    (finding,) = lint(read_contract(tmp_path))
    assert finding.problem == "no example shows the operation ParkCall"
    (tmp_path / "openapi" / "examples" / "ParkCall").mkdir()
    (tmp_path / "openapi" / "examples" / "ParkCall" / "request.json").write_text(
        '{"operationName": "ParkCall"}'
    )
    with (tmp_path / "openapi" / "examples" / "examples.yaml").open("a") as index:
        index.write(EXAMPLE)
    contract = read_contract(tmp_path)
    assert lint(contract) == []

    bundled = bundles(contract)
    openapi, asyncapi = (json.loads(json.dumps(bundled[name])) for name in ("openapi.json", "asyncapi.json"))
    union = openapi["components"]["schemas"]["CallOperation"]
    assert {"$ref": "#/components/schemas/ParkCall"} in union["oneOf"]
    assert union["discriminator"]["mapping"]["ParkCall"] == "#/components/schemas/ParkCall"

    stubs = render("python", openapi, asyncapi)
    assert (
        "async def ParkCall(self, call_id: resources.CallId, body: bodies.ParkCall)" in stubs["operations.py"]
    )
    assert 'operationName: "ParkCall";' in render("typescript", openapi, asyncapi)["gws.d.ts"]
