"""Every bound of the server: its number, what sets it, what happens at it. `make limits` makes docs/limits.md from these rows.

A bound stands here and nowhere else; code reads its `default`. How much of a value a message shows is not a bound.
"""

from __future__ import annotations

from typing import NamedTuple

_HTTP = "What a client may send over HTTP"


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
