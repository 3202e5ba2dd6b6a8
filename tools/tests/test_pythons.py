"""The versions of Python that the project names are those that it was tried with."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
_LANGUAGE = "Programming Language :: Python :: "


def test_the_classifiers_name_what_the_wheel_was_tried_with_and_nothing_else() -> None:
    """`make wheel-test` says what it tried; whoever changes tools/pythons.txt has seen it pass."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [one.removeprefix(_LANGUAGE) for one in project["classifiers"] if one.startswith(_LANGUAGE)]
    lines = (ROOT / "tools" / "pythons.txt").read_text(encoding="utf-8").splitlines()
    assert named == [line for line in lines if not line.startswith("#")]
    assert project["requires-python"] == f">={named[0]}"


def test_one_python_of_each_version_from_3_11_is_found_and_shims_that_lead_nowhere_are_not(
    tmp_path: Path,
) -> None:
    """A Python is a program that says what a Python says; pyenv's shims for versions that are not chosen end with an error."""

    def python(folder: str, name: str, says: str) -> None:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        file = tmp_path / folder / name
        file.write_text(f"#!/bin/sh\n{says}\n")
        file.chmod(0o755)

    python("first", "python3", f'exec {sys.executable} "$@"')
    python("first", "python3.98", "echo no such version >&2; exit 127")
    python("second", "python3.99", "echo 3.99.1 /opt/python3.99")
    python("second", "python3.99-config", "echo 3.99.1 /opt/config")
    python("pyenv/versions/3.98.4/bin", "python3.98", "echo 3.98.4 /pyenv/python3.98")
    python("pyenv/versions/3.99.9/bin", "python3.99", "echo 3.99.9 /pyenv/python3.99")
    python("second", "pyenv", f"echo {tmp_path / 'pyenv'}")
    path = os.pathsep.join([str(tmp_path / "first"), str(tmp_path / "second"), "/usr/bin", "/bin"])
    done = subprocess.run(
        ["sh", "-c", ". tools/pythons.sh; pythons"],
        cwd=ROOT,
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    found = [line.split()[0] for line in done.stdout.splitlines()]
    here = ".".join(map(str, sys.version_info[:3]))
    expected = {"3.98.4", "3.99.1", here}
    assert found[0] == here
    assert expected <= set(found)
    assert len({version.rpartition(".")[0] for version in found}) == len(found)
