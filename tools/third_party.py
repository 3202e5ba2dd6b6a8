"""Makes THIRD-PARTY.md: what the distributions carry that others made, and what the extras install, with licences.

`python -m tools.third_party` writes the page; `python -m tools.third_party check` says whether it is fresh. Licences come from the metadata
of the installed packages; `LICENCES` has those that the metadata does not say, or says in no SPDX expression.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_LOCK = "requirements/run.txt"
_PAGE = "THIRD-PARTY.md"

_HEAD = """\
# What others made

<!-- `make third-party` makes this page from requirements/run.txt, the installed metadata and the tables of tools/third_party.py. -->

callproof itself is under the Apache License 2.0 (LICENSE). This page lists what the distributions carry that others made, and what the
extras install.
"""


@dataclass(frozen=True)
class Carried:
    """Files that hold something of others: a pattern of paths in the distribution, what it is, and its terms."""

    files: str
    what: str
    terms: str


_QUOTED = (
    "Sample requests, answers and notifications, each with its source: pages of docs.genesys.com/Documentation/HTCC and /GWS, and "
    "captures of Genesys servers that their authors published"
)
_QUOTES = (
    "quoted as facts about an interface, for interoperability; the pages and captures remain their authors'"
)
#: What the wheel carries. A test finds the files of others in a wheel and looks for them here.
IN_WHEEL = (
    Carried("callproof_contract/*api*.json", _QUOTED, _QUOTES),
    Carried(
        "callproof/contract/released/*/*api.json", f"{_QUOTED}, in the bundles of released contracts", _QUOTES
    ),
)
#: What the source distribution carries besides.
IN_SOURCES = (
    Carried(
        "tools/contract/asyncapi-3.0.0.schema.json",
        "The JSON Schema of AsyncAPI 3.0.0, from the npm package @asyncapi/specs 6.11.1, unchanged; its notice is "
        "`tools/contract/asyncapi-3.0.0.NOTICE`",
        "Apache-2.0, Copyright 2016-2025 AsyncAPI Initiative",
    ),
    Carried("openapi/examples/**, asyncapi/examples/**", _QUOTED, _QUOTES),
)
#: Licences that the metadata does not give as an SPDX expression, read in the packages' licence files; colorama is for Windows alone.
LICENCES: Mapping[str, str] = {
    "colorama": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "sortedcontainers": "Apache-2.0",
    "uvloop": "MIT OR Apache-2.0",
}
_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[.*?\])?==([^\s;]+)")
_SPDX = re.compile(r"[A-Za-z0-9.-]+(?: (?:OR|AND) [A-Za-z0-9.-]+)*")


class LicenceUnknown(Exception):
    """The metadata of a locked package names no licence in SPDX form, or the package is not installed here."""

    def __init__(self, package: str) -> None:
        self.package = package
        super().__init__(
            f"{package}: its metadata gives no SPDX licence; read its licence file and add it to LICENCES in tools/third_party.py"
        )


@dataclass(frozen=True)
class Package:
    """A locked package and what asks for it."""

    name: str
    version: str
    wanted_by: tuple[str, ...]


def locked(text: str) -> list[Package]:
    """The packages of a lock that uv wrote, with the names in its `via` comments."""
    found: list[Package] = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        if pin := _PIN.match(block):
            comment = block.partition("# via")[2]
            wanted = (line.strip(" #\n") for line in comment.splitlines())
            found.append(Package(pin[1], pin[2], tuple(filter(None, wanted))))
    return found


def licence_of(package: str) -> str:
    """The package's licence as an SPDX expression. Raises LicenceUnknown."""
    if package in LICENCES:
        return LICENCES[package]
    try:
        found = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        raise LicenceUnknown(package) from None
    said = (*(found.get_all("License-Expression") or ()), *(found.get_all("License") or ()), "")
    text = str(said[0])
    if not _SPDX.fullmatch(text):
        raise LicenceUnknown(package)
    return text


def page(lock: str) -> str:
    """The page for this lock. Raises LicenceUnknown."""
    return "\n".join([_HEAD, *_carried(), *_installed(locked(lock))])


def _carried() -> Iterator[str]:
    for heading, rows in (("In the wheel", IN_WHEEL), ("In the source distribution besides", IN_SOURCES)):
        yield from (f"## {heading}", "", "| files | what | terms |", "|---|---|---|")
        yield from (f"| `{row.files}` | {row.what} | {row.terms} |" for row in rows)
        yield ""


def _installed(packages: list[Package]) -> Iterator[str]:
    yield "## Installed by the extras"
    yield ""
    yield "The wheel alone depends on nothing. The extras `fast`, `run` and `server` install these packages from your package index; no"
    yield f"distribution of callproof carries any of them. The versions are those of `{_LOCK}`."
    yield ""
    yield from ("| package | version | licence | asked for by |", "|---|---|---|---|")
    for package in packages:
        wanted = ", ".join(re.sub(r"\s*\(.*\)", "", name) for name in package.wanted_by)
        yield f"| {package.name} | {package.version} | {licence_of(package.name)} | {wanted} |"
    yield ""


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is fresh; 1 if it is not, or if a licence is unknown."""
    try:
        text = page((_ROOT / _LOCK).read_text(encoding="utf-8"))
    except LicenceUnknown as unknown:
        print(unknown)
        return 1
    file = _ROOT / _PAGE
    is_fresh = file.is_file() and file.read_text(encoding="utf-8") == text
    if arguments != ["check"]:
        file.write_text(text, encoding="utf-8")
        return 0
    print(f"{_PAGE}: {'fresh' if is_fresh else 'stale; run make third-party'}")
    return 0 if is_fresh else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
