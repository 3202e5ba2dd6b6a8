"""Who may use the administration interface.

With a token: every client that sends it. Without one: programs on this machine, and nobody that a proxy on this machine lets through.
A browser on this machine may show pages of other origins, which could send a POST without a body unasked (Fetch, CORS-safelisted), so
Host, Origin and Sec-Fetch-Site are checked too; another port of this machine is another origin. A proxy
that hides itself completely cannot be noticed; behind one, set a token or switch the interface off.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from refswitch.asgi import Headers
from refswitch.refusals import Forbidden

#: Headers that a proxy adds and no client of this interface has a reason to send. A name that ends with - stands for all that begin so.
_OF_PROXIES = (
    "forwarded",  # RFC 7239
    "via",  # RFC 9110, 7.6.3
    "cdn-loop",  # RFC 8586
    "x-forwarded",
    "x-forwarded-",
    "x-original-",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-envoy-",
    "x-amzn-",
    "x-amz-cf-",
    "x-azure-",
    "x-appengine-",
    "x-cloud-trace-context",
    "x-vercel-",
    "x-nf-",
    "x-proxyuser-ip",
    "cf-",
    "fly-",
    "fastly-",
    "client-ip",
    "true-client-ip",
    "do-connecting-ip",
    "proxy-connection",
)
_NAMES = frozenset(name.encode("ascii") for name in _OF_PROXIES if not name.endswith("-"))
_PREFIXES = tuple(name.encode("ascii") for name in _OF_PROXIES if name.endswith("-"))
_REMEDY = "start the server with an admin token (--admin-token-env)"


class NotForYou(Forbidden):
    """The client may not use the administration interface."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"The administration interface is not open to this request: {why}")


def admit(
    headers: Headers, client: tuple[str, int] | None, token: str | None, origins: Collection[str] = ()
) -> None:
    """Raises NotForYou for a request that may not use the interface.

    `client` is the other side of the connection; pages of `origins` that this machine serves are admitted like the
    server's own.
    """
    if token is not None:
        _check_token(headers, token)
        return
    if not _is_this_machine(client[0] if client else ""):
        raise NotForYou(f"it comes from another machine; {_REMEDY}")
    for name, _ in headers:
        if name in _NAMES or name.startswith(_PREFIXES):
            raise NotForYou(f"it came through a proxy ({name.decode('latin-1')[:40]}); {_REMEDY}")
    if not _are_local(headers, b"host", "//") or all(name != b"host" for name, _ in headers):
        raise NotForYou(
            f"its Host header does not name this machine; use 127.0.0.1 or localhost, or {_REMEDY}"
        )
    _check_page(headers, origins)


def _check_page(headers: Headers, origins: Collection[str]) -> None:
    """Raises NotForYou for a request of a page of another origin. Programs other than browsers send no origin."""
    hosts = {value.lower() for name, value in headers if name == b"host"}
    pages = [value for name, value in headers if name == b"origin"]
    is_named = bool(pages) and all(page.decode("latin-1") in origins for page in pages)
    if is_named and _are_local(headers, b"origin", ""):
        return
    if any(page.lower() not in {b"http://" + host, b"https://" + host} for page in pages for host in hosts):
        raise NotForYou(
            f"a page of another origin sent it; if this machine serves it, name it with --cors, or {_REMEDY}"
        )
    if any(name == b"sec-fetch-site" and value in (b"cross-site", b"same-site") for name, value in headers):
        raise NotForYou(f"a page of another origin sent it; {_REMEDY}")


def _check_token(headers: Headers, token: str) -> None:
    given = [value.decode("latin-1") for name, value in headers if name == b"authorization"]
    if len(given) != 1 or not hmac.compare_digest(_digest(given[0]), _digest(f"Bearer {token}")):
        raise NotForYou("send the server's admin token as a bearer token")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def _are_local(headers: Headers, header: bytes, before: str) -> bool:
    """Whether every header with this name holds an address on this machine. `before` makes an address of its value."""
    return all(
        _is_this_machine(_host_in(before + value.decode("latin-1")))
        for name, value in headers
        if name == header
    )


def _host_in(address: str) -> str:
    """The host of an address that a stranger sent; empty if it has none or cannot be read."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_this_machine(host: str) -> bool:
    if host.lower().removesuffix(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
