"""What an example shows, and what the contract wants shown: one vocabulary for the lint, and for the recorder, which keeps what is new.

A thing is a tuple of words: ("operation", "Hold"), ("parameter", "Dial", "destination/phoneNumber"), ("refusal", "2", sentence),
("notification type", "StatusChange"), ("outcome", "ConnectReply", "refused").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callproof.bundling.bundle import Half
from callproof.bundling.example_index import Example, indexed_examples
from callproof.bundling.findings import Finding
from callproof.bundling.sources import Contract, Source
from callproof.bundling.values import Json, JsonObject, Tokens, as_list, as_object, as_texts
from tools.contract.vocabulary import METHODS

Thing = tuple[str, ...]

_SCHEMA = "#/components/schemas/"
_OUTCOMES: Mapping[bool, str] = {True: "successful", False: "refused"}
_REMEDY = "play it in a flow of tools/examples/flows.py and run make examples, or add the documented one to examples.yaml"


def shown_by(schema: str, value: Json, when: str = "") -> set[Thing]:
    """Everything that an example of this schema shows; `when` is the sentence of x-refusals that it belongs to."""
    document = as_object(value)
    data = as_object(document.get("data"))
    operation, state = document.get("operationName"), as_object(data.get("call")).get("state")
    things: set[Thing] = {("schema", schema)}
    if isinstance(operation, str):
        things.add(("operation", operation))
        things |= {("parameter", operation, name) for name in _members(document)}
    if when:
        things.add(("refusal", str(document.get("statusCode")), when))
    if isinstance(data.get("notificationType"), str):
        things.add(("notification type", str(data["notificationType"])))
    if isinstance(state, str):
        things.add(("state", state))
    if isinstance(document.get("successful"), bool):
        things.add(("outcome", schema, _OUTCOMES[bool(document["successful"])]))
    return things


def _members(value: JsonObject, inside: Tokens = ()) -> Iterator[str]:
    """The names of all members of objects in the value, with the names around them."""
    for name, member in value.items():
        yield "/".join((*inside, name))
        yield from _members(as_object(member), (*inside, name))


@dataclass(frozen=True)
class Place:
    """Where the contract speaks of a thing."""

    source: Source
    tokens: Tokens

    def finding(self, thing: Thing) -> Finding:
        return self.source.finding(
            self.tokens, "no-example", f"no example shows the {' '.join(thing)}", _REMEDY
        )


def wanted(contract: Contract, openapi: Half, asyncapi: Half) -> dict[Thing, Place]:
    """Each thing that an example must show: operations and parameters, sentences of x-refusals, notification types, outcomes of Bayeux."""
    things: dict[Thing, Place] = {}
    for source in contract.operations():
        things[("operation", source.stem)] = Place(source, ())
        for name, tokens in _parameters(source.value, openapi, source.stem):
            things.setdefault(("parameter", source.stem, name), Place(source, tokens))
        for number, row in enumerate(as_list(as_object(source.value).get("x-refusals"))):
            sentence = as_object(row)
            thing = ("refusal", str(sentence.get("statusCode")), str(sentence.get("when")))
            things.setdefault(thing, Place(source, ("x-refusals", str(number))))
    types = contract.schema_named("NotificationType")
    for number, name in enumerate(as_texts(as_object(types.value).get("x-open-enum")) if types else []):
        assert types is not None
        things[("notification type", name)] = Place(types, ("x-open-enum", str(number)))
    for source in _payloads(asyncapi):
        if "successful" in as_object(as_object(source.value).get("properties")):
            for outcome in _OUTCOMES.values():
                things[("outcome", source.stem, outcome)] = Place(source, ("properties", "successful"))
    return things


def _payloads(asyncapi: Half) -> Iterator[Source]:
    """The schemas of the messages."""
    for _, _, message in _messages(asyncapi.document):
        for reference in as_texts(as_object(message.get("payload")).get("$ref")):
            yield asyncapi.sources["schemas", reference.removeprefix(_SCHEMA)]


def _parameters(operation: Json, openapi: Half, stem: str) -> Iterator[tuple[str, Tokens]]:
    """The parameters of an operation, and the members of those that are objects, each with its place in the operation's file."""
    schemas = as_object(as_object(openapi.document.get("components")).get("schemas"))
    for name in sorted(set(as_object(as_object(operation).get("properties"))) - {"operationName"}):
        schema = as_object(as_object(as_object(schemas.get(stem)).get("properties")).get(name))
        yield name, ("properties", name)
        for inner in _inner(schema, schemas, (name,)):
            yield inner, ("properties", name)


def _inner(schema: JsonObject, schemas: JsonObject, inside: Tokens) -> Iterator[str]:
    for reference in as_texts(schema.get("$ref")):
        schema = as_object(schemas.get(reference.removeprefix(_SCHEMA)))
    if len(inside) > 8:
        return  # a schema may refer to itself
    for name, member in as_object(schema.get("properties")).items():
        yield "/".join((*inside, name))
        yield from _inner(as_object(member), schemas, (*inside, name))


def missing_examples(contract: Contract, openapi: Half, asyncapi: Half) -> list[Finding]:
    """A finding for everything that has no example. The examples must have been placed in both halves."""
    shown: set[Thing] = set()
    places = wanted(contract, openapi, asyncapi)
    unwanted: list[Finding] = []
    for example in _positive(contract):
        shows = shown_by(example.schema, example.value, example.when)
        shown |= shows
        unwanted += _unwanted(
            example, [thing for thing in shows if thing[0] == "refusal" and thing not in places]
        )
    return [
        *unwanted,
        *(place.finding(thing) for thing, place in places.items() if thing not in shown),
        *_without_examples(openapi, _media_types(openapi.document)),
        *_without_examples(openapi, _parameter_objects(openapi.document)),
        *_without_examples(asyncapi, _messages(asyncapi.document)),
    ]


def _unwanted(example: Example, refusals: list[Thing]) -> Iterator[Finding]:
    for _, code, sentence in refusals:
        problem = f"{example.path}: no x-refusals says, for statusCode {code}: {sentence}"
        remedy = "repeat a sentence of x-refusals; in a flow, use because for any other reason"
        yield Finding(example.index, example.line, "example-index", problem, remedy)


def _positive(contract: Contract) -> Iterator[Example]:
    return (example for example in indexed_examples(contract)[0] if example.breaks is None)


def _without_examples(half: Half, holders: Iterator[tuple[str, Tokens, JsonObject]]) -> Iterator[Finding]:
    seen: set[Tokens] = set()  # a shared answer is reported for the first operation that has it
    for words, tokens, holder in holders:
        if not holder.get("examples") and tokens not in seen:
            seen.add(tokens)
            path, line = half.place(tokens)
            yield Finding(path, line, "no-example", f"{words} has no example", _REMEDY)


def _operations(openapi: JsonObject) -> Iterator[tuple[str, Tokens, JsonObject]]:
    for path, item in as_object(openapi.get("paths")).items():
        for method in (method for method in METHODS if method in as_object(item)):
            yield f"{method.upper()} {path}", ("paths", path, method), as_object(as_object(item)[method])


def _media_types(openapi: JsonObject) -> Iterator[tuple[str, Tokens, JsonObject]]:
    shared = as_object(as_object(openapi.get("components")).get("responses"))
    for words, tokens, operation in _operations(openapi):
        body = as_object(as_object(operation.get("requestBody")).get("content"))
        for media_type, media in body.items():
            yield f"the request of {words}", (*tokens, "requestBody", "content", media_type), as_object(media)
        for status, response in as_object(operation.get("responses")).items():
            at: Tokens = (*tokens, "responses", status)
            for reference in as_texts(as_object(response).get("$ref")):
                at = ("components", "responses", reference.rpartition("/")[2])
                response = shared.get(at[-1])
            for media_type, media in as_object(as_object(response).get("content")).items():
                yield f"the answer {status} of {words}", (*at, "content", media_type), as_object(media)


def _parameter_objects(openapi: JsonObject) -> Iterator[tuple[str, Tokens, JsonObject]]:
    for path, item in as_object(openapi.get("paths")).items():
        holders: list[tuple[str, Tokens, JsonObject]] = [(path, ("paths", path), as_object(item))]
        holders += [one for one in _operations(openapi) if one[1][1] == path]
        for words, tokens, holder in holders:
            for number, parameter in enumerate(map(as_object, as_list(holder.get("parameters")))):
                at = (*tokens, "parameters", str(number))
                yield f"the parameter {parameter.get('name')} of {words}", at, parameter


def _messages(asyncapi: JsonObject) -> Iterator[tuple[str, Tokens, JsonObject]]:
    for name, message in as_object(as_object(asyncapi.get("components")).get("messages")).items():
        yield f"the message {name}", ("components", "messages", name), as_object(message)
