"""A copy of the suite says what it is: never a wrong commit, and nothing at the price of a failure."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callproof import VERSION
from callproof.contract.bundles import load_contract
from callproof.versions import UNKNOWN, Versions, commit, versions

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
OF_A_BUILD = "0123456789abcdef0123456789abcdef01234567"


def git(folder: Path, *words: str) -> str:
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        identity |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.test"}
    done = subprocess.run(
        ["git", *words], cwd=folder, env=os.environ | identity, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The suite's package in a checkout that git does not know."""
    checkout = tmp_path / "checkout"
    made = checkout / "conformance" / "callproof"
    for folder in (made, checkout / "openapi", checkout / "dist", checkout / "docs"):
        folder.mkdir(parents=True)
    (checkout / "openapi" / "openapi.yaml").write_text("openapi: 3.0.3\n")
    (made / "cli.py").write_text("")
    return made


def committed(package: Path) -> str:
    checkout = package.parents[1]
    git(checkout, "init", "--quiet")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "Begin")
    return git(checkout, "rev-parse", "HEAD")


def test_a_checkout_names_its_commit(package: Path) -> None:
    made_from = committed(package)
    assert commit(str(package)) == made_from


@pytest.mark.parametrize("name", ["cli.py", "new.py"])
def test_a_changed_or_added_file_of_the_product_marks_the_commit(package: Path, name: str) -> None:
    made_from = committed(package)
    (package / name).write_text("changed = True\n")
    assert commit(str(package)) == f"{made_from}-dirty"


def test_a_note_beside_the_product_changes_nothing(package: Path) -> None:
    made_from = committed(package)
    (package.parents[1] / "docs" / "note.md").write_text("a note\n")
    assert commit(str(package)) == made_from


def test_a_hook_of_another_repository_does_not_mislead(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git sets GIT_DIR for the hooks that run `callproof check` or `run`."""
    made_from = committed(package)
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert commit(str(package)) == made_from


def test_a_repository_around_an_unpacked_source_distribution_is_not_its_own(
    package: Path, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Somebody else's")
    assert commit(str(package)) == UNKNOWN
    (package.parents[1] / "dist" / "build.json").write_text(json.dumps({"commit": OF_A_BUILD}))
    assert commit(str(package)) == OF_A_BUILD


def test_an_empty_git_folder_is_no_reason_to_look_around(package: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Somebody else's")
    (package.parents[1] / ".git").mkdir()
    assert commit(str(package)) == UNKNOWN


def test_a_repository_without_a_commit_has_none_to_name(package: Path) -> None:
    git(package.parents[1], "init", "--quiet")
    assert commit(str(package)) == UNKNOWN


def test_without_git_the_commit_is_unknown(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(package)
    monkeypatch.setenv("PATH", "")
    assert commit(str(package)) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps({"commit": OF_A_BUILD}), OF_A_BUILD),
        (json.dumps({"commit": f"{OF_A_BUILD}-dirty"}), f"{OF_A_BUILD}-dirty"),
        (json.dumps({"commit": "main"}), UNKNOWN),
        (json.dumps({"commit": None}), UNKNOWN),
        ("[]", UNKNOWN),
        ("{", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_an_installed_distribution_names_the_commit_of_its_build(
    tmp_path: Path, text: str | None, expected: str
) -> None:
    package, bundles = (
        tmp_path / "site-packages" / "callproof",
        tmp_path / "site-packages" / "callproof_contract",
    )
    package.mkdir(parents=True)
    bundles.mkdir()
    if text is not None:
        (bundles / "build.json").write_text(text)
    assert commit(str(package)) == expected


def test_the_versions_are_those_of_product_contract_and_commit() -> None:
    contract = load_contract()
    found = versions(contract)
    assert found == Versions(VERSION, contract.version, "8.5.2 and later", commit())
    assert found.lines("callproof") == [
        f"callproof {VERSION}",
        f"contract {contract.version}, describes GWS 8.5.2 and later",
        f"commit {commit()}",
    ]


def test_a_check_starts_no_process() -> None:
    """A commit hook runs it for every commit."""
    held = Path(__file__).parents[2] / "asyncapi" / "examples" / "InitiateConference" / "1-held.json"
    program = (
        "import sys; from callproof.cli import main; started = []; "
        "sys.addaudithook(lambda event, _: started.append(event) if event in ('subprocess.Popen', 'os.posix_spawn') else None); "
        f"code = main(['check', {str(held)!r}]); print(code, started, 'subprocess' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "0 [] False\n"
