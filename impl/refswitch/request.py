"""One request on its way through the server: what was sent, and what the server learns about it.

The functions that decide about a request (its sandbox, its sender, whether it may change anything, what the journal keeps) take this
value and nothing of ASGI, so any entrance to the server can call them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from .asgi import Headers, Scope

_KEY = "refswitch.request"
#: The parameters of a path's segments, in which servlet containers carry a session (RFC 3986, 3.3). They lead nowhere here, and would
#: be secrets in the log. A semicolon written as %3B is part of a name.
_PARAMETERS = re.compile(rb";[^/]*")


@dataclass(slots=True)
class Request:
    """An HTTP request, or the one that opens a WebSocket.

    Until its address has been read, `path` is the path as sent, without parameters of its segments. After that it is the path inside the
    sandbox named `sandbox`, and the client keeps its cookies below `cookie_path`. `agent`, `operation` and `status_code` are filled in as
    they become known.
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
    hint: str = ""
    """Why credentials may be missing that the client believes it has sent; it is added to the refusal."""

    def header(self, name: bytes) -> str | None:
        """The first header with this name, given in lower case."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), None)


def with_request(scope: Scope) -> Scope:
    """The scope with its request added, and with the path that both name."""
    method, query = scope.get("method", "GET"), scope["query_string"].decode("latin-1")  # an upgrade is a GET
    if ";" in scope["path"]:
        raw_path = _PARAMETERS.sub(b"", scope.get("raw_path") or quote(scope["path"], safe="/;").encode())
        scope = {**scope, "path": unquote(raw_path.decode("latin-1")), "raw_path": raw_path}
    return {**scope, _KEY: Request(method, scope["path"], query, scope["headers"])}


def request_of(scope: Scope) -> Request:
    """The request that `with_request` added."""
    request: Request = scope[_KEY]
    return request
