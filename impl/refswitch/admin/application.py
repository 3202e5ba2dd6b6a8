"""The administration interface as an ASGI application: openapi.yaml says which requests there are and what they may hold.

Who may use it: without a token only this machine, and no page of another site that a browser on this machine shows, which is why the
request's own names for us and for its page are looked at too. With a token whoever has it.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs
import yaml

from refswitch.calls import Refused
from refswitch.request_log import Receive, Scope, Send, record_of
from refswitch.rest import (
    BadValue,
    Forbidden,
    MethodNotAllowed,
    NoSuchResource,
    RequestRefused,
    read_body,
    read_json,
    refusal,
)
from refswitch.sandboxes import Sandbox, Sandboxes
from refswitch.violations import violations

from .handlers import HANDLERS, Handler
from .journals import NotAsExpected
from .request import Request, Text

ADMIN_PATH = "/__admin/v1"
_FILE = Path(__file__).with_name("openapi.yaml")


class NotForYou(Forbidden):
    """Whoever asks may not use the administration interface."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"The administration interface is not open to this request: {why}")


class Administration:
    """The interface to every sandbox. It is put together with the first request: most servers never see one."""

    def __init__(self, contract: str, token: str | None, sandboxes: Sandboxes) -> None:
        self._contract = contract
        self._token = token
        self._sandboxes = sandboxes

    async def serve(self, sandbox: Sandbox, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for this sandbox, whose path begins with ADMIN_PATH."""
        record = record_of(scope)
        try:
            self.admit(scope)
            answer = await self._answer(sandbox, scope, receive)
            status, added = 200, {}
            media_type = answer.media_type if isinstance(answer, Text) else "application/json"
            text = answer.text if isinstance(answer, Text) else json.dumps(answer)
            body = text.encode("utf-8")
            record.status_code = 0
        except (RequestRefused, Refused) as refused:
            told = refusal(refused)
            status = 422 if isinstance(refused, NotAsExpected) else told.status
            body, added, media_type = told.body, dict(told.headers), "application/json"
            record.status_code = told.status_code
        headers = {"Content-Type": media_type, "Content-Length": str(len(body)), **added}
        named = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": named})
        await send({"type": "http.response.body", "body": body})

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
                return route.handler(Request(sandbox, self._sandboxes, self._contract, name, query, body))
        raise MethodNotAllowed(scope["method"], [route.method for route, _ in here])

    @cached_property
    def _routes(self) -> list[_Route]:
        return _read_routes()

    def admit(self, scope: Scope) -> None:
        """Raises NotForYou for whoever may not use it."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if self._token is not None:
            given = headers.get(b"authorization", "")
            if not hmac.compare_digest(_digest(given), _digest(f"Bearer {self._token}")):
                raise NotForYou("send the server's admin token as a bearer token")
            return
        if not _is_this_machine(scope["client"][0] if scope.get("client") else ""):
            raise NotForYou("it comes from another machine; start the server with an admin token")
        for name in (b"host", b"origin"):
            host = headers.get(name, "")
            if host and not _is_this_machine(
                urlsplit(host if name == b"origin" else f"//{host}").hostname or ""
            ):
                raise NotForYou(f"its {name.decode().title()} header names another host")


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
                raise BadValue("$", "must be empty: nothing can be said here")
            return None
        if not body.strip() and not self._is_needed:
            return None
        value = read_json(body)
        for violation in violations(self._validator.iter_errors(value)):
            raise BadValue(violation.place, violation.rule)
        return value


def _read_routes() -> list[_Route]:
    document = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return [
        _Route(document, path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def _is_this_machine(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
