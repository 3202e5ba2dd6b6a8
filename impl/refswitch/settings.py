"""The server's settings, already checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from . import limits
from .bayeux import Settings as BayeuxSettings
from .contract import Contract
from .seats import Seating
from .versions import UNKNOWN
from .violations import shown

DEFAULT_PUBLIC_BASE = "http://127.0.0.1:8080"
#: Scheme, host, port and path in the characters allowed in a URI (RFC 3986), without an empty label in the host.
_BASE = re.compile(
    r"(?i:https?)://(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*\.?)(:[0-9]{1,5})?"
    r"(/([0-9A-Za-z._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*"
)


@dataclass(frozen=True)
class Settings:
    """Everything that `build_app` needs to know, and nothing that it makes."""

    contract: Contract
    seating: Seating
    #: The address that every link begins with (HTCCConfigurationOptionsReference 8.5.2, externalApiUrlV2). Never the Host header.
    public_base: str = DEFAULT_PUBLIC_BASE
    bayeux: BayeuxSettings = field(
        default_factory=lambda: BayeuxSettings(connection_types=("websocket", "long-polling"))
    )
    #: Serve the administration interface: to this machine, or to every client with the token.
    admin: bool = True
    admin_token: str | None = field(default=None, repr=False)
    #: Most sandboxes beside the main one, and the seconds without a request after which one is dropped.
    sandboxes: int = limits.SANDBOXES.default
    sandbox_idle_seconds: float = limits.SANDBOX_IDLE.default
    #: Carry out plainly valid operations without Connexion, which is some ten times as fast.
    front: bool = True
    #: Require the CSRF token for every request that changes something (CSRFProtection (Dep), GWS 8.5.2, enableCsrfProtection).
    csrf: bool = False
    #: Origins whose pages may use the API (CSRFProtection (Dep), GWS 8.5.2, allowedOrigins).
    cors: tuple[str, ...] = ()
    #: Send data.metrics with every notification. The documented samples have none.
    metrics: bool = False
    #: The commit that the server was made from; the administration interface tells it.
    commit: str = UNKNOWN

    @property
    def own_origin(self) -> str:
        """The origin of the pages at the public base, as a browser sends it: behind a proxy, it need not agree with the Host header."""
        base = urlsplit(self.public_base)
        default_port = {"http": 80, "https": 443}[base.scheme]
        host = f"[{base.hostname}]" if ":" in (base.hostname or "") else base.hostname
        return f"{base.scheme}://{host}" + (f":{base.port}" if base.port not in (None, default_port) else "")

    @property
    def is_cookie_for_other_sites(self) -> bool:
        """Whether pages of other sites send the session cookie back. Browsers allow that over TLS only."""
        return bool(self.cors) and self.public_base.lower().startswith("https:")


class BadPublicBase(ValueError):
    """Links cannot begin with this text."""

    def __init__(self, given: str, problem: str) -> None:
        self.given = given
        self.problem = problem
        super().__init__(f"--public-base {shown(given)}: {problem}; write it like {DEFAULT_PUBLIC_BASE}")


def read_public_base(text: str) -> str:
    """The public base without a trailing slash. Raises BadPublicBase."""
    base = text.strip().rstrip("/")
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError as error:
        raise BadPublicBase(text, str(error)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise BadPublicBase(text, "must be an http or https address with a host")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise BadPublicBase(text, "must consist of scheme, host, port and path only")
    if not _BASE.fullmatch(base):
        raise BadPublicBase(
            text, "must use only characters allowed in a URL, and write any other as % and two digits"
        )
    if parts.path.endswith("/api/v2"):
        raise BadPublicBase(text, "must end before /api/v2, which every link adds")
    return base


def local_base(host: str, port: int) -> str:
    """The address at which clients on this machine reach a server that listens here."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared with, not bound to
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
