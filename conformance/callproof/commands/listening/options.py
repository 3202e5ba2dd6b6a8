"""The options of `callproof listen`."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError, Namespace
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from callproof.commands.exits import of_listen_in_words
from callproof.commands.parsing import Parser, at_least_one
from callproof.target.mistakes import instead_of_header
from callproof.target.target import TRANSPORTS

DEFAULT_PATH = "/api/v2/notifications"
DEFAULT_CHANNEL = "/v2/me/calls"
PASSWORD_VARIABLE = "CALLPROOF_PASSWORD"  # noqa: S105  # its name, not what it holds

#: A host name as DNS has it (RFC 1123, 2.1), with the underscore that some networks use.
_HOST = re.compile(r"[0-9A-Za-z_-]{1,63}(\.[0-9A-Za-z_-]{1,63})*\.?")

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")

_EPILOG = """\
URL is the CometD end-point; http://host:port alone stands for
http://host:port/api/v2/notifications. The state of the connection is reported
on standard error, each kind of failure once. If the server forgets the session,
restarts or cannot be reached, callproof starts a new session. If WebSocket does
not work, it uses long-polling, unless --transport names WebSocket.

"""


class Options(Namespace):
    url: str
    user: str
    password_env: str
    token_env: str | None
    header: list[tuple[str, str]]
    proxy_env: str | None
    channel: list[str]
    transport: str
    json: bool
    count: int | None
    seconds: float | None
    ca_file: str
    insecure: bool
    client_cert_file: str
    client_key_file: str
    client_key_password_env: str | None
    contract: str | None


def options_in(arguments: list[str]) -> Options:
    """Read the command line. Raises Stopped."""
    parser = Parser(
        "listen",
        "Print a server's notifications as they come, each with a verdict.",
        _EPILOG + of_listen_in_words(),
    )
    add = parser.add_argument
    add("url", type=_url, metavar="URL", help="the CometD end-point")
    add("--user", default="", metavar="NAME", help="the login name; needed unless there is a token")
    variable = "environment variable that holds the password (default: %(default)s); if it is not set, a terminal asks"
    add("--password-env", default=PASSWORD_VARIABLE, metavar="VARIABLE", help=variable)
    add(
        "--token-env",
        metavar="VARIABLE",
        help="environment variable that holds a bearer token to log in with",
    )
    channels = f"channel or pattern; repeatable (default: {DEFAULT_CHANNEL})"
    parser.takes_several("--channel", "CHANNEL", channels)
    add(
        "--transport",
        choices=tuple(TRANSPORTS),
        default="auto",
        help="default: auto, which is websocket where it works and long-polling otherwise",
    )
    add("--json", action="store_true", help="print one JSON object per line")
    add("--count", type=at_least_one, metavar="N", help="stop after N notifications")
    add("--for", dest="seconds", type=_seconds, metavar="S", help="stop after S seconds")
    header = "header to add to every request, with the environment variable that holds its value; repeatable"
    add("--header", type=_header, action="append", default=[], metavar="NAME=VARIABLE", help=header)
    proxy = "environment variable that holds the address of an HTTP proxy, with its login if it wants one"
    add("--proxy-env", metavar="VARIABLE", help=proxy)
    add("--ca-file", default="", metavar="FILE", help="PEM file with certificate authorities to trust")
    add("--insecure", action="store_true", help="accept any certificate")
    add("--client-cert-file", default="", metavar="FILE", help="PEM file with the certificate to show")
    add("--client-key-file", default="", metavar="FILE", help="its key, if that is in another file")
    opens = "environment variable that holds the key's password, if the key is encrypted"
    add("--client-key-password-env", metavar="VARIABLE", help=opens)
    parser.takes_contract()
    options = parser.parse_args(arguments, namespace=Options())
    if not options.user and options.token_env is None:
        parser.error("--user NAME is missing, or --token-env VARIABLE")
    if options.user and options.token_env is not None:
        parser.error("--user and --token-env exclude each other")
    return options


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


def _header(text: str) -> tuple[str, str]:
    name, equals, variable = text.partition("=")
    if not equals or not variable or not _HEADER_NAME.fullmatch(name):
        raise ArgumentTypeError(f"{text} is not a header; write it like X-Api-Key=API_KEY")
    if instead := instead_of_header(name):
        raise ArgumentTypeError(f"{name} cannot be added; {instead}")
    return name, variable


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) < 10**9:
            return float(text)
    raise ArgumentTypeError(f"{text} is not a number of seconds above 0")
