"""Admits requests by the same rule for REST and CometD.

The first authenticated answer sets the session cookie; from then on the cookie alone suffices (CSRFProtection, GWS 8.5.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from refswitch.asgi import Headers
from refswitch.limits import KNOWN_SENDER_BYTES, KNOWN_SENDERS
from refswitch.refusals import AccessDenied, CsrfRefused
from refswitch.request import Request
from refswitch.seats import Seat

from . import csrf
from .credentials import COOKIE, Credentials, sent, session_tokens
from .sessions import HttpSessions

#: Which pages send the cookie back: those of this site only, or those of other sites too, which requires TLS.
SAME_SITE = "SameSite=Lax"
ANY_SITE = "SameSite=None; Secure"
#: How many pairs of credentials and cookie are remembered, so that they are not checked again while their session lives.
_MOST_KNOWN = KNOWN_SENDERS.default
_LONGEST_KNOWN = KNOWN_SENDER_BYTES.default


@dataclass(frozen=True, slots=True)
class Admitted:
    """The admitted seat, its session and its CSRF token. `set_cookie` goes into the answer when the session is new."""

    seat: Seat
    session: str = field(repr=False)
    set_cookie: str | None = field(repr=False)
    csrf_token: str = field(repr=False)


class Admission:
    """Admits requests by credentials or by cookie. Credentials are always checked when present; wrong ones are refused."""

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
        self._known: dict[tuple[bytes, bytes], tuple[str, Seat]] = {}  # admitted before, byte for byte

    def admit(self, headers: Headers, path: str = "/") -> Admitted:
        """Raises AccessDenied. `path` limits where the client sends the cookie of a new session."""
        as_sent = sent(headers)
        if (known := self._known.get(as_sent)) is not None and self._sessions.use(known[0]) is known[1]:
            return Admitted(known[1], known[0], None, self._sessions.csrf_token(known[0]))
        named = self._credentials.seat(headers)
        for token in session_tokens(headers):
            seat = self._sessions.use(token)
            if seat is not None and named in (None, seat):
                if sum(map(len, as_sent)) <= _LONGEST_KNOWN:
                    if len(self._known) >= _MOST_KNOWN:
                        self._known.clear()
                    self._known[as_sent] = token, seat
                return Admitted(seat, token, None, self._sessions.csrf_token(token))
        if named is None:
            raise AccessDenied
        token = self._sessions.open(named)
        cookie = f"{COOKIE}={token}; Path={path}; HttpOnly; {self._cookie_rules}"
        return Admitted(named, token, cookie, self._sessions.csrf_token(token))


class Access:
    """The rule of one sandbox. Each entrance calls `let_in` before it does anything else, and adds `headers` to its answer."""

    def __init__(
        self, admission: Admission, sessions: HttpSessions, *, demands_csrf_token: bool = False
    ) -> None:
        self.sessions = sessions
        self._admission = admission
        self._demands_csrf_token = demands_csrf_token

    def let_in(self, request: Request) -> Admitted:
        """Admit the request and note its agent in it. Raises AccessDenied, and CsrfRefused, which carries the answer's headers."""
        admitted = self._admission.admit(request.headers, request.cookie_path)
        request.agent = admitted.seat.number
        if self._demands_csrf_token and not csrf.is_allowed(request, admitted.csrf_token):
            raise CsrfRefused(self.headers(request, admitted))
        return admitted

    def headers(self, request: Request, admitted: Admitted) -> Headers:
        """The CSRF token if the request reads, and the cookie of a session that is new and has not ended meanwhile."""
        told = csrf.headers(request, admitted.csrf_token) if self._demands_csrf_token else ()
        if admitted.set_cookie is None or not self.sessions.lives(admitted.session):
            return told
        return (*told, (b"set-cookie", admitted.set_cookie.encode("ascii")))
