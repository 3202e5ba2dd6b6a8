"""What a release promises, as files that never change afterwards, and the list of hashes that holds them to it.

A release keeps the bundles of its contract, the ids and levels of its requirements, and the schemas of its JSON and YAML formats.
`RECORD` lists each file with its SHA-256; sha256sum reads it too.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from callproof.contract.bundles import load_contract
from callproof.runner.suite import read_suite

RECORD = "tools/release/frozen.sha256"
#: The folders that hold nothing but files of releases.
FOLDERS = (
    "conformance/callproof/contract/released",
    "conformance/callproof/catalogue/released",
    "docs/schemas",
)
BUNDLES = ("openapi.json", "asyncapi.json", "call-model.json")
#: The schemas of what users write and read, by the name that a release keeps them under.
SCHEMAS: Mapping[str, str] = {
    "result.schema.json": "conformance/callproof/report/result.schema.json",
    "check.schema.json": "conformance/callproof/commands/check.schema.json",
    "listen.schema.json": "conformance/callproof/commands/listening/listen.schema.json",
    "target.schema.json": "conformance/callproof/target/target.schema.json",
    "seats.schema.json": "impl/refswitch/seats.schema.json",
    "refswitch-admin.openapi.yaml": "impl/refswitch/admin/openapi.yaml",
}


@dataclass(frozen=True)
class Release:
    """A release as the checkout would make it: the two versions, and the bytes of each file to freeze, by path from the checkout's root."""

    product: str
    contract: str
    files: Mapping[str, bytes]


def read_release(root: Path) -> Release:
    """The release that this checkout would make. Raises OSError, and what the readers of contract and catalogue raise."""
    product = version_of(root)
    contract = load_contract(str(root / "dist"))
    bundles, ids, schemas = (f"{folder}/" for folder in FOLDERS)
    files = {f"{bundles}{contract.version}/{name}": (root / "dist" / name).read_bytes() for name in BUNDLES}
    catalogue = read_suite(contract, root / "conformance" / "callproof" / "catalogue").catalogue
    head = f"# The requirements of version {product}, each with its level. Once the version is released, this file is never edited."
    lines = [head, *(f"{requirement.id} {requirement.level}" for requirement in catalogue), ""]
    files[f"{ids}{product}.txt"] = "\n".join(lines).encode()
    files |= {f"{schemas}{product}/{name}": (root / path).read_bytes() for name, path in SCHEMAS.items()}
    return Release(product, contract.version, files)


def version_of(root: Path) -> str:
    """The product's version, as pyproject.toml has it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def changed(root: Path, release: Release) -> Iterator[str]:
    """A sentence for each file of this version that was frozen with other bytes."""
    for path, content in release.files.items():
        file = root / path
        if file.is_file() and file.read_bytes() != content:
            is_contract = path.startswith(FOLDERS[0])
            what = f"contract {release.contract}" if is_contract else f"version {release.product}"
            where = (
                "info.version in both halves of the contract"
                if is_contract
                else "the version in pyproject.toml"
            )
            yield f"{path}: {what} was released with another content; raise {where}"


def freeze(root: Path, release: Release) -> list[str]:
    """Write the files of the release that are missing and record their hashes. Returns their paths."""
    written = [path for path in release.files if not (root / path).is_file()]
    for path in written:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(release.files[path])
    recorded = {**_recorded(root), **{path: _hash(release.files[path]) for path in written}}
    (root / RECORD).parent.mkdir(parents=True, exist_ok=True)
    (root / RECORD).write_text(
        "".join(f"{recorded[path]}  {path}\n" for path in sorted(recorded)), encoding="utf-8"
    )
    return written


def broken(root: Path) -> Iterator[str]:
    """A sentence for each frozen file that is gone, changed or not recorded."""
    recorded = _recorded(root)
    for path, kept in recorded.items():
        file = root / path
        if not file.is_file():
            yield f"{path}: is gone; a released file stays: git log -- {path}"
        elif _hash(file.read_bytes()) != kept:
            yield f"{path}: differs from what was released; a released file never changes: git log -- {path}"
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.is_file() and path not in recorded:
                yield f"{path}: no release recorded this file; `make release` writes these folders, and {RECORD}"


def _recorded(root: Path) -> dict[str, str]:
    file = root / RECORD
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {path: kept for kept, _, path in (line.partition("  ") for line in lines)}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
