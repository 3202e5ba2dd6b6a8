"""The commands: `python -m tools.release` makes a release, `python -m tools.release check` looks at the files of earlier ones.

Exit status: 0 when the release is built, or no released file was changed; 1 when something stands in the way; 2 when files were frozen,
which must be committed before the release can be built.
"""

from __future__ import annotations

import sys
from pathlib import Path

from callproof.catalogue.mistakes import BadCatalogue
from callproof.contract.bundles import ContractNotUsable
from tools.release.build import OUT, build
from tools.release.frozen import RECORD, broken, changed, freeze, read_release
from tools.release.ready import NoCommit, commit_of, unready


def release(root: Path) -> int:
    """Refuse, freeze, or build; say what was done and what is next."""
    try:
        commit = commit_of(root)
        made = read_release(root)
    except (NoCommit, ContractNotUsable, BadCatalogue) as problem:
        return _refused(str(problem).splitlines())
    if reasons := [*unready(root, made.product, commit), *changed(root, made), *broken(root)]:
        return _refused(reasons)
    if written := freeze(root, made):
        print(*written, RECORD, sep="\n")
        print(f"\nThese files are what {made.product} promises. Commit them, and run make release again.")
        return 2
    for file in build(root, commit, root / OUT):
        print(f"{file.relative_to(root)}  {file.stat().st_size} bytes")
    print(f"\ncallproof {made.product}, contract {made.contract}, commit {commit.id}")
    print(f"Try the wheel (sh tools/wheel-test.sh {OUT}/*.whl), then tag the commit: git tag v{made.product}")
    return 0


def check(root: Path) -> int:
    """Name every released file that was changed, and what differs from it under the same version."""
    try:
        found = [*broken(root), *changed(root, read_release(root))]
    except (ContractNotUsable, BadCatalogue) as problem:
        found = str(problem).splitlines()
    print(*(found or [f"{RECORD}: no released file was changed"]), sep="\n")
    return 1 if found else 0


def _refused(reasons: list[str]) -> int:
    for reason in reasons:
        print(f"make release: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit({(): release, ("check",): check}[tuple(sys.argv[1:])](Path(__file__).parents[2]))
