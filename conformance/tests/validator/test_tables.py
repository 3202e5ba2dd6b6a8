"""A format, a rule over a document and a rule across members are one row each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest

from callproof import limits
from callproof.commands.check import findings_in
from callproof.commands.check_reports import Tally
from callproof.contract.bundles import load_contract
from callproof.validator import readers, rules
from callproof.validator.document import Document, NotJson, read_document
from callproof.validator.finding import Finding
from callproof.validator.payload import validate
from callproof.validator.schemas import Schemas
from callproof.validator.site import Site

CONTRACT = load_contract()
SCHEMAS = Schemas(CONTRACT.openapi, CONTRACT.asyncapi)
REQUEST = {"operationName": "Dial", "destination": {"phoneNumber": "15001"}}


def found(value: object) -> list[tuple[str, str]]:
    data = json.dumps(value).encode()
    return [
        (item.finding.where, item.finding.rule)
        for item in findings_in(lambda most: [data], "a.json", SCHEMAS, "", Tally())
    ]


def test_a_rule_across_members_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def dials_itself(site: Site) -> Iterator[Finding]:
        value = site.value
        if isinstance(value, dict) and value.get("phoneNumber") == value.get("digits"):
            yield site.finding("DialsItself", "names the same number twice")

    row = ("Destination", "DialsItself", "A destination names a number once.", dials_itself)
    monkeypatch.setattr(rules, "MEMBER_RULES", (*rules.MEMBER_RULES, row))
    itself = {**REQUEST, "destination": {"phoneNumber": "15001", "digits": "15001"}}
    assert (found(REQUEST), found(itself)) == ([], [("$.destination", "DialsItself")])


def test_a_rule_over_the_text_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def long(document: Document) -> Iterator[Finding]:
        if len(document.text) > 50:
            yield Finding((), "long", "is long")

    monkeypatch.setattr(rules, "DOCUMENT_RULES", (("long", "A document is short.", long),))
    assert found(REQUEST) == [("$", "long")]


def test_a_payload_is_not_mistaken_for_a_record() -> None:
    (document,) = read("a.json", b'{"operationName": "Hold", "event": "run"}')
    assert isinstance(document, Document)


def test_every_rule_has_an_id_of_its_own_and_a_sentence() -> None:
    rows = [(id, text) for id, text, _ in rules.DOCUMENT_RULES] + [row[1:3] for row in rules.MEMBER_RULES]
    assert len(dict(rows)) == len(rows)
    assert [id for id, text in rows if not text.endswith(".")] == []


def test_a_format_is_a_row_and_its_documents_come_from_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    def lines(pieces: Iterable[bytes]) -> Iterator[Document | NotJson]:
        return (read_document(line.decode()) for line in b"".join(pieces).splitlines())

    monkeypatch.setitem(readers.READERS, ".lines", readers.Format(lines, limits.LINES))
    text = json.dumps(REQUEST).encode() + b"\n" + b'{"operationName": "Dail"}'
    tally = Tally()
    findings = findings_in(lambda most: [text[:30], text[30:]], "a.lines", SCHEMAS, "", tally)
    assert [(placed.finding.rule, placed.finding.suggestion) for placed in findings] == [
        ("unknown-operationName", "Dial")
    ]
    assert (tally.files, tally.messages) == (1, 1)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("stdin", readers.read_json),
        ("a.json", readers.read_json),
        ("A.JSON", readers.read_json),
        ("folder.txt/payload", readers.read_json),
        ("C:\\folder.txt\\payload", readers.read_json),
        (".json", readers.read_json),
        ("a.b.NdJson", readers.read_lines),
        ("a.jsonl", readers.read_lines),
        ("a.txt", readers.read_by_first_byte),
    ],
)
def test_the_ending_of_a_name_says_how_a_file_is_read_in_any_case(name: str, read: readers.Reader) -> None:
    assert readers.format_of(name).read is read


@pytest.mark.parametrize("name", ["a.har", "a.LOG", "a.json.gz", "a.yaml"])
def test_a_file_that_is_not_read_is_left_out_with_a_reason(name: str) -> None:
    with pytest.raises(readers.LeftOut, match="not read"):
        readers.format_of(name)


def read(name: str, data: bytes, size: int = 7) -> list[Document | NotJson]:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return list(readers.format_of(name).read(pieces))


@pytest.mark.parametrize("data", [b"2026-11-20 INFO x", b"<html>", b"", b" \n", b"\xef\xbb\xbfx"])
def test_a_file_of_unknown_kind_that_does_not_begin_like_json_is_left_out(data: bytes) -> None:
    if not data.strip():
        assert [type(found) for found in read("a.txt", data)] == [NotJson]
        return
    with pytest.raises(readers.LeftOut, match="does not begin like JSON"):
        read("a.txt", data)


def test_a_file_of_unknown_kind_that_begins_like_json_is_read() -> None:
    (document,) = read("body.txt", b'\xef\xbb\xbf \r\n {"a": 1}')
    assert isinstance(document, Document)
    assert document.value == {"a": 1}


def test_each_line_is_a_document_with_its_number_and_a_broken_one_does_not_hide_the_next() -> None:
    found = read("a.ndjson", b'\xef\xbb\xbf{"a": 1}\r\n\r\n{"b": \r\n[3]')
    assert [(item.line, getattr(item, "value", None)) for item in found] == [
        (1, {"a": 1}),
        (3, None),
        (4, [3]),
    ]
    assert [item.finding.message for item in found if isinstance(item, NotJson)] == [
        "ends too early, expected a value"
    ]


def test_a_line_beyond_the_bound_leaves_the_rest_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.LINE, "default", 10)
    lines = readers.read_lines([b"[1]\n[2", b"222222222", b"22]\n[3]\n"])
    assert getattr(next(lines), "value", None) == [1]
    with pytest.raises(readers.LeftOut, match="a line longer than"):
        next(lines)


def test_lines_beyond_the_bound_are_left_out_blank_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.LINE_COUNT, "default", 2)
    lines = readers.read_lines([b"[1]\n\n\n[2]\n"])
    assert getattr(next(lines), "value", None) == [1]
    with pytest.raises(readers.LeftOut, match="has more than 2 lines; split it"):
        next(lines)


def test_a_document_of_too_many_values_is_left_out_and_commas_in_strings_are_not_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits.VALUES, "default", 5)
    (document,) = read("a.json", b'["1,2,3,4,5", 2, {"a,[": 4}]')
    assert isinstance(document, Document)
    with pytest.raises(readers.LeftOut, match="more than 5 values; write one message per line"):
        read("a.json", b"[1, 2, 3, 4, 5]")
    with pytest.raises(readers.LeftOut, match="line 2 holds more than 5 values"):
        read("a.ndjson", b"[]\n[1, 2, 3, 4, 5]")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"log": {"version": "1.2", "entries": []}}, "is a HAR recording"),
        ({"format": "callproof.result/1", "run": {}}, "is a report of callproof"),
        ({"id": "t1", "ms": 0, "wall": "", "agent": "", "kind": "note", "body": {}}, "is a record"),
        (
            {"number": 1, "seconds": 0, "kind": "bayeux", "event": "sent", "channel": "/v2/me/calls"},
            "is a record",
        ),
        ({"event": "run", "base_url": "http://127.0.0.1:1/api/v2", "embedded": True}, "is a record"),
    ],
)
def test_json_that_is_no_payload_is_recognised_and_left_out(value: object, why: str) -> None:
    for name in ("a.json", "a.jsonl"):
        with pytest.raises(readers.LeftOut, match=why):
            read(name, json.dumps(value).encode())


def test_a_json_document_may_come_in_any_pieces() -> None:
    data = json.dumps(REQUEST).encode()
    (document,) = readers.format_of("a.json").read(data[at : at + 1] for at in range(len(data)))
    assert isinstance(document, Document)
    assert validate(document.value, SCHEMAS).findings == []
