"""The keywords that concern one value alone. Pure.

Each is a row of `KEYWORDS`: it takes the keyword's argument and the value, and returns what is wrong and what was expected, or None.
"""

from __future__ import annotations

import re

from callproof.json_values import as_list
from callproof.validator.finding import shown
from callproof.validator.values import is_number, key, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from callproof.json_values import Json, JsonObject

    Breach: TypeAlias = tuple[str, str] | None


def _enum(allowed: Json, value: Json) -> Breach:
    words = as_list(allowed)
    if any(same(value, word) for word in words):
        return None
    expected = " or ".join(map(shown, words)) if len(words) < 3 else f"one of {', '.join(map(shown, words))}"
    return f"is {shown(value)}", expected


def _pattern(pattern: Json, value: Json) -> Breach:
    if not isinstance(value, str) or re.search(_ended(str(pattern)), value):
        return None
    return f"is {shown(value)}", f"a string that matches {pattern}"


def _ended(pattern: str) -> str:
    """JSON Schema's $ matches only the end of the string; Python's also matches before a final line feed."""
    return pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern


def _length(kind: type[str] | type[list[Json]] | type[JsonObject]) -> Callable[[Json], int | None]:
    return lambda value: len(value) if isinstance(value, kind) else None


def _size(value: Json) -> int | float | None:
    return value if isinstance(value, int | float) and is_number(value) else None


def _bound(
    measure: Callable[[Json], int | float | None], least: bool, noun: str
) -> Callable[[Json, Json], Breach]:
    """A keyword that limits a measure of the value to a minimum or a maximum."""

    def breach(limit: Json, value: Json) -> Breach:
        size = measure(value)
        if size is None or not isinstance(limit, int | float) or (size >= limit if least else size <= limit):
            return None
        plural = noun + "s" if noun and limit != 1 else noun
        expected = f"{'at least' if least else 'at most'} {limit} {plural}".rstrip()
        if not noun:
            return f"is {shown(size)}", expected
        what = f"has {size} {noun if size == 1 else noun + 's'}"
        return what, f"no {noun}" if limit == 0 and not least else expected

    return breach


def _unique(wanted: Json, value: Json) -> Breach:
    if wanted is not True or not isinstance(value, list):
        return None
    seen: set[str] = set()
    for item in value:
        item_key = key(item)
        if item_key in seen:
            return f"has {shown(item)} twice", "each item once"
        seen.add(item_key)
    return None


KEYWORDS: dict[str, Callable[[Json, Json], Breach]] = {
    "enum": _enum,
    "pattern": _pattern,
    "minLength": _bound(_length(str), True, "character"),
    "maxLength": _bound(_length(str), False, "character"),
    "minimum": _bound(_size, True, ""),
    "maximum": _bound(_size, False, ""),
    "minItems": _bound(_length(list), True, "item"),
    "maxItems": _bound(_length(list), False, "item"),
    "minProperties": _bound(_length(dict), True, "member"),
    "maxProperties": _bound(_length(dict), False, "member"),
    "uniqueItems": _unique,
}
