"""The sender of a request, and its cookies."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from refswitch.asgi import Answer, Headers, Scope


@dataclass(frozen=True)
class Sender:
    """The sender of a request, and the headers for the answer to it, such as a new session's cookie."""

    owner: str
    headers: Headers = ()


class Authenticate(Protocol):
    """Identifies a request's sender from its headers, or returns the complete answer that refuses it. Called before the body is read."""

    def __call__(self, scope: Scope) -> Sender | Answer: ...


def header(scope: Scope, name: bytes) -> str | None:
    """The first header with this name, given in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def cookie(scope: Scope, name: str) -> str | None:
    """The first cookie with this name, however many headers hold the cookies."""
    for key, value in scope["headers"]:
        if key == b"cookie" and (found := _cookies(value).get(name)) is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def _cookies(header: bytes) -> Mapping[str, str]:
    """The cookies of one header, cached because a client that polls sends the same ones each time."""
    found: dict[str, str] = {}
    for pair in header.decode("latin-1").split(";"):
        name, _, text = pair.partition("=")
        found.setdefault(name.strip(), text.strip())
    return found
