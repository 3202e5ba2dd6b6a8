"""Writes the documented examples into the bundles as named examples of their request, response or message."""

from __future__ import annotations

from collections.abc import Iterator

from tools.contract.example_index import Example, indexed_examples
from tools.contract.findings import Finding
from tools.contract.sources import Contract
from tools.contract.values import Json, JsonObject, as_list, as_object, as_texts, walk

_SCHEMA = "#/components/schemas/"


def place_examples(contract: Contract, openapi: JsonObject, asyncapi: JsonObject) -> list[Finding]:
    """Place each example where its schema is asked for, and take the ``x-examples`` members out.

    An example goes to every media type and message of its schema, or of a union with it. Where a media type or a message lists
    examples in ``x-examples``, those go there and nowhere else: that is how a refusal is shown under its own HTTP status only.
    """
    examples, findings = indexed_examples(contract)
    valid = [example for example in examples if example.breaks is None]
    paths = {example.path for example in valid}
    holders = [(openapi, *place) for place in _media_types(openapi)] + [
        (asyncapi, *place) for place in _messages(asyncapi)
    ]
    claimed = {path for _, holder, _ in holders for path in as_texts(holder.get("x-examples"))}
    for document, holder, schema_member in holders:
        listed = as_texts(holder.get("x-examples"))
        names = _schema_names(document, holder.get(schema_member))
        shown = [e for e in valid if e.path in listed or (e.path not in claimed and e.schema in names)]
        if shown:
            holder["examples"] = _written(shown, schema_member)
    for document in (openapi, asyncapi):
        for _, value in walk(document):
            if isinstance(value, dict):
                for path in as_texts(value.pop("x-examples", None)):
                    if path not in paths:
                        problem = "x-examples names it, but no index lists it as an example"
                        findings.append(
                            Finding(path, 1, "example-index", problem, "list it in examples.yaml")
                        )
    return findings


def _media_types(openapi: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    for tokens, value in walk(openapi):
        if len(tokens) >= 2 and tokens[-2] == "content" and isinstance(value, dict) and "schema" in value:
            yield value, "schema"


def _messages(asyncapi: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    for message in as_object(as_object(asyncapi.get("components")).get("messages")).values():
        if isinstance(message, dict) and "payload" in message:
            yield message, "payload"


def _schema_names(document: JsonObject, schema: Json) -> set[str]:
    """The component that the schema is, or the components that it is a union of."""
    names: set[str] = set()
    members = [as_object(schema)]
    while members:
        member = members.pop()
        for name in {reference.removeprefix(_SCHEMA) for reference in as_texts(member.get("$ref"))} - names:
            names.add(name)
            members.append(
                as_object(as_object(as_object(document.get("components")).get("schemas")).get(name))
            )
        members += [as_object(branch) for key in ("oneOf", "anyOf") for branch in as_list(member.get(key))]
    return names


def _written(examples: list[Example], schema_member: str) -> Json:
    if schema_member == "payload":
        return [
            {"name": e.name, **({"summary": e.summary} if e.summary else {}), "payload": e.value}
            for e in examples
        ]
    return {
        e.name: {
            **({"summary": e.summary} if e.summary else {}),
            "value": e.value,
            "x-basis": e.basis,
            "x-source": e.source,
        }
        for e in examples
    }
