"""What the body of an operation says, for the parameters that several operations have.

A body is the generated type of its operation, and has been validated. An effect that alone knows a parameter reads it from the body itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from refswitch.stubs import bodies

from .user_data import UserData

Body: TypeAlias = bodies.CallOperation | bodies.DiallingOperation
#: operationName -> the members that its body may have.
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
    """The user data that the request brings; empty when it brings none."""
    return cast(UserData, _said(body, "userData") or {})


def other_call_of(body: Body) -> str | None:
    """The id of the other call that is meant, or None.

    A call is named by the end of its address: a client that reaches the server by another name may say so.
    """
    address = _said(body, "consultCallUri") or _said(body, "otherCallUri")
    return None if address is None else cast(str, address).rpartition("/")[2]


def _said(body: Body, member: str) -> Any:
    """The member's value; None for one that is not there, or that the contract does not give to this operation: then it means nothing."""
    said = cast("Mapping[str, Any]", body)
    return said.get(member) if member in _MEMBERS[body["operationName"]] else None
