"""Carries out operations that are in order without Connexion's several passes over a request, which cost ten times as much.

Made from the contract that Connexion is made from: paths, their names and bodies, each checked once. Whatever is not plainly in order
goes to Connexion as it came, so every violation is Connexion's; what the call core refuses is answered by the function that answers it
there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import jsonschema_rs

from refswitch.contract import Json
from refswitch.request_log import Application, Event, Receive, Scope, Send

from .caller import caller_of
from .errors import RequestRefused, told_of
from .handlers import Handler
from .json_body import read_json
from .projection import BASE_PATH, Post
from .request_body import MOST_BYTES
from .schemas import OperationBodies, Schemas

_encode = json.JSONEncoder(separators=(",", ":")).encode
#: The media types that are plainly JSON; of any other Connexion judges.
_PLAIN = (b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8")


@dataclass(frozen=True, slots=True)
class _Lane:
    """One operation that is posted: what its path may name, which union its body is of, and who carries it out."""

    union: str
    parameters: Mapping[str, jsonschema_rs.Draft202012Validator]
    handler: Handler


class Front:
    """An ASGI application before another, which must be the same contract's."""

    def __init__(
        self,
        application: Application,
        posts: Iterable[Post],
        schemas: Schemas,
        bodies: OperationBodies,
        handlers: Mapping[str, Handler],
    ) -> None:
        self._application = application
        self._bodies = bodies
        self._lanes: list[tuple[re.Pattern[str], _Lane]] = []
        for post in posts:
            pattern = re.sub(r"\\\{([^/]*)\\\}", r"(?P<\1>[^/]+)", re.escape(BASE_PATH + post.path))
            checked = {name: schemas.validator(pointer) for name, pointer in post.parameters.items()}
            lane = _Lane(post.union, checked, handlers[post.operation_id])
            self._lanes.append((re.compile(pattern), lane))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._lane(scope) if scope["type"] == "http" and scope["method"] == "POST" else None
        if found is None:
            await self._application(scope, receive, send)
            return
        lane, names = found
        body = _Body(receive)
        content = await body.read()
        operation = _parsed(content) if content else None
        name = self._bodies.fitting(lane.union, operation)
        if name is None:
            await self._application(scope, body.again, send)
            return
        caller = caller_of(scope)
        caller.record.operation = name
        try:
            answer = await lane.handler(caller=caller, operation=operation, **names)
        except Exception as error:  # noqa: BLE001  # as the application answers it
            told = told_of(scope, error)
            await _respond(send, told.status, told.body, told.headers)
            return
        await _respond(send, 200, (_encode(answer) + "\n").encode("ascii"), {})

    def _lane(self, scope: Scope) -> tuple[_Lane, Mapping[str, str]] | None:
        """The operation that this request is for, if its head is plainly in order, and what its path names."""
        types = [value for name, value in scope["headers"] if name == b"content-type"]
        if scope["query_string"] or len(types) != 1 or types[0] not in _PLAIN:
            return None
        for pattern, lane in self._lanes:
            if match := pattern.fullmatch(scope["path"]):
                names = match.groupdict()
                is_valid = all(lane.parameters[name].is_valid(value) for name, value in names.items())
                return (lane, names) if is_valid else None
        return None


class _Body:
    """A request's body as it comes, and once more for whoever wants it from its beginning."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._events: list[Event] = []

    async def read(self) -> bytes:
        """All of it; empty when it is longer than anybody reads, or its client is gone."""
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
    """The value; None for what is refused."""
    try:
        return read_json(content)
    except RequestRefused:
        return None


async def _respond(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    named = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
    length = (b"content-length", str(len(body)).encode("ascii"))
    start = [*named, (b"content-type", b"application/json"), length]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
