"""Records the examples: ``python -m tools.examples`` writes them, ``python -m tools.examples check`` says whether they are fresh.

Exit status: 0 when all is well; 1 when the recorded files differ from the server's answers, a flow cannot be played, or the contract has
something that no example shows.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from callproof.bundling.bundle import halves
from callproof.bundling.findings import ContractBroken, Finding
from callproof.bundling.placing import place_examples
from callproof.bundling.sources import read_contract
from tools.contract.shown import missing_examples

from .desk import NotAsPlanned
from .files import stale, texts, write
from .recording import record

_ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str], root: Path = _ROOT) -> int:
    """Record, then write or, with `check`, compare. Returns the exit code."""
    try:
        made = texts(record(read_contract(root)))
    except (ContractBroken, NotAsPlanned) as problem:
        print(problem)
        return 1
    if arguments == ["check"]:
        found = stale(root, made)
        for path in found:
            print(f"{path}: stale; run make examples")
        print(f"recorded examples: {len(found) or 'no'} stale files", file=sys.stderr)
        return 1 if found else 0
    changed = write(root, made)
    print(f"recorded examples: {len(made)} files, {len(changed)} changed", file=sys.stderr)
    missing = _missing(root)
    for finding in missing:
        print(finding)
    return 1 if missing else 0


def _missing(root: Path) -> list[Finding]:
    contract = read_contract(root)
    openapi, asyncapi = halves(contract)
    place_examples(contract, openapi.document, asyncapi.document)
    return missing_examples(contract, openapi, asyncapi)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
