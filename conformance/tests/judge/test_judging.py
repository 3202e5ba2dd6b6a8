"""What was read, laid beside what was heard."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from callproof.catalogue.planning import Round
from callproof.catalogue.scenario import Agreement, Ask, Send
from callproof.json_values import Json
from callproof.judge.judging import judge_agreements
from callproof.judge.log import Heard
from callproof.judge.matching import Legs
from callproof.judge.played import Acted, Reply

TALK = Legs({("alice", "talk"): "A"}, frozenset({("alice", "A")}))
HELD_AGAIN = Ask("alice", operation="Hold", on="talk", accepted=False, label="holding again")


def heard(position: int, state: str) -> Heard:
    call: dict[str, Json] = {"id": "A", "state": state}
    return Heard(
        "alice", position, {"channel": "/v2/me/calls", "data": {"call": call}}, evidence=f"e{position}"
    )


def reading(state: str, before: str) -> Acted:
    """Alice reads her calls when two notifications have come, and compares with what she heard `before` a step."""
    step = Send(
        "alice",
        path="/me/calls?fields=*",
        agrees=(Agreement("talk", ("state",), ("OPS-REFUSAL-001",), before),),
    )
    body: Mapping[str, Json] = {"statusCode": 0, "calls": [{"id": "A", "state": state}]}
    return Acted(Round(step), {"alice": 2}, reply=Reply({"body": dict(body)}), legs=TALK)


def holding(code: int, *, answered: bool = True) -> Acted:
    """Alice asks to hold when one notification has come."""
    return Acted(Round(HELD_AGAIN), {"alice": 1}, reply=Reply({"body": {"statusCode": code}}, answered))


@pytest.mark.parametrize(
    ("told", "read", "before", "found"),
    [
        pytest.param("Established", "Established", "", "met", id="what was read is what was last heard"),
        pytest.param(
            "Established", "Held", "", "unmet", id="what was read is older than what was last heard"
        ),
        pytest.param("Held", "Held", "holding again", "met", id="a refusal changed nothing"),
        pytest.param(
            "Held", "Established", "holding again", "unmet", id="a refusal changed the call in silence"
        ),
        pytest.param(
            "Established",
            "Established",
            "holding again",
            "unmet",
            id="a refusal changed the call and told it",
        ),
    ],
)
def test_what_was_read_must_be_what_was_heard(told: str, read: str, before: str, found: str) -> None:
    log = [heard(0, "Held"), heard(1, told)]

    findings = list(judge_agreements(reading(read, before), log, named={"holding again": holding(2)}))

    assert [(finding.requirement, finding.outcome) for finding in findings] == [("OPS-REFUSAL-001", found)]


@pytest.mark.parametrize(
    ("named", "because"),
    [
        ({}, "holding again: was not asked, or not answered"),
        ({"holding again": holding(2, answered=False)}, "holding again: was not asked, or not answered"),
        ({"holding again": holding(0)}, "holding again: was not refused"),
    ],
)
def test_without_a_refusal_nothing_is_said_of_what_it_left(named: Mapping[str, Acted], because: str) -> None:
    log = [heard(0, "Held"), heard(1, "Established")]

    findings = list(judge_agreements(reading("Established", "holding again"), log, named=named))

    assert [(finding.outcome, finding.blocked_by) for finding in findings] == [("blocked", because)]
