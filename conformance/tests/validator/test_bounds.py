"""What a payload may cost is bounded, whatever it holds, and ordinary traffic does not come near the bounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callproof import limits
from callproof.contract.bundles import load_contract
from callproof.redaction import Redactor
from callproof.validator.document import Document, decoded, read_document
from callproof.validator.elsewhere import MESSAGE_TYPES, OPERATIONS, TOPICS
from callproof.validator.finding import NOTE, Finding, errors, shown, written
from callproof.validator.folding import Folding, kind_of
from callproof.validator.guesses import Guesses
from callproof.validator.payload import judged, validate
from callproof.validator.rules import in_document
from callproof.validator.schemas import Schemas

CONTRACT = load_contract()
SCHEMAS = Schemas(CONTRACT.openapi, CONTRACT.asyncapi)
HELD = Path(__file__).parents[3] / "asyncapi" / "examples" / "InitiateConference" / "1-held.json"


def document(text: str) -> Document:
    return read_document(decoded(text.encode()))


def test_what_genesys_documents_elsewhere_is_not_described_here() -> None:
    """A row that the contract has come to describe is dead, and is taken out."""
    channels = {known.channel for known in SCHEMAS.notifications}
    words = {word for known in SCHEMAS.notifications for word in known.message_types}
    assert channels.isdisjoint(TOPICS)
    assert words.isdisjoint(MESSAGE_TYPES)
    assert SCHEMAS.operations.keys().isdisjoint(OPERATIONS)
    assert all([*TOPICS.values(), *MESSAGE_TYPES.values(), *OPERATIONS.values()])


@pytest.mark.parametrize(
    "message",
    [
        *({"channel": topic, "data": {"messageType": "x"}} for topic in TOPICS),
        *({"channel": topic, "successful": False, "error": "403::denied"} for topic in TOPICS),
        *({"messageType": word} for word in MESSAGE_TYPES),
        *({"operationName": word} for word in OPERATIONS),
    ],
)
def test_what_genesys_documents_elsewhere_is_a_note_and_never_wrong(message: dict[str, Any]) -> None:
    validated = validate(message, SCHEMAS)
    assert validated.subjects == []
    assert [(found.severity, found.rule, found.suggestion) for found in validated.findings] == [
        (NOTE, "not-judged", "")
    ]
    assert validated.not_judged == validated.findings
    assert errors(validated.findings) == []


def test_a_call_beside_other_topics_is_judged() -> None:
    held = json.loads(HELD.read_text(encoding="utf-8"))
    held["data"]["call"]["duration"] = 3
    validated = validate([held, {"channel": "/v2/me/chats", "data": {}}], SCHEMAS)
    assert [(found.where, found.rule) for found in validated.findings] == [
        ("$[0].data.call.duration", "type"),
        ("$[1].channel", "not-judged"),
    ]


def test_a_known_channel_does_not_become_another_topic() -> None:
    validated = validate(
        {"channel": "/v2/me/calls", "data": {"messageType": "ChatStateChangeMessage"}}, SCHEMAS
    )
    assert [found.rule for found in validated.findings] == ["unknown-messageType"]


def test_one_message_has_a_bounded_number_of_findings_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.FINDINGS, "default", 20)
    call = {"participants": [1] * 100}
    data = {"messageType": "CallStateChangeMessage", "notificationType": "StatusChange", "call": call}
    findings = validate({"channel": "/v2/me/calls", "data": data}, SCHEMAS).findings
    assert len(findings) == 21
    assert (findings[-1].severity, findings[-1].message) == (
        NOTE,
        "has 20 findings or more, and only these were looked at",
    )


def test_the_parts_of_a_batch_are_judged_one_after_the_other() -> None:
    parts = judged([{"statusCode": 0}, 1, {"statusCode": 0}], SCHEMAS, "", Guesses())
    assert next(parts)[1] == []
    assert [found.rule for found in next(parts)[1]] == ["unrecognised"]


def test_findings_are_alike_by_rule_schema_and_path_without_indexes() -> None:
    one = Finding(("a", 1, "b"), "type", "is 1", schema="S")
    assert kind_of(one) == kind_of(Finding(("a", 22, "b"), "type", "is 2", schema="S"))
    for other in (
        Finding(("a", 1, "c"), "type", "is 1", schema="S"),
        Finding(("a", 1, "b"), "enum", "is 1", schema="S"),
        Finding(("a", 1, "b"), "type", "is 1", schema="T"),
        Finding(("a", 1, "b"), "type", "is 1", schema="S", severity=NOTE),
    ):
        assert kind_of(one) != kind_of(other)


def test_the_first_of_a_kind_are_kept_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.ALIKE, "default", 2)
    folding = Folding(4)
    kept = [folding.keeps(Finding((number,), "type", "is 1")) for number in range(5)]
    assert kept == [True, True, False, False, False]
    assert folding.more(kind_of(Finding((9,), "type", ""))) == 3
    others = [folding.keeps(Finding((name,), "type", "is 1")) for name in "abc"]
    assert others == [True, True, False]


def test_guesses_are_remembered_and_their_budget_ends() -> None:
    guesses = Guesses(budget=5)
    known = ["phoneNumber", "digits"]
    for _ in range(100):
        assert guesses.closest("phoneNumer", known) == "phoneNumber"
    assert guesses.closest("digit", known) == "digits"
    assert not guesses.spent
    assert guesses.closest("fone", known) == ""
    assert guesses.spent
    assert guesses.closest("phoneNumer", known) == ""


def test_ordinary_traffic_spends_next_to_nothing_of_the_budget() -> None:
    held = json.loads(HELD.read_text(encoding="utf-8"))
    held["data"]["metrics"] = {}
    held["data"]["call"]["callType"] = "Intrnal"
    guesses = Guesses(budget=300)
    findings = [found for _ in range(50) for _, part in judged(held, SCHEMAS, "", guesses) for found in part]
    assert {found.suggestion for found in findings} == {"Internal"}
    assert not guesses.spent


def test_long_names_and_numbers_do_not_make_long_lines() -> None:
    in_a_line = Redactor().shown
    assert in_a_line(written(("a" * 1000, 3, "b"))) == '$["' + "a" * 60 + '…"][3].b'
    assert in_a_line(shown(10**2000)) == "1" + "0" * 59 + "… (2001 characters)"
    assert in_a_line(shown("x" * 1000)) == '"' + "x" * 60 + '…" (1000 characters)'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('["\\ud83d\\ude00", "\\\\ud83d", "\\u0041"]', []),
        ('["\\ud83d", "\\ude00\\ud83d"]', ["$[0]", "$[1]"]),
        ('{"\\uD800": {"x": "a\\udfffb"}}', ['$["\\ud800"]', '$["\\ud800"].x']),
        ('"\\ud800"', ["$"]),
    ],
)
def test_half_of_a_surrogate_pair_is_found_in_names_and_values(text: str, found: list[str]) -> None:
    assert [(item.rule, item.where) for item in in_document(document(text))] == [
        ("lone-surrogate", where) for where in found
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[1e308, -1.5E+300, 0.0000e999, 1e-999]", []),
        ("[1e309, -1e999999]", ["$[0]", "$[1]"]),
        (f'{{"a": {"9" * 400}, "b": "{"9" * 400}", "c": "1e999"}}', ["$.a"]),
    ],
)
def test_a_number_beyond_a_double_is_found(text: str, found: list[str]) -> None:
    assert [(item.rule, item.where) for item in in_document(document(text))] == [
        ("number-range", where) for where in found
    ]
