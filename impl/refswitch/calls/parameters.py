"""Reads the parameters that several operations share from the body of an operation.

A body has the generated type of its operation and has been validated. A parameter that only one effect uses is read by that effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from refswitch.stubs import bodies

from .user_data import UserData

Body: TypeAlias = bodies.CallOperation | bodies.DiallingOperation
#: operationName -> the members that its body may contain.
_MEMBERS: Mapping[str, frozenset[str]] = {
    name: frozenset(body.__annotations__)
    for name, body in vars(bodies).items()
    if "operationName" in getattr(body, "__annotations__", ())
}


def destination_of(body: Body) -> str | None:
    """The number to dial, or None."""
    destination = _said(body, "destination")
    return None if destination is None else cast(str, destination["phoneNumber"])


def user_data_of(body: Body) -> UserData:
    """The request's user data; empty if it has none."""
    return cast(UserData, _said(body, "userData") or {})


def other_call_of(body: Body) -> str | None:
    """The id of the other call that the request names, or None.

    Only the end of the call's address counts, because a client may know the server under another host name.
    """
    address = _said(body, "consultCallUri") or _said(body, "otherCallUri")
    return None if address is None else cast(str, address).rpartition("/")[2]


def calls_named_in(body: Body) -> tuple[str, ...]:
    """The ids by which the request names the call that it is about; none if its address alone names it. Of an address, its end counts."""
    address, uuid = _said(body, "callUri"), _said(body, "callUuid")
    said = (None if address is None else cast(str, address).rpartition("/")[2], cast("str | None", uuid))
    return tuple(call_id for call_id in said if call_id is not None)


def _said(body: Body, member: str) -> Any:
    """The member's value; None if it is absent, or if the contract does not define it for this operation: then it is ignored."""
    said = cast("Mapping[str, Any]", body)
    return said.get(member) if member in _MEMBERS[body["operationName"]] else None
