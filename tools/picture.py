"""Draws the README's picture from a real run: `python -m tools.picture results docs/ladder.svg`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from callproof.report import result
from callproof.report.ladder import as_svg, rungs
from callproof.report.report import Line, Report

SCENARIO = "initiate-conference/holds-then-dials"
TITLE = "A two-step conference: Alice talks to Bob, asks for a conference with Carol, and completes it"


def main(results: Path, picture: Path) -> None:
    """Read a finished run from `results` and write the ladder of the whole conference to `picture`."""
    lines = (results / "transcript.jsonl").read_text(encoding="utf-8").splitlines()
    report = Report.of(result.read(results / "result.json"), [json.loads(line) for line in lines])
    (played,) = (scenario for scenario in report.scenarios if scenario.id == SCENARIO)
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(as_svg(rungs(conference(played.lines)), TITLE) + "\n", encoding="utf-8")


def conference(lines: Sequence[Line]) -> list[Line]:
    """The lines from the accepted InitiateConference to the last party's ParticipantsUpdated, without read requests."""
    text = [json.dumps(line.body) for line in lines]
    asked = next(
        n for n, line in enumerate(lines) if line.kind == "request" and "InitiateConference" in text[n]
    )
    ended = next(n for n, line in enumerate(lines) if line.kind == "request" and '"Hangup"' in text[n])
    reads = {line.id for line in lines if line.kind == "request" and line.body.get("method") == "GET"}
    return [line for line in lines[asked:ended] if line.id not in reads and line.request not in reads]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
