"""How an agent logs in: a login for HTTP Basic, or a bearer token; and as whom a single request is sent."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Basic:
    """A login for HTTP Basic (RFC 7617)."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


@dataclass(frozen=True)
class Bearer:
    """A token (RFC 6750)."""

    token: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self.token}"


Credentials: TypeAlias = Basic | Bearer


@dataclass(frozen=True)
class Identity:
    """As whom a single request is sent: with exactly these credentials and cookies, and none that the agent keeps."""

    credentials: Credentials | None = None
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)


NOBODY = Identity()
"""No credentials, no cookies."""
