"""A release: refused until it is ready, frozen once, the same bytes every time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools.release import __main__ as command
from tools.release.frozen import FOLDERS, RECORD, Release, broken, changed, freeze, read_release
from tools.release.ready import Commit, NoCommit, commit_of, unready

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
ROOT = Path(__file__).parents[2]
CLEAN = Commit("0" * 40, 1_700_000_000, ())
CONTRACT = "conformance/callproof/contract/released/0.9.0/openapi.json"
IDS = "conformance/callproof/catalogue/released/1.2.0.txt"
#: What no distribution's content depends on, and would only make a copy slower.
_NOT_BUILT = ("conformance/tests/", "impl/tests/", "bench/")
MADE = Release("1.2.0", "0.9.0", {CONTRACT: b"{}\n", IDS: b"OPS-1 MUST\n"})


def git(root: Path, *words: str) -> None:
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        identity |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.test"}
    subprocess.run(["git", *words], cwd=root, env=os.environ | identity, check=True, capture_output=True)


def commit_all(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Go on")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a dated change log and nothing to commit."""
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## 1.2.0, 2026-11-28\n\n- Something.\n\n## 1.1.0, 2026-01-02\n"
    )
    git(tmp_path, "init", "--quiet")
    commit_all(tmp_path)
    return tmp_path


def test_a_dated_change_log_and_a_clean_tree_are_ready(checkout: Path) -> None:
    assert [*unready(checkout, "1.2.0", commit_of(checkout))] == []


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        (
            "## 1.2.0, unreleased",
            "CHANGELOG.md:3: the heading is ## 1.2.0, unreleased, without a date; write ## 1.2.0, and the date as YYYY-MM-DD",
        ),
        (
            "## 1.2.0",
            "CHANGELOG.md:3: the heading is ## 1.2.0, without a date; write ## 1.2.0, and the date as YYYY-MM-DD",
        ),
        (
            "## 1.2.0, 2026-02-30",
            "CHANGELOG.md:3: the heading is ## 1.2.0, 2026-02-30, without a date; write ## 1.2.0, and the date as YYYY-MM-DD",
        ),
        (
            "## 1.2.1, 2026-11-28",
            "CHANGELOG.md: has no heading for 1.2.0; write ## 1.2.0, and the date as YYYY-MM-DD",
        ),
        (
            "## 1.3.0, unreleased\n\n## 1.2.0, 2026-11-28",
            "CHANGELOG.md:3: ## 1.3.0, unreleased stands above 1.2.0; release that version, or raise the version in pyproject.toml",
        ),
    ],
)
def test_a_version_without_a_dated_heading_at_the_top_is_refused(
    tmp_path: Path, heading: str, reason: str
) -> None:
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n\n- Something.\n")
    assert [*unready(tmp_path, "1.2.0", CLEAN)] == [reason]


@pytest.mark.parametrize("name", ["CHANGELOG.md", "a new file.txt"])
def test_a_tree_that_differs_from_its_commit_is_refused(checkout: Path, name: str) -> None:
    with (checkout / name).open("a") as file:
        file.write("more\n")
    assert [*unready(checkout, "1.2.0", commit_of(checkout))] == [
        f"the working tree differs from its commit ({name}); commit the changes or remove them"
    ]


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoCommit, match="is not the root of a git checkout"):
        commit_of(tmp_path)
    git(tmp_path, "init", "--quiet")
    with pytest.raises(NoCommit, match="git show failed in"):
        commit_of(tmp_path)


def test_a_version_is_frozen_once_and_then_stays_as_it_is(tmp_path: Path) -> None:
    assert freeze(tmp_path, MADE) == [CONTRACT, IDS]
    assert ([*broken(tmp_path)], [*changed(tmp_path, MADE)]) == ([], [])
    record = (tmp_path / RECORD).read_bytes()
    assert freeze(tmp_path, MADE) == []
    assert (tmp_path / RECORD).read_bytes() == record
    done = subprocess.run(["sha256sum", "--check", "--quiet", RECORD], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_a_released_contract_or_version_is_not_released_again_with_other_bytes(tmp_path: Path) -> None:
    freeze(tmp_path, MADE)
    again = replace(MADE, files={CONTRACT: b"{ }\n", IDS: b"OPS-1 MUST\nOPS-2 MUST\n"})
    assert [*changed(tmp_path, again)] == [
        f"{CONTRACT}: contract 0.9.0 was released with another content; raise info.version in both halves of the contract",
        f"{IDS}: version 1.2.0 was released with another content; raise the version in pyproject.toml",
    ]


def _spoil(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b" ")


@pytest.mark.parametrize(
    ("spoil", "path", "problem"),
    [
        (_spoil, IDS, "differs from what was released; a released file never changes"),
        (Path.unlink, IDS, "is gone; a released file stays"),
        (Path.touch, "docs/schemas/1.2.0/more.json", "no release recorded this file"),
    ],
)
def test_a_released_file_that_changes_goes_or_appears_is_named(
    tmp_path: Path, spoil: Callable[[Path], None], path: str, problem: str
) -> None:
    freeze(tmp_path, MADE)
    (tmp_path / "docs" / "schemas" / "1.2.0").mkdir(parents=True)
    spoil(tmp_path / path)
    (found,) = broken(tmp_path)
    assert found.startswith(f"{path}: {problem}")


def test_no_file_of_an_earlier_release_was_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.check(ROOT) == 0
    assert capsys.readouterr().out == f"{RECORD}: no released file was changed\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of this very tree without its releases, about to release a first version of product and contract."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    root = tmp_path / "copy"
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith((*FOLDERS, RECORD, *_NOT_BUILT)):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, root / name)
    project = root / "pyproject.toml"
    project.write_text(re.sub(r'(?m)^version = ".*"$', 'version = "99.0.0"', project.read_text()))
    for bundle in ("openapi.json", "asyncapi.json"):
        document = json.loads((root / "dist" / bundle).read_text())
        document["info"]["version"] = "98.0.0"
        (root / "dist" / bundle).write_text(json.dumps(document))
    for file in (root / "conformance" / "callproof" / "catalogue" / "requirements").glob("*.yaml"):
        file.write_text(re.sub(r'since: ".*"', 'since: "99.0"', file.read_text()))
    changes = root / "CHANGELOG.md"
    changes.write_text(changes.read_text().replace("\n## ", "\n## 99.0.0, 2026-11-28\n\n## ", 1))
    git(root, "init", "--quiet")
    commit_all(root)
    return root


@pytest.mark.slow
def test_a_release_is_frozen_then_built_and_two_runs_give_the_same_bytes(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.release(copy) == 2
    frozen = capsys.readouterr().out.splitlines()
    assert [line for line in frozen if "98.0.0" in line] == [
        f"conformance/callproof/contract/released/98.0.0/{name}.json"
        for name in ("openapi", "asyncapi", "call-model")
    ]
    assert command.release(copy) == 1
    assert "the working tree differs from its commit" in capsys.readouterr().err

    commit_all(copy)
    assert command.release(copy) == 0, capsys.readouterr().err
    built = copy / "build" / "release"
    assert sorted(file.name for file in built.iterdir()) == [
        "SHA256SUMS", "callproof-99.0.0-py3-none-any.whl", "callproof-99.0.0.tar.gz",
    ]  # fmt: skip
    first = {file.name: file.read_bytes() for file in built.iterdir()}
    for file in copy.rglob("*.py"):
        os.utime(file)
    assert command.release(copy) == 0
    assert {file.name: file.read_bytes() for file in built.iterdir()} == first


@pytest.mark.slow
def test_a_contract_that_changes_after_its_release_needs_a_new_version_at_once(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reports must not say 98.0.0 of something else."""
    freeze(copy, read_release(copy))
    assert command.check(copy) == 0
    _spoil(copy / "dist" / "asyncapi.json")
    capsys.readouterr()
    assert command.check(copy) == 1
    assert capsys.readouterr().out == (
        "conformance/callproof/contract/released/98.0.0/asyncapi.json: contract 98.0.0 was released with another content; "
        "raise info.version in both halves of the contract\n"
    )


def test_the_release_holds_contract_requirements_and_schemas() -> None:
    made = read_release(ROOT)
    assert sorted({path.rpartition("/")[0] for path in made.files}) == [
        "conformance/callproof/catalogue/released",
        f"conformance/callproof/contract/released/{made.contract}",
        f"docs/schemas/{made.product}",
    ]
