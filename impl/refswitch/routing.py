"""Which sandbox a request is for.

A sandbox is named by the path, `/s/build-4711/...`, or by the login name, `15000@build-4711`, so clients need no change to use one.
It opens with the first request that names it and has valid credentials, so nobody without credentials can fill the server with sandboxes.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Container, Iterable

from .access import Credentials, named_sandbox
from .admin import is_administration
from .asgi import Application, Receive, Scope, Send, refuse_upgrade, respond
from .refusals import AccessDenied, RequestRefused, answer_to
from .request import Request, request_of
from .sandboxes import Sandbox, Sandboxes, put_in_sandbox
from .seats import Seat

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_PREFIX = re.compile(rf"/s/({_NAME.pattern})(/.*)?")


class Routing:
    """An ASGI application around another: reads the address of each request, and passes it on as seen inside the sandbox.

    `base_path` is the path of the address that clients use. `logins` are login names that never name a sandbox, even if they contain @.
    """

    def __init__(self, application: Application, base_path: str, logins: Container[str]) -> None:
        self._application = application
        self._base_path = base_path
        self._logins = logins

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Returns the inner application's coroutine without another around it: every waiting client keeps one."""
        request = request_of(scope)
        address(request, self._base_path, self._logins)
        if request.path != scope["path"]:
            scope = {**scope, "path": request.path}
            if raw := scope.get("raw_path"):  # as sent: its prefix may be longer than ours
                scope["raw_path"] = b"/" + b"/".join(raw.split(b"/")[3:])
        return self._application(scope, receive, send)


class InSandbox:
    """An ASGI application around another: finds or opens the sandbox of a request, and counts it as in use until the request is over.

    `seats` are the seats of a new sandbox.
    """

    def __init__(self, application: Application, sandboxes: Sandboxes, seats: Iterable[Seat]) -> None:
        self._application = application
        self._sandboxes = sandboxes
        self._seats = tuple(seats)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = request_of(scope)
        try:
            sandbox = self.find(request)
        except RequestRefused as refused:
            answer = answer_to(request, refused)
            if scope["type"] == "websocket":
                await refuse_upgrade(answer, scope, send)
            else:
                await respond(send, answer)
            return
        put_in_sandbox(scope, sandbox)
        place = self._sandboxes.begin(sandbox.name)
        try:
            await self._application(scope, receive, send)
        finally:
            self._sandboxes.end(place)

    def find(self, request: Request) -> Sandbox:
        """The request's sandbox. Raises AccessDenied for a new one without credentials, and TooManySandboxes."""
        found = self._sandboxes.find(request.sandbox)
        if found is not None:
            return found
        if Credentials(self._seats, request.sandbox).seat(request.headers) is None:
            raise AccessDenied
        return self._sandboxes.open(request.sandbox)


def address(request: Request, base_path: str, logins: Container[str]) -> None:
    """Note in the request the sandbox that it names, its path there, and where the client keeps the sandbox's cookies."""
    if request.path.startswith("/s/") and (match := _PREFIX.fullmatch(request.path)):
        request.sandbox, path = match.groups()
        request.path = path or "/"
        request.cookie_path = f"{base_path}/s/{request.sandbox}"
    elif not is_administration(request.path):
        name = named_sandbox(request.headers, logins)
        request.sandbox = name if _NAME.fullmatch(name) else ""
