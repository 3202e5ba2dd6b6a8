"""A format, a rule over a document and a rule across members are one row each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest

from callproof.commands.check import Tally, findings_in
from callproof.contract.bundles import load_contract
from callproof.validator import readers, rules
from callproof.validator.document import Document, read_document
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
        for item in findings_in([data], "a.json", SCHEMAS, "", Tally())
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


def test_every_rule_has_an_id_of_its_own_and_a_sentence() -> None:
    rows = [(id, text) for id, text, _ in rules.DOCUMENT_RULES] + [row[1:3] for row in rules.MEMBER_RULES]
    assert len(dict(rows)) == len(rows)
    assert [id for id, text in rows if not text.endswith(".")] == []


def test_a_format_is_a_row_and_its_documents_come_from_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    def lines(pieces: Iterable[bytes]) -> Iterator[Document]:
        return (read_document(line) for line in b"".join(pieces).splitlines())

    monkeypatch.setitem(readers.READERS, ".lines", lines)
    text = json.dumps(REQUEST).encode() + b"\n" + b'{"operationName": "Dail"}'
    tally = Tally()
    findings = findings_in([text[:30], text[30:]], "a.lines", SCHEMAS, "", tally)
    assert [(placed.finding.rule, placed.finding.suggestion) for placed in findings] == [
        ("unknown-operationName", "Dial")
    ]
    assert (tally.files, tally.messages) == (1, 1)


def test_a_file_of_an_unknown_format_is_read_as_json() -> None:
    assert readers.reader_for("stdin") is readers.read_json


def test_a_json_document_may_come_in_any_pieces() -> None:
    data = json.dumps(REQUEST).encode()
    (document,) = readers.reader_for("a.json")(data[at : at + 1] for at in range(len(data)))
    assert validate(document.value, SCHEMAS).findings == []
