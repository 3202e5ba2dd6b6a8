"""The page of requirements: a mismatch is found by its id."""

from __future__ import annotations

import yaml

from tools import bayeux
from tools.bayeux import ROOT, TABLE, Covering, faults, read_tests, written

TABLE_OF_TWO = {
    "sections": [
        {
            "title": "Some",
            "rows": [
                {"id": "WS-1", "level": "MUST", "text": "One.", "source": "a"},
                {"id": "WS-2", "level": "MAY", "text": "Two.", "source": "a", "not": "no"},
            ],
        }
    ]
}


def covering(*names: str) -> list[Covering]:
    return [Covering("impl/tests/a.py", "it works", frozenset(names))]


def test_every_requirement_that_is_honoured_has_a_test() -> None:
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    assert faults(table, list(read_tests(ROOT))) == []


def test_what_does_not_fit_is_named() -> None:
    assert faults(TABLE_OF_TWO, covering("WS-1", "RFC-8259")) == []
    assert faults(TABLE_OF_TWO, covering()) == ["WS-1: honoured, but no test names it"]
    assert faults(TABLE_OF_TWO, covering("WS-1", "WS-9")) == [
        "WS-9: a test names it, but there is no such requirement"
    ]


def test_a_range_names_all_that_is_in_it() -> None:
    assert set(bayeux._named("WS-1 to WS-3, SE-1: words")) == {"WS-1", "WS-2", "WS-3", "SE-1"}


def test_a_row_shows_its_tests_or_why_there_are_none() -> None:
    page = written(TABLE_OF_TWO, covering("WS-1"))
    assert "| WS-1 | MUST | One. | a | [it works](../impl/tests/a.py) |" in page
    assert "| WS-2 | MAY | Two. | a | **not honoured**: no |" in page
