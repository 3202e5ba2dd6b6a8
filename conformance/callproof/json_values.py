"""JSON values in Python, and the few questions that every package asks about them.

Every import slows `callproof check` down, so the types only exist for the type checker.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
    JsonObject: TypeAlias = dict[str, Json]
else:
    Json = JsonObject = object


def as_object(value: Json) -> JsonObject:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: Json) -> str:
    """The value if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def objects_in(value: Json) -> list[JsonObject]:
    """The objects among the items of an array; none if the value is not an array."""
    return [item for item in as_list(value) if isinstance(item, dict)]


def texts_in(value: Json) -> list[str]:
    """The strings among the items of an array; none if the value is not an array."""
    return [item for item in as_list(value) if isinstance(item, str)]
