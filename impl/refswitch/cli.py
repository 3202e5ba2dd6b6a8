"""The command `refswitch`: the only place with exit codes, and the only one that speaks to a person."""

from __future__ import annotations

import argparse
import contextlib
import errno
import io
import json
import logging
import math
import os
import re
import socket
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from .bayeux import Settings as BayeuxSettings
from .clock import Clock, NoSuchClock, read_rate
from .contract import ContractNotUsable, load_contract
from .cross_origin import BadOrigin, read_origin
from .request_log import LogFormat
from .seats import DEFAULT_SEATS, Seating, load_seating
from .settings import BadPublicBase, Settings, local_base, read_public_base
from .strict_yaml import FileNotUsable
from .violations import shown

if TYPE_CHECKING:
    from .serving import Serving

SERVED = 0  # it served, and was stopped
CONFIGURATION = 4  # bad usage, a bad file, an address that cannot be had; callproof says the same
_SHORTEST_TOKEN = 16
INTERRUPTED = 130  # a second SIGINT, or one before it served

_LOOPBACK = ("127.", "::1", "localhost")
_EXIT_CODES = """\
exit codes:
  0    it served, and was stopped
  4    it could not serve: what it was given is wrong, and the sentence says what and where
  130  interrupted before it served, or a second time while it was stopping
"""


class CannotServe(Exception):
    """What keeps the server from starting, as one sentence with its remedy."""


@dataclass(frozen=True)
class _Ready:
    """What a person or a program wants to know of a server that has begun to listen."""

    address: str
    settings: Settings
    seats_file: Path

    def text(self) -> str:
        seats = self.settings.seating.seats
        shown = "  ".join(f"{seat.number} ({seat.display_name})" for seat in seats[:5])
        more = f"  and {len(seats) - 5} more" if len(seats) > 5 else ""
        first = seats[0]
        password = first.password if first.has_guessable_password else "PASSWORD"
        offered = self.settings.bayeux.connection_types
        who = "whoever has the token" if self.settings.admin_token else "this machine"
        return "\n".join(
            (
                f"refswitch ready {self.address}",
                "",
                f"  REST    {self.address}/api/v2",
                f"  CometD  {self.address}/api/v2/notifications   {', '.join(offered)}",
                *([f"  admin   {self.address}/__admin/v1   for {who}"] if self.settings.admin else []),
                f"  links   {self.settings.public_base}/api/v2/...",
                f"  seats   {shown}{more}   from {self.seats_file.name}",
                *(
                    ["  apart   /s/NAME/api/v2 or LOGIN@NAME is a sandbox: a switch of its own"]
                    if self.settings.sandboxes
                    else []
                ),
                f"  try     curl -u {first.login}:{password} {self.address}/api/v2/me",
                "",
            )
        )

    def line(self) -> str:
        return json.dumps(
            {
                "event": "ready",
                "address": self.address,
                "rest": f"{self.address}/api/v2",
                "cometd": f"{self.address}/api/v2/notifications",
                "publicBase": self.settings.public_base,
                "contract": self.settings.contract.version,
                "seats": [seat.number for seat in self.settings.seating.seats],
            }
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    _prepare_standard_streams()
    try:
        options = _parser().parse_args(arguments)
        return _serve(options)
    except (CannotServe, ContractNotUsable, FileNotUsable, BadPublicBase, BadOrigin, NoSuchClock) as error:
        print(f"refswitch: {error}", file=sys.stderr)
        return CONFIGURATION
    except KeyboardInterrupt:
        return INTERRUPTED


def _prepare_standard_streams() -> None:
    """Whatever of the three is closed leads nowhere from now on: a socket that got its number would be taken for it."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    # Python has left out what it found closed, and what is printed to no stream goes to the other one.
    sys.stdout = sys.stdout or open(1, "w")  # noqa: SIM115  # as long as the process
    sys.stderr = sys.stderr or open(2, "w")  # noqa: SIM115  # likewise
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show stops nobody


class _Parser(argparse.ArgumentParser):
    """Bad usage ends as every other configuration that cannot be served."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(CONFIGURATION, f"{self.prog}: error: {message}\n")


def _admin_token(variable: str | None) -> str | None:
    """Raises CannotServe for a variable that holds none."""
    if variable is None:
        return None
    token = os.environ.get(variable, "")
    if len(token) < _SHORTEST_TOKEN:
        raise CannotServe(
            f"--admin-token-env {shown(variable)}: must be set to a token of {_SHORTEST_TOKEN} or more characters"
        )
    return token


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="refswitch",
        description="A reference server for the Genesys Web Services call-operation contract.",
    )
    parser.add_argument("--version", action="version", version=f"refswitch {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="serve the contract until stopped",
        description="Serve the contract until stopped, by SIGINT or SIGTERM.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = serve.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add(
        "--port",
        type=_port,
        default=8080,
        help="port to listen on; 0 takes a free one and says which (default: %(default)s)",
    )
    add(
        "--log-format",
        choices=("text", "json"),
        default="text",
        help="form of the lines on both outputs (default: %(default)s)",
    )
    add(
        "--stop-with-stdin",
        action="store_true",
        help="stop when standard input ends; for programs that start this server, so that it ends with them",
    )
    _add_world(serve)
    _add_cometd(serve)
    _add_access(serve)
    return parser


def _add_world(serve: argparse.ArgumentParser) -> None:
    """What is served: seats, time, contract, and how many switches of it."""
    add = serve.add_argument
    add(
        "--seats",
        type=Path,
        default=DEFAULT_SEATS,
        metavar="FILE",
        help="seats and simulated numbers, YAML (default: seats 15000, 15001, 15002)",
    )
    add("--public-base", metavar="URL", help="what every link begins with (default: the address listened on)")
    add(
        "--seed",
        type=int,
        metavar="N",
        help="make the same call ids every time (default: others at each start)",
    )
    add(
        "--clock",
        default="real",
        metavar="real|frozen|xN",
        help="the time that calls live by (default: %(default)s)",
    )
    add(
        "--contract",
        type=Path,
        metavar="DIR",
        help="directory of the contract's bundles (default: the ones it came with)",
    )
    add(
        "--sandboxes",
        type=_count,
        default=64,
        metavar="N",
        help="separate switches that may be in use at a time, each named by a path /s/NAME/... or a login LOGIN@NAME "
        "(default: %(default)s)",
    )
    add(
        "--sandbox-idle",
        type=_seconds,
        default=1800.0,
        metavar="S",
        help="seconds without a request after which a sandbox is dropped (default: %(default)s)",
    )
    add(
        "--no-front",
        action="store_true",
        help="send every request through Connexion, also those that are plainly in order; slower, and the answers are the same",
    )


def _add_cometd(serve: argparse.ArgumentParser) -> None:
    """How notifications travel, and how much is taken of clients."""
    add = serve.add_argument
    add(
        "--poll-timeout",
        type=_seconds,
        default=30.0,
        metavar="S",
        help="seconds a poll is held when nothing comes (default: %(default)s)",
    )
    add(
        "--max-interval",
        type=_seconds,
        default=10.0,
        metavar="S",
        help="seconds a CometD session lives without a poll (default: %(default)s)",
    )
    add(
        "--require-cookie",
        action="store_true",
        help="know a CometD session only with the BAYEUX_BROWSER cookie of its handshake, as many servers do",
    )
    add(
        "--limit",
        action="append",
        type=_limit,
        default=[],
        metavar="NAME=N",
        help=f"take so much of CometD clients and no more: {', '.join(_LIMITS)}; once for each "
        f"(default: {', '.join(f'{name}={getattr(_DEFAULT, field)}' for name, field in _LIMITS.items())})",
    )
    add("--no-websocket", action="store_true", help="offer CometD over long-polling only")
    add(
        "--callback-polling",
        action="store_true",
        help="offer CometD by scripts too; pages of any site can then read what their visitor is told",
    )


def _add_access(serve: argparse.ArgumentParser) -> None:
    """Who is let in, and to what."""
    add = serve.add_argument
    add("--no-admin", action="store_true", help="do not serve the administration interface")
    add(
        "--admin-token-env",
        metavar="VARIABLE",
        help="environment variable with the token that opens the administration interface to other machines; without it "
        "this machine alone is let in",
    )
    add(
        "--csrf",
        action="store_true",
        help="demand the CSRF token of every PUT, POST and DELETE, as a server with enableCsrfProtection does",
    )
    add(
        "--cors",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin use the API; once for each origin (default: none)",
    )


def _version() -> str:
    from importlib import metadata  # takes as long as half of the command

    try:
        return metadata.version("callproof")  # the distribution that carries this package
    except metadata.PackageNotFoundError:
        return "from a checkout"


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; a port is a number from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text):
        raise argparse.ArgumentTypeError(f"{text} is no number of sandboxes; it is from 0 to 9999")
    return int(text)


#: Limits by the name that the command line has for them. Of polls 0 is as many as come.
_LIMITS = {
    "body": "max_body",
    "messages": "max_messages",
    "depth": "max_depth",
    "queue": "max_queue",
    "subscriptions": "max_subscriptions",
    "sessions": "max_sessions",
    "sockets": "max_sockets",
    "polls": "max_held_per_browser",
}
_DEFAULT = BayeuxSettings()


def _limit(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name not in _LIMITS:
        raise argparse.ArgumentTypeError(f"{name} is no limit; there are {', '.join(_LIMITS)}")
    if not re.fullmatch("[0-9]{1,9}", number) or (int(number) == 0 and name != "polls"):
        raise argparse.ArgumentTypeError(f"{text}: a limit is a number from 1 to 999999999")
    return _LIMITS[name], int(number)


def _connection_types(options: argparse.Namespace) -> tuple[str, ...]:
    offered = {
        "websocket": not options.no_websocket,
        "long-polling": True,
        "callback-polling": options.callback_polling,
    }
    return tuple(name for name, is_offered in offered.items() if is_offered)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(
            f"{text} is no time; it is a number of seconds above 0 and up to 3600"
        )
    return seconds


def _serve(options: argparse.Namespace) -> int:
    rate = read_rate(options.clock)
    seating = load_seating(options.seats)
    contract = load_contract(options.contract)
    bayeux = BayeuxSettings(
        timeout_ms=round(options.poll_timeout * 1000),
        max_interval_ms=round(options.max_interval * 1000),
        cookie_required=options.require_cookie,
        **dict(options.limit),
        connection_types=_connection_types(options),
    )
    origins = tuple(read_origin(text) for text in options.cors)
    settings = Settings(
        contract,
        seating,
        bayeux=bayeux,
        csrf=options.csrf,
        cors=origins,
        admin=not options.no_admin,
        admin_token=_admin_token(options.admin_token_env),
        sandboxes=options.sandboxes,
        front=not options.no_front,
        sandbox_idle_seconds=options.sandbox_idle,
    )
    if options.public_base is not None:
        settings = replace(settings, public_base=read_public_base(options.public_base))

    with _listening(options.host, options.port) as listener:
        # These take long to import, so whatever can be wrong before has been looked at.
        warnings.filterwarnings(
            "ignore", message="Using `httpx` with `starlette.testclient`"
        )  # connexion 3.3 imports it
        from .app import build_app
        from .serving import Serving

        address = local_base(options.host, listener.getsockname()[1])
        if options.public_base is None:
            settings = replace(settings, public_base=address)
        _log_to(sys.stderr, options.log_format)
        _warn(options.host, seating)
        application = build_app(
            settings,
            new_clock=lambda: Clock(rate),
            seed=options.seed,
            log=_writer(sys.stderr),
            log_format=options.log_format,
        )
        ready = _Ready(address, settings, options.seats)
        say = ready.line if options.log_format == "json" else ready.text
        announcement = _Announcement(say)
        serving = Serving(
            application, listener, on_ready=lambda: announcement.make(serving), max_frame=bayeux.max_body
        )
        if options.stop_with_stdin:
            serving.stop_at_end_of(0)
        serving.run()
        announcement.check()
    return SERVED


class _Announcement:
    """Says on standard output that the server is ready. Nobody can use one whose address is not known, so it stops if that fails."""

    def __init__(self, say: Callable[[], str]) -> None:
        self._say = say
        self._problem = ""

    def make(self, serving: Serving) -> None:
        try:
            print(self._say(), flush=True)
        except OSError as error:
            self._problem = error.strerror or str(error)
            # What could not be written is not tried again at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            serving.should_exit = True

    def check(self) -> None:
        """Raises CannotServe if it could not be said."""
        if self._problem:
            raise CannotServe(f"standard output cannot be written ({self._problem}); send it elsewhere")


def _listening(host: str, port: int) -> socket.socket:
    """A socket that is bound already, so that whatever is wrong with the address is known before anything else begins."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, ValueError):  # ValueError: no name at all, as a..b or a NUL
        raise CannotServe(
            f"there is no host {shown(host)} to listen on; name one of this machine's addresses with --host"
        ) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except PermissionError:
        listener.close()
        raise CannotServe(
            f"port {port} may not be used by this user; choose one above 1023 with --port"
        ) from None
    except OSError as error:
        listener.close()
        remedy = "stop what listens there, or choose another with --port (0 takes a free one)"
        if error.errno == errno.EADDRNOTAVAIL:
            remedy = "name one of this machine's addresses with --host"
        reason = (error.strerror or str(error)).lower()
        raise CannotServe(f"cannot listen on {host} port {port} ({reason}); {remedy}") from None
    return listener


def _log_to(stream: TextIO, form: LogFormat) -> None:
    """Warnings and errors of every library, in the form of the request lines."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        _JsonLines() if form == "json" else logging.Formatter("refswitch: %(levelname)s: %(message)s")
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = {"level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            facts["traceback"] = self.formatException(record.exc_info)
        return json.dumps(facts)


def _warn(host: str, seating: Seating) -> None:
    guessable = [seat.login for seat in seating.seats if seat.has_guessable_password]
    if guessable and not host.startswith(_LOOPBACK):
        logging.getLogger("refswitch").warning(
            "%s can be reached from other machines, and the password of %s is as good as known; "
            "give every seat a password with --seats, or listen on 127.0.0.1",
            host,
            ", ".join(guessable[:5]) + (f" and {len(guessable) - 5} more" if len(guessable) > 5 else ""),
        )


def _writer(stream: TextIO) -> Callable[[str], None]:
    def write(line: str) -> None:
        with contextlib.suppress(OSError):  # a log that nobody can take stops no server
            print(line, file=stream, flush=True)

    return write
