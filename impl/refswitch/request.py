"""One request on its way through the server: what was sent, and what is learned about it on the way.

The functions that decide about a request (which sandbox, who sends it, may it change anything, what does the journal keep) take this value
and nothing of ASGI, so that any entrance to the server can call them.
"""

from __future__ import annotations

from dataclasses import dataclass

from .asgi import Headers, Scope

_KEY = "refswitch.request"


@dataclass(slots=True)
class Request:
    """An HTTP request, or the one that opens a WebSocket.

    Until its address has been read `path` is the path as it was sent; from then on it is the path inside the sandbox that is named
    `sandbox`, and the client keeps its cookies below `cookie_path`. `agent`, `operation` and `status_code` are filled in as they become
    known.
    """

    method: str
    path: str
    query: str
    headers: Headers
    sandbox: str = ""
    cookie_path: str = "/"
    agent: str | None = None
    operation: str | None = None
    status_code: int | None = None

    def header(self, name: bytes) -> str | None:
        """The first header of this name, which is given in lower case."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), None)


def with_request(scope: Scope) -> Scope:
    """The scope with its request in it."""
    method, query = scope.get("method", "GET"), scope["query_string"].decode("latin-1")  # an upgrade is a GET
    return {**scope, _KEY: Request(method, scope["path"], query, scope["headers"])}


def request_of(scope: Scope) -> Request:
    """The request that `with_request` has put there."""
    request: Request = scope[_KEY]
    return request
