"""The administration interface as an ASGI application. openapi.yaml defines the requests and their contents; entry.py, who may use it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Collection
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from refswitch.asgi import Answer, Application, Receive, Scope, Send, respond
from refswitch.calls import Refused
from refswitch.json_body import read_json
from refswitch.limits import EXPECTATIONS, FAULTS
from refswitch.refusals import (
    BadValue,
    MethodNotAllowed,
    NoSuchResource,
    RequestRefused,
    answer_to,
)
from refswitch.request import Request, request_of
from refswitch.request_body import check_body_is_json, read_body
from refswitch.sandboxes import Sandbox, Sandboxes
from refswitch.strict_yaml import read_shipped_yaml
from refswitch.versions import Versions
from refswitch.violations import violations

from .entry import admit
from .handlers import HANDLERS, Handler
from .journals import NotAsExpected
from .request import AdminRequest, Text

ADMIN_PATH = "/__admin/v1"
_BELOW = ADMIN_PATH + "/"
#: The methods that may have a body, and that may open a sandbox.
_CHANGING = frozenset({"POST", "PUT"})
_FILE = Path(__file__).with_name("openapi.yaml")


class Administration:
    """An ASGI application around another: serves the paths below ADMIN_PATH in every sandbox, and passes on all others.

    Its routes are built for the first request, because most servers never receive one.
    """

    def __init__(
        self,
        application: Application,
        sandboxes: Sandboxes,
        versions: Versions,
        token: str | None,
        origins: Collection[str] = (),
    ) -> None:
        self._application = application
        self._sandboxes = sandboxes
        self._versions = versions
        self._token = token
        self._origins = origins

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Returns the inner application's coroutine for a request that is passed on, rather than wrapping it in another."""
        if scope["type"] == "http" and is_administration(scope["path"]):
            return self._serve(scope, receive, send)
        return self._application(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A new sandbox is also opened here, for a request that is admitted."""
        asked = request_of(scope)
        try:
            admit(asked.headers, scope.get("client"), self._token, self._origins)
            if asked.method in _CHANGING:
                check_body_is_json(asked.headers)
            sandbox = self._sandbox(asked)
            place = self._sandboxes.begin(sandbox.name)
            try:
                answer = _encoded(await self._answer(sandbox, scope, receive))
            finally:
                self._sandboxes.end(place)
            asked.status_code = 0
        except (RequestRefused, Refused) as refused:
            answer = answer_to(asked, refused)
            answer = answer._replace(status=422) if isinstance(refused, NotAsExpected) else answer
        await respond(send, answer)

    def _sandbox(self, asked: Request) -> Sandbox:
        """The sandbox that the request names. Only POST and PUT open a new one: what reads creates nothing (RFC 9110, 9.2.1).

        Raises NoSuchResource and TooManySandboxes.
        """
        found = self._sandboxes.find(asked.sandbox)
        if found is None and asked.method not in _CHANGING:
            raise NoSuchResource(
                f"sandbox {asked.sandbox}; an agent's request with credentials, or a POST or PUT here, opens it"
            )
        return found or self._sandboxes.open(asked.sandbox)

    async def _answer(self, sandbox: Sandbox, scope: Scope, receive: Receive) -> object:
        path = scope["path"].removesuffix("/")[len(ADMIN_PATH) :]
        here = [(route, match) for route in self._routes if (match := route.pattern.fullmatch(path))]
        if not here:
            raise NoSuchResource(f"resource {scope['path'][:200]}")
        for route, match in here:
            if route.method == scope["method"]:
                body = route.checked(await read_body(receive, scope))
                query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
                name = match.groupdict().get("id", "")
                return route.handler(
                    AdminRequest(sandbox, self._sandboxes, self._versions, name, query, body)
                )
        raise MethodNotAllowed(scope["method"], [route.method for route, _ in here])

    @cached_property
    def _routes(self) -> list[_Route]:
        return _read_routes()


def is_administration(path: str) -> bool:
    """Whether this path, as seen inside a sandbox, belongs to the administration interface."""
    return path == ADMIN_PATH or path.startswith(_BELOW)


class _Route:
    """One method of one path."""

    def __init__(self, document: Any, path: str, method: str, operation: Any) -> None:
        self.method = method.upper()
        self.pattern = re.compile(re.escape(path).replace(r"\{id\}", r"(?P<id>[0-9A-Za-z._-]{1,128})"))
        self.handler: Handler = HANDLERS[operation["operationId"]]
        body = operation.get("requestBody")
        self._is_needed = body is not None and body["required"]
        self._validator = (
            jsonschema_rs.Draft4Validator({**document, **body["content"]["application/json"]["schema"]})
            if body is not None
            else None
        )

    def checked(self, body: bytes) -> Any:
        """The body as JSON. Raises BadValue, which names place and rule."""
        if self._validator is None:
            if body.strip():
                raise BadValue("$", "must be empty: this request takes no body")
            return None
        if not body.strip() and not self._is_needed:
            return None
        value = read_json(body)
        for violation in violations(self._validator.iter_errors(value)):
            raise BadValue(violation.place, violation.rule)
        return value


def _read_routes() -> list[_Route]:
    document: Any = read_shipped_yaml(_FILE)
    schemas = document["components"][
        "schemas"
    ]  # the table of bounds decides; the document repeats it for its readers
    schemas["Faults"]["properties"]["faults"]["maxItems"] = FAULTS.default
    schemas["Verify"]["properties"]["expect"]["maxItems"] = EXPECTATIONS.default
    return [
        _Route(document, path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def _encoded(told: object) -> Answer:
    """The answer to a successful request, as JSON or in its own media type."""
    media_type, text = (
        ("application/json", json.dumps(told)) if not isinstance(told, Text) else (told.media_type, told.text)
    )
    return Answer(200, ((b"content-type", media_type.encode("ascii")),), text.encode("utf-8"))
