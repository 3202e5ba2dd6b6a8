"""Checks the connections of the contract: tags, names of security schemes, unused files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from callproof.bundling.bundle import Half
from callproof.bundling.findings import Finding
from callproof.bundling.sources import Contract
from callproof.bundling.unions import TARGETS, targets_of
from callproof.bundling.values import JsonObject, Tokens, as_list, as_object, as_texts, walk
from tools.contract.vocabulary import METHODS

_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
_PARTS = (
    "schemas",
    "operations",
    "responses",
    "links",
    "parameters",
    "headers",
    "messages",
    "bayeux",
    "paths",
)
_SCHEMA = "#/components/schemas/"


def wiring_findings(contract: Contract, openapi: Half, asyncapi: Half) -> list[Finding]:
    """The faults in how the files of the contract refer to each other."""
    return [
        *_discriminator_faults(openapi),
        *_security_faults(openapi),
        *_unused(contract, (openapi, asyncapi)),
    ]


def operation_findings(contract: Contract) -> Iterator[Finding]:
    """The tag of a request body is the name of its file; that is why one new file makes a new operation."""
    for source in contract.operations():
        schema = as_object(source.value)
        tag = as_object(as_object(schema.get("properties")).get("operationName"))
        at = ("properties", "operationName")
        if not _PASCAL.fullmatch(source.stem) or tag.get("enum") != [source.stem]:
            problem = f"operationName is not the one word {source.stem}, the file's name"
            yield source.finding(at, "discriminator", problem, f"write enum: [{source.stem}]")
        if "operationName" not in as_texts(schema.get("required")):
            problem = "operationName is not required"
            yield source.finding(("required",), "discriminator", problem, "add it to required")
        targets = targets_of(source)
        if not targets or set(targets) - set(TARGETS):
            problem = f"x-target is {schema.get('x-target')!r}"
            yield source.finding(
                ("x-target",), "union", problem, f"write one or more of {', '.join(TARGETS)}"
            )


def _discriminator_faults(half: Half) -> Iterator[Finding]:
    """Faults of unions: every branch has exactly one tag, and its schema requires that tag."""
    components = as_object(as_object(half.document.get("components")).get("schemas"))
    for tokens, value in walk(half.document):
        if (
            not isinstance(value, dict)
            or not isinstance(value.get("discriminator"), dict)
            or tokens[-1:] == ("properties",)
        ):
            continue
        discriminator = as_object(value["discriminator"])
        name = str(discriminator.get("propertyName"))
        mapping = as_object(discriminator.get("mapping"))
        branches = {
            reference
            for key in ("oneOf", "anyOf")
            for branch in as_list(value.get(key))
            for reference in as_texts(as_object(branch).get("$ref"))
        }
        path, line = half.place((*tokens, "discriminator"))
        if unpaired := branches ^ set(map(str, mapping.values())):
            missing = ", ".join(sorted(reference.removeprefix(_SCHEMA) for reference in unpaired))
            problem = f"the mapping and the union differ in {missing}"
            remedy = "map every branch of the union and nothing else"
            yield Finding(path, line, "discriminator", problem, remedy)
        for tag, reference in mapping.items():
            schema = as_object(components.get(str(reference).removeprefix(_SCHEMA)))
            if as_object(as_object(schema.get("properties")).get(name)).get("enum") != [tag]:
                problem = f"{tag} points to a schema whose {name} is not the one word {tag}"
                yield Finding(path, line, "discriminator", problem, f"write {name}: enum: [{tag}] there")


def _operations(openapi: JsonObject) -> Iterator[tuple[Tokens, JsonObject]]:
    for path, item in as_object(openapi.get("paths")).items():
        for method in METHODS:
            if method in as_object(item):
                yield ("paths", path, method), as_object(as_object(item)[method])


def _security_faults(half: Half) -> Iterator[Finding]:
    known = set(as_object(as_object(half.document.get("components")).get("securitySchemes")))
    holders = [((), half.document), *_operations(half.document)]
    for tokens, holder in holders:
        for number, alternative in enumerate(as_list(holder.get("security"))):
            for name in sorted(set(as_object(alternative)) - known):
                path, line = half.place((*tokens, "security", str(number)))
                problem = f"there is no security scheme {name}"
                yield Finding(path, line, "security", problem, "name one of components.securitySchemes")
    used = {name for _, holder in holders for a in as_list(holder.get("security")) for name in as_object(a)}
    for name in sorted(known - used):
        path, line = half.place(("components", "securitySchemes", name))
        problem = f"nothing uses the security scheme {name}"
        yield Finding(path, line, "security", problem, "use it or remove it")


def _unused(contract: Contract, halves: Iterable[Half]) -> Iterator[Finding]:
    used = {path for half in halves for path in half.used}
    for path, source in contract.files.items():
        if source.folder in _PARTS and "/examples/" not in path and path not in used:
            yield Finding(path, 1, "unused", "no bundle refers to this file", "refer to it or remove it")
