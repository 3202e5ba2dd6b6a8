"""The generators of Python. Their code is compiled by mypy, and a witness imports it in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from tools.generators.outcome import Lost, Outcome
from tools.generators.promises import Promises

_BIN = Path(sys.executable).parent
_PATIENCE_S = 300
# openapi-python-client writes this module from a template of its own, whatever the contract is; mypy finds fault with the template.
_MYPY = "[mypy]\n[mypy-made.client]\nignore_errors = True\n"
_REMOVED = re.compile(r"(?:/components/schemas/|Unable to process schema )(\w+)")


@dataclass(frozen=True)
class Generator:
    """A generator of Python: its command for a bundle and a folder, where its package is called `made`, and its witness."""

    package: str
    command: Callable[[Path, Path], list[str]]
    witness: str
    has_endpoints: bool


GENERATORS = (
    Generator(
        package="openapi-python-client",
        command=lambda document, folder: [
            str(_BIN / "openapi-python-client"), "generate", "--path", str(document),
            "--meta", "none", "--output-path", str(folder / "made"), "--fail-on-warning",
        ],
        witness="witness_client.py",
        has_endpoints=True,
    ),
    Generator(
        package="datamodel-code-generator",
        command=lambda document, folder: [
            str(_BIN / "datamodel-codegen"), "--input", str(document), "--input-file-type", "openapi",
            "--output", str(folder / "made.py"), "--output-model-type", "pydantic_v2.BaseModel",
            "--target-python-version", "3.11", "--formatters", "builtin", "--use-annotated",
        ],
        witness="witness_models.py",
        has_endpoints=False,
    ),
)  # fmt: skip


def made_and_witnessed(generator: Generator, promises: Promises, bundles: Path, folder: Path) -> Outcome:
    """Generate code from the OpenAPI bundle in the folder, compile it, and ask it for everything promised."""
    made = _run(generator.command(bundles / "openapi.json", folder), folder)
    lost: list[Lost] = []
    faults: list[str] = []
    if made.returncode:
        names = sorted(set(_REMOVED.findall(made.stdout + made.stderr)))
        lost = [Lost("schema", name, "the generator drops it") for name in names]
        faults = [] if lost else [f"it fails: {line}" for line in _last(made)]
    elif not (faults := _mypy_faults(folder)):
        lost, faults = _witnessed(generator, promises, folder)
    name = f"{generator.package} {version(generator.package)}"
    return Outcome(name, "openapi.json", promises, tuple(lost), tuple(faults), generator.has_endpoints)


def _witnessed(generator: Generator, promises: Promises, folder: Path) -> tuple[list[Lost], list[str]]:
    script = Path(__file__).with_name(generator.witness)
    run = _run([sys.executable, str(script)], folder, json.dumps(asdict(promises)))
    if run.returncode:
        return [], [f"the witness fails: {line}" for line in _last(run)]
    return [Lost(*each) for each in json.loads(run.stdout)], []


def _mypy_faults(folder: Path) -> list[str]:
    (folder / "mypy.ini").write_text(_MYPY, encoding="utf-8")
    code = [made.name for made in folder.iterdir() if made.stem == "made"]
    run = _run([sys.executable, "-m", "mypy", "--no-incremental", *code], folder)
    return [f"mypy: {line}" for line in run.stdout.splitlines()[:20]] if run.returncode else []


def _run(command: list[str], folder: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    # openapi-python-client formats its code with the ruff that it finds on the path.
    environment = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run(
        command, cwd=folder, input=given, env=environment,
        capture_output=True, text=True, check=False, timeout=_PATIENCE_S,
    )  # fmt: skip


def _last(run: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in (run.stderr or run.stdout).splitlines() if line.strip()][-12:]
