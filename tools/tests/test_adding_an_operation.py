"""The contract's promise to its keepers: an operation is one new file and one new row, and everything else follows from them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from callproof.stubs import render
from tools.contract.bundle import bundles
from tools.contract.lint import lint
from tools.contract.sources import read_contract

ROOT = Path(__file__).parents[2]
FILE = """\
title: ClearCall
description: Ends a conference for everybody.
type: object
required: [operationName]
properties:
  operationName: {type: string, enum: [ClearCall]}
x-target: call
x-basis: stated
x-source: ClearCall, HTCC 8.5.2
"""
ROW = (
    "  - {id: clear-call, operation: ClearCall, in: [Established], of: [call], becomes: Released, basis: stated, "
    'source: "ClearCall, HTCC 8.5.2", tells: [{leg: self, notificationType: StatusChange, state: Released}]}\n'
)


def test_an_operation_is_one_new_file_and_one_new_row(tmp_path: Path) -> None:
    for half in ("openapi", "asyncapi"):
        shutil.copytree(ROOT / half, tmp_path / half)
    (tmp_path / "openapi" / "operations" / "ClearCall.yaml").write_text(FILE)
    model = tmp_path / "openapi" / "call-model.yaml"
    model.write_text(model.read_text().replace("operations:\n", "operations:\n" + ROW, 1))

    contract = read_contract(tmp_path)
    assert lint(contract) == []

    bundled = bundles(contract)
    openapi, asyncapi = (json.loads(json.dumps(bundled[name])) for name in ("openapi.json", "asyncapi.json"))
    union = openapi["components"]["schemas"]["CallOperation"]
    assert {"$ref": "#/components/schemas/ClearCall"} in union["oneOf"]
    assert union["discriminator"]["mapping"]["ClearCall"] == "#/components/schemas/ClearCall"

    stubs = render("python", openapi, asyncapi)
    assert (
        "async def ClearCall(self, call_id: resources.CallId, body: bodies.ClearCall)"
        in stubs["operations.py"]
    )
    assert 'operationName: "ClearCall";' in render("typescript", openapi, asyncapi)["gws.d.ts"]
