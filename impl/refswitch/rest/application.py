"""The REST half as one ASGI application: Connexion serves the contract, behind a door that knows everybody."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Set
from inspect import Parameter, signature
from typing import Any

from connexion import AsyncApp
from connexion.exceptions import ProblemException
from connexion.jsonifier import Jsonifier
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.options import SwaggerUIOptions
from connexion.resolver import Resolver
from starlette.exceptions import HTTPException

from refswitch.calls import Refused
from refswitch.contract import OPENAPI, Contract, ContractBroken
from refswitch.request_log import Application

from .errors import MethodNotAllowed, NoSuchResource, NotJson, RequestRefused, told_of
from .front import Front
from .handlers import OPERATION_NAMES, Handler
from .projection import BASE_PATH, Projection
from .schemas import OperationBodies, Schemas
from .validation import validators


def connexion_application(
    contract: Contract,
    handlers: Mapping[str, Handler],
    *,
    validate_responses: bool = False,
    has_front: bool = True,
) -> Application:
    """The contract's paths under BASE_PATH. Raises ContractBroken if it cannot be served.

    Answers are validated by Connexion, so whoever wants that has no front.
    """
    schemas = Schemas(contract)
    projection = Projection(contract)
    for operation_id, given in projection.given.items():
        _check_handled(contract, operation_id, given, handlers)
    for pointer in sorted(projection.pointers):
        schemas.validator(pointer)
    bodies = OperationBodies(schemas, projection.addresses)
    for operation_id, union in projection.unions.items():
        _refuse_unknown(contract, bodies.names(union) - OPERATION_NAMES.get(operation_id, frozenset()))
    # It calls `fields[]=x` an error of the contract; what the contract does not name is passed over, as any unknown member is.
    logging.getLogger("connexion.decorators.parameter").setLevel(logging.CRITICAL)
    application = AsyncApp(
        __name__,
        validator_map=dict(validators(schemas, bodies)),
        validate_responses=validate_responses,
        resolver=Resolver(handlers.__getitem__),
        jsonifier=Jsonifier(json, separators=(",", ":")),
        swagger_ui_options=SwaggerUIOptions(swagger_ui=False, serve_spec=False),
    )
    application.add_api(projection.document, base_path=BASE_PATH)
    answer = _answering(projection.methods_at)
    for kind in (RequestRefused, Refused, HTTPException, ProblemException, Exception):
        application.add_error_handler(kind, answer)
    served: Application = application
    if not has_front or validate_responses:
        return served
    return Front(served, projection.posts, schemas, bodies, handlers)


def _answering(
    methods_at: Callable[[str], tuple[str, ...]],
) -> Callable[[ConnexionRequest, Exception], Any]:
    """The one handler of every error: what is refused and what is broken leave in the contract's envelope."""

    async def answer(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        scope = request.scope
        status = error.status_code if isinstance(error, HTTPException) else None
        if status == 404:
            error = NoSuchResource(f"resource {scope['path'][:200]}")
        elif status == 405:
            error = MethodNotAllowed(scope["method"], methods_at(scope["path"]))
        elif status == 415:
            error = NotJson(request.headers.get("content-type", ""))
        told = told_of(scope, error)
        return ConnexionResponse(
            status_code=told.status, mimetype="application/json", body=told.body, headers=dict(told.headers)
        )

    return answer


def _check_handled(
    contract: Contract, operation_id: str, given: Set[str], handlers: Mapping[str, Handler]
) -> None:
    """Whether there is a handler, and the contract gives it what it cannot do without."""
    _refuse_unknown(contract, {operation_id} - set(handlers))
    parameters = signature(handlers[operation_id]).parameters.values()
    needed = {parameter.name for parameter in parameters if parameter.default is Parameter.empty} - {"caller"}
    if lacking := sorted(needed - given):
        problem = f"{operation_id} lacks what this server needs for it: {', '.join(lacking)}"
        raise ContractBroken(contract.directory / OPENAPI, problem)


def _refuse_unknown(contract: Contract, operations: Set[str]) -> None:
    if operations:
        problem = f"has operations that this server does not know: {', '.join(sorted(operations))}"
        raise ContractBroken(contract.directory / OPENAPI, problem)
