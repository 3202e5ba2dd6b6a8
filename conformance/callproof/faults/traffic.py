"""What passes through the fault layer, as values: requests, answers, the Bayeux messages in them. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from callproof.json_values import Json

from .model import AGENTS, NUMBERS

API = "/api/v2"
COMETD = "/notifications"

Headers = tuple[tuple[str, str], ...]
Message = dict[str, Json]


class NotJson(Exception):
    """A body is not JSON."""


class _WithBody:
    body: bytes

    @property
    def value(self) -> Json:
        """The body as JSON; None when it is not JSON."""
        try:
            return from_json(self.body)
        except NotJson:
            return None


@dataclass(frozen=True)
class Request(_WithBody):
    """A request as the client sent it, or as it is passed on."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    @property
    def resource(self) -> str:
        """The path below the API's base, such as `/me/calls`; empty for anything else."""
        return self.path.removeprefix(API) if self.path.startswith(API) else ""

    @property
    def target(self) -> str:
        """The path with the query."""
        return self.path + (f"?{self.query}" if self.query else "")

    @property
    def is_cometd(self) -> bool:
        return self.resource == COMETD or self.resource.startswith(COMETD + "/")

    @property
    def login(self) -> tuple[str, str]:
        """The agent and `own`, `wrong` or `none`, read from the Authorization header."""
        kind, _, token = (header(self.headers, "authorization") or "").partition(" ")
        if kind.lower() != "basic":
            return "", "none"
        try:
            user, _, password = base64.b64decode(token, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", "wrong"
        agent = AGENTS.get(user, "")
        return agent, "own" if agent and password == NUMBERS[agent] else "wrong"

    def by(self, agent: str) -> Request:
        """Return the request with the agent's credentials instead of its own."""
        kept = tuple((n, v) for n, v in self.headers if n.lower() not in ("authorization", "cookie"))
        return replace(self, headers=(*kept, ("authorization", basic(agent))))

    def with_body(self, value: Json) -> Request:
        return replace(self, body=as_json(value))


@dataclass(frozen=True)
class Answer(_WithBody):
    """The server's answer, or what the client gets instead, after `delay` seconds."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    delay: float = 0.0

    def with_value(self, value: Json) -> Answer:
        return replace(self, body=as_json(value))

    def with_header(self, name: str, value: str | None) -> Answer:
        """Return the answer with this header, or without it."""
        kept = tuple((n, v) for n, v in self.headers if n.lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name.lower(), value)))


def header(headers: Headers, name: str) -> str | None:
    """Return the first header of this name."""
    return next((value for known, value in headers if known.lower() == name.lower()), None)


def basic(agent: str) -> str:
    """Return the agent's Authorization header."""
    number = NUMBERS[agent]
    return "Basic " + base64.b64encode(f"{number}:{number}".encode()).decode("ascii")


def as_json(value: Json | Sequence[Message]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def from_json(body: bytes) -> Json:
    """Read a body. Raises NotJson."""
    try:
        value: Json = json.loads(body)
    except (ValueError, RecursionError):
        raise NotJson from None
    return value


def is_event(message: Message) -> bool:
    """Whether a message from the server is an event rather than a reply (Bayeux 1.0, Delivery)."""
    return not str(message.get("channel", "")).startswith("/meta/") and "data" in message
