"""``python -m tools.generators``: exit status 0 if every generator keeps everything, 1 if one does not, 2 if a bundle is missing."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.generators import python, typescript
from tools.generators.outcome import Outcome
from tools.generators.promises import Promises, promised


def outcomes(bundles: Path) -> Iterator[Outcome]:
    """The outcome of each generator, one after the other. Raises OSError and ValueError for a bundle that cannot be read."""
    promises: dict[str, Promises] = {
        name: promised(json.loads((bundles / name).read_text(encoding="utf-8")))
        for name in ("openapi.json", "asyncapi.json")
    }
    for of_python in python.GENERATORS:
        with tempfile.TemporaryDirectory() as folder:
            yield python.made_and_witnessed(of_python, promises["openapi.json"], bundles, Path(folder))
    for of_types in typescript.GENERATORS:
        with tempfile.TemporaryDirectory() as folder:
            yield typescript.made_and_witnessed(of_types, promises[of_types.document], bundles, Path(folder))


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each generator and what it lost. Returns the exit status."""
    about = "Shows what other people's code generators keep of the bundles."
    parser = argparse.ArgumentParser(prog="python -m tools.generators", description=about)
    parser.add_argument("--bundles", type=Path, default=Path("dist"), help="their folder (default: dist)")
    bundles = parser.parse_args(arguments).bundles.resolve()
    whole = True
    try:
        for outcome in outcomes(bundles):
            print("\n".join(outcome.lines()), flush=True)
            whole = whole and outcome.is_whole
    except (OSError, ValueError) as error:
        print(f"{error}; run make contract", file=sys.stderr)
        return 2
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
