"""The options of `refswitch serve`, one row each: what it is called, what may stand there, what it is for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from refswitch.seats import DEFAULT_SEATS

from .exits import CONFIGURATION, EXIT_CODES
from .values import DEFAULT_LIMITS, LIMITS, count, limit, port, seconds

_FLAG = "store_true"

#: Option -> what argparse is told about it.
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    # Where it listens, and how it talks to whoever started it.
    "--host": {"default": "127.0.0.1", "help": "address to listen on (default: %(default)s)"},
    "--port": {
        "type": port,
        "default": 8080,
        "help": "port to listen on; 0 takes a free one and prints it (default: %(default)s)",
    },
    "--log-format": {
        "choices": ("text", "json"),
        "default": "text",
        "help": "form of the lines on both outputs (default: %(default)s)",
    },
    "--stop-with-stdin": {
        "action": _FLAG,
        "help": "stop when standard input ends; for programs that start this server, so that it ends with them",
    },
    # What is served: seats, time, contract, and how many switches of it.
    "--seats": {
        "type": Path,
        "default": DEFAULT_SEATS,
        "metavar": "FILE",
        "help": "seats and simulated numbers, YAML (default: seats 15000, 15001, 15002)",
    },
    "--public-base": {
        "metavar": "URL",
        "help": "what every link begins with (default: the address listened on)",
    },
    "--seed": {
        "type": int,
        "metavar": "N",
        "help": "make the same call ids every time (default: others at each start)",
    },
    "--clock": {
        "default": "real",
        "metavar": "real|frozen|xN",
        "help": "the clock of the calls (default: %(default)s)",
    },
    "--contract": {
        "type": Path,
        "metavar": "DIR",
        "help": "directory of the contract's bundles (default: those that came with the server)",
    },
    "--sandboxes": {
        "type": count,
        "default": 64,
        "metavar": "N",
        "help": "separate switches that may be in use at a time, each named by a path /s/NAME/... or a login LOGIN@NAME "
        "(default: %(default)s)",
    },
    "--sandbox-idle": {
        "type": seconds,
        "default": 1800.0,
        "metavar": "S",
        "help": "seconds without a request after which a sandbox is dropped (default: %(default)s)",
    },
    "--no-front": {
        "action": _FLAG,
        "help": "send every request through Connexion, even one that is plainly in order; slower, with the same answers",
    },
    # CometD: how notifications travel, and how much clients may send and keep waiting.
    "--poll-timeout": {
        "type": seconds,
        "default": 30.0,
        "metavar": "S",
        "help": "seconds a poll is held when nothing happens (default: %(default)s)",
    },
    "--max-interval": {
        "type": seconds,
        "default": 10.0,
        "metavar": "S",
        "help": "seconds a CometD session lives without a poll (default: %(default)s)",
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
        "help": f"limits per CometD client; repeatable; NAME is one of {', '.join(LIMITS)} (default: {DEFAULT_LIMITS})",
    },
    "--no-websocket": {"action": _FLAG, "help": "offer CometD over long-polling only"},
    "--callback-polling": {
        "action": _FLAG,
        "help": "offer CometD over scripts too; pages of any site can then read their visitor's events",
    },
    # Who is let in, and to what.
    "--no-admin": {"action": _FLAG, "help": "do not serve the administration interface"},
    "--admin-token-env": {
        "metavar": "VARIABLE",
        "help": "environment variable with the token that opens the administration interface to other machines; without "
        "it only this machine is let in",
    },
    "--csrf": {
        "action": _FLAG,
        "help": "require the CSRF token for every PUT, POST and DELETE, as a server with enableCsrfProtection does",
    },
    "--cors": {
        "action": "append",
        "default": [],
        "metavar": "ORIGIN",
        "help": "let pages of this origin use the API; repeatable (default: none)",
    },
}


class _Parser(argparse.ArgumentParser):
    """Bad usage ends like every other configuration that cannot be served."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(CONFIGURATION, f"{self.prog}: error: {message}\n")


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = _Parser(
        prog="refswitch",
        description="A reference server for the Genesys Web Services call-operation contract.",
    )
    made.add_argument("--version", action="version", version=f"refswitch {_version()}")
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
    return made


def _version() -> str:
    from importlib import metadata  # takes as long as half of the command

    try:
        return metadata.version("callproof")  # the distribution that carries this package
    except metadata.PackageNotFoundError:
        return "from a checkout"
