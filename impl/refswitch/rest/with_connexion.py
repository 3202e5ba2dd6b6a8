"""Serves the contract with Connexion. Connexion takes a quarter of a second to import, so no other module imports it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from connexion import AsyncApp
from connexion.exceptions import ProblemException
from connexion.jsonifier import Jsonifier
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.options import SwaggerUIOptions
from connexion.resolver import Resolver
from starlette.exceptions import HTTPException

from refswitch.asgi import Application, Receive, Scope, Send
from refswitch.calls import Refused
from refswitch.contract import API_PATH
from refswitch.refusals import (
    LONGEST_MESSAGE,
    MethodNotAllowed,
    NoSuchResource,
    Refusal,
    RequestRefused,
    noted,
    refusal,
)
from refswitch.request import request_of

from .caller import Caller, Handler, handle
from .handlers import HANDLERS
from .served import Served
from .validation import validators

#: HTTP status of the framework's own refusals -> statusCode; any other status is our error.
_STATUS_CODES: Mapping[int, int] = {400: 10, 403: 20, 404: 6, 405: 3, 413: 10}
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


def connexion_application(served: Served) -> Application:
    """Build the application that serves the contract's paths under API_PATH."""
    # It would log `fields[]=x` as an error in the contract; parameters that the contract does not name are ignored, like unknown members.
    logging.getLogger("connexion.decorators.parameter").setLevel(logging.CRITICAL)
    application = AsyncApp(
        __name__,
        validator_map=dict(validators(served.schemas, served.bodies)),
        resolver=Resolver({name: _awaitable(handler) for name, handler in HANDLERS.items()}.__getitem__),
        jsonifier=Jsonifier(json, separators=(",", ":")),
        swagger_ui_options=SwaggerUIOptions(swagger_ui=False, serve_spec=False),
    )
    application.add_api(served.projection.document, base_path=API_PATH)
    answer = _answering(served.projection.methods_at)
    for kind in (RequestRefused, Refused, HTTPException, ProblemException, Exception):
        application.add_error_handler(kind, answer)
    return _readable(application)


def _readable(application: Application) -> Application:
    """The application, spared the bytes beyond ASCII in a Content-Type: Connexion reads it as UTF-8 (RFC 9110, 5.5, allows any bytes).

    Nothing is lost: no media type of the contract has such bytes, and a body with another media type has been refused before.
    """

    async def readable(scope: Scope, receive: Receive, send: Send) -> None:
        if any(name == b"content-type" and not value.isascii() for name, value in scope["headers"]):
            headers = [
                (name, _BEYOND_ASCII.sub(b"?", value) if name == b"content-type" else value)
                for name, value in scope["headers"]
            ]
            scope = {**scope, "headers": headers}
        await application(scope, receive, send)

    return readable


def _awaitable(handler: Handler) -> Callable[..., Awaitable[Mapping[str, object]]]:
    """The handler as a coroutine, which Connexion runs in the event loop; it would run a plain function in a thread."""

    @wraps(handler)
    async def awaitable(*, caller: Caller, **arguments: object) -> Mapping[str, object]:
        return handle(handler, caller, **arguments)

    return awaitable


def _answering(
    methods_at: Callable[[str], tuple[str, ...]],
) -> Callable[[ConnexionRequest, Exception], Any]:
    """The one handler for every error: refusals and faults alike are answered in the contract's envelope."""

    async def answer(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        scope = request.scope
        told = noted(request_of(scope), _refusal(error, scope, methods_at), error)
        headers = {name.decode("ascii"): value.decode("ascii") for name, value in told.headers}
        return ConnexionResponse(
            status_code=told.status, mimetype="application/json", body=told.body, headers=headers
        )

    return answer


def _refusal(error: Exception, scope: Scope, methods_at: Callable[[str], tuple[str, ...]]) -> Refusal:
    """What goes on the wire; the framework's own refusals are answered like ours, or with their own sentence."""
    if not isinstance(error, HTTPException) or error.status_code not in _STATUS_CODES:
        return refusal(error)
    status, path = error.status_code, scope["path"]
    if status == 404:
        return refusal(NoSuchResource(f"resource {path[:200]}"))
    if status == 405:
        return refusal(MethodNotAllowed(scope["method"], methods_at(path)))
    detail = str(error.detail or "Refused").split("\n")[0]
    return Refusal(status, _STATUS_CODES[status], detail[:LONGEST_MESSAGE])
