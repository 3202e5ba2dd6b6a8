"""The terminal says the verdict first, fits 80 columns, and obeys no server."""

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from callproof.json_values import Json, as_object
from callproof.judge.checks import CheckDone
from callproof.report import text
from callproof.report.report import Report
from callproof.runner.events import Event, RunEnded, ScenarioEnded, ScenarioStarted

EXPECTED = Path(__file__).parent / "terminal.txt"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_whole_text_of_a_run_with_everything_in_it(report: Report) -> None:
    """`terminal.txt` was looked at; whoever changes it looks at it again."""
    assert text.render(report, files={"report": "results/report.html"}) == EXPECTED.read_text()


def test_the_verdict_is_the_first_thing_said(report: Report, green: Report, empty: Report) -> None:
    assert [text.render(found).splitlines()[0] for found in (report, green, empty)] == [
        "Verdict: NOT CONFORMANT   Example Switch API 9.1",
        "Verdict: CONFORMANT   Example Switch API 9.1",
        "Verdict: UNDETERMINED   Example Switch API 9.1",
    ]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(report: Report, width: int) -> None:
    lines = text.render(report, width=width).splitlines()
    assert max(map(len, lines)) <= max(width, 80)


@pytest.mark.parametrize(
    ("options", "environment", "told"),
    [
        ({"transport": "long-polling", "acknowledge": False}, {"transports": ["long-polling"]}, []),
        ({"transport": "websocket"}, {"transports": ["websocket"]}, ["Notifications came over websocket."]),
        (
            {"transport": "auto", "acknowledge": True},
            {"transports": ["long-polling", "websocket"]},
            ["Notifications came over long-polling, websocket, with acknowledgement."],
        ),
        ({"transport": "auto"}, {}, ["Notifications came over nothing (asked for: auto)."]),
    ],
    ids=["as usual", "websocket", "fell back", "no session"],
)
def test_an_unusual_way_of_listening_is_named(
    green: Report, options: Json, environment: Json, told: list[str]
) -> None:
    run = {**as_object(green.document["run"]), "options": options, "environment": environment}
    shown = text.render(replace(green, document={**green.document, "run": run})).splitlines()
    assert [line for line in shown if line.startswith("Notifications")] == told


def test_a_green_run_is_short(green: Report) -> None:
    assert text.render(green).count("\n") < 8


def test_colour_only_adds_escape_sequences_and_none_come_from_the_server(report: Report) -> None:
    plain, coloured = text.render(report), text.render(report, colour=True)
    assert "\x1b" not in plain
    assert "\x01" not in plain
    for code in ("1", "2", "31", "32", "33", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    stream: io.StringIO, environment: Mapping[str, str], expected: bool
) -> None:
    assert text.wants_colour(stream, environment) is expected


def test_where_the_signs_cannot_be_written_plain_ones_are(report: Report) -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert (text.can_draw(ascii_only), text.can_draw(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))) == (
        False,
        True,
    )
    drawn = text.render(report, plain_ascii=True)
    assert drawn.isascii()


def test_an_interrupted_run_says_so_under_its_verdict(document: dict[str, Json]) -> None:
    run = document["run"]
    assert isinstance(run, dict)
    broken = Report.of({**document, "run": {**run, "interrupted": True, "complete": False}})
    assert (
        text.render(broken).splitlines()[1] == "The run was interrupted; what follows was seen before that."
    )
    stopped = Report.of({**document, "run": {**run, "complete": False, "stopped": "the server is gone"}})
    assert text.render(stopped).splitlines()[1] == "The run is not complete: the server is gone."


EVENTS: list[Event] = [
    ScenarioStarted("http/me", "An agent asks who they are", "http"),
    CheckDone("me:HTTP-ENV-001", "HTTP-ENV-001", "fail"),
    ScenarioEnded("http/me", 5),
    RunEnded("2026-11-23T12:00:09Z"),
]


def test_progress_is_one_line_that_is_gone_at_the_end() -> None:
    stream = Terminal()
    progress = text.Progress(stream)
    progress.say("logging in at cti.example.test")
    progress.expect(22)
    for event in EVENTS:
        progress.tell(event)
    progress.end()
    shown = [part.strip() for part in stream.getvalue().split("\r") if part.strip()]
    assert shown == [
        "logging in at cti.example.test",
        "scenario 1 of 22: http/me   0 checks",
        "scenario 1 of 22: http/me   1 checks, 1 failed",
    ]
    assert stream.getvalue().endswith("\r")
    assert "\n" not in stream.getvalue()


def test_progress_is_at_most_as_wide_as_the_terminal() -> None:
    stream = Terminal()
    text.Progress(stream, 20).say("logging in at a host with a long name")
    assert stream.getvalue() == "\rlogging in at a hos"


def test_progress_is_silent_where_nobody_watches() -> None:
    stream = io.StringIO()
    progress = text.Progress(stream)
    progress.say("logging in")
    for event in EVENTS:
        progress.tell(event)
    progress.end()
    assert stream.getvalue() == ""
