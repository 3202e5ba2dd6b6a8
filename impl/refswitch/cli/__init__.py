"""The command `refswitch`: the only package that sets exit codes and prints for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from refswitch.clock import NoSuchClock
from refswitch.contract import ContractNotUsable
from refswitch.cross_origin import BadOrigin
from refswitch.settings import BadPublicBase
from refswitch.strict_yaml import FileNotUsable

from .exits import CONFIGURATION, INTERRUPTED, SERVED, CannotServe, CannotWrite
from .init import init
from .options import parser
from .serve import serve
from .streams import prepare_standard_streams

__all__ = ["main"]

_COMMANDS = {"serve": serve, "init": init}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    prepare_standard_streams()
    try:
        options = parser().parse_args(arguments)
        _COMMANDS[options.command](options)
    except (
        CannotServe,
        CannotWrite,
        ContractNotUsable,
        FileNotUsable,
        BadPublicBase,
        BadOrigin,
        NoSuchClock,
    ) as error:
        print(f"refswitch: {error}", file=sys.stderr)
        return CONFIGURATION
    except KeyboardInterrupt:
        return INTERRUPTED
    return SERVED
