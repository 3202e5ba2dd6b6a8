"""Every bound of the server: its number, what sets it, what happens at it. `make limits` makes docs/limits.md from these rows.

A bound stands here and nowhere else; code reads its `default`. How much of a value a message shows is not a bound.
"""

from __future__ import annotations

from typing import NamedTuple

_HTTP = "What a client may send over HTTP"
_SESSIONS = "HTTP sessions"
_SANDBOXES = "Sandboxes"


class Bound(NamedTuple):
    """One bound, as a row of docs/limits.md."""

    #: The heading that the row stands under.
    area: str
    #: What is bounded, with its unit: "bytes of a request body".
    subject: str
    #: The number, in that unit; times are whole seconds or milliseconds.
    default: int
    #: What sets it: "--limit body=N"; empty if nothing does.
    option: str
    #: One sentence: what happens at the bound, as the person on the other side sees it.
    consequence: str


REQUEST_BODY = Bound(
    _HTTP,
    "bytes of a request body",
    1_048_576,
    "",
    "HTTP 413 with statusCode 10; the rest of the body is not read.",
)

HTTP_SESSIONS = Bound(
    _SESSIONS,
    "HTTP sessions of one agent",
    100,
    "",
    "The session that was idle for longest ends, and the log says so. If all are in use, the oldest ends, with its polls and WebSockets.",
)
HTTP_SESSION_IDLE = Bound(  # jetty.sessionMaxInactiveInterval (ConfigurationPremise, GWS 8.5.2)
    _SESSIONS,
    "seconds without a request, a held poll or an open WebSocket in an HTTP session",
    1800,
    "",
    "The session ends: its cookie is refused with HTTP 403 and statusCode 20.",
)
SNAPSHOTS = Bound(
    _SANDBOXES,
    "snapshots of one sandbox",
    16,
    "",
    "The oldest snapshot is dropped; to restore it is refused with HTTP 404, which lists those that are kept.",
)
SANDBOXES = Bound(
    _SANDBOXES,
    "sandboxes beside the main one",
    64,
    "--sandboxes N",
    "Another sandbox is refused with HTTP 503 and statusCode 13; none is dropped to make room.",
)
SANDBOX_IDLE = Bound(
    _SANDBOXES,
    "seconds without a request, a held poll or an open WebSocket in a sandbox",
    1800,
    "--sandbox-idle S",
    "The sandbox is dropped with everything in it; its name opens a new one.",
)
