"""Writes the documented examples into the bundles as named examples of their request, response or message."""

from __future__ import annotations

from collections.abc import Iterator

from callproof.bundling.example_index import Example, indexed_examples
from callproof.bundling.findings import Finding
from callproof.bundling.sources import Contract
from callproof.bundling.values import Json, JsonObject, as_list, as_object, as_texts, walk

_SCHEMA = "#/components/schemas/"


def place_examples(contract: Contract, openapi: JsonObject, asyncapi: JsonObject) -> list[Finding]:
    """Place each example beside its schema, and remove the ``x-examples`` members.

    An example goes to every media type and message of its schema, or of a union with it. If a media type or a message lists examples in
    ``x-examples``, those go there and nowhere else, so a refusal is shown only under its own HTTP status.
    """
    examples, findings = indexed_examples(contract)
    valid = [example for example in examples if example.breaks is None]
    holders = [
        *((openapi, holder, "schema") for holder in _media_types(openapi)),
        *((asyncapi, holder, "payload") for holder in _messages(asyncapi)),
    ]
    claimed = {path for _, holder, _ in holders for path in as_texts(holder.get("x-examples"))}
    for document, holder, schema_member in holders:
        listed = as_texts(holder.get("x-examples"))
        names = _schema_names(document, holder.get(schema_member))
        if here := [example for example in valid if _belongs(example, listed, claimed, names)]:
            holder["examples"] = _written(here, schema_member)
    taken_out = [path for document in (openapi, asyncapi) for path in _take_out(document)]
    return [*findings, *_without_index(taken_out, {example.path for example in valid})]


def _belongs(example: Example, listed: list[str], claimed: set[str], names: set[str]) -> bool:
    """Whether an example is listed here, or is listed nowhere and belongs to one of these schemas."""
    return example.path in listed or (example.path not in claimed and example.schema in names)


def _take_out(document: JsonObject) -> Iterator[str]:
    """Remove all ``x-examples`` members; yield the paths in them."""
    for _, value in walk(document):
        if isinstance(value, dict):
            yield from as_texts(value.pop("x-examples", None))


def _without_index(paths: list[str], known: set[str]) -> list[Finding]:
    problem, remedy = "x-examples names it, but no index lists it as an example", "list it in examples.yaml"
    return [Finding(path, 1, "example-index", problem, remedy) for path in paths if path not in known]


def _media_types(openapi: JsonObject) -> Iterator[JsonObject]:
    for tokens, value in walk(openapi):
        if len(tokens) >= 2 and tokens[-2] == "content" and isinstance(value, dict) and "schema" in value:
            yield value


def _messages(asyncapi: JsonObject) -> Iterator[JsonObject]:
    for message in as_object(as_object(asyncapi.get("components")).get("messages")).values():
        if isinstance(message, dict) and "payload" in message:
            yield message


def _schema_names(document: JsonObject, schema: Json) -> set[str]:
    """The component that the schema refers to, or the components of a union."""
    known = as_object(as_object(document.get("components")).get("schemas"))
    names: set[str] = set()
    members = [as_object(schema)]
    while members:
        member = members.pop()
        for name in {reference.removeprefix(_SCHEMA) for reference in as_texts(member.get("$ref"))} - names:
            names.add(name)
            members.append(as_object(known.get(name)))
        members += [as_object(branch) for key in ("oneOf", "anyOf") for branch in as_list(member.get(key))]
    return names


def _written(examples: list[Example], schema_member: str) -> Json:
    if schema_member == "payload":
        return [{"name": e.name, **_summary(e), "payload": e.value} for e in examples]
    return {
        e.name: {**_summary(e), "value": e.value, "x-basis": e.basis, "x-source": e.source} for e in examples
    }


def _summary(example: Example) -> JsonObject:
    return {"summary": example.summary} if example.summary else {}
