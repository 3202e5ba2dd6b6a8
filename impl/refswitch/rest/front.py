"""Carries out valid operations without Connexion's several passes over a request, which cost ten times as much.

It is built from the same contract as Connexion: paths, their parameters and bodies, each checked once. A request that is not plainly valid
goes to Connexion unchanged, so Connexion answers every invalid request. Refusals of the call core are answered by the same function as
behind Connexion.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import jsonschema_rs

from refswitch.asgi import Answer, Application, Event, Headers, Receive, Scope, Send, respond
from refswitch.contract import API_PATH
from refswitch.json_body import read_json
from refswitch.json_values import Json
from refswitch.refusals import RequestRefused, answer_to
from refswitch.request import Request, request_of
from refswitch.request_body import MOST_BYTES

from .caller import Caller, Handler, caller_of, handle
from .handlers import HANDLERS
from .served import Served

_encode = json.JSONEncoder(separators=(",", ":")).encode
_JSON = ((b"content-type", b"application/json"),)
#: The media types that are plainly JSON; Connexion judges any other.
_PLAIN = (b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8")


@dataclass(frozen=True, slots=True)
class Lane:
    """One operation that is posted: its path parameters, the union of its bodies, and its handler."""

    union: str
    parameters: Mapping[str, jsonschema_rs.Draft202012Validator]
    handler: Handler


class Front:
    """An ASGI application around another, which must serve the same contract."""

    def __init__(self, application: Application, served: Served) -> None:
        self._application = application
        self._bodies = served.bodies
        self._lanes: list[tuple[re.Pattern[str], Lane]] = []
        for post in served.projection.posts:
            pattern = re.sub(r"\\\{([^/]*)\\\}", r"(?P<\1>[^/]+)", re.escape(API_PATH + post.path))
            checked = {name: served.schemas.validator(pointer) for name, pointer in post.parameters.items()}
            self._lanes.append((re.compile(pattern), Lane(post.union, checked, HANDLERS[post.operation_id])))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.lane(request_of(scope))
        if found is None:
            await self._application(scope, receive, send)
            return
        lane, names = found
        body = _Body(receive)
        answer = self.answer(caller_of(scope), lane, names, await body.read())
        if answer is None:
            await self._application(scope, body.again, send)
        else:
            await respond(send, answer)

    def lane(self, request: Request) -> tuple[Lane, Mapping[str, str]] | None:
        """The operation that this request is for and its path parameters; None unless its path and headers are plainly valid."""
        if request.method != "POST" or request.query or not _is_plain(request.headers):
            return None
        path = request.path.removesuffix("/")
        for pattern, lane in self._lanes:
            if match := pattern.fullmatch(path):
                names = match.groupdict()
                is_valid = all(lane.parameters[name].is_valid(value) for name, value in names.items())
                return (lane, names) if is_valid else None
        return None

    def answer(self, caller: Caller, lane: Lane, names: Mapping[str, str], body: bytes) -> Answer | None:
        """Carry the operation out and answer it. None if its body is not plainly valid: then nothing has happened."""
        operation = _parsed(body) if body else None
        name = self._bodies.fitting(lane.union, operation)
        if name is None:
            return None
        caller.request.operation = name
        try:
            told = handle(lane.handler, caller, operation=operation, **names)
        except Exception as error:  # noqa: BLE001  # as Connexion's error handler does
            return answer_to(caller.request, error)
        return Answer(200, _JSON, (_encode(told) + "\n").encode("ascii"))


def _is_plain(headers: Headers) -> bool:
    types = [value for name, value in headers if name == b"content-type"]
    return len(types) == 1 and types[0].lower() in _PLAIN


class _Body:
    """A request's body as it arrives, replayed for an application that needs it from the beginning."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._events: list[Event] = []

    async def read(self) -> bytes:
        """The whole body; empty if it is too long or its client has gone."""
        size, more = 0, True
        while more:
            event = await self._receive()
            self._events.append(event)
            size += len(event.get("body", b""))
            if event["type"] != "http.request" or size > MOST_BYTES:
                return b""
            more = event.get("more_body", False)
        return b"".join(event.get("body", b"") for event in self._events)

    async def again(self) -> Event:
        return self._events.pop(0) if self._events else await self._receive()


def _parsed(content: bytes) -> Json:
    """The value; None if the body is refused."""
    try:
        return read_json(content)
    except RequestRefused:
        return None
