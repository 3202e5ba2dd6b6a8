"""`callproof contract schemathesis`: writes a recipe with which schemathesis tests a server of this contract."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from callproof.commands.exits import CLEAN, CONFIGURATION, Stopped
from callproof.commands.parsing import Parser
from callproof.schemathesis_recipe import AlreadyThere, NotWritable, write_recipe


class _Options(Namespace):
    out: Path


def main(arguments: list[str]) -> int:
    """Write the files; an existing one is never overwritten. Raises Stopped."""
    parser = Parser(
        "contract schemathesis", "Write a recipe with which schemathesis tests a server of this contract."
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="the folder to write to; it is created"
    )
    out = parser.parse_args(arguments, namespace=_Options()).out
    try:
        files = write_recipe(out)
    except (AlreadyThere, NotWritable) as error:
        raise Stopped(str(error), CONFIGURATION) from None
    for file in files:
        print(file)
    print(f"{out / 'README.md'} says which environment variables to set, and how to start a run")
    return CLEAN
