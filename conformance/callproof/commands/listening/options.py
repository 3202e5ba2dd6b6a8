"""The options of `callproof listen`."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError, Namespace
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from callproof.commands.parsing import Parser, at_least_one
from callproof.target.target import TRANSPORTS

DEFAULT_PATH = "/api/v2/notifications"
DEFAULT_CHANNEL = "/v2/me/calls"
PASSWORD_VARIABLE = "CALLPROOF_PASSWORD"  # noqa: S105  # its name, not what it holds

#: A host name as DNS has it (RFC 1123, 2.1), with the underscore that some networks use.
_HOST = re.compile(r"[0-9A-Za-z_-]{1,63}(\.[0-9A-Za-z_-]{1,63})*\.?")

_EPILOG = """\
URL is the CometD end-point; http://host:port alone stands for
http://host:port/api/v2/notifications. The state of the connection is reported
on standard error. If the server forgets the session, restarts or cannot be
reached, callproof starts a new session.

exit codes, after Ctrl-C, --count or --for:
  0    every notification agrees with the contract
  1    at least one does not
  2    no notification arrived
  4    bad usage
  5    the server refused the login, or ended the session for good
"""


class Options(Namespace):
    url: str
    user: str
    password_env: str
    channel: list[str]
    transport: str
    json: bool
    count: int | None
    seconds: float | None
    ca_file: Path | None
    insecure: bool
    contract: str | None


def options_in(arguments: list[str]) -> Options:
    """Read the command line. Raises Stopped."""
    parser = Parser("listen", "Print a server's notifications as they come, each with a verdict.", _EPILOG)
    add = parser.add_argument
    add("url", type=_url, metavar="URL", help="the CometD end-point")
    add("--user", required=True, metavar="NAME", help="the login name")
    variable = "environment variable that holds the password (default: %(default)s); if it is not set, a terminal asks"
    add("--password-env", default=PASSWORD_VARIABLE, metavar="VARIABLE", help=variable)
    channels = f"channel or pattern; repeatable (default: {DEFAULT_CHANNEL})"
    parser.takes_several("--channel", "CHANNEL", channels)
    add(
        "--transport",
        choices=tuple(TRANSPORTS),
        default="auto",
        help="default: auto, which is websocket if the server accepts it",
    )
    add("--json", action="store_true", help="print one JSON object per line")
    add("--count", type=at_least_one, metavar="N", help="stop after N notifications")
    add("--for", dest="seconds", type=_seconds, metavar="S", help="stop after S seconds")
    add("--ca-file", type=Path, metavar="FILE", help="PEM file with certificate authorities to trust")
    add("--insecure", action="store_true", help="accept any certificate")
    parser.takes_contract()
    return parser.parse_args(arguments, namespace=Options())


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it is what finds a bad one
        host = httpx.URL(text).raw_host.decode("ascii")  # as it is looked up
    except (ValueError, httpx.InvalidURL) as error:
        raise ArgumentTypeError(f"{text} is not a URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ArgumentTypeError(f"{text} is not a URL; write it like http://127.0.0.1:8080{DEFAULT_PATH}")
    if parts.username is not None:
        raise ArgumentTypeError("a URL must not hold credentials; use --user")
    if ":" not in host and not _HOST.fullmatch(host):
        raise ArgumentTypeError(f"{text} is not a URL: {host} is not a host")
    plain = parts._replace(fragment="", path=parts.path if parts.path.strip("/") else DEFAULT_PATH)
    return plain.geturl()  # with its scheme in lower case


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) < 10**9:
            return float(text)
    raise ArgumentTypeError(f"{text} is not a number of seconds above 0")
