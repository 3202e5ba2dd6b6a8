"""Sentences are listed and judged by what binds a server; rows of the call model by what becomes possible and what follows."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.tests.contract_diff.small import openapi, told

FILE = "openapi/operations/Hold.yaml"
SENTENCE = {"id": "holds", "text": "The call is held.", "basis": "stated", "source": "CallsHold"}
READ = "read both: a machine cannot tell whether the meaning changed"
RISES = ("may break servers", "a server must now keep it")
FALLS = ("may break clients", "no client may rely on it any more")


def half(*sentences: dict[str, Any], file: str = FILE, schema: str = "Hold") -> dict[str, Any]:
    return openapi({}, schemas={schema: {"x-file": file, "x-behaviour": [*sentences]}})


def rule(level: str) -> dict[str, Any]:
    return openapi({}, **{"x-file": FILE, "x-bayeux": {"rules": [{**SENTENCE, "level": level}]}})


INFERRED = {**SENTENCE, "basis": "inferred"}
SENTENCES: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]] = [
    (half(), half(SENTENCE), [(RISES[0], f'sentence added: "The call is held.": {RISES[1]}')]),
    (half(SENTENCE), half(), [(FALLS[0], f'sentence removed: "The call is held.": {FALLS[1]}')]),
    (half(), half(INFERRED), [("documents only", 'sentence added: "The call is held."')]),
    (half(INFERRED), half(), [("documents only", 'sentence removed: "The call is held."')]),
    (half(INFERRED), half(SENTENCE), [(RISES[0], f"basis inferred -> stated: {RISES[1]}")]),
    (half(SENTENCE), half(INFERRED), [(FALLS[0], f"basis stated -> inferred: {FALLS[1]}")]),
    (half(SENTENCE), half({**SENTENCE, "basis": "sample"}), [("documents only", "basis stated -> sample")]),
    (rule("SHOULD"), rule("MUST"), [(RISES[0], f"level SHOULD -> MUST: {RISES[1]}")]),
    (rule("MUST"), rule("MAY"), [(FALLS[0], f"level MUST -> MAY: {FALLS[1]}")]),
    (rule("MAY"), rule("SHOULD"), [("documents only", "level MAY -> SHOULD")]),
    (half(SENTENCE), half({**SENTENCE, "source": "CallsHold, HTCC 8.5.2"}), [("documents only", "source changed")]),
    (half(SENTENCE), half({**SENTENCE, "text": "The leg is held."}), [
        ("documents only", f'sentence reworded: "The call is held." -> "The leg is held.": {READ}')]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changes"), SENTENCES)
def test_what_a_sentence_binds_decides_whom_its_change_may_break(
    old: dict[str, Any], new: dict[str, Any], changes: list[tuple[str, str]]
) -> None:
    assert told("openapi", old, new) == [(effect, f"{FILE}#holds", words) for effect, words in changes]


def test_a_sentence_that_only_moved_changed_nothing() -> None:
    assert told(
        "openapi", half(SENTENCE), half(SENTENCE, file="openapi/operations/Park.yaml", schema="Park")
    ) == [("documents only", "openapi/operations/Park.yaml#holds", f"moved from {FILE}#holds")]


def test_sentences_are_found_again_in_bundles_that_do_not_name_files() -> None:
    """The bundles of 0.1.0 say of no sentence in which file it stands."""
    old = half(SENTENCE)
    del old["components"]["schemas"]["Hold"]["x-file"]
    assert told("openapi", old, half(SENTENCE)) == []


# rows ------------------------------------------------------------------------------------------------------------------

HOLD = {"id": "hold", "operation": "Hold", "in": ["Established"], "becomes": "Held", "basis": "stated", "source": "CallsHold"}  # fmt: skip
PLACE = "call model, Hold, row hold"
MORE = "the operation is possible in more situations: a server must now accept it there"
FEWER = "the operation is possible in fewer situations: a client that relies on it is refused"
FOLLOWS = "what follows is different: a server must do it, and a client meets it"


def row(**members: Any) -> dict[str, Any]:
    return {**HOLD, **members}


ROWS: list[tuple[list[dict[str, Any]], list[dict[str, Any]], list[tuple[str, str]]]] = [
    ([], [row()], [("breaks servers", "row added: a server must now offer and accept it")]),
    ([], [row(basis="inferred")], [("may break servers", "row added: a server must now offer and accept it")]),
    ([], [row(needs="mute")], [("widens", "row added: a server may offer it and need not")]),
    ([], [row(offered=False)], [("widens", "row added: a server may offer it and need not")]),
    ([row()], [], [("breaks clients", "row removed: a client that does it is now refused")]),
    ([row()], [row(**{"in": ["Established", "Dialing"]})], [
        ("breaks servers", f"in [Established] -> [Established, Dialing]: {MORE}")]),
    ([row(**{"in": ["Established", "Dialing"]})], [row()], [
        ("breaks clients", f"in [Established, Dialing] -> [Established]: {FEWER}")]),
    ([row()], [row(**{"in": ["Dialing"]})], [
        ("breaks clients", f"in [Established] -> [Dialing]: {FEWER}"), ("breaks servers", f"in [Established] -> [Dialing]: {MORE}")]),
    ([row()], [row(monitoring=["none"])], [("breaks clients", f"monitoring (any) -> [none]: {FEWER}")]),
    ([row(of=["consult"])], [row()], [("breaks servers", f"of [consult] -> (any): {MORE}")]),
    ([row()], [row(becomes="Parked")], [("breaks clients and servers", f"becomes Held -> Parked: {FOLLOWS}")]),
    ([row()], [row(becomes="Parked", basis="inferred")], [
        ("may break clients and servers", f"becomes Held -> Parked: {FOLLOWS}"), ("documents only", "basis changed")]),
    ([row()], [row(source="CallsHold, HTCC 8.5.2")], [("documents only", "source changed")]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changes"), ROWS)
def test_a_row_breaks_whoever_relied_on_it_or_must_now_keep_it(
    old: list[dict[str, Any]], new: list[dict[str, Any]], changes: list[tuple[str, str]]
) -> None:
    before, now = ({"operations": rows, "network": []} for rows in (old, new))
    assert told("call_model", before, now) == [(effect, PLACE, words) for effect, words in changes]


def test_events_of_the_network_and_effects_are_listed_too() -> None:
    rings = {"id": "rings", "event": "rings", "basis": "stated"}
    old = {"operations": [], "network": [], "effects": {"holds": {"text": "One is held."}}}
    new = {"operations": [], "network": [rings], "effects": {"holds": {"text": "It is held."}}}
    assert told("call_model", old, new) == [
        (
            "may break clients",
            "call model, rings, row rings",
            "row added: a client may now be notified of it",
        ),
        ("documents only", "call model, effect holds", f'reworded: "One is held." -> "It is held.": {READ}'),
    ]
