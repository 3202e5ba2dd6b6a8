"""What a bundle promises to the users of generated code: schemas with their members, endpoints, operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from callproof.bundling.values import Json, JsonObject, as_list, as_object, as_texts

_SCHEMAS = "#/components/schemas/"
_METHODS = ("get", "post", "put", "delete")


@dataclass(frozen=True)
class Member:
    """A member of an object. The path has two steps if the object around it has no name of its own, as in data.call.

    ``is_open`` says that its schema allows any value, so that its type may be anything too.
    """

    path: tuple[str, ...]
    required: bool
    is_open: bool


@dataclass(frozen=True)
class Schema:
    """A named schema. ``words`` are the values of a closed list of strings; in a map, the names of the members are data."""

    name: str
    members: tuple[Member, ...]
    words: tuple[str, ...]
    is_map: bool

    @property
    def is_class(self) -> bool:
        """Whether it is an object with known members or a list of words, which every generator gives a name."""
        return bool(self.members or self.words)


@dataclass(frozen=True)
class Endpoint:
    """A method of a path. ``union`` is the schema of its body, and ``operations`` are the operationNames that it takes."""

    operation_id: str
    union: str
    operations: tuple[str, ...]


@dataclass(frozen=True)
class Promises:
    """Everything in a bundle that generated code must have."""

    schemas: tuple[Schema, ...]
    endpoints: tuple[Endpoint, ...]
    rules: tuple[str, ...]

    @property
    def operations(self) -> frozenset[str]:
        return frozenset(name for endpoint in self.endpoints for name in endpoint.operations)


def promised(document: JsonObject) -> Promises:
    """The promises of an OpenAPI or AsyncAPI bundle. A form that is only ruled out by a `not` is a rule for validators, not a type."""
    components = as_object(as_object(document.get("components")).get("schemas"))
    used = set(
        _used(
            {**document, "components": {**as_object(document.get("components")), "schemas": {}}}, components
        )
    )
    return Promises(
        schemas=tuple(_schema(name, as_object(components[name]), components) for name in sorted(used)),
        endpoints=tuple(_endpoints(document, components)),
        rules=tuple(sorted(set(components) - used)),
    )


def _used(document: JsonObject, components: JsonObject) -> set[str]:
    """The schemas that the rest of the document refers to, directly or through each other, without passing a `not`."""
    found: set[str] = set()
    waiting = list(_references(document))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(components[name])
    return found


def _references(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str) and reference.startswith(_SCHEMAS):
            yield reference.removeprefix(_SCHEMAS)
        for name, member in value.items():
            if name != "not":
                yield from _references(member)


def _schema(name: str, schema: JsonObject, components: JsonObject) -> Schema:
    words = as_texts(schema.get("enum")) if schema.get("type") == "string" else []
    members = tuple(_members(schema, components))
    return Schema(name, members, tuple(words), is_map=schema.get("type") == "object" and not members)


def _members(schema: JsonObject, components: JsonObject) -> Iterator[Member]:
    properties, required = _joined(schema, components)
    for name, member in properties.items():
        yield Member((name,), name in required, _is_open(member))
        if "$ref" not in member:
            inner, asked = _joined(member, components)
            yield from (Member((name, each), each in asked, _is_open(what)) for each, what in inner.items())


def _is_open(schema: JsonObject) -> bool:
    return not {"type", "$ref", "allOf", "anyOf", "oneOf"} & set(schema)


def _joined(schema: JsonObject, components: JsonObject) -> tuple[dict[str, JsonObject], set[str]]:
    """The properties of an object and of all that its allOf joins, and the names of those that are required."""
    properties = {name: as_object(member) for name, member in as_object(schema.get("properties")).items()}
    required = set(as_texts(schema.get("required")))
    for branch in map(as_object, as_list(schema.get("allOf"))):
        reference = str(branch.get("$ref", "")).removeprefix(_SCHEMAS)
        inner, asked = _joined(as_object(components[reference]) if reference else branch, components)
        properties = {**inner, **properties}
        required |= asked
    return properties, required


def _endpoints(document: JsonObject, components: JsonObject) -> Iterator[Endpoint]:
    for item in map(as_object, as_object(document.get("paths")).values()):
        for operation in (as_object(item[method]) for method in _METHODS if method in item):
            content = as_object(as_object(operation.get("requestBody")).get("content"))
            schema = as_object(as_object(content.get("application/json")).get("schema"))
            union = str(schema.get("$ref", "")).removeprefix(_SCHEMAS)
            discriminator = as_object(as_object(components.get(union)).get("discriminator"))
            names = sorted(as_object(discriminator.get("mapping")))
            yield Endpoint(str(operation.get("operationId")), union, tuple(names))
