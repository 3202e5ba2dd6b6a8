"""Makes docs/numbers.md from the server's table of simulated numbers.

`python -m tools.numbers` writes the page; `python -m tools.numbers check` says whether the page is fresh.
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

<!-- `make numbers` makes this page from impl/refswitch/numbers.yaml: change that file. -->

A desktop that works only when everything goes well is half finished. `refswitch` has numbers that go wrong, each in one way. Dial one, or
use it as the destination of InitiateConference, InitiateTransfer or any other operation that takes a destination.

If the number must stay the same, even if it is a seat's, name the outcome in the operation's user data:

```json
{"operationName": "InitiateConference", "destination": {"phoneNumber": "15002"}, "userData": {"refswitch.outcome": "busy"}}
```

If you cannot change the client, arm a fault for one agent or all, for one operation or any, once or permanently:

```console
$ curl -X PUT --json '{"faults": [{"outcome": "lost", "agent": "15000", "operation": "Hold", "times": 1}]}' \\
    http://127.0.0.1:8080/__admin/v1/faults
$ curl -X DELETE http://127.0.0.1:8080/__admin/v1/faults
```

Seconds follow the sandbox's clock, so `POST /__admin/v1/clock` with `{"advance": 5}` saves you the wait. A seats file may give a number
to someone else, or disable all of them with `simulated_numbers: false`. No documentation of the real servers has such numbers: their
behaviour is inferred from what HTTP, Bayeux and the contract allow.
"""
#: layer -> its heading and a sentence about the whole layer.
_LAYERS: Mapping[str, tuple[str, str]] = {
    "call": ("The other party", "The server accepts the operation and reports the outcome in notifications."),
    "http": ("The HTTP answer", ""),
    "cometd": (
        "The delivery of notifications",
        "The server accepts the operation, and the dialled party answers a second later. The fault affects the notifications that the "
        "operation itself causes for the requesting agent.",
    ),
    "payload": (
        "The content of a notification",
        "The last notification that the operation causes has one defect; a desktop must not break on it. `callproof` reports each "
        "defect under one name: `check` in the payload, `run` at the server.",
    ),
    "legal": (
        "Unusual but legal",
        "None of these is a fault, and clients must accept them. `callproof run` notes a member that the contract does not name.",
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
    finding = f"`{found['by']}`: {found['rule']}" if found else "nothing to find"
    return [number, f"`{name}`", row["text"], finding]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str]) -> int:
    """Write the page or, with `check`, say whether it is fresh. Returns the exit code."""
    made = page(yaml.safe_load(_TABLE.read_text(encoding="utf-8"))["numbers"])
    if arguments == ["check"]:
        is_fresh = _PAGE.is_file() and _PAGE.read_text(encoding="utf-8") == made
        print("docs/numbers.md: fresh" if is_fresh else "docs/numbers.md: stale; run make numbers")
        return 0 if is_fresh else 1
    _PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
