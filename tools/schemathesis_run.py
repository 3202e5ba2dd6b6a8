"""Runs the schemathesis recipe against refswitch, and counts by schemathesis' own record what was sent and what was accepted.

The recipe has a check and a count of its own; this count is another, made from the HAR file of the run and from the contract, so that a
fault of the hooks cannot certify itself. `make schemathesis` ends with an error if the run finds anything, if it has fewer than a thousand
cases, if an endpoint or an operation at its endpoint was never accepted, or if a number was sent that is not listed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parents[1]
OPENAPI = ROOT / "dist/openapi.json"
FEWEST_CASES = 1000
#: No run takes this long, not even beside other load.
LONGEST_S = 900
#: refswitch's default seats: their numbers are their logins and passwords. Carol may supervise.
SEATS = {"AGENT": "15002", "SECOND": "15000", "THIRD": "15001"}
#: Rings for ever.
NUMBERS = ("70000",)
#: Members of a body in which a number is dialled.
DIALLED = ("destination", "phoneNumber")
_BASE = "/api/v2"

Target = tuple[str, str | None]


@dataclass
class Count:
    """What a HAR file says: how often each endpoint and operation was sent and accepted, and the numbers that were sent to be dialled."""

    sent: Counter[Target] = field(default_factory=Counter)
    accepted: Counter[Target] = field(default_factory=Counter)
    dialled: set[str] = field(default_factory=set)


@contextmanager
def refswitch() -> Iterator[str]:
    """Serve on a free port and yield the address; the server ends with its standard input. Raises SystemExit if it does not start."""
    command = [sys.executable, "-m", "refswitch", "serve", "--port", "0", "--seed", "1", "--stop-with-stdin"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with process:
        assert process.stdout is not None
        try:
            if not (said := process.stdout.readline().split()):
                raise SystemExit(f"refswitch did not start: {' '.join(command)}")
            yield said[-1]
        finally:
            process.terminate()


def run(folder: Path, address: str) -> subprocess.CompletedProcess[str]:
    """Run `st` in the folder, with the recipe that is there, against refswitch; its record is har.json in the folder."""
    environment = {
        f"{role}_{what}": number for role, number in SEATS.items() for what in ("USER", "PASSWORD")
    }
    environment |= {"DIAL_NUMBERS": ",".join(NUMBERS), "OUTSIDE_URL": f"{address}/__admin/v1"}
    command = [
        *(
            str(Path(sys.executable).with_name("st")),
            "run",
            str(OPENAPI),
            "--url",
            address + _BASE,
            "--no-color",
        ),
        *("--report", "har", "--report-har-path", "har.json"),
    ]
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        text=True,
        capture_output=True,
        timeout=LONGEST_S,
        check=False,
    )


def targets(openapi: Any) -> list[Target]:
    """Each endpoint of the contract, and each operation at its endpoint."""
    found: list[Target] = []
    for path, item in openapi["paths"].items():
        for method in ("get", "post"):
            if method in item:
                content = item[method].get("requestBody", {}).get("content", {})
                union = (
                    content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
                )
                schema = openapi["components"]["schemas"].get(union, {})
                names = schema.get("discriminator", {}).get("mapping", {})
                found += [(f"{method.upper()} {path}", name) for name in names or (None,)]
    return found


def count(har: Any, openapi: Any) -> Count:
    """Count the record of a run."""
    known, counted = set(targets(openapi)), Count()
    patterns = {
        path: re.compile(re.sub(r"\\{[^/]*\\}", "[^/]*", re.escape(_BASE + path)))
        for path in openapi["paths"]
    }
    for entry in har["log"]["entries"]:
        request = entry["request"]
        body = _json(request.get("postData", {}).get("text", ""))
        counted.dialled |= set(numbers_in(body))
        sent = urlsplit(request["url"]).path
        # A path without parameters first: /me/calls is not a call of the device "me".
        path = min(
            (p for p, one in patterns.items() if one.fullmatch(sent)),
            key=lambda p: p.count("{"),
            default=unquote(sent),
        )
        posted = body.get("operationName") if isinstance(body, dict) else None
        name = posted if isinstance(posted, str) else None
        endpoint = f"{request['method']} {path}"
        target = (endpoint, name if (endpoint, name) in known else None)
        counted.sent[target] += 1
        answer = _json(entry["response"]["content"].get("text", ""))
        if entry["response"]["status"] == 200 and isinstance(answer, dict) and answer.get("statusCode") == 0:
            counted.accepted[target] += 1
    return counted


def numbers_in(value: Any, is_dialled: bool = False) -> Iterator[str]:
    """Every text and number in a member that may be dialled, wherever it stands."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from numbers_in(member, is_dialled or name in DIALLED)
    elif isinstance(value, list):
        for item in value:
            yield from numbers_in(item, is_dialled)
    elif is_dialled and value is not None and not isinstance(value, bool):
        yield str(value)


def faults(counted: Count, openapi: Any) -> list[str]:
    """What is wrong with a run, a line each."""
    found = [
        f"{endpoint} {name or ''}".rstrip() + f": sent {counted.sent[endpoint, name]} times, never accepted"
        for endpoint, name in targets(openapi)
        if not counted.accepted[endpoint, name]
    ]
    listed = {*SEATS.values(), *NUMBERS}
    found += [
        f"{number!r} was sent to be dialled, and is not listed" for number in sorted(counted.dialled - listed)
    ]
    if (cases := counted.sent.total()) < FEWEST_CASES:
        found.append(f"{cases} cases were sent, fewer than {FEWEST_CASES}")
    return found


def table(counted: Count, openapi: Any) -> str:
    """The counts of every target, for people."""
    rows = [
        f"{endpoint + ' ' + (name or ''):<56} {counted.sent[endpoint, name]:>5} sent {counted.accepted[endpoint, name]:>5} accepted"
        for endpoint, name in targets(openapi)
    ]
    accepted = counted.accepted.total()
    return "\n".join(
        [
            *rows,
            f"{counted.sent.total()} cases, {accepted} accepted; dialled: {', '.join(sorted(counted.dialled))}",
        ]
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def main() -> int:
    """Run the recipe as its user would, from the command that writes it."""
    openapi = json.loads(OPENAPI.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name, refswitch() as address:
        folder = Path(name, "recipe")
        command = [sys.executable, "-m", "callproof", "contract", "schemathesis", "--out", str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        ran = run(folder, address)
        print(ran.stdout, ran.stderr, sep="")
        record = folder / "har.json"
        if not record.exists():
            print("schemathesis left no record of the run", file=sys.stderr)
            return 1
        counted = count(json.loads(record.read_text(encoding="utf-8")), openapi)
    print(table(counted, openapi))
    found = faults(counted, openapi)
    print(*found, sep="\n", file=sys.stderr)
    return 1 if found or ran.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
