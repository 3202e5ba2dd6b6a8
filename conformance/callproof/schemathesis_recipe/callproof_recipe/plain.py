"""A plain request of each endpoint and of each operation: the least that is valid, with names that are replaced before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import schemathesis

from .reach import operations_at, resolved

#: A plain value for each parameter that some operation requires.
_PLAIN = {
    "callUri": "http://switch.example/api/v2/me/calls/0",
    "callUuid": "0" * 32,
    "channels": ["voice"],
    "digits": "1",
    "disposition": "sold",
    "key": "colour",
    "otherCallUri": "http://switch.example/api/v2/me/calls/0",
    "participant": "0",
    "phoneNumber": "0",
    "targetDeviceUri": "http://switch.example/api/v2/devices/0",
    "userData": {"colour": "green"},
}
_IN_A_PATH = {"id": "0", "channel": "voice"}


def plain_requests(
    operation: schemathesis.APIOperation[Any, Any, Any, Any],
) -> Iterator[schemathesis.Case[Any]]:
    """The requests of one endpoint: one for each operation that can be posted to it, or one without a body."""
    path = {name: value for name, value in _IN_A_PATH.items() if f"{{{name}}}" in operation.path}
    openapi = operation.schema.raw_schema
    names = operations_at(openapi, operation.definition.raw)
    if not names:
        yield operation.Case(path_parameters=path)
    for name in names:
        body = {**_least(openapi, openapi["components"]["schemas"][name]), "operationName": name}
        yield operation.Case(path_parameters=dict(path), body=body, media_type="application/json")


def _least(openapi: Any, schema: Any) -> dict[str, Any]:
    """An object of the schema with its required members; without those for which no plain value is known."""
    members = {name: resolved(openapi, schema["properties"][name]) for name in schema.get("required", ())}
    return {
        name: _PLAIN.get(name)
        or (_least(openapi, member) if member.get("type") == "object" else _PLAIN["phoneNumber"])
        for name, member in members.items()
    }
