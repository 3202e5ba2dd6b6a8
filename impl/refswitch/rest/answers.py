"""Answers in the shapes that all resources share: the addresses or resources of a collection, or all or some members of one resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def chosen(resource: Mapping[str, object], fields: str | None) -> Mapping[str, object]:
    """The whole resource with `*` or without `fields`, else the named members; a name without a member selects nothing."""
    names = fields.split(",") if fields is not None else ["*"]
    return resource if "*" in names else {name: value for name, value in resource.items() if name in names}


def collection(
    name: str, addresses: Sequence[str], resources: Sequence[Mapping[str, object]], fields: str | None
) -> Mapping[str, object]:
    """The addresses in a collection, or with `fields` the resources, under its name."""
    if fields is None:
        return {"statusCode": 0, "uris": list(addresses)}
    return {"statusCode": 0, name: [chosen(resource, fields) for resource in resources]}
