"""Checks the links: each leads to an operation of the contract, gives it what it takes, and takes that from what its source has.

OpenAPI's tools follow a link without asking: one that leads nowhere, or whose value is never found, is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from callproof.bundling.bundle import Half
from callproof.bundling.findings import Finding
from callproof.bundling.values import (
    Json,
    JsonObject,
    Tokens,
    as_list,
    as_object,
    as_texts,
    tokens_of,
    value_at,
)
from tools.contract.vocabulary import METHODS

_BODY = "$response.body#"
_PATH = "$request.path."
_SEVERAL = ("oneOf", "anyOf", "allOf")

Names = set[tuple[str, str]]  # (location, name) of parameters


@dataclass(frozen=True)
class _Link:
    """A link where it stands: its place in the bundle, its source's parameters, and the schemas of the source's answer."""

    at: Tokens
    value: JsonObject
    given: Names
    answers: list[Json]

    @property
    def name(self) -> str:
        return self.at[-1]


def link_findings(half: Half) -> Iterator[Finding]:
    """The faults of all links of the OpenAPI bundle."""
    document = half.document
    targets = {
        str(operation.get("operationId")): (_parameters(document, item, operation), operation)
        for item, operation in _operations(document).values()
    }
    for link in _links(document):
        path, line = half.place(link.at)
        for problem, remedy in _faults(link, targets, document):
            yield Finding(path, line, "link", f"the link {link.name} {problem}", remedy)


def _faults(
    link: _Link, targets: dict[str, tuple[Names, JsonObject]], document: JsonObject
) -> Iterator[tuple[str, str]]:
    name = link.value.get("operationId")
    if str(name) not in targets:
        yield f"points to {name!r}, which is not an operationId", "name an operationId of the contract"
        return
    takes, _ = targets[str(name)]
    parameters = as_object(link.value.get("parameters"))
    for parameter, value in parameters.items():
        if not _means(parameter, takes):
            known = ", ".join(sorted(one for _, one in takes)) or "none"
            yield f"gives {name} the parameter {parameter}, which it does not take", f"it takes {known}"
        if isinstance(value, str) and value.startswith("$") and not _is_found(value, link, document):
            yield f"takes {parameter} from {value}, which its source does not have", "fix the expression"
    given = {parameter.rpartition(".")[2] for parameter in parameters}
    for missing in sorted(one for where, one in takes if where == "path" and one not in given):
        yield f"does not give {name} the path parameter {missing}", f"add {missing} to its parameters"


def _means(parameter: str, takes: Names) -> bool:
    """Whether a link's parameter, which may begin with its location (`path.id`), is one that the target takes."""
    location, _, name = parameter.rpartition(".")
    return any(name == one and location in ("", where) for where, one in takes)


def _is_found(expression: str, link: _Link, document: JsonObject) -> bool:
    if expression.startswith(_PATH):
        return ("path", expression.removeprefix(_PATH)) in link.given
    if expression.startswith(_BODY):
        tokens = tokens_of(expression.removeprefix(_BODY))
        return any(_leads(schema, tokens, document) for schema in link.answers)
    return False  # the contract's links need no other expression


def _leads(schema: Json, tokens: Tokens, document: JsonObject) -> bool:
    """Whether a value of the schema may have something at the pointer."""
    value = _resolved(schema, document)
    if not tokens:
        return bool(value)
    step, rest = tokens[0], tokens[1:]
    here = value.get("items") if step.isdigit() else as_object(value.get("properties")).get(step)
    branches = [branch for key in _SEVERAL for branch in as_list(value.get(key))]
    return (here is not None and _leads(here, rest, document)) or any(
        _leads(branch, tokens, document) for branch in branches
    )


def _links(document: JsonObject) -> Iterator[_Link]:
    """Every link of every response, once for each operation that gives the response."""
    for at, (item, operation) in _operations(document).items():
        given = _parameters(document, item, operation)
        for status in as_object(operation.get("responses")):
            place, response = _placed((*at, "responses", status), document)
            content = as_object(response.get("content")).values()
            answers = [as_object(media).get("schema") for media in content]
            for name in as_object(response.get("links")):
                where, value = _placed((*place, "links", name), document)
                yield _Link(where, value, given, answers)


def _operations(document: JsonObject) -> dict[Tokens, tuple[JsonObject, JsonObject]]:
    """Each operation by its place, with the item of its path."""
    return {
        ("paths", path, method): (as_object(item), as_object(as_object(item)[method]))
        for path, item in as_object(document.get("paths")).items()
        for method in METHODS
        if method in as_object(item)
    }


def _parameters(document: JsonObject, item: JsonObject, operation: JsonObject) -> Names:
    listed = [
        _resolved(one, document) for holder in (item, operation) for one in as_list(holder.get("parameters"))
    ]
    return {(str(one.get("in")), str(one.get("name"))) for one in listed}


def _placed(tokens: Tokens, document: JsonObject) -> tuple[Tokens, JsonObject]:
    """The object at a place, and where it stands if that is only a reference to it."""
    value = as_object(value_at(document, tokens))
    for reference in as_texts(value.get("$ref")):
        tokens = tokens_of(reference.removeprefix("#"))
        return tokens, as_object(value_at(document, tokens))
    return tokens, value


def _resolved(value: Json, document: JsonObject) -> JsonObject:
    for reference in as_texts(as_object(value).get("$ref")):
        return as_object(value_at(document, tokens_of(reference.removeprefix("#"))))
    return as_object(value)
