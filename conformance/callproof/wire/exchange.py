"""What came of a request: an answer, or the reason why there is none. Both are values; neither is raised.

The values are unmasked, for checks must see what was sent. Print the transcript's entries, never these: their
`repr` leaves out what may hold secrets.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from callproof.bayeux import Json

_DEEPEST = 200
"""No message of this API nests deeper than ten; readers that recurse must not be made to fall over."""


@dataclass(frozen=True)
class Credentials:
    """A login for HTTP Basic (RFC 7617)."""

    user: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """As whom a single request is sent: exactly these credentials and cookies, and none that are kept."""

    credentials: Credentials | None = None
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)


NOBODY = Identity()
"""No credentials, no cookies."""


@dataclass(frozen=True)
class NotJson:
    """The body is no JSON text, because of this."""

    reason: str


class Reason(StrEnum):
    """Why a request has no answer."""

    CONNECTION_REFUSED = "connection refused"
    HOST_NOT_FOUND = "host not found"
    TLS_FAILED = "TLS failed"
    CONNECTION_FAILED = "connection failed"
    CONNECTION_LOST = "connection lost"
    TIMED_OUT = "timed out"
    NOT_HTTP = "the answer is not HTTP"
    NOT_SENT = "the request could not be sent"


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. `id` is the transcript's id of the request, `answer_id` that of the answer.

    `started` is monotonic seconds, `elapsed` the seconds until the answer had been read whole.
    """

    id: str
    answer_id: str
    agent: str
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...] = field(repr=False)
    request_body: bytes | None = field(repr=False)
    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    text: str = field(repr=False)
    value: Json | NotJson = field(repr=False)
    started: float
    elapsed: float

    @property
    def received(self) -> float:
        """The moment at which the answer had been read, in monotonic seconds."""
        return self.started + self.elapsed

    def header(self, name: str) -> str | None:
        """Return the first header of this name, whatever its case."""
        return next(iter(self.headers_named(name)), None)

    def headers_named(self, name: str) -> tuple[str, ...]:
        return tuple(value for known, value in self.headers if known.lower() == name.lower())


@dataclass(frozen=True)
class NoAnswer:
    """A request that brought no answer. `detail` is what the network said, in its own words."""

    id: str
    answer_id: str
    agent: str
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...] = field(repr=False)
    request_body: bytes | None = field(repr=False)
    reason: Reason
    detail: str
    started: float
    elapsed: float

    @property
    def received(self) -> float:
        """The moment at which it was clear that no answer would come, in monotonic seconds."""
        return self.started + self.elapsed

    def __str__(self) -> str:
        return f"{self.method} {self.url}: {self.reason.value}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True)
class Delivery:
    """What one poll or one frame brought.

    `exchange_id` is the transcript's id of the request, or of the upgrade that opened the WebSocket, `entry_id` that of the
    answer or frame. `received` is in monotonic seconds.
    """

    value: Json = field(repr=False)
    exchange_id: str
    entry_id: str
    received: float


def read_json(body: bytes) -> Json | NotJson:
    """Read a body as JSON: UTF-8, no NaN, no endless nesting (RFC 8259). Never raises."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return NotJson(f"not UTF-8 at byte {error.start}")
    if not text.strip():
        return NotJson("empty")
    if text.count("[") + text.count("{") > _DEEPEST and _depth(text) > _DEEPEST:
        return NotJson(f"nested deeper than {_DEEPEST} levels")
    try:
        value: Json = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return NotJson(f"{error.msg} at line {error.lineno}, column {error.colno}")
    except ValueError as error:
        return NotJson(str(error))
    return value


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON value")


def _depth(text: str) -> int:
    """Return the deepest nesting of brackets outside strings."""
    deepest = depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest
