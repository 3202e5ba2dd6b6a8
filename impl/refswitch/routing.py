"""Which sandbox a request is for, and whether it is for its agents or for whoever runs it.

A sandbox is named by the path, `/s/build-4711/...`, or by the login name, `15000@build-4711`, so that no client needs a change to use one.
It begins with the first request that names it and has good credentials; without them nobody can fill the server with sandboxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from .admin import ADMIN_PATH, Administration
from .cross_origin import CrossOrigin
from .request_log import Receive, Scope, Send, record_of
from .rest import COOKIE_PATH, AccessDenied, Credentials, RequestRefused, refusal, refuse, sandbox_of
from .sandboxes import Sandbox, Sandboxes
from .seats import Seat
from .transports import Refusal, refuse_upgrade

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_PREFIX = re.compile(rf"/s/({_NAME.pattern})(/.*)?")


class Routing:
    """An ASGI application that hands each request to its sandbox. `seats` are those that a new sandbox begins with."""

    def __init__(
        self,
        sandboxes: Sandboxes,
        seats: Iterable[Seat],
        administration: Administration | None,
        *,
        public_base: str,
        cors: tuple[str, ...] = (),
    ) -> None:
        self._sandboxes = sandboxes
        self._seats = tuple(seats)
        self._logins = {seat.login for seat in self._seats}
        self._administration = administration
        self._base_path = urlsplit(public_base).path.rstrip("/")
        self._cors = cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._sandboxes.main.application(scope, receive, send)
            return
        name, scope = self._addressed(scope)
        try:
            sandbox = self._sandbox(name, scope)
        except RequestRefused as refused:
            await self._refuse(refused, scope, receive, send)
            return
        place = self._sandboxes.begin(sandbox.name)
        try:
            if self._administration is not None and _is_administration(scope):
                await self._administration.serve(sandbox, scope, receive, send)
            else:
                await sandbox.application(scope, receive, send)
        finally:
            self._sandboxes.end(place)

    def _addressed(self, scope: Scope) -> tuple[str, Scope]:
        """The name of the sandbox, and the request as it is seen from inside."""
        if not self._sandboxes.are_served:
            return "", scope
        if scope["path"].startswith("/s/") and (match := _PREFIX.fullmatch(scope["path"])):
            name, path = match.groups()
            prefix = f"/s/{name}"
            inside = {**scope, "path": path or "/", COOKIE_PATH: self._base_path + prefix}
            if raw := scope.get("raw_path"):  # as it was written: its prefix may be longer than ours
                inside["raw_path"] = b"/" + b"/".join(raw.split(b"/")[3:])
            return name, inside
        name = "" if _is_administration(scope) else sandbox_of(scope["headers"], self._logins)
        return (name if _NAME.fullmatch(name) else ""), scope

    def _sandbox(self, name: str, scope: Scope) -> Sandbox:
        """Raises AccessDenied for a new one without credentials, and TooManySandboxes."""
        if not name:
            return self._sandboxes.main
        found = self._sandboxes.find(name)
        if found is not None:
            return found
        if self._administration is not None and _is_administration(scope):
            self._administration.admit(scope)
        elif Credentials(self._seats, name).seat(scope["headers"]) is None:
            raise AccessDenied
        return self._sandboxes.open(name)

    async def _refuse(self, refused: RequestRefused, scope: Scope, receive: Receive, send: Send) -> None:
        """As inside a sandbox: a browser must be able to read why."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await refuse(refused, record_of(scope), send)

        if scope["type"] == "websocket":
            told = refusal(refused)
            headers = ((b"content-type", b"application/json"),)
            await refuse_upgrade(Refusal(told.status, headers, told.body), scope, send)
        elif self._cors and not _is_administration(scope):
            await CrossOrigin(answer, self._cors)(scope, receive, send)
        else:
            await answer(scope, receive, send)


def _is_administration(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["type"] == "http" and (path + "/").startswith(ADMIN_PATH + "/")
