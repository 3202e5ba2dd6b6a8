"""A generated Python client and a generated TypeScript client play a whole conference against refswitch, over HTTP."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.generators import python, typescript
from tools.soak.server import refswitch

CHECKOUT = Path(__file__).parents[2]
BUNDLE = CHECKOUT / "dist/openapi.json"
PROGRAMS = Path(__file__).with_name("generated")
#: What Alice sees at the end: her first call goes on with both parties.
CONFERENCE = [[True, "Established", ["15001", "15002"]]]
NO_PYTHON = importlib.util.find_spec("openapi_python_client") is None
NO_NODE = shutil.which("node") is None or not (CHECKOUT / "node_modules/.bin/openapi-ts").exists()

pytestmark = pytest.mark.slow


def run(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    told = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


@pytest.mark.skipif(
    NO_PYTHON, reason="the generators of Python are not installed: make generators installs and runs them"
)
def test_a_generated_python_client_plays_a_conference(tmp_path: Path) -> None:
    (generator,) = (each for each in python.GENERATORS if each.package == "openapi-python-client")
    run(generator.command(BUNDLE, tmp_path), tmp_path)
    shutil.copy(PROGRAMS / "conference.py", tmp_path)
    (tmp_path / "mypy.ini").write_text("[mypy]\n[mypy-made.client]\nignore_errors = True\n")
    run([sys.executable, "-m", "mypy", "--strict", "--no-incremental", "conference.py"], tmp_path)
    with refswitch() as server:
        told = run([sys.executable, "conference.py", server.address], tmp_path)
    assert json.loads(told) == CONFERENCE


@pytest.mark.skipif(NO_NODE, reason="node or the npm packages are not installed: run npm ci")
def test_a_generated_typescript_client_plays_a_conference(tmp_path: Path) -> None:
    (generator,) = (each for each in typescript.GENERATORS if each.package == "@hey-api/openapi-ts")
    run(generator.command(BUNDLE, tmp_path), tmp_path)
    shutil.copy(PROGRAMS / "conference.ts", tmp_path)
    compiler = str(CHECKOUT / "node_modules/.bin/tsc")
    kinds = [
        "--module",
        "commonjs",
        "--moduleResolution",
        "node10",
        "--target",
        "es2022",
        "--lib",
        "es2022,dom,dom.iterable",
    ]
    run([compiler, "--strict", *kinds, "--outDir", "out", "conference.ts"], tmp_path)
    with refswitch() as server:
        told = run(["node", "out/conference.js", server.address], tmp_path)
    assert json.loads(told) == CONFERENCE
