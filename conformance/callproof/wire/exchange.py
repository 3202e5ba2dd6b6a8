"""The outcome of a request: an answer, or the reason why it is missing. Both are values; neither is raised.

The values are unmasked, because checks must see what was sent. Print the transcript's entries, never these. Their `repr` leaves out
what may contain secrets.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from callproof.bayeux import Json
from callproof.limits import ANSWER_DEPTH, ANSWER_DIGITS
from callproof.shortening import to_show

_MOST_TOLD = 300
_REDIRECTS = (301, 302, 303, 307, 308)
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class NotJson:
    """The body is not JSON, for this reason."""

    reason: str


@dataclass(frozen=True)
class NotRead(NotJson):
    """The body may be JSON, and exceeds a bound of the suite: it says nothing about the server."""


class _Exceeded(Exception):
    """A value exceeds a bound; the message is a clause that names both."""


class Reason(StrEnum):
    """Why a request has no answer."""

    CONNECTION_REFUSED = "connection refused"
    HOST_NOT_FOUND = "host not found"
    TLS_FAILED = "TLS failed"
    PROXY_REFUSED = "the proxy refused"
    CONNECTION_FAILED = "connection failed"
    CONNECTION_LOST = "connection lost"
    TIMED_OUT = "timed out"
    NOT_HTTP = "the answer is not HTTP"
    TOO_LARGE = "the answer is too large"
    GATEWAY = "a gateway answered in place of the server"
    UNREADABLE = "the answer cannot be read"
    NOT_SENT = "the request could not be sent"


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A request. `id` is its id in the transcript, `answer_id` that of the answer, or of the note that it is missing.

    `started` is monotonic seconds, `elapsed` the seconds until the answer had been read whole, or was given up.
    """

    id: str
    answer_id: str
    method: str
    url: str
    started: float
    elapsed: float

    @property
    def received(self) -> float:
        """The moment at which the outcome was known, in monotonic seconds."""
        return self.started + self.elapsed


@dataclass(frozen=True, kw_only=True)
class Exchange(_Asked):
    """A request and its answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    text: str = field(repr=False)
    value: Json | NotJson = field(repr=False)

    @property
    def unreadable(self) -> str:
        """What the answer is if it is a redirect or its body is not JSON, as a noun phrase with status and media type; else empty."""
        if self.status in _REDIRECTS and (location := self.header("Location")):
            return f"HTTP {self.status}, a redirect to {without_query(location)}, which is not followed"
        if not isinstance(self.value, NotJson) or not self.text.strip():
            return ""
        kind = (self.header("Content-Type") or "").partition(";")[0].strip().lower()[:80]
        what = f"HTTP {self.status} {kind or 'without a media type'}"
        is_page = kind in _PAGES or self.text.lstrip()[:15].lower().startswith(("<!doctype html", "<html"))
        return (
            f"{what}, an HTML page"
            if is_page
            else f"{what}, which cannot be read as JSON: {self.value.reason}"
        )

    def header(self, name: str) -> str | None:
        """Return the first header of this name, whatever its case."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)


@dataclass(frozen=True, kw_only=True)
class NoAnswer(_Asked):
    """A request without an answer. `detail` is the network's own error message."""

    reason: Reason
    detail: str

    def __str__(self) -> str:
        return f"{self.method} {self.url}: {self.reason.value}" + (f" ({self.told})" if self.detail else "")

    @property
    def told(self) -> str:
        """The detail for people; it may quote the server, so a long one is marked to be cut where it is written."""
        return to_show(self.detail, _MOST_TOLD, " ...")


@dataclass(frozen=True)
class Delivery:
    """The messages of one poll or one frame.

    `exchange_id` is the transcript's id of the request, or of the upgrade that opened the WebSocket; `entry_id` is that of the answer
    or frame. `received` is in monotonic seconds.
    """

    value: Json = field(repr=False)
    exchange_id: str
    entry_id: str
    received: float


def read_json(body: bytes) -> Json | NotJson:
    """Read a body as JSON: UTF-8, no NaN (RFC 8259); a byte order mark is ignored. What exceeds a bound is `NotRead`. Never raises."""
    try:
        text = body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        return NotJson(f"not UTF-8 at byte {error.start}")
    if not text.strip():
        return NotJson("empty")
    deepest = ANSWER_DEPTH.default
    if text.count("[") + text.count("{") > deepest and _depth(text) > deepest:
        return NotRead(f"it is nested deeper than {deepest} levels, and no more are read")
    try:
        value: Json = json.loads(text, parse_constant=_refuse_constant, parse_int=_integer)
    except _Exceeded as error:
        return NotRead(str(error))
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            return NotJson(f"breaks off after {len(body)} bytes")
        return NotJson(f"{error.msg} at line {error.lineno}, column {error.colno}")
    except ValueError as error:
        return NotJson(str(error))
    return value


def without_query(address: str) -> str:
    """The address without the parts that may be secret, cut to a readable length."""
    try:
        parts = urlsplit(address[:2000])
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()[:200]
    except ValueError:
        return "an address that cannot be read"


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is not a JSON value")


def _integer(digits: str) -> int:
    count = len(digits.lstrip("-"))
    if count > ANSWER_DIGITS.default:
        raise _Exceeded(
            f"it has a number of {count} digits, and more than {ANSWER_DIGITS.default} are not read"
        )
    return int(digits)


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
