"""The shapes of ASGI that we use, and how a request is let in."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

Scope: TypeAlias = Mapping[str, Any]  # ASGI 3.0: its values are of many types, checked where they are read
Event: TypeAlias = MutableMapping[str, Any]  # as above
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Names in lower case, as ASGI wants them."""


@dataclass(frozen=True)
class Identity:
    """Who sends this request, and what the answer should tell the client about it (a new session cookie)."""

    owner: str
    headers: Headers = ()


@dataclass(frozen=True)
class Refusal:
    """The whole answer to a request that is not let in."""

    status: int
    headers: Headers
    body: bytes


class Authenticate(Protocol):
    """Says who sends a request, from its headers. Asked for every request, before its body is read."""

    def __call__(self, scope: Scope) -> Identity | Refusal: ...


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
