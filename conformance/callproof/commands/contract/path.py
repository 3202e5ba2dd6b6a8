"""`callproof contract path`: where the contract's bundles are, for scripts and other tools."""

from __future__ import annotations

import os
from argparse import Namespace

from callproof.commands.exits import CLEAN, CONFIGURATION, Stopped
from callproof.commands.parsing import Parser
from callproof.contract.bundles import default_directory, released_directory, released_versions
from callproof.suggestions import did_you_mean

_EPILOG = """\
example:
  openapi-typescript "$(callproof contract path openapi.json)" -o gws.ts"""


class _Options(Namespace):
    name: str


def main(arguments: list[str]) -> int:
    """Print the absolute path of the folder or of one file in it. Raises Stopped."""
    parser = Parser("contract path", "Print where the contract's bundles are: a folder or one file.", _EPILOG)
    parser.add_argument(
        "name",
        nargs="?",
        default="",
        metavar="NAME",
        help="a file, such as openapi.json, or a released version, such as 0.1.0 or 0.1.0/openapi.json "
        "(default: the folder)",
    )
    print(_found(parser.parse_args(arguments, namespace=_Options()).name))
    return CLEAN


def _found(name: str) -> str:
    first, _, rest = name.partition("/")
    if first in released_versions():
        return _inside(released_directory(first), rest, f"{first}/")
    return _inside(default_directory(), name, "")


def _inside(folder: str, file: str, prefix: str) -> str:
    try:
        there = sorted(entry for entry in os.listdir(folder) if os.path.isfile(os.path.join(folder, entry)))
    except OSError as error:
        raise Stopped(
            f"{folder} cannot be read ({error.strerror}); run `make contract` in a checkout, or install callproof again",
            CONFIGURATION,
        ) from None
    if file and file not in there:
        known = [prefix + entry for entry in (there if prefix else [*there, *released_versions()])]
        meant = did_you_mean(prefix + file, known, f"there are {', '.join(known)}")
        raise Stopped(f"the contract has no file {prefix}{file}; {meant}", CONFIGURATION)
    return os.path.join(folder, file) if file else folder
