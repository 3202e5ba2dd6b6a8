"""The commands, as a person types them: their output, their messages and their exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from callproof.bundling.sources import read_contract
from tools.contract.__main__ import main
from tools.contract.products import stale_files
from tools.tests.small_contract import lay

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]
HOLD = "openapi/operations/Hold.yaml"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A checkout with a small contract and everything made from it."""
    lay(tmp_path)
    assert main(["bundle", "--root", str(tmp_path)]) == 0
    assert main(["stubs", "--root", str(tmp_path)]) == 0
    return tmp_path


def test_lint_says_nothing_on_standard_output_when_all_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", "--root", str(lay(tmp_path))]) == 0
    assert capsys.readouterr().out == ""


def test_lint_prints_the_findings_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(tmp_path, (HOLD, "x-basis: stated", "x-basis: guessed"))
    assert main(["lint", "--root", str(tmp_path)]) == 1
    assert capsys.readouterr().out == (
        f"{HOLD}:8: basis: x-basis is 'guessed'; write one of stated, sample, inferred, bayeux, http\n"
    )


def test_a_folder_without_a_contract_cannot_be_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", "--root", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert (
        said == "openapi/openapi.yaml does not exist: run from the checkout's root, or name it with --root\n"
    )


def test_bundle_writes_the_four_bundles_of_valid_json(made: Path) -> None:
    assert {path.name for path in (made / "dist").glob("*.json")} == {
        "openapi.json",
        "openapi-3.1.json",
        "asyncapi.json",
        "call-model.json",
    }
    assert json.loads((made / "dist/call-model.json").read_text())["version"] == 1


def test_a_broken_contract_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(tmp_path, (HOLD, "{type: string, enum: [Hold]}", "{$ref: Nope.yaml}"))
    assert main(["bundle", "--root", str(tmp_path)]) == 1
    assert not (tmp_path / "dist").exists()
    assert capsys.readouterr().out.startswith(
        f"{HOLD}:6: reference: Nope.yaml points to openapi/operations/Nope.yaml"
    )


def test_what_was_just_made_is_fresh(made: Path) -> None:
    assert main(["check", "--root", str(made)]) == 0


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("dist/openapi.json", "make contract"),
        ("dist/openapi-3.1.json", "make contract"),
        ("dist/asyncapi.json", "make contract"),
        ("dist/call-model.json", "make contract"),
        ("dist/stubs/typescript/gws.d.ts", "make stubs"),
        ("impl/refswitch/stubs/operations.py", "make stubs"),
    ],
)
def test_a_file_with_one_byte_more_is_stale_and_the_command_is_named(
    made: Path, path: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (made / path).write_bytes((made / path).read_bytes() + b"\n")
    capsys.readouterr()
    assert main(["check", "--root", str(made)]) == 1
    assert (
        capsys.readouterr().out == f"{path}: stale: it differs from what the contract makes; run {command}\n"
    )


def test_a_missing_file_is_stale(made: Path) -> None:
    (made / "dist/asyncapi.json").unlink()
    assert [str(file) for file in stale_files(made, read_contract(made))] == [
        "dist/asyncapi.json: stale: it is missing; run make contract"
    ]


def test_a_file_that_nothing_makes_any_more_is_stale(made: Path) -> None:
    (made / "impl/refswitch/stubs/old.py").write_text("")
    assert [str(file) for file in stale_files(made, read_contract(made))] == [
        "impl/refswitch/stubs/old.py: stale: nothing makes this file now; run git rm impl/refswitch/stubs/old.py"
    ]


def test_a_schema_that_has_no_type_in_any_language_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(
        tmp_path,
        ("openapi/schemas/Destination.yaml", "type: object", "type: object\nallOf: [{type: string}]"),
    )
    assert main(["stubs", "--root", str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("no stub can be made of the schema Destination: ")


def test_the_contract_of_this_checkout_has_no_findings_and_its_products_are_fresh() -> None:
    for command in ("lint", "check"):
        run = subprocess.run(
            [sys.executable, "-m", "tools.contract", command],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, run.stdout) == (0, ""), run.stderr
