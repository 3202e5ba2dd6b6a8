"""`callproof listen URL`: prints each notification as it arrives, with a verdict by the contract's schemas."""

from __future__ import annotations

import asyncio
import getpass
import json
import os
import signal
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from callproof.aiobayeux import Session, Trouble
from callproof.bayeux import (
    Delivered,
    Disconnected,
    Event,
    HandshakeDone,
    HandshakeFailed,
    Oddity,
    ProtocolFault,
    SubscribeRefused,
    UnknownClient,
)
from callproof.commands.contracts import contract_at
from callproof.commands.exits import CLEAN, CONFIGURATION, FINDINGS, NOT_JUDGED, NOT_READY, Stopped
from callproof.commands.parsing import Parser, at_least_one
from callproof.commands.streams import mask_errors
from callproof.json_values import Json, as_object, objects_in, text_of
from callproof.target.target import TRANSPORTS
from callproof.validator.finding import ERROR, Finding, printable
from callproof.validator.payload import BAYEUX, validate
from callproof.validator.schemas import Schemas
from callproof.wire import CertificatesUnusable, Redactor, tls_context

DEFAULT_PATH = "/api/v2/notifications"
DEFAULT_CHANNEL = "/v2/me/calls"
PASSWORD_VARIABLE = "CALLPROOF_PASSWORD"  # noqa: S105  # its name, not what it holds

_DENIED = (401, 403)
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


class _Options(Namespace):
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


def main(arguments: list[str]) -> int:
    """Listen until stopped; return the exit code. Raises Stopped."""
    options = _options(arguments)
    contract = contract_at(options.contract)
    schemas = Schemas(contract.openapi, contract.asyncapi)
    try:
        tls = tls_context(options.ca_file, verify=not options.insecure)
    except CertificatesUnusable as error:
        raise Stopped(str(error), CONFIGURATION) from None
    password = _password(options)
    redactor = Redactor(public=[options.user])
    redactor.learn_login(options.user, password)
    mask_errors(redactor.shown)
    session = Session(
        options.url,
        list(dict.fromkeys(options.channel)) or [DEFAULT_CHANNEL],
        login=(options.user, password),
        connection_types=TRANSPORTS[options.transport],
        tls=tls,
    )
    tally = asyncio.run(_listen(session, options, schemas, redactor))
    if not tally.heard:
        print("callproof listen: no notification arrived, so nothing was judged", file=sys.stderr)
        return NOT_JUDGED
    return FINDINGS if tally.broken else CLEAN


class _Tally:
    """How many notifications have arrived, and how many of them break the contract."""

    def __init__(self) -> None:
        self.heard = 0
        self.broken = 0


async def _listen(session: Session, options: _Options, schemas: Schemas, redactor: Redactor) -> _Tally:
    tally, write = _Tally(), _as_json if options.json else _as_text
    async with _until_told_to_stop(options.seconds), session:
        async for happening in session:
            if isinstance(happening, Delivered):
                message = {"channel": happening.channel, "data": happening.data}
                found = validate(message, schemas, BAYEUX).findings
                tally.heard += 1
                tally.broken += _is_broken(found)
                print(write(happening, found, datetime.now(UTC), redactor), flush=True)
                if tally.heard == options.count:
                    break
            elif line := _told(happening, options.user, has_session=session.client.client_id is not None):
                print(printable(line), file=sys.stderr, flush=True)
    return tally


@asynccontextmanager
async def _until_told_to_stop(seconds: float | None) -> AsyncIterator[None]:
    """End at Ctrl-C, at SIGTERM or when the time is up; none of them is a failure."""
    listening = asyncio.current_task()
    loop = asyncio.get_running_loop()
    assert listening is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, listening.cancel)
    with suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(seconds):
            yield


def _as_text(told: Delivered, found: list[Finding], now: datetime, redactor: Redactor) -> str:
    """One line: the time, the verdict, the notification in short, and the first finding."""
    verdict = "ok" if not found else ("BROKEN" if _is_broken(found) else "note")
    time = f"{now:%H:%M:%S}.{now.microsecond // 1000:03}"
    words = [time, f"{verdict:6}", told.channel, _summary(told.data)]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        words.append(f"- {found[0].where} {found[0].message}{more}")
    return printable(redactor.shown(" ".join(word for word in words if word)))


def _as_json(told: Delivered, found: list[Finding], now: datetime, redactor: Redactor) -> str:
    """One JSON object with the whole notification, its secrets masked."""
    wrong = [
        {
            "path": redactor.shown(one.where),
            "rule": one.rule,
            "severity": one.severity,
            "message": redactor.shown(one.message),
        }
        for one in found
    ]
    return json.dumps(
        {
            "time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "channel": redactor.text(told.channel),
            "verdict": "broken" if _is_broken(found) else "ok",
            "findings": wrong,
            "data": redactor.value(told.data),
        }
    )


def _is_broken(found: list[Finding]) -> bool:
    return any(one.severity == ERROR for one in found)


def _summary(data: Json) -> str:
    """What a person looks for first in a notification: its types, the call's state and its parties."""
    about = as_object(data)
    call = as_object(about.get("call"))
    numbers = [text_of(party.get("phoneNumber")) for party in objects_in(call.get("participants"))]
    words = [text_of(about.get("notificationType") or about.get("messageType"))]
    words += [text_of(call.get("callType")), text_of(call.get("state")), "+".join(filter(None, numbers))]
    words.append(f"id={call['id']}" if isinstance(call.get("id"), str) else "")
    return " ".join(filter(None, words))


def _told(happening: Event | Trouble, user: str, *, has_session: bool) -> str:
    """What to report about the connection; empty if all is well. Raises Stopped if trying again cannot help."""
    match happening:
        case HandshakeDone():
            return f"connected over {happening.connection_type}"
        case UnknownClient():
            return "the server no longer knows the session; starting a new one"
        case SubscribeRefused():
            return f"the subscription to {', '.join(happening.channels)} was refused: {happening.error}"
        case Trouble():
            if happening.status in _DENIED and not has_session:
                raise Stopped(f"the server refused the login of {user}: {happening.why}", NOT_READY)
            return f"{happening.why}; trying again"
        case HandshakeFailed():
            return f"the handshake was refused: {happening.error}"
        case Disconnected(by_server=True):
            raise Stopped("the server has ended the session and advises against a new one", NOT_READY)
        case Oddity() | ProtocolFault():
            return f"not as Bayeux requires: {happening.place} {happening.rule.value}"
        case _:
            return ""


def _password(options: _Options) -> str:
    password = os.environ.get(options.password_env)
    if password is not None:
        return password
    if sys.stdin.isatty():
        return getpass.getpass(f"password of {options.user}: ")
    raise Stopped(
        f"the password of {options.user} is missing: set the environment variable {options.password_env}",
        CONFIGURATION,
    )


def _options(arguments: list[str]) -> _Options:
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
    return parser.parse_args(arguments, namespace=_Options())


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it is what finds a bad one
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ArgumentTypeError(f"{text} is not a URL; write it like http://127.0.0.1:8080{DEFAULT_PATH}")
    if parts.username is not None:
        raise ArgumentTypeError("a URL must not hold credentials; use --user")
    return text if parts.path.strip("/") else text.rstrip("/") + DEFAULT_PATH


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) < 10**9:
            return float(text)
    raise ArgumentTypeError(f"{text} is not a number of seconds above 0")
