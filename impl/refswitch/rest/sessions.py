"""HTTP sessions and HTTP Basic: who sends a request, on REST and on CometD alike.

The first authenticated answer sets the session cookie; from then on the cookie alone suffices (CSRFProtection, GWS 8.5.2).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import uuid
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from refswitch.request_log import Scope
from refswitch.seats import Seat

from .errors import AccessDenied

COOKIE = "JSESSIONID"
#: Where a request's scope says `cookie_path`.
COOKIE_PATH = "refswitch.cookie_path"
#: Who gets the cookie back: pages of this site only; or those of other sites too, which browsers want to be told so, and over TLS alone.
SAME_SITE = "SameSite=Lax"
ANY_SITE = "SameSite=None; Secure"
#: jetty.sessionMaxInactiveInterval (ConfigurationPremise, GWS 8.5.2).
IDLE_SECONDS = 1800.0
#: Sessions of one agent; the one unused longest makes room, so a client that keeps no cookies only displaces his own.
MOST_SESSIONS = 100

RawHeaders = Iterable[tuple[bytes, bytes]]


@dataclass(slots=True)
class _Session:
    seat: Seat
    csrf_token: str = field(repr=False)
    last_used: float


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who was let in, by which session, and its CSRF token. `set_cookie` is for the answer when the session is new."""

    seat: Seat
    session: str = field(repr=False)
    set_cookie: str | None = field(repr=False)
    csrf_token: str = field(repr=False)


class HttpSessions:
    """Sessions by their token, of each agent in the order of their last use. `now` is real time in seconds."""

    def __init__(
        self,
        now: Callable[[], float],
        new_token: Callable[[], str] = lambda: secrets.token_hex(20),
        new_csrf_token: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._now = now
        self._new_token = new_token
        self._new_csrf_token = new_csrf_token
        self._by_token: dict[str, _Session] = {}
        self._of_agent: dict[str, OrderedDict[str, None]] = {}

    def open(self, seat: Seat) -> str:
        """Begin a session and give its token."""
        tokens = self._of_agent.setdefault(seat.number, OrderedDict())
        while tokens and (len(tokens) >= MOST_SESSIONS or self._is_idle(next(iter(tokens)))):
            self.end(next(iter(tokens)))
        token = self._new_token()
        self._by_token[token] = _Session(seat, self._new_csrf_token(), self._now())
        tokens[token] = None
        return token

    def use(self, token: str) -> Seat | None:
        """Whose session this is, which counts as a use of it; None if there is no such session any more."""
        session = self._by_token.get(token)
        if session is None:
            return None
        if self._is_idle(token):
            self.end(token)
            return None
        session.last_used = self._now()
        self._of_agent[session.seat.number].move_to_end(token)
        return session.seat

    def csrf_token(self, token: str) -> str:
        """The CSRF token of a session that lives; the same as long as it does."""
        return self._by_token[token].csrf_token

    def lives(self, token: str) -> bool:
        return token in self._by_token

    def end(self, token: str) -> None:
        """Nothing, if it has ended already."""
        session = self._by_token.pop(token, None)
        if session is not None:
            del self._of_agent[session.seat.number][token]

    def __len__(self) -> int:
        return len(self._by_token)

    def _is_idle(self, token: str) -> bool:
        return self._now() - self._by_token[token].last_used > IDLE_SECONDS


#: Pairs of credentials and cookie that need not be looked at again while their session lives.
_MOST_KNOWN = 4096


class Admission:
    """Lets requests in by credentials or by cookie. Credentials are looked at whenever they are there: wrong ones are refused."""

    def __init__(
        self,
        seats: Iterable[Seat],
        sessions: HttpSessions,
        cookie_rules: str = SAME_SITE,
        sandbox: str = "",
    ) -> None:
        self._credentials = Credentials(seats, sandbox)
        self._sessions = sessions
        self._cookie_rules = cookie_rules
        self._known: dict[tuple[bytes, bytes], tuple[str, Seat]] = {}  # what was let in before, byte for byte

    def admit(self, headers: RawHeaders, path: str = "/") -> Admitted:
        """Raises AccessDenied. The client shall send a new session's cookie below `path`."""
        sent = _sent(headers)
        if (known := self._known.get(sent)) is not None and self._sessions.use(known[0]) is known[1]:
            return Admitted(known[1], known[0], None, self._sessions.csrf_token(known[0]))
        named = self._credentials.seat(headers)
        for token in _cookies(headers):
            seat = self._sessions.use(token)
            if seat is not None and named in (None, seat):
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[sent] = token, seat
                return Admitted(seat, token, None, self._sessions.csrf_token(token))
        if named is None:
            raise AccessDenied
        token = self._sessions.open(named)
        cookie = f"{COOKIE}={token}; Path={path}; HttpOnly; {self._cookie_rules}"
        return Admitted(named, token, cookie, self._sessions.csrf_token(token))


class Credentials:
    """Who may come in by login name and password. In a sandbox with a name, a login name may say so: 15000@build-4711."""

    def __init__(self, seats: Iterable[Seat], sandbox: str = "") -> None:
        self._seats = {seat.login: seat for seat in seats}
        self._suffix = f"@{sandbox}" if sandbox else ""

    def seat(self, headers: RawHeaders) -> Seat | None:
        """Whose credentials these are, None if there are none. As long for a login name that is not there as for a wrong password.

        Raises AccessDenied for wrong ones.
        """
        authorizations = [value for name, value in headers if name == b"authorization"]
        if len(authorizations) > 1:
            raise AccessDenied
        if not authorizations:
            return None
        login, password = _basic(authorizations[0])
        seat = self._seats.get(login) or self._seats.get(login.removesuffix(self._suffix))
        if not same(password, seat.password if seat else secrets.token_hex()) or seat is None:
            raise AccessDenied
        return seat


def sandbox_of(headers: RawHeaders, logins: Container[str]) -> str:
    """The sandbox that a login name or a session cookie names; empty if none does.

    What follows the last @ is one, unless the whole is one of `logins`. Credentials count before a cookie, right or wrong.
    """
    for name, value in headers:
        if name == b"authorization":
            try:
                login, _ = _basic(value)
            except AccessDenied:
                return ""
            return "" if login in logins else login.rpartition("@")[2] if "@" in login else ""
    return next((token.partition(".")[2] for token in _cookies(headers)), "")


def cookie_path(scope: Scope) -> str:
    """Below which path a client that sent this request shall send its cookie: of two sandboxes in one browser each has its own."""
    path: str = scope.get(COOKIE_PATH, "/")
    return path


@lru_cache(maxsize=4096)
def _basic(authorization: bytes) -> tuple[str, str]:
    """Login name and password (RFC 7617); the password may hold colons."""
    scheme, _, credentials = authorization.strip().partition(b" ")
    if scheme.lower() != b"basic":
        raise AccessDenied
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise AccessDenied from None
    login, colon, password = text.partition(":")
    if not colon:
        raise AccessDenied
    return login, password


def same(given: str, known: str) -> bool:
    """Compared as digests, so that neither the place of the first difference nor the length shows in the time it takes."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode()).digest(), hashlib.sha256(known.encode()).digest()
    )


def _sent(headers: RawHeaders) -> tuple[bytes, bytes]:
    """The credentials and the cookies that were sent, as they were sent."""
    authorizations = [value for name, value in headers if name == b"authorization"]
    cookies = [value for name, value in headers if name == b"cookie"]
    return b"\0".join(authorizations), b"\0".join(cookies)


def _cookies(headers: RawHeaders) -> Iterator[str]:
    for name, value in headers:
        if name == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, _, token = pair.strip().partition("=")
                if key == COOKIE:
                    yield token.strip('"')
