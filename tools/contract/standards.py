"""Checks the bundles against the standards that they claim to follow."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from callproof.bundling.bundle import Half
from callproof.bundling.derive31 import derived_31
from callproof.bundling.findings import Finding
from callproof.bundling.values import pointer

ASYNCAPI_SCHEMA = Path(__file__).with_name("asyncapi-3.0.0.schema.json")
_LONGEST = 240


def openapi_findings(half: Half) -> list[Finding]:
    """The errors that openapi-spec-validator finds in the 3.0 bundle and in the derived 3.1 bundle."""
    found = set()
    for version, document, judge in (
        ("OpenAPI 3.0", half.document, OpenAPIV30SpecValidator),
        ("OpenAPI 3.1", derived_31(half.document), OpenAPIV31SpecValidator),
    ):
        # The standard's own schema comes first: the other checks assume that the document has the right shape, and crash if it has not.
        errors = list(judge.schema_validator.iter_errors(document)) or list(judge(document).iter_errors())
        for error in errors:
            tokens = tuple(str(step) for step in error.absolute_path)
            path, line = half.place(tokens)
            problem = f"{_short(error.message)} (at {pointer(tokens) or 'the root'} of the bundle)"
            found.add(Finding(path, line, "openapi", problem, f"follow {version}"))
    return sorted(found)


def asyncapi_findings(half: Half) -> list[Finding]:
    """The errors that the official AsyncAPI 3.0.0 JSON Schema finds in the bundle."""
    schema = json.loads(ASYNCAPI_SCHEMA.read_text(encoding="utf-8"))
    found = set()
    for error in jsonschema_rs.validator_for(schema).iter_errors(half.document):
        telling = _most_telling(error)
        tokens = tuple(str(step) for step in telling.instance_path)
        path, line = half.place(tokens)
        problem = f"{_short(telling.message)} (at {pointer(tokens) or 'the root'} of the bundle)"
        found.add(Finding(path, line, "asyncapi", problem, "follow AsyncAPI 3.0.0"))
    return sorted(found)


def _most_telling(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """The branch of a failed union that got furthest into the document; the union's own message says nothing."""
    while branches := getattr(error.kind, "context", None):
        inner = [candidate for branch in branches for candidate in branch]
        if not inner:
            break
        error = max(inner, key=lambda candidate: len(candidate.instance_path))
    return error


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + " ..."
