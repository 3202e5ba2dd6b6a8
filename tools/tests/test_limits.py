"""docs/limits.md lists every bound, because every bound stands in a table and nowhere else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from inspect import signature
from pathlib import Path
from types import ModuleType

import pytest

import callproof.limits
import refswitch.limits
from callproof.aiobayeux import Session
from refswitch.cli.options import parser
from tools.limits import Bound, bounds_of, page

ROOT = Path(__file__).parents[2]
PACKAGES: Mapping[str, tuple[Path, ModuleType]] = {
    "refswitch": (ROOT / "impl" / "refswitch", refswitch.limits),
    "callproof": (ROOT / "conformance" / "callproof", callproof.limits),
}
#: A constant of such a name is a bound.
_NAME_OF_A_BOUND = re.compile(
    r"_?(MOST|LONGEST|LARGEST|DEEPEST|WIDEST|BIGGEST|MAX|MAXIMUM)_|.*_(LIMIT|TIMEOUT|MAX)(_|$)"
)
#: Constants of such names that bound nothing that a stranger sends: what they are instead.
NO_BOUNDS: Mapping[str, str] = {
    "_LONGEST_PATH": "how much of a path a log line shows",
    "_LONGEST_REASON": "how much of a reason fits into a WebSocket's close frame (RFC 6455, 5.5)",
    "_LONGEST_ID_WHOLE": "how much of an id a picture shows",
    "_LONGEST_SHOWN": "how much of a value a sentence shows",
    "_MOST_SHOWN": "how much of a Bayeux error a sentence shows",
    "_MOST_TOLD": "how much of the reason for a missing answer a sentence shows",
    "_MOST_COMPARED": "how much of an error decides whether it was reported already",
    "_LONGEST_MESSAGE": "how much of a message a report shows",
    "MOST_KEPT": "how much of a value a message keeps before its secrets are masked",
    "_LONGEST_NUMBER": "how long a whole number may be to be searched for secrets",
    "_MOST_DIGITS": "how many digits of Retry-After mean a number of seconds",
    "_LONGEST_BODY": "how much of a body a report shows",
    "LONGEST_MESSAGE": "how much of a refusal's message is shown",
    "_LARGEST_NUMBER": "the largest whole number that every JSON reader keeps exactly (RFC 8259, 6)",
    "_LONGEST_S": "how long `selftest` waits for a run against a server of its own",
    "MAX_AGE_SECONDS": "how long a browser may keep an answer to a preflight (Fetch, Access-Control-Max-Age)",
}
#: A folder that is written to its user, who edits it: there it has no table to read, and its bounds are those of its own run.
_USERS_FOLDER = "callproof_recipe"


def _modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        if (file.name != "limits.py" or file.parent != folder) and file.parent.name != _USERS_FOLDER:
            yield file, ast.parse(file.read_text(encoding="utf-8"))


def _rows_read(folder: Path) -> set[str]:
    """Every name that the package's modules import from a table of bounds, or read as an attribute of one."""
    read: set[str] = set()
    for _, tree in _modules(folder):
        tables = {"limits"}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == "limits":
                read |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                tables |= {name.asname for name in node.names if name.name == "limits" and name.asname}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in tables
            ):
                read.add(node.attr)
    return read


def _is_number(node: ast.expr) -> bool:
    """Whether an expression is made of literal numbers alone: 4_194_304, 16 * 2**20, -1.5."""
    return all(
        isinstance(part, ast.Constant | ast.BinOp | ast.UnaryOp | ast.operator | ast.unaryop)
        and (not isinstance(part, ast.Constant) or type(part.value) in (int, float))
        for part in ast.walk(node)
    )


def literal_bounds(folder: Path) -> Iterator[str]:
    """Constants that are named like bounds and set to a number of their own, as FILE:LINE NAME."""
    for file, tree in _modules(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                names, value = node.targets, node.value
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                names, value = [node.target], node.value
            else:
                continue
            for name in names:
                is_bound = isinstance(name, ast.Name) and _NAME_OF_A_BOUND.match(name.id)
                if isinstance(name, ast.Name) and is_bound and name.id not in NO_BOUNDS and _is_number(value):
                    yield f"{file.relative_to(folder)}:{node.lineno} {name.id}"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_row_of_the_tables_is_read_by_code(package: str) -> None:
    folder, table = PACKAGES[package]
    rows = {name for name, value in vars(table).items() if isinstance(value, table.Bound)}
    assert rows - _rows_read(folder) == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_bound_stands_outside_the_tables(package: str) -> None:
    folder, _ = PACKAGES[package]
    assert list(literal_bounds(folder)) == []


def test_what_is_named_like_a_bound_and_is_none_exists() -> None:
    """An entry of the exceptions that no code has any more is removed."""
    set_somewhere = {
        node.id
        for folder, _ in PACKAGES.values()
        for _, tree in _modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    assert set(NO_BOUNDS) - set_somewhere == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_row_says_what_it_bounds_and_what_happens(package: str) -> None:
    for bound in bounds_of(PACKAGES[package][1]):
        assert bound.area, bound
        assert bound.subject, bound
        assert bound.default >= 0, bound
        assert bound.consequence.endswith("."), bound


@pytest.mark.parametrize(
    "bound", [one for one in bounds_of(refswitch.limits) if one.option], ids=lambda bound: bound.option
)
def test_refswitch_has_the_option_of_the_row(bound: Bound) -> None:
    """The option as the page writes it, with a number for N, is one that the command line takes."""
    assert bound.option.startswith("--")
    words = bound.option.replace("=N", f"={bound.default}").split()
    arguments = [str(bound.default) if word in ("N", "S") else word for word in words]
    parser().parse_args(["serve", *arguments])


@pytest.mark.parametrize(
    "bound", [one for one in bounds_of(callproof.limits) if one.option], ids=lambda bound: bound.option
)
def test_callproof_has_the_option_or_the_key_of_the_row(bound: Bound) -> None:
    """The option stands in the code of a command, the key in the schema of the target file, the argument in the library's class."""
    folder, _ = PACKAGES["callproof"]
    found = re.findall(r"--[a-z-]+|Session[a-z._]*\([a-z_]+=|[a-z_]+\.[a-z_]+", bound.option)
    assert found, bound.option
    for option in found:
        if option.startswith("--"):
            assert any(
                f'"{option}"' in file.read_text(encoding="utf-8")
                for file in (folder / "commands").glob("*.py")
            )
        elif option.startswith("Session"):
            name, _, argument = option.removesuffix("=").partition("(")
            method = getattr(Session, name.removeprefix("Session").removeprefix(".") or "__init__")
            assert argument in signature(method).parameters, option
        else:
            schema = json.loads((folder / "target" / "target.schema.json").read_text(encoding="utf-8"))
            part, _, key = option.partition(".")
            assert key in schema["properties"][part]["properties"], option


def test_no_two_rows_of_an_area_say_the_same() -> None:
    for _, table in PACKAGES.values():
        rows = [(bound.area, bound.subject) for bound in bounds_of(table)]
        assert sorted(set(rows)) == sorted(rows)


def test_a_literal_bound_is_found(tmp_path: Path) -> None:
    """The search itself: numbers under the name of a bound are found; rows of a table and the exceptions are not."""
    source = "_MOST_THINGS = 3 * 2**20\nLONGEST_S: float = 7.5\n_MOST_ROWS = THINGS.default\n_LONGEST_PATH = 300\nWAIT_TIMEOUT = 2\n"
    (tmp_path / "things.py").write_text(source, encoding="utf-8")
    (tmp_path / "limits.py").write_text("MOST_OF_THE_TABLE = 1\n", encoding="utf-8")
    assert list(literal_bounds(tmp_path)) == [
        "things.py:1 _MOST_THINGS",
        "things.py:2 LONGEST_S",
        "things.py:5 WAIT_TIMEOUT",
    ]


def test_the_page_has_a_line_for_every_row() -> None:
    lines = page().splitlines()
    for _, table in PACKAGES.values():
        for bound in bounds_of(table):
            assert any(line.startswith(f"| {bound.subject} | {bound.default:,} |") for line in lines), bound
