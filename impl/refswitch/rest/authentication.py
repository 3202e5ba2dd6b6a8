"""The door of the REST half: nobody comes in unknown, and everybody leaves with his session cookie."""

from __future__ import annotations

from refswitch.abort import abort
from refswitch.request_log import Application, Event, Receive, Record, Scope, Send, record_of

from .caller import Caller, with_caller
from .errors import AccessDenied, CsrfRefused, NoSuchResource, RequestRefused, refusal
from .realm import Realm
from .sessions import cookie_path


class Authentication:
    """An ASGI application around the REST application.

    Credentials are looked at before anything else. One slash at the end of a path is taken for none: the documentation writes some
    addresses with it and some without (StartContactCenterSession, HTCC 8.5.2), and clients follow no redirect with their body.
    A slash that is written as %2F is a character of a name, and nothing here has such a name (RFC 3986, 2.2).
    """

    def __init__(self, application: Application, realm: Realm, base: str) -> None:
        self._base = base
        self._application = application
        self._realm = realm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self._application(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = record_of(scope)
        try:
            admitted = self._realm.admission.admit(scope["headers"], cookie_path(scope))
        except AccessDenied as denied:
            await refuse(denied, record, send)
            return
        record.agent = admitted.seat.number
        caller = Caller(self._realm, admitted.seat, admitted.session, record)
        csrf, method = self._realm.csrf, scope["method"]

        async def send_with_cookie(event: Event) -> None:
            if caller.answer is not None and caller.answer.cut:
                return
            if event["type"] == "http.response.start":
                if caller.answer is not None:
                    await self._realm.outcomes.wait(caller.answer.after)
                added = csrf.headers(method, admitted)
                if admitted.set_cookie and self._realm.sessions.lives(admitted.session):
                    added.append((b"set-cookie", admitted.set_cookie.encode("ascii")))
                event = {**event, "headers": [*event["headers"], *added]} if added else event
            await send(event)

        try:
            csrf.check(method, scope["headers"], admitted)
        except CsrfRefused as refused:
            await refuse(refused, record, send_with_cookie)
            return
        path = scope["path"].removesuffix("/")
        has_empty_name = "//" in path or path.endswith("/")
        has_slash_in_name = b"%2f" in (scope.get("raw_path") or b"").lower()
        if not path.startswith(self._base + "/") or has_empty_name or has_slash_in_name:
            nothing = NoSuchResource(f"resource {scope['path'][:200]}")
            await refuse(nothing, record, send_with_cookie)
            return
        headers = [_without_case(name, value) for name, value in scope["headers"]]
        inner = {**scope, "path": path, "headers": headers}
        await self._application(with_caller(inner, caller), receive, send_with_cookie)
        if caller.answer is not None and caller.answer.cut:
            await abort(scope, receive)


def _without_case(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A media type has no case (RFC 9110, 8.3.1); Connexion finds a body's schema by the very letters of the contract."""
    return name, value.lower() if name == b"content-type" else value


async def refuse(refused: RequestRefused, record: Record, send: Send) -> None:
    """Answer a request that is refused before anybody has looked at it."""
    told = refusal(refused)
    record.status_code = told.status_code
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(told.body)).encode("ascii")),
    ]
    await send({"type": "http.response.start", "status": told.status, "headers": headers})
    await send({"type": "http.response.body", "body": told.body})
