"""The seats file as seats.schema.json describes it: each key with its meaning, and a commented file that shows every key.

The schema is the one source. What `refswitch init` writes and what docs/seats.md says are made from it.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_WIDTH = 110
#: Text that YAML reads as text without quotes.
_PLAIN = re.compile(r"(?!(true|false|yes|no|on|off|null)\Z)[A-Za-z][A-Za-z_-]*( [A-Za-z_-]+)*", re.IGNORECASE)
#: The pattern of a text whose characters are all of one kind, and its length.
_LENGTH = re.compile(r"\A\^\[[^\]]*\]\{1,(\d+)\}\$\Z")

_HEAD = """\
A seats file of refswitch, with every key that it may have. To use it: refswitch serve --seats FILE
Keys behind a # are optional; each shows an example. docs/seats.md has the same as a table."""


@dataclass(frozen=True)
class Key:
    """One key of the file: its name, its meaning, whether it is required, which values it takes, and an example.

    `parts` are the keys of each entry, if its value is a list of objects.
    """

    name: str
    text: str
    is_required: bool
    values: str
    example: Any
    parts: tuple[Key, ...] = ()


@cache
def keys() -> tuple[Key, ...]:
    """The keys of the file, in the order of the schema."""
    schema = json.loads(Path(__file__).with_name("seats.schema.json").read_text(encoding="utf-8"))
    return tuple(_keys(schema, schema["$defs"]))


def template() -> str:
    """A seats file that can be used as it is. It shows and explains every key."""
    blocks = [_comment(paragraph) for paragraph in _HEAD.splitlines()]
    lines = [line for block in blocks for line in block]
    for key in keys():
        lines += ["", *_block(key)]
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A value as YAML on one line. Text is quoted unless it is plainly text: a number must stay text."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else json.dumps(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return json.dumps(value)


def _keys(described: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Key]:
    for name, said in described["properties"].items():
        node = _resolved(said, definitions)
        items = _resolved(node.get("items", {}), definitions)
        parts = tuple(_keys(items, definitions)) if "properties" in items else ()
        is_required = name in described.get("required", ())
        yield Key(name, node["description"], is_required, _values(node, items), node["examples"][0], parts)


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    referred = node.get("$ref")
    return {**definitions[referred.rpartition("/")[2]], **node} if referred else node


def _values(node: Mapping[str, Any], items: Mapping[str, Any]) -> str:
    """Which values a key takes, in a few words."""
    kind = node["type"]
    if "enum" in node:
        return "one of " + ", ".join(node["enum"])
    if kind == "array":
        if "properties" not in items:
            return f"a list of {', '.join(items['enum'])}"
        return f"a list of {node.get('minItems', 0)} to {node['maxItems']:,} entries"
    if kind == "number":
        return f"a number from {node['minimum']} to {node['maximum']:,}"
    if kind == "boolean":
        return "true or false"
    if kind == "object":
        return f"up to {node['maxProperties']} sections, each with names and text"
    longest = node.get("maxLength") or next(iter(_LENGTH.findall(node.get("pattern", ""))), None)
    return f"text of up to {longest} characters" if longest else "text"


def _block(key: Key) -> list[str]:
    """A key of the file with its comment. An optional list or object is a comment as a whole; a single value is the default."""
    if isinstance(key.example, Mapping):
        return [*_comment(_said(key)), f"# {key.name}: {flow(key.example)}"]
    if not key.parts:
        return [*_comment(_said(key)), f"{key.name}: {flow(key.example)}"]
    lines = [f"{key.name}:"]
    first, *others = key.example
    for index, part in enumerate(key.parts):
        is_shown = part.is_required or not key.is_required
        dash = "  - " if index == 0 else "    " if is_shown else "    # "
        lines += [*_comment(_said(part), "  " if index == 0 else "    ")]
        lines.append(f"{dash}{part.name}: {flow(first.get(part.name, part.example))}")
    lines += [f"  - {flow(other)}" for other in others]
    return [*_comment(_said(key)), *(lines if key.is_required else [f"# {line}" for line in lines])]


def _said(key: Key) -> str:
    return f"{key.text}{' Required.' if key.is_required else ''} ({key.values[0].upper()}{key.values[1:]}.)"


def _comment(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
