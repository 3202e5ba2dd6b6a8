"""JSON values and pointers into them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from callproof.json_values import Json, JsonObject, as_list, as_object

__all__ = [
    "Json",
    "JsonObject",
    "NoSuchPlace",
    "Tokens",
    "as_list",
    "as_object",
    "as_texts",
    "is_of_type",
    "pointer",
    "tokens_of",
    "value_at",
    "walk",
]

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}

Tokens = tuple[str, ...]


class NoSuchPlace(LookupError):
    """A JSON pointer that points to nothing in its document."""

    def __init__(self, pointer: str) -> None:
        super().__init__(f"there is nothing at {pointer}")
        self.pointer = pointer


def pointer(tokens: Tokens) -> str:
    """Write the tokens as a JSON pointer (RFC 6901); the whole document is the empty string."""
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)


def tokens_of(fragment: str) -> Tokens:
    """Read the part of a reference after ``#`` as the tokens of a JSON pointer."""
    if not fragment:
        return ()
    return tuple(
        part.replace("~1", "/").replace("~0", "~") for part in unquote(fragment).lstrip("/").split("/")
    )


def value_at(document: Json, tokens: Tokens) -> Json:
    """Return the value at the pointer. Raises NoSuchPlace."""
    value = document
    for token in tokens:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
            value = value[int(token)]
        else:
            raise NoSuchPlace(pointer(tokens))
    return value


def walk(value: Json, tokens: Tokens = ()) -> Iterator[tuple[Tokens, Json]]:
    """Every value with its pointer, parents before children, in document order."""
    yield tokens, value
    if isinstance(value, dict):
        for name, member in value.items():
            yield from walk(member, (*tokens, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from walk(item, (*tokens, str(number)))


def is_of_type(value: Json, name: str) -> bool:
    """Whether the value has the JSON Schema type; ``true`` is not an integer, ``1.0`` is."""
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[name])


def as_texts(value: Json) -> list[str]:
    """The strings of a list; a lone string counts as a list of one."""
    if isinstance(value, str):
        return [value]
    return [item for item in as_list(value) if isinstance(item, str)]
