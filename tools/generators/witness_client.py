"""Asks a client of openapi-python-client, the package `made` in the working directory, for what standard input promises.

Prints what is lost as JSON: a kind, a name and what is missing. Every module of the package is imported on the way.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
import sys
import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any


def lost_in(schema: dict[str, Any], models: Any) -> Iterator[tuple[str, str, str]]:
    """What a schema lacks. Only objects and lists of words have a class; the generator itself fails on any other that it cannot read."""
    if not schema["members"] and not schema["words"]:
        return
    made = getattr(models, schema["name"], None)
    if made is None:
        yield "schema", schema["name"], "there is no class"
        return
    for word in schema["words"]:
        if word not in {each.value for each in made}:
            yield "schema", schema["name"], f"lacks the word {word}"
    source = inspect.getsource(made)
    for member in schema["members"]:
        name = member["path"][0]
        found = re.search(rf'd\.pop\(\s*"{re.escape(name)}"(,\s*UNSET)?\s*\)', source)
        if found is None or bool(found[1]) is member["required"]:
            word = "required" if member["required"] else "optional"
            yield "schema", schema["name"], f"lacks {name}, or it is not {word}"


def lost_at(endpoint: dict[str, Any], calls: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    call = calls.get(endpoint["operation_id"])
    if call is None:
        yield "endpoint", endpoint["operation_id"], "there is no function"
        return
    body = typing.get_type_hints(call).get("body")
    taken = {each.__name__ for each in typing.get_args(body) or (body,) if isinstance(each, type)}
    for name in endpoint["operations"]:
        if name not in taken:
            yield "operation", name, f"not at {endpoint['operation_id']}"


def snake(name: str) -> str:
    return re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def main() -> None:
    sys.path.insert(0, ".")
    promises = json.load(sys.stdin)
    made = import_module("made")
    names = [module.name for module in pkgutil.walk_packages(made.__path__, "made.")]
    modules = {name.rpartition(".")[2]: import_module(name) for name in names if name.startswith("made.")}
    calls = {
        endpoint["operation_id"]: modules[snake(endpoint["operation_id"])].sync_detailed
        for endpoint in promises["endpoints"]
        if snake(endpoint["operation_id"]) in modules
    }
    lost = [each for schema in promises["schemas"] for each in lost_in(schema, modules["models"])]
    lost += [each for endpoint in promises["endpoints"] for each in lost_at(endpoint, calls)]
    json.dump(lost, sys.stdout)


main()
