"""How a request is let in, and what its cookies say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from refswitch.asgi import Answer, Headers, Scope


@dataclass(frozen=True)
class Sender:
    """Who sends this request, and what the answer should tell the client about it (a new session cookie)."""

    owner: str
    headers: Headers = ()


class Authenticate(Protocol):
    """Says who sends a request, from its headers; or the whole answer to one that is not let in. Asked before the body is read."""

    def __call__(self, scope: Scope) -> Sender | Answer: ...


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of this name (given in lower case)."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def cookie(scope: Scope, name: str) -> str | None:
    """The cookie of this name, however many headers the cookies came in; of two the first counts."""
    for key, value in scope["headers"]:
        if key == b"cookie" and (found := _cookies(value).get(name)) is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def _cookies(header: bytes) -> Mapping[str, str]:
    """The cookies of one header. A client that polls sends the same each time."""
    found: dict[str, str] = {}
    for pair in header.decode("latin-1").split(";"):
        name, _, text = pair.partition("=")
        found.setdefault(name.strip(), text.strip())
    return found
