"""Fills the unions of request bodies from the files in ``openapi/operations``."""

from __future__ import annotations

import posixpath

from callproof.bundling.findings import Finding
from callproof.bundling.sources import Contract, Source
from callproof.bundling.values import Json, JsonObject, as_object, as_texts

TARGETS = ("call", "me", "dialling", "device", "channel")


def targets_of(operation: Source) -> list[str]:
    """The resources that an operation is posted to: one word or a list of words."""
    return as_texts(as_object(operation.value).get("x-target"))


def filled_union(
    value: JsonObject, source: Source, contract: Contract, findings: list[Finding]
) -> JsonObject:
    """The schema with one ``oneOf`` branch and one mapping entry for each operation file with its target, by name.

    The references are relative to the schema's file, as if they were written there.
    """
    target, at = value["x-operations"], ("x-operations",)
    if target not in TARGETS:
        problem, remedy = f"x-operations is {target!r}", f"write one of {', '.join(TARGETS)}"
        findings.append(source.finding(at, "union", problem, remedy))
        return value
    members = [operation for operation in contract.operations() if target in targets_of(operation)]
    if not members:
        problem = f"no file in openapi/operations has x-target: {target}"
        findings.append(source.finding(at, "union", problem, "write one, or remove the union"))
        return value
    folder = posixpath.dirname(source.path)
    members.sort(key=lambda member: member.stem)
    files = {member.stem: posixpath.relpath(member.path, folder) for member in members}
    mapping: dict[str, Json] = dict(files)
    branches: list[Json] = [{"$ref": file} for file in files.values()]
    return {
        **value,
        "oneOf": branches,
        "discriminator": {"propertyName": "operationName", "mapping": mapping},
    }
