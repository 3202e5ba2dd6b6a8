"""The entrance to the REST half: every request belongs to an agent, and every answer carries the headers of its HTTP session."""

from __future__ import annotations

from refswitch.abort import abort
from refswitch.asgi import Application, Event, Receive, Scope, Send, respond
from refswitch.contract import API_PATH
from refswitch.refusals import AccessDenied, CsrfRefused, Encoded, NoSuchResource, NotJson, answer_to
from refswitch.request import request_of
from refswitch.request_body import check_body_is_json
from refswitch.sandboxes import sandbox_of

from .caller import Caller, with_caller

#: The methods of requests whose body means something.
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Authentication:
    """An ASGI application around another, inside a sandbox. It checks credentials before anything else."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, sandbox = request_of(scope), sandbox_of(scope)
        access = sandbox.access
        try:
            admitted = access.let_in(request)
        except (AccessDenied, CsrfRefused) as refused:
            await respond(send, answer_to(request, refused))
            return
        caller = Caller(sandbox, admitted.seat, admitted.session, request)

        async def send_as_told(event: Event) -> None:
            if caller.answer is not None and caller.answer.cut:
                return
            if event["type"] == "http.response.start":
                if caller.answer is not None:
                    await sandbox.outcomes.wait(caller.answer.after)
                if added := access.headers(request, admitted):
                    event = {**event, "headers": [*event["headers"], *added]}
            await send(event)

        try:
            path = served_path(request.path, scope.get("raw_path") or b"")
            if request.method in _WITH_BODY:
                check_body_is_json(request.headers)
        except (NoSuchResource, NotJson, Encoded) as refused:
            await respond(send_as_told, answer_to(request, refused))
            return
        await self._application(with_caller(scope, path, caller), receive, send_as_told)
        if caller.answer is not None and caller.answer.cut:
            await abort(scope, receive)


def served_path(path: str, raw: bytes) -> str:
    """The path as the contract writes it. Raises NoSuchResource for a path that cannot be in the contract.

    One slash at the end is ignored: the documentation writes some addresses with it and some without (StartContactCenterSession,
    HTCC 8.5.2), and clients do not send their body again after a redirect. A slash written as %2F is part of a name, and no name
    here contains one (RFC 3986, 2.2).
    """
    served = path.removesuffix("/")
    has_empty_name = "//" in served or served.endswith("/")
    if not served.startswith(API_PATH + "/") or has_empty_name or b"%2f" in raw.lower():
        raise NoSuchResource(f"resource {path[:200]}")
    return served
