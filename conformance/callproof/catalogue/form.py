"""The form of the suite's own files: strict YAML that is valid against a JSON Schema; every mistake has a place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import jsonschema_rs

from callproof.catalogue.mistakes import BadCatalogue
from callproof.json_values import Json, JsonObject, as_object
from callproof.strict_yaml import Mistake, NotYaml, Places, read_yaml
from callproof.suggestions import did_you_mean


def read(text: str, file: str) -> tuple[Json, Places]:
    """The value of a file and the places of its parts. Raises BadCatalogue."""
    try:
        return read_yaml(text, file)
    except NotYaml as error:
        raise BadCatalogue([Mistake(error.place, "yaml", f"is not YAML: {error.reason}")]) from error


class Form:
    """A schema, or one of its definitions, for a kind of file. `others` are the schemas that it refers to, by `$id`."""

    def __init__(
        self, schema: JsonObject, definition: str = "", others: Mapping[str, JsonObject] | None = None
    ) -> None:
        root = {**schema, "$ref": f"#/$defs/{definition}"} if definition else schema
        if definition:
            root = {name: root[name] for name in ("$schema", "$ref", "$defs")}
        registry = jsonschema_rs.Registry(resources=list((others or {}).items()))
        self._validator = jsonschema_rs.validator_for(root, registry=registry)
        self._names = tuple(dict.fromkeys(_names_in(schema)))

    def mistakes(self, value: Json, places: Places, words: Sequence[str] = ()) -> list[Mistake]:
        """All mistakes in the value. `words` are further names that may be suggested for a mistyped member."""
        found: list[Mistake] = []
        for error in self._validator.iter_errors(value):
            problem = ": ".join(filter(None, (_shown_path(error.instance_path), error.message)))
            remedy = _remedy(error, (*self._names, *words))
            found.append(Mistake(places.at(*error.instance_path), "form", problem, remedy))
        return found


def _remedy(error: jsonschema_rs.ValidationError, names: Sequence[str]) -> str:
    """A suggestion for a mistyped member or word."""
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        return did_you_mean(kind.unexpected[0], names)
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Enum) and isinstance(error.instance, str):
        return did_you_mean(error.instance, [option for option in kind.options if isinstance(option, str)])
    return ""


def _names_in(schema: Json) -> Iterator[str]:
    """Every member that the schema names, at any depth."""
    for inner in schema if isinstance(schema, list) else as_object(schema).values():
        yield from _names_in(inner)
    yield from as_object(as_object(schema).get("properties"))


def _shown_path(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
