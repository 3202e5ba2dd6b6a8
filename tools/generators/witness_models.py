"""Asks the pydantic models of datamodel-code-generator, the module `made` in the working directory, for what standard input promises.

Prints what is lost as JSON: a kind, a name and what is missing.
"""

from __future__ import annotations

import json
import sys
import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any


def lost_in(schema: dict[str, Any], models: Any) -> Iterator[tuple[str, str, str]]:
    """What a schema lacks; each has a class, because this generator makes one for every schema."""
    made = getattr(models, schema["name"], None)
    if made is None:
        yield "schema", schema["name"], "there is no class"
        return
    for word in schema["words"]:
        if word not in {each.value for each in made}:
            yield "schema", schema["name"], f"lacks the word {word}"
    fields = {field.alias or name: field for name, field in getattr(made, "model_fields", {}).items()}
    for member in schema["members"]:
        name = member["path"][0]
        if name not in fields or fields[name].is_required() is not member["required"]:
            word = "required" if member["required"] else "optional"
            yield "schema", schema["name"], f"lacks {name}, or it is not {word}"


def lost_at(endpoint: dict[str, Any], models: Any) -> Iterator[tuple[str, str, str]]:
    union = getattr(models, endpoint["union"], None)
    body = union.model_fields["root"].annotation if union is not None else None
    taken = {each.__name__ for each in typing.get_args(body) or (body,) if isinstance(each, type)}
    for name in endpoint["operations"]:
        if name not in taken:
            yield "operation", name, f"not at {endpoint['operation_id']}"


def main() -> None:
    sys.path.insert(0, ".")
    promises = json.load(sys.stdin)
    models = import_module("made")
    lost = [each for schema in promises["schemas"] for each in lost_in(schema, models)]
    lost += [
        each
        for endpoint in promises["endpoints"]
        if endpoint["operations"]
        for each in lost_at(endpoint, models)
    ]
    json.dump(lost, sys.stdout)


main()
