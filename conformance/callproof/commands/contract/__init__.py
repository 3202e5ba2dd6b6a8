"""`callproof contract COMMAND`: prints, finds, makes and compares contracts. Each sub-command is one module and one row."""

from __future__ import annotations

from importlib import import_module

from callproof.commands.exits import CLEAN, CONFIGURATION, Stopped
from callproof.suggestions import did_you_mean

#: name -> (module with `main(arguments) -> int`, what it does)
COMMANDS = {
    "show": ("callproof.commands.contract.show", "print a part of the contract: a schema, an operation ..."),
    "path": ("callproof.commands.contract.path", "print where the bundles are"),
    "bundle": ("callproof.commands.contract.bundle", "make the bundles from a contract's sources"),
    "diff": ("callproof.commands.contract.diff", "say which changes break clients or servers"),
    "schemathesis": ("callproof.commands.contract.schemathesis", "write a recipe for schemathesis"),
}


def main(arguments: list[str]) -> int:
    """Run a sub-command and return its exit code. Raises Stopped."""
    if not arguments:
        raise Stopped(f"name a command: {', '.join(COMMANDS)}; see callproof contract --help", CONFIGURATION)
    name, *rest = arguments
    if name in ("-h", "--help"):
        print(_usage())
        return CLEAN
    if name not in COMMANDS:
        meant = did_you_mean(name, COMMANDS, f"the commands are {', '.join(COMMANDS)}")
        raise Stopped(f"no command {name}; {meant}", CONFIGURATION)
    return int(import_module(COMMANDS[name][0]).main(rest))  # a subcommand loads only what it needs


def _usage() -> str:
    longest = max(map(len, COMMANDS))
    lines = [f"  {name:<{longest}}  {text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(
        [
            "usage: callproof contract COMMAND [OPTION ...]",
            "",
            "Print, find, make and compare contracts.",
            "",
            *lines,
            "",
            "callproof contract COMMAND --help describes a command.",
        ]
    )
