"""What must hold along each leg, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callproof.catalogue.scenario import LegRule
from callproof.judge.along_legs import judge_legs
from callproof.judge.findings import AcceptedReading, Code, Finding, Met, Unmet
from callproof.judge.legs import Legs
from callproof.judge.notification import Notification
from callproof.judge.sentences import Sentence
from conformance.tests.judge.building import (
    HERE,
    TALK,
    Example,
    about,
    each_of,
    notification,
    party,
    reading,
    said,
    scenario,
)

NEVER_FALLS = LegRule("never falls", "duration", ("LEG-1",), HERE)
IS_LAST = LegRule("is last", "Released", ("LEG-1",), HERE)
GOES = LegRule("goes", "", ("LEG-1",), HERE, through={"Dialing": ("Established",), "Released": ()})
NEW_STATE_BY = LegRule("new state by", "StatusChange", ("LEG-1",), HERE)
IDENTIFIES = LegRule("identifies", "connId", ("LEG-1",), HERE)
TWO_LEGS = Legs({**TALK.named, ("bob", "talk"): "B"}, TALK.own | {("bob", "B")})
OURS = party("15001")
BOTH = reading("both at once", rule="new state with new participants")
WITH_PARTICIPANTS = replace(NEW_STATE_BY, by_rule={("LEG-1", BOTH.rule): BOTH})
STATE_AND_PARTICIPANTS = (
    notification(0, "Established"),
    notification(1, type_="ParticipantsUpdated", participants=OURS),
)


def legs(rule: LegRule, *log: Notification, **more: Any) -> list[Finding]:
    return list(judge_legs(scenario(*log, **more), [rule]))


def seen(rule: LegRule, *evidence: str, expected: str = "") -> Met:
    what = expected or f"talk, as alice hears of it: {rule.in_words()}"
    return Met(requirement="LEG-1", about=about("", what, *evidence, place=HERE))


def violated(
    rule: LegRule, words: str, *evidence: str, code: Code = "wrong-member", expected: str = ""
) -> Unmet:
    shown = seen(rule, *evidence, expected=expected).about
    return Unmet(requirement="LEG-1", about=shown, code=code, message=said(words))


SAID_OF_LEG = (Sentence.OF_LEG, Sentence.MEMBER_CHANGED)

EXAMPLES = [
    Example("a leg that was never reported shows nothing", lambda: legs(NEVER_FALLS), []),
    Example(
        "a leg of an earlier scenario shows nothing",
        lambda: legs(NEVER_FALLS, notification(0, duration="1"), known=TALK.own),
        [],
    ),
    Example(
        "a number that grows is met; one that is not a number is another rule's matter",
        lambda: legs(
            NEVER_FALLS,
            notification(0, duration="9"),
            notification(1, duration="x"),
            notification(2, duration="9"),
        ),
        [seen(NEVER_FALLS, "a0", "a2")],
    ),
    Example(
        "a number that falls is a violation",
        lambda: legs(NEVER_FALLS, notification(0, duration="10"), notification(1, duration="9")),
        [violated(NEVER_FALLS, "alice, talk: duration was 10, then 9", "a0", "a1")],
        says=SAID_OF_LEG,
    ),
    Example(
        "what is last stays last, however often it is reported",
        lambda: legs(IS_LAST, notification(0), notification(1, "Released"), notification(2, "Released")),
        [seen(IS_LAST, "a0", "a1", "a2")],
    ),
    Example(
        "a leg that never ends has nothing after its end",
        lambda: legs(IS_LAST, notification(0)),
        [seen(IS_LAST, "a0")],
    ),
    Example(
        "what comes after the end is a violation",
        lambda: legs(IS_LAST, notification(0, "Released"), notification(1)),
        [violated(IS_LAST, "alice, talk: Released, then Held", "a0", "a1", code="wrong-order")],
        says=(Sentence.OF_LEG, Sentence.STATE_AFTER),
    ),
    Example(
        "a state that may follow is met, and so is one that nothing is said of",
        lambda: legs(
            GOES,
            notification(0, "Dialing"),
            notification(1, "Dialing"),
            notification(2, "Established"),
            notification(3),
        ),
        [seen(GOES, "a0", "a1", "a2", "a3")],
    ),
    Example(
        "a state that may not follow is a violation",
        lambda: legs(GOES, notification(0, "Dialing"), notification(1)),
        [violated(GOES, "alice, talk: Dialing, then Held", "a0", "a1", code="wrong-order")],
        says=(Sentence.OF_LEG, Sentence.STATE_AFTER),
    ),
    Example(
        "a new state by its own notification is met, and nothing else is asked of what tells no new state",
        lambda: legs(
            NEW_STATE_BY,
            notification(0, "Established"),
            notification(1, participants=OURS),
            notification(2, type_="AttachedDataChanged", participants=OURS),
        ),
        [seen(NEW_STATE_BY, "a0", "a1", "a2")],
    ),
    Example(
        "a new state with new participants is met by either word where the requirement accepts that",
        lambda: legs(WITH_PARTICIPANTS, *STATE_AND_PARTICIPANTS),
        [replace(seen(NEW_STATE_BY, "a1"), reading=AcceptedReading(because="both at once", verdict="pass"))],
    ),
    Example(
        "a new state with new participants is reported by its own notification where no reading accepts another",
        lambda: legs(NEW_STATE_BY, *STATE_AND_PARTICIPANTS),
        [violated(NEW_STATE_BY, "alice, talk: Held was announced by ParticipantsUpdated", "a1")],
        says=(Sentence.OF_LEG, Sentence.ANNOUNCED_BY),
    ),
    Example(
        "a new state by another notification is a violation whatever the requirement accepts of new participants",
        lambda: legs(
            WITH_PARTICIPANTS,
            *STATE_AND_PARTICIPANTS,
            notification(2, "Released", type_="ParticipantsUpdated", participants=OURS),
        ),
        [violated(NEW_STATE_BY, "alice, talk: Released was announced by ParticipantsUpdated", "a2")],
        says=(Sentence.OF_LEG, Sentence.ANNOUNCED_BY),
    ),
    Example(
        "a new state by another notification is a violation",
        lambda: legs(
            NEW_STATE_BY, notification(0, "Established"), notification(1, type_="ParticipantsUpdated")
        ),
        [violated(NEW_STATE_BY, "alice, talk: Held was announced by ParticipantsUpdated", "a1")],
        says=(Sentence.OF_LEG, Sentence.ANNOUNCED_BY),
    ),
    Example(
        "a first state by a notification without a type is a violation",
        lambda: legs(NEW_STATE_BY, notification(0, type_="")),
        [violated(NEW_STATE_BY, "alice, talk: Held was announced by nothing", "a0")],
        says=(Sentence.OF_LEG, Sentence.ANNOUNCED_BY),
    ),
    Example(
        "violations of two legs are one finding, and a leg without a name goes by its id",
        lambda: legs(
            IS_LAST,
            notification(0, "Released", "Z"),
            notification(1, "Held", "Z"),
            notification(0, "Released", "B", "bob"),
            notification(1, "Held", "B", "bob"),
            legs=TWO_LEGS.attribute(frozenset({("alice", "Z")})),
        ),
        [
            violated(
                IS_LAST,
                "alice, the call Z: Released, then Held; bob, talk: Released, then Held",
                "a0",
                "a1",
                "b0",
                "b1",
                code="wrong-order",
                expected="the call Z, as alice hears of it: Released is last",
            )
        ],
        says=(Sentence.OF_LEG, Sentence.STATE_AFTER),
    ),
    Example(
        "one mark with one id is one call",
        lambda: legs(
            IDENTIFIES,
            notification(0, connId="x", participants=OURS),
            notification(1, connId="x", participants=OURS),
            notification(2, connId="y", participants=OURS, call_id="Z"),
        ),
        [seen(IDENTIFIES, "a0", "a2", expected="a call keeps its id")],
    ),
    Example(
        "one mark with two ids is a violation",
        lambda: legs(
            IDENTIFIES,
            notification(0, connId="x", participants=OURS),
            notification(1, connId="x", participants=OURS, call_id="Z"),
        ),
        [violated(IDENTIFIES, "alice: id was A, then Z", "a0", "a1", expected="a call keeps its id")],
        says=(Sentence.OF_AGENT, Sentence.ID_CHANGED),
    ),
    Example(
        "a mark on a stranger's call says nothing",
        lambda: legs(IDENTIFIES, notification(0, connId="x", participants=party("0031000"))),
        [],
    ),
    Example(
        "a rule without marks says nothing", lambda: legs(IDENTIFIES, notification(0, participants=OURS)), []
    ),
]


@each_of(EXAMPLES)
def test_along_legs(example: Example) -> None:
    assert example.found() == example.expected
