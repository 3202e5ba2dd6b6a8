"""The sender of a request, and its cookies."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from refswitch.asgi import Answer, Headers, Scope

End: TypeAlias = Callable[[], None]
Hold: TypeAlias = Callable[[End], End]
"""Call it when a poll begins to be held or a socket opens, with the way to end that if its HTTP session ends first. Call what it returns
when the poll or the socket is over."""


def unsupervised(end: End) -> End:
    """Hold something that belongs to no HTTP session: nothing ends it."""
    return _nothing


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of a request, and the headers for the answer to it, such as a new session's cookie.

    `hold` ties what is held for the sender to the HTTP session of the request.
    """

    owner: str
    headers: Headers = ()
    hold: Hold = unsupervised


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
        if key != b"cookie":
            continue
        cookies: str = value.decode("latin-1")
        for pair in cookies.split(";"):
            found, _, text = pair.partition("=")
            if found.strip() == name:
                return text.strip()
    return None


def _nothing() -> None:
    """Nothing was to be noted, so nothing is to be struck out."""
