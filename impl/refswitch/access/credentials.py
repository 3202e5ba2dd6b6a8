"""How a request identifies its sender: HTTP Basic credentials (RFC 7617) and the session cookie."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Container, Iterable, Iterator

from refswitch.asgi import Headers
from refswitch.refusals import AccessDenied
from refswitch.seats import Seat

COOKIE = "JSESSIONID"


class Credentials:
    """The login names and passwords of the seats. In a named sandbox, a login name may include that name: 15000@build-4711."""

    def __init__(self, seats: Iterable[Seat], sandbox: str = "") -> None:
        self._seats = {seat.login: seat for seat in seats}
        self._suffix = f"@{sandbox}" if sandbox else ""

    def seat(self, headers: Headers) -> Seat | None:
        """The seat with these credentials; None if the request has none. An unknown login name takes as long as a wrong password.

        Raises AccessDenied for wrong credentials.
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


def named_sandbox(headers: Headers, logins: Container[str]) -> str:
    """The sandbox named by a login name or a session cookie; empty if neither names one.

    Whatever follows the last @ names a sandbox, unless the whole name is one of `logins`. Credentials, right or wrong, take
    precedence over a cookie.
    """
    for name, value in headers:
        if name == b"authorization":
            try:
                login, _ = _basic(value)
            except AccessDenied:
                return ""
            return "" if login in logins else login.rpartition("@")[2] if "@" in login else ""
    return next((token.partition(".")[2] for token in session_tokens(headers)), "")


def session_tokens(headers: Headers) -> Iterator[str]:
    """The session tokens in the cookies; a browser may send several cookies of the same name."""
    for name, value in headers:
        if name == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, _, token = pair.strip().partition("=")
                if key == COOKIE:
                    yield token.strip('"')


def sent(headers: Headers) -> tuple[bytes, bytes]:
    """The credentials and the cookies, byte for byte as sent."""
    authorizations = [value for name, value in headers if name == b"authorization"]
    cookies = [value for name, value in headers if name == b"cookie"]
    return b"\0".join(authorizations), b"\0".join(cookies)


def same(given: str, known: str) -> bool:
    """Compares digests, so that the time taken reveals neither the first difference nor the length."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode()).digest(), hashlib.sha256(known.encode()).digest()
    )


def _basic(authorization: bytes) -> tuple[str, str]:
    """Login name and password; the password may contain colons.

    Nothing is remembered: strangers send these values, and reading one costs two microseconds.
    """
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
