"""`python -m tools.soak [NAME...]`: plays the proofs, or those named, and prints a table. Exit code 1 if a promise was broken."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Sequence

from tools.soak.evidence import Evidence, Proof
from tools.soak.proofs import PROOFS

_WIDTH = 110


def main(names: Sequence[str]) -> int:
    """Play these proofs, or all; print each as it ends, and the table at the end."""
    if not sys.platform.startswith("linux"):
        print("the proofs read /proc, so they run on Linux only; none was played", file=sys.stderr)
        return 2
    if unknown := set(names) - {proof.name for proof in PROOFS}:
        known = ", ".join(proof.name for proof in PROOFS)
        print(f"no proof is called {', '.join(sorted(unknown))}; the proofs are {known}", file=sys.stderr)
        return 2
    rows = []
    for proof in PROOFS:
        if not names or proof.name in names:
            print(f"\n{proof.name}: {proof.promise}", flush=True)
            evidence, seconds = _played(proof)
            rows.append((proof.name, evidence, seconds))
            _tell(evidence)
    print()
    for name, evidence, seconds in rows:
        print(f"{name:16} {'FAIL' if evidence.faults else 'pass'} {seconds:6.0f} s  {evidence.done}")
    return 1 if any(evidence.faults for _, evidence, _ in rows) else 0


def _played(proof: Proof) -> tuple[Evidence, float]:
    began = time.monotonic()
    return proof.prove(proof.whole), time.monotonic() - began


def _tell(evidence: Evidence) -> None:
    figures = ", ".join(
        f"{name}: {value:,}" if isinstance(value, int) else f"{name}: {value}"
        for name, value in evidence.figures.items()
    )
    for text in (evidence.done, figures, *(f"FAULT {fault}" for fault in evidence.faults)):
        if text:
            print(textwrap.fill(text, _WIDTH, initial_indent="  ", subsequent_indent="    "), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
