"""The options of `refswitch serve`, one row each: its name, its values, its help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from refswitch import VERSION, limits
from refswitch.seats import DEFAULT_SEATS

from .exits import CONFIGURATION, EXIT_CODES, CannotWrite
from .init import DEFAULT_FILE
from .streams import NO_OUTPUT, forget_standard_output
from .values import DEFAULT_LIMITS, HTTP_LIMITS, LIMITS, count, limit, port, seconds

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_FLAG = "store_true"

#: Option -> its arguments for argparse.
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    # Where the server listens, and how it talks to whoever started it.
    "--host": {"default": "127.0.0.1", "help": "address to listen on (default: %(default)s)"},
    "--port": {
        "type": port,
        "default": 8080,
        "help": "port to listen on; 0 takes a free one and prints it (default: %(default)s)",
    },
    "--log-format": {
        "choices": ("text", "json"),
        "default": "text",
        "help": "format of what is printed and logged (default: %(default)s)",
    },
    "--stop-with-stdin": {
        "action": _FLAG,
        "help": "stop when standard input ends, so that the server ends with the program that started it",
    },
    # What is served: seats, clock, contract, sandboxes.
    "--seats": {
        "type": Path,
        "default": DEFAULT_SEATS,
        "metavar": "FILE",
        "help": "YAML file with seats and simulated numbers (default: seats 15000, 15001, 15002)",
    },
    "--public-base": {
        "metavar": "URL",
        "help": "address that every link begins with (default: the address listened on)",
    },
    "--seed": {
        "type": int,
        "metavar": "N",
        "help": "generate the same call ids at every start (default: different ones)",
    },
    "--clock": {
        "default": "real",
        "metavar": "real|frozen|xN",
        "help": "clock that calls follow (default: %(default)s)",
    },
    "--contract": {
        "type": Path,
        "metavar": "DIR",
        "help": "directory of the contract's bundles (default: those installed with the server)",
    },
    "--sandboxes": {
        "type": count,
        "default": limits.SANDBOXES.default,
        "metavar": "N",
        "help": "how many separate switches may be in use at a time, each named by the path /s/NAME/... or the login LOGIN@NAME "
        "(default: %(default)s)",
    },
    "--sandbox-idle": {
        "type": seconds,
        "default": float(limits.SANDBOX_IDLE.default),
        "metavar": "S",
        "help": "seconds without a request after which a sandbox is dropped (default: %(default)s)",
    },
    "--no-front": {
        "action": _FLAG,
        "help": "send every request through Connexion, even one that is plainly valid; slower, with the same answers",
    },
    # How notifications travel, and how much clients may send and leave waiting.
    "--poll-timeout": {
        "type": seconds,
        "default": 30.0,
        "metavar": "S",
        "help": "how many seconds a poll is held while nothing happens (default: %(default)s)",
    },
    "--max-interval": {
        "type": seconds,
        "default": 10.0,
        "metavar": "S",
        "help": "how many seconds a CometD session lives without a poll (default: %(default)s)",
    },
    "--require-cookie": {
        "action": _FLAG,
        "help": "accept a CometD session only with the BAYEUX_BROWSER cookie of its handshake, as many servers do",
    },
    "--limit": {
        "action": "append",
        "type": limit,
        "default": [],
        "metavar": "NAME=N",
        "help": "limits on CometD clients and HTTP connections; repeatable; NAME is one of "
        f"{', '.join((*LIMITS, *HTTP_LIMITS))} (default: {DEFAULT_LIMITS}); docs/limits.md describes each",
    },
    "--no-websocket": {"action": _FLAG, "help": "offer CometD over long-polling only"},
    "--callback-polling": {
        "action": _FLAG,
        "help": "offer CometD over callback-polling (JSONP) too; pages of any site can then read their visitor's events",
    },
    "--metrics": {
        "action": _FLAG,
        "help": "send data.metrics with every notification, as real servers do and the documented samples do not",
    },
    # Access.
    "--no-admin": {"action": _FLAG, "help": "do not serve the administration interface"},
    "--admin-token-env": {
        "metavar": "VARIABLE",
        "help": "environment variable that holds the token for using the administration interface from any machine; without "
        "it, only this machine may use it",
    },
    "--csrf": {
        "action": _FLAG,
        "help": "require the CSRF token for every PUT, POST and DELETE, like a server with enableCsrfProtection",
    },
    "--cors": {
        "action": "append",
        "default": [],
        "metavar": "ORIGIN",
        "help": "allow pages of this origin to use the API; repeatable (default: none)",
    },
}


class _Parser(argparse.ArgumentParser):
    """Bad usage ends with the same exit code as any other bad configuration."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(CONFIGURATION, f"{self.prog}: error: {message}\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Write and flush. Raises CannotWrite for --help and --version, whose failure argparse passes over in silence."""
        if file is not sys.stdout:
            super()._print_message(message, file)
            return
        try:
            print(message, end="", flush=True)
        except OSError as error:
            forget_standard_output()
            raise CannotWrite(NO_OUTPUT.format(error.strerror)) from None


class _ShowVersions(argparse.Action):
    """Prints the versions, which are looked up for nothing else."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from refswitch.contract import ContractNotUsable, load_contract
        from refswitch.versions import UNKNOWN, Versions, commit, versions

        try:
            told = versions(load_contract(), commit())
        except ContractNotUsable as error:
            told = Versions(VERSION, f"{UNKNOWN}: {error}", "", commit())
        parser._print_message("\n".join((*told.lines(), "")), sys.stdout)
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Build the command line's parser."""
    made = _Parser(
        prog="refswitch",
        description="A reference server for the Genesys Web Services call-operation contract.",
    )
    made.add_argument("--version", action=_ShowVersions, nargs=0, help="show the versions and exit")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="serve the contract until stopped",
        description="Serve the contract until stopped, by SIGINT or SIGTERM.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, rules in OPTIONS.items():
        serve.add_argument(name, **rules)
    init = commands.add_parser(
        "init",
        help="write a commented seats file",
        description="Write a commented seats file to start from, for refswitch serve --seats.",
    )
    init.add_argument(
        "file",
        nargs="?",
        type=Path,
        default=DEFAULT_FILE,
        metavar="FILE",
        help="file to write (default: %(default)s)",
    )
    init.add_argument("--force", action=_FLAG, help="overwrite the file if it exists")
    return made
