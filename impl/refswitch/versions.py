"""What this copy of refswitch is: its version, the contract's, the GWS versions that the contract describes, and the commit.

git tells the commit of a checkout; that of a wheel or a source distribution stands in `build.json` beside the bundles, where the build
wrote it (`tools/build_hook.py`). Whatever cannot be known for certain is "unknown". The suite has its own copy on purpose.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import VERSION
from .contract import Contract, default_directory
from .json_values import object_at
from .limits import COMMIT

UNKNOWN = "unknown"
#: The file beside the bundles in which a build keeps the commit.
BUILD_FILE = "build.json"
#: What ends a commit whose files have been changed since, as `git describe --dirty` writes it.
DIRTY = "-dirty"
_PACKAGE = Path(__file__).parent
#: What product and contract are made of: a change elsewhere, in a test or a note, makes no other product.
_SOURCES = ("pyproject.toml", "openapi", "asyncapi", "dist", "impl/refswitch", "conformance/callproof")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class Versions:
    """The versions of one copy. `describes` names versions of GWS in words; `commit` is hexadecimal, may end with DIRTY, or is UNKNOWN."""

    product: str
    contract: str
    describes: str
    commit: str

    def lines(self) -> Iterator[str]:
        """What `--version` prints; the first line is the program's name and version alone."""
        yield f"refswitch {self.product}"
        yield f"contract {self.contract}" + (f", describes GWS {self.describes}" if self.describes else "")
        yield f"commit {self.commit}"


def versions(contract: Contract, made_from: str) -> Versions:
    """The versions of this copy, made from this commit, with this contract."""
    described = object_at(contract.openapi, "info", "x-gws-versions").get("text", "")
    return Versions(VERSION, contract.version, str(described), made_from)


def commit(package: Path = _PACKAGE) -> str:
    """The commit that the package at this path was made from, with DIRTY at its end if its files differ; UNKNOWN if that is uncertain.

    Starts git in a checkout, which takes some hundredths of a second.
    """
    checkout, bundles = package.parents[1], default_directory(package)
    if bundles.parent == checkout and (checkout / ".git").exists():
        return _from_git(checkout)
    return _from_build(bundles / BUILD_FILE)


def _from_git(checkout: Path) -> str:
    """Ask about this checkout alone, and about no repository around it or named by a hook that runs us."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CEILING_DIRECTORIES": str(checkout.parent), "GIT_OPTIONAL_LOCKS": "0"}
    asked = [
        "git",
        "-c",
        "core.fsmonitor=false",
        "-C",
        str(checkout),
        "status",
        "--porcelain=v2",
        "--branch",
        "--",
        *_SOURCES,
    ]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command
            asked, capture_output=True, stdin=subprocess.DEVNULL, env=environment, timeout=COMMIT.default, check=True
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    found = next((line.split()[-1] for line in lines if line.startswith("# branch.oid ")), "")
    if not _COMMIT.fullmatch(found):
        return UNKNOWN
    return found + (DIRTY if any(not line.startswith("#") for line in lines) else "")


def _from_build(file: Path) -> str:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return UNKNOWN
    found = value.get("commit") if isinstance(value, dict) else None
    return found if isinstance(found, str) and _COMMIT.fullmatch(found.removesuffix(DIRTY)) else UNKNOWN
