"""The committed files that are made from the contract: the bundles and the stubs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from callproof.bundling.bundle import bundles, text_of
from callproof.bundling.sources import Contract
from callproof.stubs import render

BUNDLES = "dist"
PYTHON_STUBS = "impl/refswitch/stubs"
TYPESCRIPT_STUBS = "dist/stubs/typescript"


@dataclass(frozen=True)
class Stale:
    """A committed file that differs from what the contract makes, and the command that fixes it."""

    path: str
    problem: str
    command: str

    def __str__(self) -> str:
        return f"{self.path}: stale: {self.problem}; run {self.command}"


def bundle_texts(contract: Contract) -> dict[str, str]:
    """The bundles by path from the checkout's root. Raises ContractBroken."""
    return {f"{BUNDLES}/{name}": text_of(document) for name, document in bundles(contract).items()}


def stub_texts(contract: Contract) -> dict[str, str]:
    """The stubs by path from the checkout's root. Raises ContractBroken, and callproof.stubs.UnfitSchema."""
    documents = bundles(contract)
    texts: dict[str, str] = {}
    for language, folder in (("python", PYTHON_STUBS), ("typescript", TYPESCRIPT_STUBS)):
        files = render(language, documents["openapi.json"], documents["asyncapi.json"])
        texts |= {f"{folder}/{name}": text for name, text in files.items()}
    return texts


def write(root: Path, texts: Mapping[str, str]) -> list[str]:
    """Write the files that differ. Returns their paths."""
    written = []
    for path, text in texts.items():
        file = root / path
        if not file.is_file() or file.read_bytes() != text.encode():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
            written.append(path)
    return written


def stale_files(root: Path, contract: Contract) -> list[Stale]:
    """The committed files that differ, byte for byte, from what the contract makes, and those that nothing makes now."""
    found = []
    for command, texts in (("make contract", bundle_texts(contract)), ("make stubs", stub_texts(contract))):
        for path, text in texts.items():
            file = root / path
            if not file.is_file():
                found.append(Stale(path, "it is missing", command))
            elif file.read_bytes() != text.encode():
                found.append(Stale(path, "it differs from what the contract makes", command))
        for folder in sorted({str(Path(path).parent) for path in texts}):
            for file in sorted((root / folder).glob("*")):
                path = file.relative_to(root).as_posix()
                if file.is_file() and path not in texts:
                    found.append(Stale(path, "nothing makes this file now", f"git rm {path}"))
    return found
