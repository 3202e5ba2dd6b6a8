"""Connexion, as it serves the contract. It takes a quarter of a second to import, so nobody else imports it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from connexion import AsyncApp
from connexion.exceptions import ProblemException
from connexion.jsonifier import Jsonifier
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.options import SwaggerUIOptions
from connexion.resolver import Resolver
from starlette.exceptions import HTTPException

from refswitch.calls import Refused
from refswitch.request_log import Application

from .errors import MethodNotAllowed, NoSuchResource, NotJson, RequestRefused, told_of
from .handlers import Handler
from .projection import BASE_PATH, Projection
from .schemas import OperationBodies, Schemas
from .validation import validators


def connexion_application(
    projection: Projection,
    schemas: Schemas,
    bodies: OperationBodies,
    handlers: Mapping[str, Handler],
    *,
    validate_responses: bool,
) -> Application:
    """The contract's paths under BASE_PATH, all that has been projected."""
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
    return served


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
