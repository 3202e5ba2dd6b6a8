"""Whatever characters a server sends, every report is what it claims to be, and shows them instead of obeying them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from callproof.commands.exits import of_result
from callproof.json_values import Json
from callproof.report import html, junit, result, text
from callproof.report.report import Report, with_escapes, without_controls
from callproof.runner.events import CleanupDone, Event, RunEnded, RunStarted, SuiteInfo, TargetInfo
from conformance.tests.report.catalogue import CATALOGUE

#: A bell, a cleared screen in two notations, a line that is read backwards, half a character, a carriage that returns.
EVIL = "\x00\x07\x85\u200f\u2028\ufeff\U000e0041\x1b[2J\x9b2J\u202e\u2066\ud800\r"
#: What holds the other things together; a server has no say in it.
_OURS = ("id", "kind", "agent", "requirement", "verdict", "evidence", "request", "answer", "code")
#: Controls, formats, surrogates, separators of lines and of paragraphs.
UNSHOWN = ("Cc", "Cf", "Cs", "Zl", "Zp")
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
        if unicodedata.category(each) in UNSHOWN and each not in "\n\t"
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
    rendered = result.render(Report.of(document))
    assert [each for each in rendered if unicodedata.category(each) in UNSHOWN and each != "\n"] == []
    (tmp_path / "result.json").write_text(rendered, encoding="utf-8")
    assert result.read(tmp_path / "result.json") == document
    left: Json = ["a call " + EVIL.replace("\ud800", r"\ud800")]
    assert document["cleanup"] == {"complete": False, "left": left}


def test_every_character_that_hides_or_is_obeyed_is_replaced() -> None:
    every = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in UNSHOWN]
    assert {each for each in every if without_controls(each) == each} == {"\t", "\n"}


def test_escapes_change_nothing_that_a_json_text_means() -> None:
    text = "ä €\U0001f600\x7f\x9b\u202e\ufeff\U000e0041"
    escaped = with_escapes(json.dumps(text, ensure_ascii=False))
    assert json.loads(escaped) == text
    assert escaped == '"ä €\U0001f600\\u007f\\u009b\\u202e\\ufeff\\udb40\\udc41"'
