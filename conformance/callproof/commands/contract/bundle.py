"""`callproof contract bundle`: makes the bundles from a contract's sources. It needs PyYAML, which the extra `run` installs."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from callproof.bundling.bundle import bundles, text_of
from callproof.bundling.findings import ContractBroken, ContractMissing
from callproof.bundling.sources import read_contract
from callproof.commands.exits import CLEAN, CONFIGURATION, FINDINGS, Stopped, of_bundle_in_words
from callproof.commands.parsing import Parser
from callproof.contract.bundles import default_directory


class _Options(Namespace):
    source: Path | None
    out: Path


def main(arguments: list[str]) -> int:
    """Write the bundles, replacing those of an earlier run; print their names. Raises Stopped."""
    options = _options(arguments)
    source = options.source or Path(default_directory()).parent
    try:
        documents = bundles(read_contract(source))
    except ContractMissing as missing:
        raise Stopped(f"{source} holds no contract: {_remedy(missing, options)}", CONFIGURATION) from None
    except ContractBroken as broken:
        print(broken)
        return FINDINGS
    for name, document in documents.items():
        _write(options.out / name, text_of(document))
        print(options.out / name)
    return CLEAN


def _remedy(missing: ContractMissing, options: _Options) -> str:
    if options.source is None:
        return "an installed callproof has the bundles alone; name the folder of a checkout"
    return f"{missing.path} is missing; name the folder that holds openapi/ and asyncapi/"


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    except OSError as error:
        raise Stopped(f"{file} cannot be written: {error.strerror}", CONFIGURATION) from None


def _options(arguments: list[str]) -> _Options:
    parser = Parser(
        "contract bundle", "Make the bundles from the sources of a contract.", of_bundle_in_words()
    )
    parser.add_argument(
        "source",
        nargs="?",
        type=Path,
        metavar="SOURCE",
        help="the folder that holds openapi/ and asyncapi/ (default: this checkout)",
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="the folder to write to; it is created"
    )
    return parser.parse_args(arguments, namespace=_Options())
