"""What this copy of callproof is: its version, the contract's, the GWS versions that the contract describes, and the commit.

git tells the commit of a checkout, each time it is asked; that of a wheel or a source distribution stands in `build.json` beside the
bundles, where the build wrote it (`tools/build_hook.py`). Whatever cannot be known for certain is "unknown": a wrong commit would lead
whoever digs into a verdict to the wrong code. The reference server has its own copy on purpose: the suite shares no code with it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from callproof import VERSION, limits
from callproof.contract.bundles import Contract, default_directory

UNKNOWN = "unknown"
#: The file beside the bundles in which a build keeps the commit.
BUILD_FILE = "build.json"
#: What ends a commit whose files have been changed since, as `git describe --dirty` writes it.
DIRTY = "-dirty"
_PACKAGE = os.path.dirname(os.path.abspath(__file__))
#: What product and contract are made of: a change elsewhere, in a test or a note, makes no other product.
_SOURCES = ("pyproject.toml", "openapi", "asyncapi", "dist", "impl/refswitch", "conformance/callproof")


@dataclass(frozen=True)
class Versions:
    """The versions of one copy. `describes` names versions of GWS in words; `commit` is hexadecimal, may end with DIRTY, or is UNKNOWN."""

    product: str
    contract: str
    describes: str
    commit: str

    def lines(self, name: str) -> list[str]:
        """What `--version` prints; the first line is the program's name and version alone."""
        described = f", describes GWS {self.describes}" if self.describes else ""
        return [f"{name} {self.product}", f"contract {self.contract}{described}", f"commit {self.commit}"]


def versions(contract: Contract) -> Versions:
    """The versions of this copy with this contract. Starts git in a checkout, which takes some hundredths of a second."""
    return Versions(VERSION, contract.version, contract.describes, commit())


def commit(package: str = _PACKAGE) -> str:
    """The commit that the package at this path was made from, with DIRTY at its end if its files differ; UNKNOWN if that is uncertain."""
    checkout = os.path.dirname(os.path.dirname(package))
    bundles = default_directory(package)
    if os.path.dirname(bundles) == checkout and os.path.exists(os.path.join(checkout, ".git")):
        return _from_git(checkout)
    return _from_build(os.path.join(bundles, BUILD_FILE))


def _from_git(checkout: str) -> str:
    """Ask about this checkout alone, and about no repository around it or named by a hook that runs us."""
    import subprocess

    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CEILING_DIRECTORIES": os.path.dirname(checkout), "GIT_OPTIONAL_LOCKS": "0"}
    asked = [
        "git",
        "-c",
        "core.fsmonitor=false",
        "-C",
        checkout,
        "status",
        "--porcelain=v2",
        "--branch",
        "--",
        *_SOURCES,
    ]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command
            asked, capture_output=True, stdin=subprocess.DEVNULL, env=environment, timeout=limits.COMMIT.default, check=True
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    found = next((line.split()[-1] for line in lines if line.startswith("# branch.oid ")), "")
    if not _is_commit(found):
        return UNKNOWN
    return found + (DIRTY if any(not line.startswith("#") for line in lines) else "")


def _from_build(file: str) -> str:
    import json

    try:
        with open(file, encoding="utf-8") as stream:
            value = json.load(stream)
    except (OSError, ValueError):
        return UNKNOWN
    found = value.get("commit") if isinstance(value, dict) else None
    return found if isinstance(found, str) and _is_commit(found.removesuffix(DIRTY)) else UNKNOWN


def _is_commit(text: str) -> bool:
    return len(text) in (40, 64) and not set(text) - set("0123456789abcdef")
