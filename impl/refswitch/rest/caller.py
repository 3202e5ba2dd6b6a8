"""The caller that a handler gets, handed to it through Connexion's request context or directly by the front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from refswitch.asgi import Scope
from refswitch.json_values import Json
from refswitch.numbers import HttpAnswer
from refswitch.request import Request
from refswitch.sandboxes import Sandbox
from refswitch.seats import Seat

#: Where Connexion keeps what belongs to one request (ConnexionRequest.context).
_CONTEXT = "connexion_context"

Handler = Callable[..., Mapping[str, object]]


@dataclass(slots=True)
class Caller:
    """The agent whose request it is, in which sandbox, their HTTP session, and the request."""

    sandbox: Sandbox
    seat: Seat
    session: str
    request: Request
    answer: HttpAnswer | None = None
    """What is to go wrong with the answer, when everything has been done."""


def with_caller(scope: Scope, path: str, caller: Caller) -> Scope:
    """The scope as the handlers' world gets it. Connexion gives a handler what its context holds, by name.

    A media type has no case (RFC 9110, 8.3.1), and Connexion finds a body's schema by the very letters of the contract.
    """
    headers = [
        (name, value.lower() if name == b"content-type" else value) for name, value in scope["headers"]
    ]
    extensions = {**scope.get("extensions", {}), _CONTEXT: {"caller": caller}}
    return {**scope, "path": path, "headers": headers, "extensions": extensions}


def caller_of(scope: Scope) -> Caller:
    """The caller that `with_caller` has put there."""
    caller: Caller = scope["extensions"][_CONTEXT]["caller"]
    return caller


def hand_over(scope: Scope, operation: Json) -> None:
    """Give the handler the body that has been validated, as its argument `operation`."""
    scope["extensions"][_CONTEXT]["operation"] = operation


def handle(handler: Handler, caller: Caller, **arguments: object) -> Mapping[str, object]:
    """What the handler answers, its statusCode noted in the request. Raises what the handler raises."""
    answer = handler(caller=caller, **arguments)
    caller.request.status_code = cast(int, answer["statusCode"])
    return answer
