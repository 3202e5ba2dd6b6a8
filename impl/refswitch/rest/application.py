"""The REST half as one ASGI application: Connexion serves the contract, behind a door that knows everybody."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from connexion import AsyncApp
from connexion.exceptions import InvalidSpecification, ProblemException
from connexion.jsonifier import Jsonifier
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.options import SwaggerUIOptions
from connexion.resolver import Resolver
from connexion.spec import Specification
from starlette.exceptions import HTTPException

from refswitch.calls import Refused
from refswitch.contract import Contract, ContractBroken
from refswitch.request_log import Application, record_of

from .errors import MethodNotAllowed, NoSuchResource, NotJson, RequestRefused, refusal
from .handlers import Handler
from .schemas import OperationBodies, Schemas
from .validation import POINTER, validators

BASE_PATH = "/api/v2"
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_LOG = logging.getLogger("refswitch")

JsonObject = dict[str, Any]  # a document whose shape Connexion checks


def connexion_application(
    contract: Contract, handlers: Mapping[str, Handler], *, validate_responses: bool
) -> Application:
    """The contract's paths under BASE_PATH. Raises ContractBroken if it cannot be served."""
    schemas = Schemas(contract)
    projection = _Projection(contract)
    missing = sorted(projection.operation_ids - set(handlers))
    if missing:
        raise ContractBroken(
            _file(contract), f"has operations that this server does not know: {', '.join(missing)}"
        )
    try:
        Specification.from_dict(projection.document)
    except InvalidSpecification as error:
        raise ContractBroken(_file(contract), f"is no OpenAPI document ({error.message[:200]})") from None
    for pointer in sorted(projection.pointers):
        schemas.validator(pointer)
    bodies = OperationBodies(schemas, projection.addresses)
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


class _Projection:
    """The contract as Connexion gets it: paths and parameters, and a pointer wherever a schema stood."""

    def __init__(self, contract: Contract) -> None:
        self._openapi = cast(JsonObject, contract.openapi)
        self.operation_ids: set[str] = set()
        self.pointers: set[str] = set()
        self.addresses: dict[str, str] = {}  # union of operations -> the path it is posted to
        self._methods: list[tuple[re.Pattern[str], tuple[str, ...]]] = []
        paths = {path: self._item(path, item) for path, item in self._openapi["paths"].items()}
        self.document: JsonObject = {"openapi": "3.0.3", "info": self._openapi["info"], "paths": paths}

    def methods_at(self, path: str) -> tuple[str, ...]:
        """What the resource at this path takes; nothing if there is none."""
        return next((methods for pattern, methods in self._methods if pattern.fullmatch(path)), ())

    def _item(self, path: str, item: JsonObject) -> JsonObject:
        place = "#/paths/" + quote(path.replace("~", "~0").replace("/", "~1"))
        methods = [method for method in _METHODS if method in item]
        pattern = BASE_PATH + re.sub(r"\\\{[^/]*\\\}", "[^/]+", re.escape(path))
        offered = sorted([*methods, "head"] if "get" in methods else methods)
        self._methods.append((re.compile(pattern), tuple(method.upper() for method in offered)))
        projected: JsonObject = {
            method: self._operation(path, f"{place}/{method}", item[method]) for method in methods
        }
        if "parameters" in item:
            projected["parameters"] = list(self._parameters(place, item["parameters"]))
        return projected

    def _operation(self, path: str, place: str, operation: JsonObject) -> JsonObject:
        self.operation_ids.add(operation["operationId"])
        projected = {
            "operationId": operation["operationId"],
            "parameters": list(self._parameters(place, operation.get("parameters", []))),
            "responses": {
                status: self._response(f"{place}/responses/{status}", response)
                for status, response in operation["responses"].items()
            },
        }
        if "requestBody" in operation:
            content = self._content(f"{place}/requestBody", operation["requestBody"]["content"])
            projected["requestBody"] = {"content": content}
            union = content["application/json"]["schema"][POINTER].rpartition("/")[2]
            self.addresses[union] = path
        return projected

    def _parameters(self, place: str, parameters: list[JsonObject]) -> Iterator[JsonObject]:
        for index, parameter in enumerate(parameters):
            pointer = self._pointer(f"{place}/parameters/{index}/schema", parameter["schema"])
            yield {**parameter, "schema": {"type": "string", POINTER: pointer}}

    def _response(self, place: str, response: JsonObject) -> JsonObject:
        if "$ref" in response:
            place = response["$ref"]
            response = self._openapi["components"]["responses"][place.rpartition("/")[2]]
        return {
            "description": response["description"],
            "content": self._content(place, response.get("content", {})),
        }

    def _content(self, place: str, content: JsonObject) -> JsonObject:
        return {
            media: {
                "schema": {
                    POINTER: self._pointer(
                        f"{place}/content/{media.replace('/', '~1')}/schema", entry["schema"]
                    )
                }
            }
            for media, entry in content.items()
        }

    def _pointer(self, place: str, schema: JsonObject) -> str:
        reference: str = schema.get("$ref", place)
        self.pointers.add(reference)
        return reference


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
        told = refusal(error)
        record_of(scope).status_code = told.status_code
        if told.status >= 500:
            _LOG.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
        return ConnexionResponse(
            status_code=told.status, mimetype="application/json", body=told.body, headers=dict(told.headers)
        )

    return answer


def _file(contract: Contract) -> Path:
    return contract.directory / "openapi.json"
