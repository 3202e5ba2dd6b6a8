"""Validators for Connexion: whether a request's parameters and body are what the contract says.

Connexion's own validators name neither place nor rule within a union's branch, treat a chunked body as missing, and fail with an internal
error on a body that is not UTF-8 or is nested too deeply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from connexion.datastructures import MediaTypeDict
from connexion.validators import AbstractRequestBodyValidator

from refswitch.asgi import Event, Receive, Scope
from refswitch.json_body import read_json
from refswitch.refusals import BadValue, NoSuchResource
from refswitch.request_body import read_body
from refswitch.violations import violations

from .caller import caller_of, hand_over
from .projection import POINTER
from .schemas import OperationBodies, Schemas


def validators(schemas: Schemas, bodies: OperationBodies) -> Mapping[str, Any]:
    """Connexion's validator map. Connexion creates a validator for each request, so the compiled schemas are kept outside."""

    class RequestBody(AbstractRequestBodyValidator):  # type: ignore[misc]  # connexion has no types
        async def wrap_receive(self, receive: Receive, *, scope: Scope) -> tuple[Receive, Scope]:
            body = await read_body(receive, scope)
            operation = read_json(body) if body.strip() else {}
            name = bodies.check(self._schema[POINTER].rpartition("/")[2], operation)
            caller_of(scope).request.operation = name
            hand_over(scope, operation)
            return _nothing_more, scope

    class Parameters:
        def __init__(self, parameters: Sequence[Mapping[str, Any]], **_: object) -> None:
            self._parameters = parameters

        def validate(self, scope: Scope) -> None:
            query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            for parameter in self._parameters:
                name, validator = parameter["name"], schemas.validator(parameter["schema"][POINTER])
                if parameter["in"] == "path" and not validator.is_valid(scope["path_params"][name]):
                    raise NoSuchResource(f"{scope['path']}")
                for value in query.get(name, []) if parameter["in"] == "query" else []:
                    for violation in violations(validator.iter_errors(value)):
                        raise BadValue(f"query parameter {name}", violation.rule)

    return {
        "parameter": Parameters,
        "body": MediaTypeDict({"*/*json": RequestBody}),
    }


async def _nothing_more() -> Event:
    return {"type": "http.request", "body": b"", "more_body": False}
