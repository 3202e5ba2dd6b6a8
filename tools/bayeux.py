"""`python -m tools.bayeux [check]`: makes docs/bayeux.md from the requirements on a Bayeux server and the tests that name them.

Every honoured requirement is named by a test, every requirement that a test names exists, and every other one says why it is not honoured.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "impl" / "tests" / "bayeux" / "requirements.yaml"
PAGE = ROOT / "docs" / "bayeux.md"
_ID = re.compile(r"\b[A-Z]{2,3}-[0-9]+\b")

_HEAD = """\
# The parts of Bayeux that refswitch honours

`python -m tools.bayeux` makes this page from `impl/tests/bayeux/requirements.yaml` and the tests; do not edit it by hand.

Bayeux 1.0 is short, and real clients depend on more than it says. This page lists every requirement found in the specification, in the
CometD reference and in the behaviour of published clients, each with the tests that cover it. A level in brackets is ours: the source is
silent or weaker, and a client depends on it. To use the server as a library, see [bayeux-libraries.md](bayeux-libraries.md).
"""


@dataclass(frozen=True)
class Covering:
    """A test's file, its name as a sentence, and the requirements that its docstring names."""

    file: str
    sentence: str
    names: frozenset[str]


def main(arguments: Sequence[str]) -> int:
    """Write the page or, with `check`, say whether it is fresh and every requirement has its test. Returns the exit code."""
    table, tests = yaml.safe_load(TABLE.read_text(encoding="utf-8")), list(read_tests(ROOT))
    problems = faults(table, tests)
    page = written(table, tests)
    if list(arguments) == ["check"]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            problems.append("docs/bayeux.md is stale: run python -m tools.bayeux")
        print("\n".join(problems) or "docs/bayeux.md: fresh, and every requirement has its test")
        return 1 if problems else 0
    PAGE.write_text(page, encoding="utf-8")
    print("\n".join(problems) or "docs/bayeux.md: written")
    return 1 if problems else 0


def read_tests(root: Path) -> Iterator[Covering]:
    """Every test of the server that names a requirement."""
    for file in sorted((root / "impl" / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                names = frozenset(_named(ast.get_docstring(node) or ""))
                if names:
                    sentence = node.name.removeprefix("test_").replace("_", " ")
                    yield Covering(file.relative_to(root).as_posix(), sentence, names)


def _named(docstring: str) -> Iterator[str]:
    """The ids in a text; a range such as WS-1 to WS-4 names all of its ids."""
    yield from _ID.findall(docstring)
    for kind, first, last in re.findall(r"\b([A-Z]{2,3})-([0-9]+) to \1-([0-9]+)", docstring):
        yield from (f"{kind}-{number}" for number in range(int(first), int(last) + 1))


def faults(table: Mapping[str, Any], tests: Sequence[Covering]) -> list[str]:
    """The honoured requirements that no test names and the unknown ones that a test names, as sentences."""
    rows = {row["id"]: row for section in table["sections"] for row in section["rows"]}
    prefixes = {name.partition("-")[0] for name in rows}
    named = {name for test in tests for name in test.names if name.partition("-")[0] in prefixes}
    return [
        *(
            f"{name}: honoured, but no test names it"
            for name, row in rows.items()
            if "not" not in row and name not in named
        ),
        *(f"{name}: a test names it, but there is no such requirement" for name in sorted(named - set(rows))),
    ]


def written(table: Mapping[str, Any], tests: Sequence[Covering]) -> str:
    """The page."""
    lines = [_HEAD]
    for section in table["sections"]:
        lines += [
            f"## {section['title']}",
            "",
            "| id | level | requirement | source | tests |",
            "|---|---|---|---|---|",
        ]
        lines += [*(_row(row, tests) for row in section["rows"]), ""]
    return "\n".join(lines)


def _row(row: Mapping[str, str], tests: Sequence[Covering]) -> str:
    covering = [f"[{test.sentence}](../{test.file})" for test in tests if row["id"] in test.names]
    proof = f"**not honoured**: {row['not']}" if "not" in row else "<br>".join(covering)
    return f"| {row['id']} | {row['level']} | {row['text']} | {row['source']} | {proof} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
