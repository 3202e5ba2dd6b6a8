"""The sender of a request, and its cookies."""

from dataclasses import dataclass
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
        if key != b"cookie":
            continue
        cookies: str = value.decode("latin-1")
        for pair in cookies.split(";"):
            found, _, text = pair.partition("=")
            if found.strip() == name:
                return text.strip()
    return None
