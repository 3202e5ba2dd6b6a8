"""Whatever characters a server sends, every report is what it claims to be, and shows them instead of obeying them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from callproof.commands.exits import of_result
from callproof.json_values import Json
from callproof.report import html, junit, result, text
from callproof.report.report import Report
from callproof.runner.events import CleanupDone, Event, RunEnded, RunStarted, SuiteInfo, TargetInfo
from conformance.tests.report.catalogue import CATALOGUE

#: A bell, a cleared screen in two notations, a line that is read backwards, half a character, a carriage that returns.
EVIL = "\x00\x07\x1b[2J\x9b2J\u202e\u2066\ud800\r"
#: What holds the other things together; a server has no say in it.
_OURS = ("id", "kind", "agent", "requirement", "verdict", "evidence", "request", "answer", "code")
RENDERED: list[Callable[[Report], str]] = [html.render, junit.render, text.render]


def hostile(value: Json, name: str = "") -> Json:
    """The same with the evil in every text that a server could have sent."""
    if isinstance(value, dict):
        return {key: hostile(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, name) for inner in value]
    return f"{value} {EVIL}" if isinstance(value, str) and name not in _OURS else value


@pytest.fixture
def evil_document(document: dict[str, Json]) -> dict[str, Json]:
    scenarios = document["scenarios"]
    assert isinstance(scenarios, list)
    return document | {
        "scenarios": [
            {**played, "checks": hostile(played["checks"])}
            for played in scenarios
            if isinstance(played, dict)
        ],
        "cleanup": {"complete": False, "left": [f"a call {EVIL}"]},
    }


@pytest.fixture
def evil(evil_document: dict[str, Json], transcript: list[Mapping[str, Json]]) -> Report:
    headers: Json = [["X-Evil", "of the server"]]
    entries = [{**entry, "body": {"headers": headers, **dict(entry["body"])}} for entry in transcript]  # type: ignore[arg-type]  # a body is an object
    raw: dict[str, Json] = {
        **transcript[1],
        "body": {"request": "t0001", "status": 502, "text": "down\nand out"},
    }
    return Report.of(evil_document, [hostile(entry) for entry in (entries[0], raw, *entries[2:])])  # type: ignore[misc]  # an object stays one


@pytest.mark.parametrize("render", RENDERED)
def test_no_report_holds_what_a_terminal_would_obey(render: Callable[[Report], str], evil: Report) -> None:
    found = {
        f"U+{ord(each):04X}"
        for each in render(evil)
        if unicodedata.category(each) in ("Cc", "Cf", "Cs") and each not in "\n\t"
    }
    assert found == set()


@pytest.mark.parametrize("render", RENDERED)
def test_every_report_can_be_written_as_utf_8(render: Callable[[Report], str], evil: Report) -> None:
    assert render(evil).encode("utf-8")


def test_junit_is_xml_all_the_same(evil: Report) -> None:
    assert ElementTree.fromstring(junit.render(evil)).tag == "testsuites"


def test_the_result_can_be_written_and_is_read_back_as_it_was(tmp_path: Path) -> None:
    told: list[Event] = [
        RunStarted(
            "run", "2026-11-23T12:00:00Z", SuiteInfo("callproof", "0", ""), TargetInfo("x", "", ""), ("http",)
        ),
        CleanupDone(False, (f"a call {EVIL}",)),
        RunEnded("2026-11-23T12:00:09Z"),
    ]
    document = result.build(told, CATALOGUE, exit_code=of_result)
    (tmp_path / "result.json").write_text(result.render(Report.of(document)), encoding="utf-8")
    assert result.read(tmp_path / "result.json") == document
    left: Json = ["a call " + EVIL.replace("\ud800", r"\ud800")]
    assert document["cleanup"] == {"complete": False, "left": left}
