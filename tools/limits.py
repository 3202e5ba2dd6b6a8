"""Makes docs/limits.md from the two packages' tables of bounds.

`python -m tools.limits` writes the page; `python -m tools.limits check` says whether the page is fresh.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Protocol

import callproof.limits
import refswitch.limits

_PAGE = Path(__file__).parents[1] / "docs" / "limits.md"

_HEAD = """\
# Limits

<!-- `make limits` makes this page from impl/refswitch/limits.py and conformance/callproof/limits.py: change those files. -->

Nothing that a stranger sends may grow without end. This page lists every bound, the option or key that changes it, and what happens at
it. A dash means that the bound is fixed.
"""


class Bound(Protocol):
    """A row of either table."""

    @property
    def area(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def default(self) -> int: ...
    @property
    def option(self) -> str: ...
    @property
    def consequence(self) -> str: ...


def bounds_of(module: ModuleType) -> list[Bound]:
    """The rows of a table, in its order."""
    return [value for value in vars(module).values() if isinstance(value, module.Bound)]


def page() -> str:
    """The page as Markdown."""
    return "\n".join((_HEAD, *_part("refswitch", refswitch.limits), *_part("callproof", callproof.limits)))


def _part(name: str, module: ModuleType) -> Iterator[str]:
    yield f"## {name}\n"
    for area, rows in groupby(bounds_of(module), lambda bound: bound.area):
        lines = [
            f"### {area}",
            "",
            "| bound | default | set by | what happens at it |",
            "| --- | --- | --- | --- |",
        ]
        lines += [_row(bound) for bound in rows]
        yield "\n".join(lines) + "\n"


def _row(bound: Bound) -> str:
    option = f"`{bound.option}`" if bound.option else "-"
    return f"| {bound.subject} | {bound.default:,} | {option} | {bound.consequence} |"


def main(arguments: Sequence[str]) -> int:
    """Write the page or, with `check`, say whether it is fresh. Returns the exit code."""
    made = page()
    if arguments == ["check"]:
        is_fresh = _PAGE.is_file() and _PAGE.read_text(encoding="utf-8") == made
        print("docs/limits.md: fresh" if is_fresh else "docs/limits.md: stale; run make limits")
        return 0 if is_fresh else 1
    _PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
