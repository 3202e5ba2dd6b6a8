"""docs/numbers.md from the server's own table of simulated numbers.

`python -m tools.numbers` writes it; `python -m tools.numbers check` says whether it is what would be written.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

_ROOT = Path(__file__).parents[1]
_TABLE = _ROOT / "impl" / "refswitch" / "numbers.yaml"
_PAGE = _ROOT / "docs" / "numbers.md"

_HEAD = """\
# Simulated numbers

<!-- Made from impl/refswitch/numbers.yaml by `make numbers`: change that. -->

A desktop that works when everything goes well is half done. `refswitch` has numbers that go wrong, one in one way each: dial one, or use
it as the destination of InitiateConference, InitiateTransfer or any other operation that takes one.

A number that must stay what it is goes wrong all the same when the operation's user data asks for an outcome by name, also at a seat's:

```json
{"operationName": "InitiateConference", "destination": {"phoneNumber": "15002"}, "userData": {"refswitch.outcome": "busy"}}
```

And where nothing of the client may be changed, a fault is armed, for one agent or all, one operation or any, once or for good:

```console
$ curl -X PUT -d '{"faults": [{"outcome": "lost", "agent": "15000", "operation": "Hold", "times": 1}]}' \\
    http://127.0.0.1:8080/__admin/v1/faults
$ curl -X DELETE http://127.0.0.1:8080/__admin/v1/faults
```

Seconds are those of the sandbox's clock, so `POST /__admin/v1/clock` with `{"advance": 5}` spares the waiting. A seats file may give a
number to somebody else, or do without all of them with `simulated_numbers: false`. No documentation of the real thing has such numbers:
what they do is inferred from what HTTP, Bayeux and the contract allow to happen.
"""
#: layer -> heading, and a sentence about all of it.
_LAYERS: Mapping[str, tuple[str, str]] = {
    "call": ("The other party", "The operation is accepted; what becomes of it is told by notifications."),
    "http": ("The HTTP answer", ""),
    "cometd": (
        "The way of the notifications",
        "The operation is accepted, and whoever was dialled answers a second later. What goes wrong are the notifications that the "
        "operation itself causes for the agent who asked for it.",
    ),
    "payload": (
        "What a notification says",
        "The last of the notifications that the operation causes has one thing wrong; a desktop must not break on it. `callproof` finds "
        "each under one name: `check` in the payload, `run` at the server.",
    ),
    "legal": (
        "Odd, and not wrong",
        "Nothing here is a fault, and clients must take it. `callproof run` notes a member that the contract does not know.",
    ),
}


def page(rows: Sequence[Mapping[str, Any]]) -> str:
    """The page as Markdown."""
    sections = [_section(layer, [row for row in rows if row["layer"] == layer]) for layer in _LAYERS]
    return "\n".join((_HEAD, *sections))


def _section(layer: str, rows: Sequence[Mapping[str, Any]]) -> str:
    heading, sentence = _LAYERS[layer]
    is_found = any("found" in row for row in rows)
    head = ["number", "outcome", "what happens", *(["found by"] if is_found else [])]
    lines = [f"## {heading}", "", *([sentence, ""] if sentence else [])]
    lines += [_line(head), _line(["---"] * len(head))]
    lines += [_line(_cells(row)[: len(head)]) for row in rows]
    return "\n".join(lines) + "\n"


def _cells(row: Mapping[str, Any]) -> list[str]:
    number = row.get("number") or f"{row['from']} to {row['to']}"
    name = row["outcome"] if "number" in row else f"{row['outcome']}-1` to `-99"
    found = row.get("found")
    return [
        number,
        f"`{name}`",
        row["text"],
        f"`{found['by']}`: {found['rule']}" if found else "nothing to find",
    ]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `check` say whether it is fresh. The exit code."""
    made = page(yaml.safe_load(_TABLE.read_text(encoding="utf-8"))["numbers"])
    if arguments == ["check"]:
        is_fresh = _PAGE.is_file() and _PAGE.read_text(encoding="utf-8") == made
        print("docs/numbers.md: fresh" if is_fresh else "docs/numbers.md: stale; run make numbers")
        return 0 if is_fresh else 1
    _PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
