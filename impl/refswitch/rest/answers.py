"""Answers of the shapes that every resource has: addresses or resources of a collection, one resource with all or some of its members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def chosen(resource: Mapping[str, object], fields: str | None) -> Mapping[str, object]:
    """With * or without `fields` the whole resource, else the members that are named; a name that no member has chooses nothing."""
    names = fields.split(",") if fields is not None else ["*"]
    return resource if "*" in names else {name: value for name, value in resource.items() if name in names}


def collection(
    name: str, addresses: Sequence[str], resources: Sequence[Mapping[str, object]], fields: str | None
) -> Mapping[str, object]:
    """The addresses of a collection, or with `fields` the resources under its name."""
    if fields is None:
        return {"statusCode": 0, "uris": list(addresses)}
    return {"statusCode": 0, name: [chosen(resource, fields) for resource in resources]}
