"""The versions of Python that the project names are those that it was tried with."""

from __future__ import annotations

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
