"""The caller that a handler receives, through Connexion's request context or directly from the front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from refswitch.asgi import Scope
from refswitch.json_values import Json
from refswitch.numbers import HttpAnswer
from refswitch.refusals import NoSuchResource
from refswitch.request import Request
from refswitch.sandboxes import Sandbox
from refswitch.seats import Seat

#: Where Connexion keeps the data of one request (ConnexionRequest.context).
_CONTEXT = "connexion_context"

Handler = Callable[..., Mapping[str, object]]


@dataclass(slots=True)
class Caller:
    """The agent who sent the request, the sandbox, their HTTP session, and the request."""

    sandbox: Sandbox
    seat: Seat
    session: str
    request: Request
    answer: HttpAnswer | None = None
    """What is to go wrong with the answer after everything has been done."""


def check_own(caller: Caller, device_id: str) -> None:
    """Raises NoSuchResource for a device that is not the agent's."""
    if device_id != caller.seat.device_id:
        raise NoSuchResource(f"device {device_id} of yours")


def with_caller(scope: Scope, path: str, caller: Caller) -> Scope:
    """The scope for the handlers, with the caller in it. Connexion passes a handler what its context holds, by name.

    Media types are case-insensitive (RFC 9110, 8.3.1), but Connexion finds a body's schema only by the contract's spelling.
    """
    headers = [
        (name, value.lower() if name == b"content-type" else value) for name, value in scope["headers"]
    ]
    extensions = {**scope.get("extensions", {}), _CONTEXT: {"caller": caller}}
    return {**scope, "path": path, "headers": headers, "extensions": extensions}


def caller_of(scope: Scope) -> Caller:
    """The caller that `with_caller` added."""
    caller: Caller = scope["extensions"][_CONTEXT]["caller"]
    return caller


def hand_over(scope: Scope, operation: Json) -> None:
    """Pass the validated body to the handler as its argument `operation`."""
    scope["extensions"][_CONTEXT]["operation"] = operation


def handle(handler: Handler, caller: Caller, **arguments: object) -> Mapping[str, object]:
    """The handler's answer; its statusCode is noted in the request. Raises whatever the handler raises."""
    answer = handler(caller=caller, **arguments)
    caller.request.status_code = cast(int, answer["statusCode"])
    return answer
