"""THIRD-PARTY.md leaves out nothing that others made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tools.third_party import IN_WHEEL, LicenceUnknown, licence_of, locked, page

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
_OF_OTHERS = re.compile(rb"copyright|licen[cs]ed under|SPDX-License|all rights reserved", re.IGNORECASE)


def in_the_wheel() -> dict[str, Path]:
    """Every file that hatchling would put into the wheel, by its path there."""
    return {
        file.distribution_path: Path(file.path) for file in WheelBuilder(str(ROOT)).recurse_included_files()
    }


def _samples(value: object) -> Iterator[object]:
    """Every example in a bundle."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield from (member,) if name in ("example", "examples") and member else _samples(member)


def of_others(file: Path) -> bool:
    """Whether a file names other owners, has a notice beside it, or holds samples that somebody published."""
    content = file.read_bytes()
    is_noticed = any(file.name.startswith(notice.stem) for notice in file.parent.glob("*.NOTICE"))
    document = json.loads(content) if file.suffix == ".json" else {}
    has_samples = bool({"openapi", "asyncapi"} & set(document)) and any(_samples(document))
    return is_noticed or has_samples or bool(_OF_OTHERS.search(content))


def test_every_file_of_others_in_the_wheel_is_listed_and_no_other() -> None:
    found = {path for path, file in in_the_wheel().items() if of_others(file)}
    listed = {path for path in in_the_wheel() if any(fnmatch(path, row.files) for row in IN_WHEEL)}
    assert found == listed
    assert [row.files for row in IN_WHEEL if not any(fnmatch(path, row.files) for path in found)] == []


def test_every_package_of_the_lock_is_listed_with_its_licence() -> None:
    text = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8")
    assert text == page(LOCK)
    pinned = re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==([0-9.]+)", LOCK, re.MULTILINE)
    assert [(package.name, package.version) for package in locked(LOCK)] == pinned
    for name, version in pinned:
        assert f"\n| {name} | {version} | {licence_of(name)} | " in text


def test_a_package_whose_licence_nobody_knows_is_refused() -> None:
    with pytest.raises(
        LicenceUnknown, match=r"no-such-package: .* add it to LICENCES in tools/third_party\.py"
    ):
        licence_of("no-such-package")
