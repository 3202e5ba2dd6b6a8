"""Both packages speak the words of docs/glossary.md: nothing is named with a word that the glossary has replaced."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = (ROOT / "impl" / "refswitch", ROOT / "conformance" / "callproof")

#: Words that name nothing. A plural counts as its word.
NEVER = frozenset(
    {
        "act", "acted", "demand", "door", "heard", "judgement", "latecomer", "manners", "mischief", "performance", "problem",
        "station", "workshop",
    }
)  # fmt: skip
#: Words that name no class and no module; a function may speak of the lines of a text.
NEVER_A_THING = frozenset({"lines"})

#: Where an old word stands because whoever still writes it is offered the new one.
OLD_WORDS = ROOT / "impl" / "refswitch" / "suggestions.py"


def names_in_python(file: Path) -> Iterator[tuple[str, str]]:
    """What a module names: (kind, name) of classes, functions, options and the keys of its dictionaries."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef(name=name):
                yield "class", name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield "function", name
            case ast.Constant(value=str(text)) if re.fullmatch(r"--[a-z][a-z-]*", text):
                yield "option", text
            case ast.Dict(keys=keys):
                for key in keys:
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield "key", key.value


def keys_in(value: Any) -> Iterator[tuple[str, str]]:
    """The keys of a document, at any depth."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield "key", str(key)
            yield from keys_in(member)
    elif isinstance(value, list):
        for item in value:
            yield from keys_in(item)


def names() -> Iterator[tuple[Path, str, str]]:
    """Everything that the packages name: (file, kind, name)."""
    for package in PACKAGES:
        for path in sorted(package.rglob("*")):
            if "__pycache__" in path.parts:
                continue
            if path.is_dir() or path.suffix == ".py":
                yield path, "module", path.stem
            if path.suffix == ".py":
                yield from ((path, *name) for name in names_in_python(path))
            elif path.suffix == ".json":
                yield from ((path, *key) for key in keys_in(json.loads(path.read_text(encoding="utf-8"))))
            elif path.suffix == ".yaml":
                loaded = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)  # safe, and in C
                yield from ((path, *key) for key in keys_in(loaded))


def replaced(kind: str, name: str) -> set[str]:
    """The words in a name that the glossary has replaced."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = set(re.split(r"[^a-z]+", apart.lower()))
    singular = {word.removesuffix("s") for word in words}
    things = NEVER_A_THING & words if kind in ("class", "module") else set()
    return {word for word in NEVER if word in words | singular} | things


def test_nothing_is_named_with_a_word_that_the_glossary_has_replaced() -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {kind} {name}"
        for path, kind, name in names()
        if path != OLD_WORDS and replaced(kind, name)
    }
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("class", "HttpProblem", {"problem"}),
        ("function", "_problems", {"problem"}),
        ("class", "Lines", {"lines"}),
        ("function", "_lines", set()),
        ("module", "lines", {"lines"}),
        ("option", "--no-manners", {"manners"}),
        ("key", "is heard", {"heard"}),
        ("class", "Action", set()),
        ("function", "act", {"act"}),
        ("class", "OutdoorActivity", set()),
    ],
)
def test_a_replaced_word_is_seen_in_any_spelling(kind: str, name: str, expected: set[str]) -> None:
    assert replaced(kind, name) == expected


def rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if row[0] not in ("word", "---")]


def test_the_glossary_names_every_word_that_this_test_refuses() -> None:
    listed = {word.strip() for row in rows() for word in row[3].split(",") if word.strip()}
    assert listed == NEVER | NEVER_A_THING


def test_every_word_of_the_glossary_has_one_sentence_and_its_place() -> None:
    for word, means, where, _ in rows():
        assert means.endswith("."), word
        links = re.findall(r"\]\(([^)]+)\)", where)
        assert links, word
        assert [link for link in links if not (GLOSSARY.parent / link).exists()] == [], word
    words = [row[0] for row in rows()]
    assert len(words) == len(set(words))
