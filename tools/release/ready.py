"""Whether a checkout can be released: its commit, and its change log."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

CHANGES = "CHANGELOG.md"
_SHOWN = 5


class NoCommit(Exception):
    """The folder is not a git checkout with a commit, so there is nothing to name in what is built."""


@dataclass(frozen=True)
class Commit:
    """The commit of a checkout: its id, its time in seconds since 1970, and the paths in the working tree that differ from it."""

    id: str
    seconds: int
    differing: tuple[str, ...]


def commit_of(root: Path) -> Commit:
    """The commit of the checkout with this root. Raises NoCommit."""
    if not (root / ".git").exists():
        raise NoCommit(f"{root} is not the root of a git checkout")
    name, seconds = _git(root, "show", "-s", "--format=%H %ct", "HEAD").split()
    listed = _git(root, "status", "--porcelain", "-z", "--no-renames").split("\0")
    return Commit(name, int(seconds), tuple(entry[3:] for entry in listed if entry))


def unready(root: Path, product: str, commit: Commit) -> Iterator[str]:
    """A sentence for each reason why this version cannot be released from this checkout, with the remedy."""
    if commit.differing:
        shown = ", ".join(commit.differing[:_SHOWN]) + (", ..." if len(commit.differing) > _SHOWN else "")
        yield f"the working tree differs from its commit ({shown}); commit the changes or remove them"
    yield from _undated((root / CHANGES).read_text(encoding="utf-8"), product)


def _undated(changes: str, product: str) -> Iterator[str]:
    """The heading of a version is `## 0.2.0, 2026-11-28`, and no version above it is unreleased."""
    wanted = f"write ## {product}, and the date as YYYY-MM-DD"
    headings = [
        (number, line[3:]) for number, line in enumerate(changes.splitlines(), 1) if line.startswith("## ")
    ]
    own = [(number, line) for number, line in headings if line.partition(",")[0].strip() == product]
    if not own:
        yield f"{CHANGES}: has no heading for {product}; {wanted}"
        return
    number, line = own[0]
    if not _is_date(line.partition(",")[2].strip()):
        yield f"{CHANGES}:{number}: the heading is ## {line}, without a date; {wanted}"
    if own[0] != headings[0]:
        number, line = headings[0]
        yield f"{CHANGES}:{number}: ## {line} stands above {product}; release that version, or raise the version in pyproject.toml"


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _git(root: Path, *words: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603  # the words are this module's
            ["git", *words],  # noqa: S607  # the git of whoever releases
            cwd=root, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except FileNotFoundError:
        raise NoCommit("git is not installed") from None
    except subprocess.CalledProcessError as error:
        raise NoCommit(f"git {words[0]} failed in {root}: {error.stderr.strip()}") from None
    return done.stdout
