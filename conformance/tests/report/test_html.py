"""The report is one file that needs nothing, shows all the evidence, and runs nothing that a server sent."""

import re
from html.parser import HTMLParser

import pytest

from callproof.json_values import Json
from callproof.report import html
from callproof.report.html import Row
from callproof.report.report import Report
from conformance.tests.report.conftest import MADE_FROM

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Reads a page and keeps what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.marked: list[str] = []
        self._open: list[str] = []
        self.unclosed: list[str] = []
        self.feed(text)
        self.close()
        self.unclosed += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if "mark" in self._open:
            self.marked.append(data.strip())

    def values(self, name: str) -> list[str]:
        return [value or "" for attribute, value in self.attributes if attribute == name]


@pytest.fixture
def page(report: Report) -> Page:
    return Page(html.render(report))


def test_every_element_is_closed_where_it_belongs(page: Page) -> None:
    assert page.unclosed == []


def test_nothing_runs_and_nothing_is_fetched(page: Page, report: Report) -> None:
    assert {"script", "iframe", "img", "link", "object", "form"}.isdisjoint(page.tags)
    assert [name for name, _ in page.attributes if name.startswith("on")] == []
    assert set(page.values("src")) == set()
    assert all(value.startswith("#") for value in page.values("href"))
    assert re.findall(r"url\(|@import", html.render(report)) == []


def test_every_link_leads_somewhere_and_no_place_is_there_twice(page: Page) -> None:
    places = page.values("id")
    assert len(set(places)) == len(places)
    assert {value[1:] for value in page.values("href")} <= set(places)


def test_a_card_has_the_requirement_the_expectation_the_messages_and_what_it_means(report: Report) -> None:
    text = html.render(report)
    card = text[text.index('id="initiate-conference.happy.hears.NTF-CALL-001"') :]
    words = " ".join(Page(card[: card.index("</section>")].partition(">")[2]).words)
    for said in (
        "duration is a string of digits",
        "InitiateConference, CallsHangup and CompleteConference, HTCC 8.5.2",
        "data.call.duration is a string of digits",
        "of a call is a string of decimal digits.",
        '"operationName": "InitiateConference"',
        "alice heard StatusChange of consult, state Dialing",
        "call.duration: expected a string of digits, got the number 0",
        "Prevents a certificate.",
    ):
        assert said in words


def test_the_member_that_differs_is_marked_and_no_other(page: Page) -> None:
    assert page.marked == ['"duration": 0,']


def test_a_notification_is_shown_with_the_request_that_caused_it(report: Report) -> None:
    played, check = report.check("initiate-conference/happy#order:ORD-INITCONF-001")
    assert [line.id for line in report.evidence(played, check)] == ["t0004", "t0006", "t0007", "t0009"]


def test_what_a_server_sent_is_text(page: Page) -> None:
    assert any("<script>alert('&')</script>" in words for words in page.words)


def test_a_green_and_an_empty_run_have_reports_too(green: Report, empty: Report) -> None:
    for report, words in ((green, "CONFORMANT"), (empty, "UNDETERMINED")):
        page = Page(html.render(report))
        assert (page.unclosed, words in page.words) == ([], True)


def test_rows_show_a_body_line_by_line_with_its_marked_members() -> None:
    body: Json = {"data": {"call": {"id": "7", "list": ["a", "b"], "parties": [{"n": 1}]}}}
    assert html.rows(body, ["call.id", "parties.0.n"]) == (
        Row("{"),
        Row('  "data": {'),
        Row('    "call": {'),
        Row('      "id": "7",', True),
        Row('      "list": ["a", "b"],'),
        Row('      "parties": ['),
        Row("        {"),
        Row('          "n": 1', True),
        Row("        }"),
        Row("      ]"),
        Row("    }"),
        Row("  }"),
        Row("}"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The `id` is <b>", "The <code>id</code> is &lt;b&gt;"),
        ("an odd ` backtick", "an odd ` backtick"),
        ("`<i>`", "<code>&lt;i&gt;</code>"),
    ],
)
def test_what_stands_between_backticks_is_code_and_escaped(text: str, expected: str) -> None:
    assert str(html.code(text)) == expected


def test_the_page_names_product_contract_and_commit(report: Report) -> None:
    page = html.render(report)
    assert "Conformance report · callproof 0.2.0, contract 0.2.1, commit 0123456789ab-dirty</p>" in page
    assert f"<dt>commit</dt><dd><code>{MADE_FROM}</code></dd>" in page
