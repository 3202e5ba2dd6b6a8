"""`callproof stubs`: writes typed stubs of the contract for a vendor's server or a desktop."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from callproof.commands.contracts import contract_at
from callproof.commands.exits import CLEAN, CONFIGURATION, Stopped
from callproof.commands.parsing import Parser
from callproof.stubs import LANGUAGES, UnfitSchema, render


class _Options(Namespace):
    lang: str
    out: Path
    contract: str | None


def main(arguments: list[str]) -> int:
    """Write the files, replacing those of an earlier run. Raises Stopped."""
    options = _options(arguments)
    contract = contract_at(options.contract)
    try:
        files = render(options.lang, contract.openapi, contract.asyncapi)
    except UnfitSchema as error:
        raise Stopped(str(error), CONFIGURATION) from None
    for name, text in files.items():
        _write(options.out / name, text)
        print(options.out / name)
    return CLEAN


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Stopped(f"{file} cannot be written: {error.strerror}", CONFIGURATION) from None


def _options(arguments: list[str]) -> _Options:
    parser = Parser("stubs", "Write typed stubs from the contract.")
    parser.add_argument("--lang", required=True, choices=LANGUAGES, help="the language of the stubs")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="the folder to write to; it is created"
    )
    parser.takes_contract()
    return parser.parse_args(arguments, namespace=_Options())
