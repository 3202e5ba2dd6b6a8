"""Writes the examples into the bundles as named examples of their request, response or message."""

from __future__ import annotations

from collections.abc import Iterator

from callproof.bundling.example_index import Answered, Example, indexed_examples
from callproof.bundling.findings import Finding
from callproof.bundling.parameter_examples import place_parameters
from callproof.bundling.sources import Contract
from callproof.bundling.values import Json, JsonObject, as_list, as_object, as_texts, walk

_SCHEMA = "#/components/schemas/"
_RESPONSE = "#/components/responses/"


def place_examples(contract: Contract, openapi: JsonObject, asyncapi: JsonObject) -> list[Finding]:
    """Place each example beside its schema.

    An example goes to every media type and message of its schema, or of a union with it. One that says which operation it answered, and
    with which HTTP status, goes there and nowhere else, so a refusal is shown only under its own status. Returns the faults of the indexes.
    """
    examples, findings = indexed_examples(contract)
    valid = [example for example in examples if example.breaks is None]
    slots = _slots(openapi)
    findings += [_without_slot(example) for example in valid if _slot(example, slots) == {}]
    holders = [
        *((openapi, holder, "schema") for holder in _media_types(openapi)),
        *((asyncapi, holder, "payload") for holder in _messages(asyncapi)),
    ]
    for document, holder, schema_member in holders:
        names = schema_names(document, holder.get(schema_member))
        here = [example for example in valid if example.schema in names]
        if here := [example for example in here if _belongs(_slot(example, slots), holder)]:
            holder["examples"] = _written(here, schema_member)
    return [*findings, *place_parameters(contract, openapi)]


def _slots(openapi: JsonObject) -> dict[Answered, JsonObject]:
    """The media type of each answer that the contract describes, by operationId and status; `default` is a status too."""
    shared = as_object(as_object(openapi.get("components")).get("responses"))
    slots: dict[Answered, JsonObject] = {}
    for item in map(as_object, as_object(openapi.get("paths")).values()):
        for operation in (one for one in map(as_object, item.values()) if "operationId" in one):
            for status, response in as_object(operation.get("responses")).items():
                named = as_texts(as_object(response).get("$ref"))
                told = as_object(shared.get(named[0].removeprefix(_RESPONSE)) if named else response)
                for media in as_object(told.get("content")).values():
                    slots[Answered(str(operation.get("operationId")), status)] = as_object(media)
    return slots


def _slot(example: Example, slots: dict[Answered, JsonObject]) -> JsonObject | None:
    """Where an answer belongs: under its status, or under `default`; empty if its operation has neither. None for any other example."""
    at = example.answers
    if at is None:
        return None
    return slots.get(at) or slots.get(Answered(at.operation_id, "default")) or {}


def _belongs(slot: JsonObject | None, holder: JsonObject) -> bool:
    return slot is None or slot is holder


def _without_slot(example: Example) -> Finding:
    at = example.answers
    problem = f"{example.path}: the contract has no answer {at.status} of {at.operation_id}" if at else ""
    remedy = "name an operationId and one of its statuses"
    return Finding(example.index, example.line, "example-index", problem, remedy)


def _media_types(openapi: JsonObject) -> Iterator[JsonObject]:
    for tokens, value in walk(openapi):
        if len(tokens) >= 2 and tokens[-2] == "content" and isinstance(value, dict) and "schema" in value:
            yield value


def _messages(asyncapi: JsonObject) -> Iterator[JsonObject]:
    for message in as_object(as_object(asyncapi.get("components")).get("messages")).values():
        if isinstance(message, dict) and "payload" in message:
            yield message


def schema_names(document: JsonObject, schema: Json) -> list[str]:
    """The component that the schema refers to, or the components of a union in its order, each after the union that names it."""
    known = as_object(as_object(document.get("components")).get("schemas"))
    names: dict[str, None] = {}
    members = [as_object(schema)]
    while members:
        member = members.pop(0)
        for name in (reference.removeprefix(_SCHEMA) for reference in as_texts(member.get("$ref"))):
            if name not in names:
                names[name] = None
                members.append(as_object(known.get(name)))
        members += [as_object(branch) for key in ("oneOf", "anyOf") for branch in as_list(member.get(key))]
    return list(names)


def _written(examples: list[Example], schema_member: str) -> Json:
    if schema_member == "payload":  # AsyncAPI allows no member of our own here
        return [{"name": e.name, "summary": _summary(e), "payload": e.value} for e in examples]
    return {
        e.name: {"summary": _summary(e), "value": e.value, "x-basis": e.basis, "x-source": e.source}
        for e in examples
    }


def _summary(example: Example) -> str:
    """What a viewer lists: the example's summary or name, and where it comes from."""
    origin = "recorded from refswitch" if example.is_recorded else f"{example.basis}: {example.source}"
    return f"{(example.summary or example.name).rstrip('.')} ({origin})"
