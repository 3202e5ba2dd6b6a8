"""What the recipe is told, by environment variables: who the agents are, what may be dialled, and where. It writes none of it down."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: The agents, each with ROLE_USER and ROLE_PASSWORD. Every request of schemathesis is AGENT's; the others call, answer and are called.
ROLES = ("AGENT", "SECOND", "THIRD")


class Unfit(Exception):
    """The run must not begin; the message says why and what to do."""


@dataclass(frozen=True)
class Login:
    """How an agent logs in."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """The agents' logins by role, and the numbers that may be dialled besides their own.

    `confirmed_host` is the one host besides this machine that may be tested. `outside` is where outside.py asks for calls from outside.
    """

    logins: Mapping[str, Login]
    numbers: tuple[str, ...] = ()
    confirmed_host: str = ""
    outside: str = ""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises Unfit, which names every variable that is missing."""
    names = [f"{role}_{what}" for role in ROLES for what in ("USER", "PASSWORD")]
    if missing := [name for name in names if not environment.get(name)]:
        raise Unfit(f"set {', '.join(missing)}; README.md says what for")
    logins = {role: Login(environment[f"{role}_USER"], environment[f"{role}_PASSWORD"]) for role in ROLES}
    numbers = tuple(
        number.strip() for number in environment.get("DIAL_NUMBERS", "").split(",") if number.strip()
    )
    return Settings(logins, numbers, environment.get("CONFIRM_HOST", ""), environment.get("OUTSIDE_URL", ""))


def confirm(base_url: str, settings: Settings) -> None:
    """Let a run begin on this machine, or on the host that CONFIRM_HOST names once more. Raises Unfit."""
    host = urlsplit(base_url).hostname or ""
    if not _is_here(host) and host != settings.confirmed_host:
        raise Unfit(
            f"{host} is not this machine: a run logs agents in and out, places calls and ends them. "
            f"Set CONFIRM_HOST={host} if that is meant"
        )


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
