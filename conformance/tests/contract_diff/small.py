"""Contracts of one endpoint, one notification or a few rows, as small as a test needs them."""

from __future__ import annotations

from typing import Any

from callproof.contract_diff import Bundles, Change, compare


def openapi(operation: dict[str, Any], path: str = "/me/calls/{id}", **members: Any) -> dict[str, Any]:
    """An HTTP half with one POST."""
    return {
        "openapi": "3.0.3",
        "info": {"version": "1"},
        "paths": {path: {"post": operation}},
        "components": {"schemas": members.pop("schemas", {}), **members.pop("components", {})},
        **members,
    }


def with_body(schema: Any, **schemas: Any) -> dict[str, Any]:
    """An HTTP half whose one request carries what the schema describes."""
    return openapi({"requestBody": {"content": {"application/json": {"schema": schema}}}}, schemas=schemas)


def with_answer(schema: Any, **schemas: Any) -> dict[str, Any]:
    """An HTTP half whose one answer carries what the schema describes."""
    answer = {"content": {"application/json": {"schema": schema}}}
    return openapi({"responses": {"200": answer}}, schemas=schemas)


def asyncapi(messages: dict[str, Any], action: str = "send", address: str = "/v2/me/calls") -> dict[str, Any]:
    """An event half with one channel and these payloads on it."""
    channel = {
        "address": address,
        "messages": {name: {"name": name, "payload": payload} for name, payload in messages.items()},
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"version": "1"},
        "channels": {"calls": channel},
        "operations": {"tell": {"action": action, "channel": {"$ref": "#/channels/calls"}}},
        "components": {"schemas": {}},
    }


def bundles(name: str = "it", **documents: Any) -> Bundles:
    """A contract of these documents: openapi, asyncapi, call_model."""
    return Bundles(name, documents.get("openapi"), documents.get("asyncapi"), documents.get("call_model"))


def changes(kind: str, old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """The changes between two documents of this kind."""
    return compare(bundles(**{kind: old}), bundles(**{kind: new}))


def told(kind: str, old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The changes in words: whom they break, where, and the sentence."""
    return [
        (c.effect.value, c.place, ": ".join(filter(None, (c.what, c.consequence))))
        for c in changes(kind, old, new)
    ]
