"""JSON values as JSON Schema sees them: their types, their equality, and their names in a sentence. Pure."""

from __future__ import annotations

from json import dumps

from callproof.validator.finding import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from callproof.json_values import Json, JsonObject


def is_number(value: Json) -> bool:
    """Whether the value is a number; true is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Json) -> bool:
    """2.0 is an integer."""
    return is_number(value) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


#: Each type: its name in a sentence, and whether a value has it.
TYPES: dict[str, tuple[str, Callable[[Json], bool]]] = {
    "string": ("a string", lambda value: isinstance(value, str)),
    "number": ("a number", is_number),
    "integer": ("a whole number", _is_integer),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "array": ("an array", lambda value: isinstance(value, list)),
    "object": ("an object", lambda value: isinstance(value, dict)),
}


def is_what(value: Json) -> str:
    """The value in a sentence that says that its type is wrong."""
    if isinstance(value, str):
        return f"is the string {shown(value)}"
    return f"is the number {shown(value)}" if is_number(value) else f"is {shown(value)}"


def form(kind: str, name: str, schema: JsonObject) -> str:
    """What a value of the schema looks like, in the words of the contract: "a string (Seconds: whole seconds, ...)"."""
    article = TYPES[kind][0] if kind in TYPES else kind
    pattern = schema.get("pattern", schema.get("x-open-pattern"))
    if name and "description" in schema:
        return f"{article} ({name}: {sentence(schema)})"
    return f"{article} that matches {pattern}" if isinstance(pattern, str) else article


def sentence(schema: JsonObject) -> str:
    """The first sentence of the description, as it reads inside a line."""
    first = str(schema.get("description", "")).partition(". ")[0].strip().rstrip(".")
    return first[:1].lower() + first[1:] if first[1:2].islower() or first[1:2] == " " else first


def same(one: Json, other: Json) -> bool:
    """Equal, except that true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def key(value: Json) -> str:
    """A text that is equal for values that are equal in JSON Schema, whatever the order of their members."""
    return dumps(_whole_numbers(value), sort_keys=True)


def _whole_numbers(value: Json) -> Json:
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {name: _whole_numbers(member) for name, member in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value
