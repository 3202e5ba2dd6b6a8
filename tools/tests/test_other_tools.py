"""Other people's tools accept our bundles, and the script that runs them notices when they do not."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SCRIPT = CHECKOUT / "tools/contract/other-tools.mjs"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (CHECKOUT / "node_modules/.bin/redocly").exists(),
    reason="node or the npm packages are not installed: run npm ci; make other-tools needs them in any case",
)


def ask(folder: Path) -> tuple[int, list[str]]:
    run = subprocess.run(["node", str(SCRIPT)], cwd=folder, capture_output=True, text=True, check=False)
    return run.returncode, [line for line in run.stdout.splitlines() if not line.startswith(" ")]


def test_each_tool_that_refuses_a_bundle_is_named(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "dist", tmp_path / "dist")
    shutil.copy(CHECKOUT / "redocly.yaml", tmp_path)
    (tmp_path / "node_modules").symlink_to(CHECKOUT / "node_modules")
    (tmp_path / "tools/contract").mkdir(parents=True)
    (tmp_path / "tools/contract/asyncapi-3.0.0.schema.json").write_text("{}")
    nowhere = {"/x": {"get": {"responses": {"200": {"$ref": "#/components/responses/Nowhere"}}}}}
    for name, change in (
        ("openapi.json", {"paths": nowhere}),
        ("asyncapi.json", {"operations": {"x": {"action": "shout"}}}),
    ):
        path = tmp_path / "dist" / name
        path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    stub = tmp_path / "dist/stubs/typescript/gws.d.ts"
    stub.write_text(stub.read_text() + "export type Broken = Nowhere;\n")
    assert ask(tmp_path) == (
        1,
        [
            "REFUSED  redocly lint  dist/openapi.json",
            "accepted  redocly lint  dist/openapi-3.1.json",
            "REFUSED  redocly lint  dist/asyncapi.json",
            "REFUSED  openapi-typescript  dist/openapi.json",
            "accepted  openapi-typescript  dist/openapi-3.1.json",
            "REFUSED  @asyncapi/parser  dist/asyncapi.json",
            "REFUSED  @asyncapi/specs  tools/contract/asyncapi-3.0.0.schema.json",
            "REFUSED  tsc --strict  dist/stubs/typescript/gws.d.ts",
        ],
    )


def test_without_bundles_nothing_is_accepted(tmp_path: Path) -> None:
    assert ask(tmp_path) == (2, [])
