"""Makes docs/seats.md from the schema of the seats file.

`python -m tools.seats` writes the page; `python -m tools.seats check` says whether the page is fresh.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from refswitch.seats_file import Key, flow, keys, template

_PAGE = Path(__file__).parents[1] / "docs" / "seats.md"

_HEAD = """\
# The seats file

<!-- `make seats` makes this page from impl/refswitch/seats.schema.json: change that file. -->

A seats file says who your agents are, and what the numbers around them do. `refswitch init` writes one with every key explained, and
`refswitch serve --seats seats.yaml` uses it. `PUT /__admin/v1/agents` takes the same content as JSON while the server runs.

Write numbers in quotes. Do not write passwords that matter into the file: `password_env` names an environment variable that holds one.
The server refuses a file with a mistake, and names the line, the rule and the nearest known key. A file may have up to 4 MiB.
"""


def page() -> str:
    """The page as Markdown."""
    lists = [key for key in keys() if key.parts]
    sections = [f"## {key.name}\n\n{key.text}\n\n{_table(key.parts)}" for key in lists]
    whole = f"## A file with every key\n\n`refswitch init` writes this:\n\n```yaml\n{template()}```\n"
    return "\n".join((_HEAD, f"## The keys of the file\n\n{_table(keys())}", *sections, whole))


def _table(rows: Sequence[Key]) -> str:
    return "\n".join(_lines(rows)) + "\n"


def _lines(rows: Sequence[Key]) -> Iterator[str]:
    yield "| key | required | meaning | value | example |"
    yield "| --- | --- | --- | --- | --- |"
    for key in rows:
        example = "below" if key.parts else f"`{flow(key.example)}`"
        yield f"| `{key.name}` | {'yes' if key.is_required else 'no'} | {key.text} | {key.values} | {example} |"


def main(arguments: Sequence[str]) -> int:
    """Write the page or, with `check`, say whether it is fresh. Returns the exit code."""
    made = page()
    if arguments == ["check"]:
        is_fresh = _PAGE.is_file() and _PAGE.read_text(encoding="utf-8") == made
        print("docs/seats.md: fresh" if is_fresh else "docs/seats.md: stale; run make seats")
        return 0 if is_fresh else 1
    _PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
