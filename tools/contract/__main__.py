"""The commands: ``python -m tools.contract bundle|lint|check|stubs``.

Exit status: 0 when nothing is wrong, 1 when the contract or a file made from it has a fault, 2 when there is no contract to check.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from callproof.bundling.findings import ContractBroken, ContractMissing
from callproof.bundling.sources import Contract, read_contract
from callproof.stubs import UnfitSchema
from tools.contract.lint import lint
from tools.contract.products import bundle_texts, stale_files, stub_texts, write


def _lint(root: Path, contract: Contract) -> int:
    findings = lint(contract)
    for finding in findings:
        print(finding)
    found = _counted(len(findings), "finding")
    print(f"{len(contract.files)} files of the contract: {found}", file=sys.stderr)
    return 1 if findings else 0


def _bundle(root: Path, contract: Contract) -> int:
    return _written(root, bundle_texts(contract))


def _stubs(root: Path, contract: Contract) -> int:
    return _written(root, stub_texts(contract))


def _check(root: Path, contract: Contract) -> int:
    stale = stale_files(root, contract)
    for file in stale:
        print(file)
    print(f"bundles and stubs: {_counted(len(stale), 'stale file')}", file=sys.stderr)
    return 1 if stale else 0


def _written(root: Path, texts: Mapping[str, str]) -> int:
    changed = write(root, texts)
    for path in texts:
        print(f"{path}: {'written' if path in changed else 'unchanged'}")
    return 0


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


_COMMANDS: Mapping[str, tuple[Callable[[Path, Contract], int], str]] = {
    "lint": (_lint, "check the contract"),
    "bundle": (_bundle, "write the bundles to dist/"),
    "stubs": (_stubs, "write the stubs to impl/refswitch/stubs/ and dist/stubs/typescript/"),
    "check": (_check, "list the bundles and stubs that differ from the contract"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    about = "Makes and checks the contract's bundles."
    parser = argparse.ArgumentParser(prog="python -m tools.contract", description=about)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, text) in _COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        text = "the checkout (default: the working directory)"
        command.add_argument("--root", type=Path, default=Path(), help=text)
    chosen = parser.parse_args(arguments)
    try:
        return _COMMANDS[chosen.command][0](chosen.root, read_contract(chosen.root))
    except ContractMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    except (ContractBroken, UnfitSchema) as broken:
        print(broken)
        return 1


if __name__ == "__main__":
    sys.exit(main())
