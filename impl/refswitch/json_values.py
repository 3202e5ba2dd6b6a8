"""JSON values in Python: their type, and safe ways to look into an unchecked one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]


def object_at(value: Json, *names: str) -> JsonObject:
    """The object at the end of these names; an empty one if any step is missing or is not an object."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def children(value: Json) -> Iterable[tuple[str | int, Json]]:
    """The members of an object by name, or the entries of a list by index; nothing for any other value."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def is_deeper(value: Json, levels: int) -> bool:
    """Whether a value is nested deeper than that; checked level by level, without recursion."""
    layer = [value]
    for _ in range(levels):
        layer = [child for parent in layer for _, child in children(parent)]
    return any(isinstance(value, list | dict) for value in layer)
