"""What a schema demands, with its references resolved and its ``allOf`` merged, so that two schemas can be compared keyword by keyword."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callproof import limits
from callproof.json_values import Json, JsonObject, as_list, as_object, text_of, texts_in

Schema = JsonObject | bool
#: Schemas that must all hold; none of them demands nothing.
Schemas = tuple[Schema, ...]

_PREFIX = "#/components/schemas/"
#: An integer is a number too, so a number is an integer or a fraction.
TYPES = frozenset({"null", "boolean", "object", "array", "string", "integer", "fraction"})
_NUMBER = frozenset({"integer", "fraction"})

#: Keywords that a view holds, beside the bounds in `bounds.py`.
_READ = {
    "$ref", "allOf", "type", "nullable", "enum", "const", "required", "properties", "additionalProperties", "items", "oneOf", "anyOf",
    "not", "discriminator", "pattern", "format", "uniqueItems", "default", "multipleOf",
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
}  # fmt: skip
#: Keywords that speak to people.
WORDS = {"title", "description", "deprecated", "example", "examples", "externalDocs", "xml", "$comment", "$id", "$schema"}  # fmt: skip


class Unreadable(Exception):
    """A document holds something that cannot be compared: `problem` says what and where."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True)
class Union:
    """The alternatives of a ``oneOf`` or ``anyOf``; `tag` is the member that tells them apart, if the schema says so."""

    keyword: str
    branches: Schemas
    tag: str


class Document:
    """One document, with the schemas that it refers to."""

    def __init__(self, value: JsonObject) -> None:
        self.value = value
        self._views: dict[
            tuple[int, ...], tuple[Schemas, View]
        ] = {}  # the schemas keep their addresses from being used again

    def name_of(self, schemas: Schemas) -> str:
        """The name under which the schema stands in the document, if it is nothing but a reference."""
        while len(schemas) == 1:
            (schema,) = schemas
            if not isinstance(schema, dict):
                break
            if "$ref" in schema:
                return text_of(schema["$ref"]).removeprefix(_PREFIX)
            if set(schema) - WORDS != {"allOf"}:
                break
            schemas = _schemas_in(schema["allOf"])
        return ""

    def view(self, schemas: Schemas) -> View:
        """What the schemas demand together. Raises Unreadable."""
        key = tuple(map(id, schemas))
        if key not in self._views:
            view = View(tuple(part for schema in schemas for part in self._parts(schema, ())))
            self._views[key] = (schemas, view)  # first: a union may lead back to itself
            for union in view.unions:
                view.types &= frozenset().union(*(self.view((branch,)).types for branch in union.branches))
        return self._views[key][1]

    def pointed(self, reference: str) -> Json:
        """What a reference into the document points to. Raises Unreadable."""
        value: Json = self.value
        for token in reference.removeprefix("#/").split("/"):
            inner = as_object(value).get(token.replace("~1", "/").replace("~0", "~"))
            if not reference.startswith("#/") or inner is None:
                raise Unreadable(f"the reference {reference} points to nothing in it")
            value = inner
        return value

    def resolved(self, value: Json) -> JsonObject:
        """The object, or the one that it refers to. Raises Unreadable."""
        for _ in range(limits.DIFF_DEEPEST.default):
            reference = as_object(value).get("$ref")
            if not isinstance(reference, str):
                return as_object(value)
            value = self.pointed(reference)
        raise Unreadable("a reference in it leads back to itself")

    def _parts(self, schema: Schema, around: tuple[str, ...]) -> Iterator[JsonObject]:
        """The schema without its references and ``allOf``: every part must hold."""
        if isinstance(schema, bool):
            yield {} if schema else {"enum": []}
            return
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in around or len(around) > limits.DIFF_DEEPEST.default:
                raise Unreadable(f"the schema {reference} refers to itself and to nothing else")
            target = self.pointed(reference)
            if not isinstance(target, dict | bool):
                raise Unreadable(f"the reference {reference} points to no schema")
            yield from self._parts(target, (*around, reference))
            schema = {name: value for name, value in schema.items() if name in WORDS}
        for branch in _schemas_in(schema.get("allOf")):
            yield from self._parts(branch, around)
        yield (
            {name: value for name, value in schema.items() if name != "allOf"}
            if "allOf" in schema
            else schema
        )


def _schemas_in(value: Json) -> Schemas:
    return tuple(item for item in as_list(value) if isinstance(item, dict | bool))


def _schema(value: Json) -> Schema | None:
    return value if isinstance(value, dict | bool) else None


def canonical(value: Json) -> str:
    """The value as text that is the same for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


class View:
    """What some schemas demand together: each of `parts` is one without references and ``allOf``."""

    def __init__(self, parts: tuple[JsonObject, ...]) -> None:
        self.parts = parts
        self.enum = self._enum()
        self.types = self._types()

    def _enum(self) -> Mapping[str, Json] | None:
        """The values that are listed, by their text; None if no part lists any."""
        allowed: dict[str, Json] | None = None
        for part in self.parts:
            for listed in ([part["const"]] if "const" in part else None, part.get("enum")):
                if isinstance(listed, list):
                    here = {canonical(value): value for value in listed}
                    allowed = {
                        text: value for text, value in here.items() if allowed is None or text in allowed
                    }
        return allowed

    def _types(self) -> frozenset[str]:
        allowed = TYPES
        for part in self.parts:
            if isinstance(part.get("type"), str | list):
                said = part["type"]
                named = {said} if isinstance(said, str) else {*texts_in(said)}
                named |= {"null"} if part.get("nullable") is True else set()
                allowed &= (named - {"number"}) | (_NUMBER if "number" in named else frozenset())
        if self.enum is not None:
            allowed &= {_type_of(value) for value in self.enum.values()}
        return allowed

    @property
    def required(self) -> frozenset[str]:
        return frozenset(name for part in self.parts for name in texts_in(part.get("required")))

    @property
    def members(self) -> list[str]:
        """The names that some part describes, in order."""
        return list(dict.fromkeys(name for part in self.parts for name in as_object(part.get("properties"))))

    def member(self, name: str) -> Schemas:
        """What the member of this name must satisfy, whether it is described or one of the others."""
        found = []
        for part in self.parts:
            described = as_object(part.get("properties"))
            schema = _schema(described[name] if name in described else part.get("additionalProperties"))
            if schema is not None:
                found.append(schema)
        return tuple(found)

    @property
    def others(self) -> Schemas:
        """What members must satisfy that are not described."""
        return self._all("additionalProperties")

    @property
    def items(self) -> Schemas:
        return self._all("items")

    @property
    def negated(self) -> Schemas:
        found = [_schema(part.get("not")) for part in self.parts]
        return tuple(schema for schema in found if schema is not None)

    def _all(self, keyword: str) -> Schemas:
        """The schemas under a keyword that demand something."""
        found = [_schema(part.get(keyword)) for part in self.parts]
        return tuple(schema for schema in found if schema is not None and schema is not True and schema != {})

    @property
    def unions(self) -> tuple[Union, ...]:
        found = []
        for part in self.parts:
            told = part.get("discriminator")
            tag = text_of(as_object(told).get("propertyName")) if isinstance(told, dict) else text_of(told)
            for keyword in ("oneOf", "anyOf"):
                if keyword in part:
                    found.append(Union(keyword, _schemas_in(part[keyword]), tag))
        return tuple(found)

    def without_unions(self) -> tuple[JsonObject, ...]:
        left_out = ("oneOf", "anyOf", "discriminator")
        return tuple({k: v for k, v in part.items() if k not in left_out} for part in self.parts)

    def values(self, keyword: str) -> list[Json]:
        """What the parts say under a keyword, each value once."""
        said = {canonical(part[keyword]): part[keyword] for part in self.parts if keyword in part}
        return [said[text] for text in sorted(said)]

    @property
    def unread(self) -> dict[str, list[Json]]:
        """The keywords that no rule here understands."""
        names = {name for part in self.parts for name in part}
        return {
            name: self.values(name)
            for name in sorted(names)
            if name not in _READ | WORDS and not name.startswith("x-")
        }


def _type_of(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    named = {float: "fraction", str: "string", list: "array"}
    return named.get(type(value), "object")


def disjoint(one: View, other: View) -> bool:
    """Whether it is plain that no value satisfies both: their types or values differ, or those of a member that both require."""
    if not one.types & other.types:
        return True
    if one.enum is not None and other.enum is not None and not set(one.enum) & set(other.enum):
        return True
    if not one.types & other.types <= {"object"}:
        return False
    for name in one.required & other.required:
        pair = [_listed(view.member(name)) for view in (one, other)]
        if pair[0] is not None and pair[1] is not None and not pair[0] & pair[1]:
            return True
    return False


def _listed(schemas: Schemas) -> set[str] | None:
    """The values that a member's own schema lists, without following references."""
    listed = View(tuple(schema for schema in schemas if isinstance(schema, dict))).enum
    return None if listed is None else set(listed)
