"""Who calls, and what of the request the handlers want to know: handed through Connexion's request context."""

from __future__ import annotations

from dataclasses import dataclass

from refswitch.contract import Json
from refswitch.numbers import HttpAnswer
from refswitch.request_log import Record, Scope
from refswitch.seats import Seat

from .realm import Realm

#: Where Connexion keeps what belongs to one request (ConnexionRequest.context).
_CONTEXT = "connexion_context"


@dataclass(slots=True)
class Caller:
    """The agent whose request it is, at which switch, his HTTP session, and the request's line in the log."""

    realm: Realm
    seat: Seat
    session: str
    record: Record
    answer: HttpAnswer | None = None
    """What is to go wrong with the answer, when everything has been done."""


def with_caller(scope: Scope, caller: Caller) -> dict[str, object]:
    """The scope as the handlers' world gets it. Connexion gives a handler what its context holds, by name."""
    return {**scope, "extensions": {**scope.get("extensions", {}), _CONTEXT: {"caller": caller}}}


def caller_of(scope: Scope) -> Caller:
    caller = scope["extensions"][_CONTEXT]["caller"]
    assert isinstance(caller, Caller), "the door lets nobody in without"
    return caller


def hand_over(scope: Scope, operation: Json) -> None:
    """Give the handler the body that has been validated, as its argument `operation`."""
    scope["extensions"][_CONTEXT]["operation"] = operation
