"""CSRF protection (CSRFProtection (API), GWS 8.5.2): whoever changes something shows that he can read answers.

Every answer to a GET names the header to send and carries its value, which lives as long as the HTTP session; every PUT, POST and DELETE
must send it. CometD is no exception: the documentation makes none, and a public client program sends the token there too.
"""

from __future__ import annotations

from collections.abc import Iterable

from .errors import CsrfRefused
from .sessions import Admitted, same

HEADER = "X-CSRF-TOKEN"
_CHANGING = frozenset({"PUT", "POST", "DELETE"})
_READING = frozenset({"GET", "HEAD"})

RawHeaders = Iterable[tuple[bytes, bytes]]


class CsrfProtection:
    """The rule, or no rule at all when it is off."""

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on

    def check(self, method: str, headers: RawHeaders, admitted: Admitted) -> None:
        """Raises CsrfRefused for a request that changes something and does not carry the token of its session, once."""
        if not self._is_on or method not in _CHANGING:
            return
        sent = [value for name, value in headers if name == HEADER.lower().encode("ascii")]
        if len(sent) != 1 or not same(sent[0].decode("latin-1"), admitted.csrf_token):
            raise CsrfRefused

    def headers(self, method: str, admitted: Admitted) -> list[tuple[bytes, bytes]]:
        """What the answer to a request of this method carries."""
        if not self._is_on or method not in _READING:
            return []
        token = admitted.csrf_token.encode("ascii")
        return [(b"x-csrf-header", HEADER.encode("ascii")), (HEADER.lower().encode("ascii"), token)]


OFF = CsrfProtection(is_on=False)
