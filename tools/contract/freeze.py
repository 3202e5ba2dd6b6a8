"""Keeps the bundles of a version of the contract as released; ``callproof contract diff`` compares later ones with them."""

from __future__ import annotations

from pathlib import Path

from callproof.bundling.bundle import bundles, text_of
from callproof.bundling.sources import Contract
from callproof.bundling.values import as_object
from callproof.contract.bundles import MEMBERS

RELEASED = "conformance/callproof/contract/released"


class AlreadyReleased(Exception):
    """The version was released with other bundles; what is released never changes."""

    def __init__(self, version: str, path: str) -> None:
        self.version = version
        self.path = path
        super().__init__(
            f"{path}: contract {version} was released, and differs from this one; raise info.version in both halves"
        )


def freeze(root: Path, contract: Contract) -> list[str]:
    """Write the bundles to the folder of their version, byte for byte as in ``dist/``; returns the paths of those written.

    A version that was released with these very bundles stays as it is. Raises ContractBroken, and AlreadyReleased.
    """
    documents = bundles(contract)
    texts = {name: text_of(documents[name]) for name in MEMBERS}
    version = str(as_object(documents["openapi.json"]["info"]).get("version"))
    written = []
    for name, text in texts.items():
        path = f"{RELEASED}/{version}/{name}"
        if (root / path).is_file() and (root / path).read_bytes() != text.encode():
            raise AlreadyReleased(version, path)
    for name, text in texts.items():
        path = f"{RELEASED}/{version}/{name}"
        if not (root / path).is_file():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
            written.append(path)
    return written
