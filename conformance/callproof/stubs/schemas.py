"""Reads the contract's schemas as shapes.

Keywords that only narrow a value (patterns, lengths, ``anyOf`` of conditions) have no type: stubs help to write code, schemas judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from callproof.json_values import Json, JsonObject, as_list, as_object, text_of, texts_in
from callproof.stubs.shapes import (
    Anything,
    Declaration,
    ListOf,
    MapOf,
    Member,
    Named,
    Nothing,
    OpenWords,
    Record,
    Scalar,
    Shape,
    Union,
    Words,
    names_in,
)

_REFERENCE = "#/components/schemas/"
_SHAPING = {"type", "$ref", "enum", "x-open-enum", "allOf", "oneOf", "anyOf"}
_NARROWING = {"properties", "required", "not", "minProperties", "maxProperties"}


class UnfitSchema(ValueError):
    """A schema that the stubs cannot express."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"no stub can be made of the schema {name}: {why}")
        self.name = name
        self.why = why


class SchemaReader:
    """Declares schema components by name, and everything that they refer to."""

    def __init__(self, components: Mapping[str, Json]) -> None:
        self.declarations: dict[str, Declaration] = {}
        self._components = components

    def declare(self, name: str) -> None:
        """Add the component and what it refers to to the declarations; those that others build on come first."""
        if name in self.declarations:
            return
        schema = self._component(name)
        self.declarations[name] = Declaration(name, Anything(), "", name)  # a schema may refer to itself
        shape = self.shape(schema, name, name) or Anything()
        del self.declarations[name]
        self.declarations[name] = Declaration(name, shape, _text(schema), name)

    def shape(self, schema: Json, hint: str, owner: str) -> Shape | None:
        """The schema's shape, with what it refers to declared; None when it only narrows. ``hint`` names what has no name."""
        if not isinstance(schema, dict):
            raise UnfitSchema(owner, f"{hint} is not an object")
        if isinstance(reference := schema.get("$ref"), str):
            return self._referred(reference)
        if "allOf" in schema:
            return self._merged(schema, hint, owner)
        if "enum" in schema or "x-open-enum" in schema:
            return _words(schema)
        match schema.get("type"):
            case "object":
                return self._object(schema, hint, owner)
            case "array":
                return ListOf(self.part(schema.get("items", {}), hint + "Item", owner))
            case str(name):
                return Scalar(name)
        if "oneOf" in schema or "anyOf" in schema:
            return self._union(schema, hint, owner)
        if schema.get("not") == {}:
            return Nothing()
        return None if _NARROWING & set(schema) else Anything()

    def part(self, schema: Json, hint: str, owner: str) -> Shape:
        """The shape of something inside a schema; an object there gets a declaration of its own."""
        return self._named(self.shape(schema, hint, owner) or Anything(), schema, hint, owner)

    def _named(self, shape: Shape, schema: Json, hint: str, owner: str) -> Shape:
        if not isinstance(shape, Record):
            return shape
        if hint in self._components or hint in self.declarations:
            raise UnfitSchema(owner, f"its part would be called {hint}, and something else is")
        self.declarations[hint] = Declaration(hint, shape, _text(schema), owner)
        return Named(hint)

    def _referred(self, reference: str) -> Shape | None:
        name = reference.removeprefix(_REFERENCE)
        if name not in self.declarations and self._only_narrows(name):
            return None
        self.declare(name)
        return Named(name)

    def _only_narrows(self, name: str) -> bool:
        schema = self._component(name)
        if not isinstance(schema, dict) or "type" in schema or "enum" in schema or "x-open-enum" in schema:
            return False
        branches = [branch for key in ("allOf", "oneOf", "anyOf") for branch in as_list(schema.get(key))]
        return bool(branches or _NARROWING & set(schema)) and all(
            isinstance(branch, dict) and not _SHAPING & set(branch) for branch in branches
        )

    def _component(self, name: str) -> Json:
        if name not in self._components:
            raise UnfitSchema(name, "the bundle does not have it")
        return self._components[name]

    def _object(self, schema: JsonObject, hint: str, owner: str) -> Shape:
        properties = schema.get("properties")
        if not isinstance(properties, dict) or not properties:
            values = schema.get("additionalProperties")
            return MapOf(self.part(values, hint + "Value", owner) if isinstance(values, dict) else Anything())
        required = set(texts_in(schema.get("required")))
        members = []
        for name, member in properties.items():
            inner = self.part(member, hint + name[:1].upper() + name[1:], owner)
            members.append(Member(name, inner, name in required, _text(member)))
        return Record(tuple(members))

    def _merged(self, schema: JsonObject, hint: str, owner: str) -> Shape | None:
        """The members of all parts in one record; where two parts have a member, the list of words is the narrower one."""
        shapes = self._parts(schema, hint, owner)
        if len(shapes) < 2:
            return shapes[0] if shapes else None
        resolved = [self._resolved(shape) for shape in shapes]
        records = [shape for shape in resolved if isinstance(shape, Record)]
        if len(records) == len(shapes):
            return _joined_records(records)
        if records:
            raise UnfitSchema(owner, "allOf joins an object with something else")
        return next((shape for shape in shapes if isinstance(shape, Words)), shapes[0])

    def _parts(self, schema: JsonObject, hint: str, owner: str) -> list[Shape]:
        """The shapes of the schema beside its allOf and of each branch; branches that only narrow have none."""
        own = {name: member for name, member in schema.items() if name != "allOf"}
        parts: list[Json] = [own] if _SHAPING & set(own) else []
        shapes = [self.shape(part, hint, owner) for part in (*parts, *as_list(schema["allOf"]))]
        return [shape for shape in shapes if shape is not None]

    def _resolved(self, shape: Shape) -> Shape:
        while isinstance(shape, Named):
            shape = self.declarations[shape.name].shape
        return shape

    def _union(self, schema: JsonObject, hint: str, owner: str) -> Shape | None:
        branches = [*as_list(schema.get("oneOf")), *as_list(schema.get("anyOf"))]
        options: list[Shape] = []
        for branch, suffix in zip(branches, _suffixes(branches), strict=True):
            name = hint + suffix
            if (shape := self.shape(branch, name, owner)) is not None:
                option = self._named(shape, branch, name, owner)
                options += [option] if option not in options else []
        if not options:
            return None
        return options[0] if len(options) == 1 else Union(tuple(options))


def _suffixes(branches: list[Json]) -> list[str]:
    """A name for each branch: the first member that it asks for and the others do not, else its number."""
    required = [texts_in(as_object(branch).get("required")) for branch in branches]
    asked = Counter(name for names in required for name in set(names))
    own = [next((name for name in names if asked[name] == 1), "") for names in required]
    return [name[:1].upper() + name[1:] or str(number) for number, name in enumerate(own, 1)]


def _joined_records(records: list[Record]) -> Record:
    members: dict[str, Member] = {}
    for member in (member for record in records for member in record.members):
        known = members.get(member.name)
        members[member.name] = _narrower(known, member) if known else member
    return Record(tuple(members.values()))


def _narrower(first: Member, second: Member) -> Member:
    shape = second.shape if isinstance(second.shape, Words) else first.shape
    return Member(first.name, shape, first.required or second.required, first.text or second.text)


def _words(schema: JsonObject) -> Shape:
    if "enum" in schema:
        return Words(tuple(v for v in as_list(schema["enum"]) if isinstance(v, str | int | float)))
    return OpenWords(tuple(texts_in(schema["x-open-enum"])))


def _text(schema: Json) -> str:
    return " ".join(text_of(as_object(schema).get("description")).split())


def in_order(declarations: Mapping[str, Declaration]) -> list[Declaration]:
    """The declarations by name, except that each comes after those it is made of; in a circle the first by name comes first."""
    ordered: dict[str, Declaration] = {}
    visiting: set[str] = set()

    def visit(name: str) -> None:
        if name in ordered or name in visiting or name not in declarations:
            return
        visiting.add(name)
        for needed in names_in(declarations[name].shape):
            visit(needed)
        ordered[name] = declarations[name]

    for name in sorted(declarations):
        visit(name)
    return list(ordered.values())
