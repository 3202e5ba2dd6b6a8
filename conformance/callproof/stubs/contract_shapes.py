"""Finds what gets a stub in the bundles: bodies and answers of requests, and the messages that a server sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from callproof.json_values import Json, JsonObject, as_list, as_object, text_of
from callproof.stubs.schemas import SchemaReader, UnfitSchema
from callproof.stubs.shapes import Declaration, Named, Record, Shape

_REFERENCE = "#/components/schemas/"
_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Operation:
    """One ``operationName``: its body is the declaration of that name."""

    name: str
    text: str
    basis: str
    source: str


@dataclass(frozen=True)
class OperationSet:
    """The operations that are posted to one resource. ``union`` declares the body as any of theirs."""

    union: str
    path: str
    parameters: tuple[tuple[str, Shape], ...]
    answer: Shape
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Contract:
    """Everything a renderer needs. ``notifications`` are the payloads of the messages that the server sends, ``news`` their data."""

    version: str
    bodies: frozenset[str]
    resources: frozenset[str]
    declarations: dict[str, Declaration]
    sets: tuple[OperationSet, ...]
    notifications: tuple[str, ...]
    news: tuple[str, ...]


def read_shapes(openapi: JsonObject, asyncapi: JsonObject) -> Contract:
    """Read both bundles; schemas that only Bayeux meta channels use get no stub, because the Bayeux libraries have them."""
    schemas = as_object(as_object(openapi.get("components")).get("schemas"))
    reader = SchemaReader(schemas | as_object(as_object(asyncapi.get("components")).get("schemas")))
    sets = tuple(_operation_sets(openapi, reader, schemas))
    for schema in _answers(openapi):
        reader.part(schema, "Answer", "an answer")
    of_http = frozenset(reader.declarations)
    notifications = tuple(sorted(set(_sent(asyncapi))))
    for name in notifications:
        reader.declare(name)
    for name in ("Notification", "NotificationData"):
        if name in reader.declarations:
            raise UnfitSchema(name, "the stubs use this name for the union of what the server sends")
    tagged = {name for group in sets for name in (group.union, *(each.name for each in group.operations))}
    bodies = frozenset(name for name, d in reader.declarations.items() if d.owner in tagged)
    return Contract(
        version=str(as_object(openapi.get("info")).get("version", "")),
        bodies=bodies,
        resources=of_http - bodies,
        declarations=reader.declarations,
        sets=sets,
        notifications=notifications,
        news=_news(reader, notifications),
    )


def _operation_sets(openapi: JsonObject, reader: SchemaReader, schemas: JsonObject) -> Iterator[OperationSet]:
    seen: set[str] = set()
    for path, _, operation, shared in _operations(openapi):
        union = _reference(_json_schema(as_object(operation.get("requestBody"))))
        schema = as_object(schemas.get(union))
        discriminator = as_object(schema.get("discriminator"))
        if discriminator.get("propertyName") != "operationName" or union in seen:
            continue
        seen.add(union)  # a resource with two addresses is one resource to a server
        reader.declare(union)
        names = sorted(as_object(discriminator.get("mapping")))
        target = union.removesuffix("Operation").lower()
        parameters = [*as_list(shared.get("parameters")), *as_list(operation.get("parameters"))]
        in_path = [parameter for parameter in map(as_object, parameters) if parameter.get("in") == "path"]
        yield OperationSet(
            union=union,
            path=path,
            parameters=tuple(_parameter(parameter, target, reader) for parameter in in_path),
            answer=reader.part(_success(openapi, operation), union + "Answer", union),
            operations=tuple(_operation(name, as_object(schemas.get(name))) for name in names),
        )


def _operation(name: str, schema: JsonObject) -> Operation:
    text = " ".join(str(schema.get("description", "")).split())
    return Operation(name, text, str(schema.get("x-basis", "")), str(schema.get("x-source", "")))


def _parameter(parameter: JsonObject, target: str, reader: SchemaReader) -> tuple[str, Shape]:
    name = re.sub("[^a-z0-9]", "_", str(parameter.get("name")).lower())
    named = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _reference(as_object(parameter.get("schema")))).lower()
    full = (named or f"{target}_id") if name == "id" else name
    return full, reader.part(parameter.get("schema", {}), full.title().replace("_", ""), full)


def _operations(openapi: JsonObject) -> Iterator[tuple[str, str, JsonObject, JsonObject]]:
    for path, item in as_object(openapi.get("paths")).items():
        shared = as_object(item)
        for method in _METHODS:
            if method in shared:
                yield path, method, as_object(shared[method]), shared


def _answers(openapi: JsonObject) -> Iterator[Json]:
    """The schema of each answer that has one, named ones only: an answer without a name of its own is typed where it is used."""
    for _, _, operation, _ in _operations(openapi):
        for response in as_object(operation.get("responses")).values():
            schema = _json_schema(_followed(openapi, response))
            if _reference(schema):
                yield schema


def _success(openapi: JsonObject, operation: JsonObject) -> Json:
    return _json_schema(_followed(openapi, as_object(operation.get("responses")).get("200")))


def _followed(openapi: JsonObject, value: Json) -> JsonObject:
    reference = as_object(value).get("$ref")
    if not isinstance(reference, str):
        return as_object(value)
    found: Json = openapi
    for token in reference.removeprefix("#/").split("/"):
        found = as_object(found).get(token)
    return as_object(found)


def _json_schema(holder: JsonObject) -> JsonObject:
    return as_object(as_object(as_object(holder.get("content")).get("application/json")).get("schema"))


def _sent(asyncapi: JsonObject) -> Iterator[str]:
    """The payload schemas of the messages in the server's ``send`` operations."""
    for operation in map(as_object, as_object(asyncapi.get("operations")).values()):
        if operation.get("action") != "send":
            continue
        for message in as_list(operation.get("messages")):
            found = _followed(asyncapi, message)
            while "$ref" in found:
                found = _followed(asyncapi, found)
            if name := _reference(as_object(found.get("payload"))):
                yield name


def _news(reader: SchemaReader, notifications: tuple[str, ...]) -> tuple[str, ...]:
    """The declarations of the ``data`` members: a union of these can be told apart by messageType and notificationType."""
    found: dict[str, None] = {}
    for name in notifications:
        shape = reader.declarations[name].shape
        for member in shape.members if isinstance(shape, Record) else ():
            if member.name == "data" and isinstance(member.shape, Named):
                found[member.shape.name] = None
    return tuple(found)


def _reference(schema: JsonObject) -> str:
    return text_of(schema.get("$ref")).removeprefix(_REFERENCE)
