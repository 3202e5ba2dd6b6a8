"""What was read, compared with the last notification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callproof.catalogue.scenario import Agreement, Send
from callproof.json_values import Json
from callproof.judge.agreements import judge_agreements
from callproof.judge.findings import Blocked, Difference, Finding, Met, NearMiss, Unmet
from callproof.judge.legs import NO_LEGS, Leg, Legs
from callproof.judge.played import PlayedStep
from callproof.judge.sentences import Sentence
from conformance.tests.judge.building import (
    HERE,
    TALK,
    Example,
    about,
    each_of,
    hold,
    notification,
    played,
    reply,
    said,
)

TITLE = "alice sends GET /me/calls?fields=*: agrees with what was heard of talk"
HOLDING = hold(accepted=False, label="holding again")
REFUSED = {"holding again": played(HOLDING, marks=1, reply=reply(2), refusal="at once")}


def reading(state: str, before: str = "", call_id: str = "A", legs: Legs = TALK) -> PlayedStep:
    """Alice reads her calls when two notifications have come, and compares with the last, or with those `before` a step."""
    step = Send(
        "alice",
        path="/me/calls?fields=*",
        place=HERE,
        agrees=(Agreement("talk", ("state",), ("REQ-1",), before),),
    )
    body: dict[str, Json] = {"statusCode": 0, "calls": [{"id": call_id, "state": state}]}
    return played(step, marks=2, reply=reply(body=body), legs=legs)


def agreement(
    step: PlayedStep,
    *states: str,
    missed: frozenset[Leg] = frozenset(),
    named: Mapping[str, PlayedStep] | None = None,
) -> list[Finding]:
    log = [notification(position, state) for position, state in enumerate(states)]
    return list(judge_agreements(step, log, missed, named or {}))


def met(entry: str) -> list[Met]:
    return [Met(requirement="REQ-1", about=about(TITLE, None, "r0", "r1", entry))]


def unmet(entry: str, difference: Difference, words: str) -> list[Unmet]:
    return [
        Unmet(
            requirement="REQ-1",
            about=about(TITLE, None, "r0", "r1", entry),
            code="wrong-member",
            message=said(words),
            nearest=(NearMiss("r0", "what was read", (difference,)),),
        )
    ]


def blocked(words: str) -> list[Blocked]:
    return [Blocked(requirement="REQ-1", about=about(TITLE, None, "r0", "r1"), by=words, message=said(words))]


OLD = unmet("a1", Difference("state", "Established", "Held"), "state: expected Established, got Held")
CHANGED = unmet("a0", Difference("state", "Held", "Established"), "state: expected Held, got Established")

EXAMPLES = [
    Example(
        "what was read is what was last reported",
        lambda: agreement(reading("Established"), "Held", "Established"),
        met("a1"),
    ),
    Example(
        "what was read is older than what was last reported",
        lambda: agreement(reading("Held"), "Held", "Established"),
        OLD,
        says=(Sentence.DIFFERS,),
    ),
    Example(
        "what is reported after the reading does not count",
        lambda: agreement(reading("Held"), "Established", "Held", "Released"),
        met("a1"),
    ),
    Example(
        "a call that was reported is missing from what was read",
        lambda: agreement(reading("Held", call_id="B"), "Held"),
        unmet(
            "a0",
            Difference("calls", "a call with id A", "none"),
            "calls: expected a call with id A, got none",
        ),
        says=(Sentence.DIFFERS,),
    ),
    Example(
        "nothing can be compared with what was never reported",
        lambda: agreement(reading("Held")),
        blocked("no notification about talk arrived"),
        says=(Sentence.NOTHING_TOLD,),
    ),
    Example(
        "nothing can be compared with a call that has no id yet",
        lambda: agreement(reading("Held", legs=NO_LEGS), "Held"),
        blocked("no notification about talk arrived"),
        says=(Sentence.NOTHING_TOLD,),
    ),
    Example(
        "a call without an id is not the call that has none yet",
        lambda: list(
            judge_agreements(reading("Held", legs=NO_LEGS), [notification(0, call_id="")], frozenset(), {})
        ),
        blocked("no notification about talk arrived"),
        says=(Sentence.NOTHING_TOLD,),
    ),
    Example(
        "nothing can be compared with what was reported in part",
        lambda: agreement(reading("Held"), "Held", missed=frozenset({("alice", "talk")})),
        blocked("not every expected notification about talk arrived"),
        says=(Sentence.NOT_ALL_TOLD,),
    ),
    Example(
        "a refusal changed nothing",
        lambda: agreement(reading("Held", "holding again"), "Held", "Held", named=REFUSED),
        met("a0"),
    ),
    Example(
        "a refusal changed the call in silence",
        lambda: agreement(reading("Established", "holding again"), "Held", named=REFUSED),
        CHANGED,
        says=(Sentence.DIFFERS,),
    ),
    Example(
        "a refusal changed the call and reported it",
        lambda: agreement(reading("Established", "holding again"), "Held", "Established", named=REFUSED),
        CHANGED,
        says=(Sentence.DIFFERS,),
    ),
    *(
        Example(
            f"without a refusal nothing is said of what it left: it was {what}",
            lambda named=named: agreement(reading("Held", "holding again"), "Held", named=named),  # type: ignore[misc]  # mypy cannot infer a default's lambda
            blocked("holding again: was not sent, or not answered"),
            says=(Sentence.NOT_ASKED,),
        )
        for what, named in {
            "not played": {},
            "not answered": {"holding again": played(HOLDING, marks=1, reply=reply(answered=False))},
            "blocked": {"holding again": played(HOLDING, marks=1, blocked_by="another step")},
        }.items()
    ),
    Example(
        "what was accepted left nothing as it was",
        lambda: agreement(
            reading("Held", "holding again"),
            "Held",
            named={"holding again": played(HOLDING, marks=1, reply=reply(0))},
        ),
        blocked("holding again: was not refused"),
        says=(Sentence.NOT_REFUSED,),
    ),
    Example(
        "an answer that never came agrees with nothing",
        lambda: agreement(played(reading("Held").round.stimulus, reply=reply(answered=False)), "Held"),
        [],
    ),
    Example(
        "what happens by itself agrees with nothing",
        lambda: agreement(played(reply=reply()), "Held") + agreement(played(reading("Held").round.stimulus)),
        [],
    ),
    *(
        Example(
            f"a refusal is one {how}",
            lambda named=named: agreement(reading("Held", "holding again"), "Held", named=named),  # type: ignore[misc]  # mypy cannot infer a default's lambda
            met("a0"),
        )
        for how, named in {
            "by its statusCode alone": {"holding again": played(HOLDING, marks=1, reply=reply(2))},
            "by notification": {
                "holding again": played(HOLDING, marks=1, reply=reply(), refusal="by notification")
            },
        }.items()
    ),
    Example(
        "that there was no refusal is said before that nothing was reported",
        lambda: agreement(reading("Held", "holding again")),
        blocked("holding again: was not sent, or not answered"),
        says=(Sentence.NOT_ASKED,),
    ),
    Example(
        "a single call that was read is compared too",
        lambda: agreement(
            replace(reading("Held"), reply=reply(body={"call": {"id": "A", "state": "Held"}})), "Held"
        ),
        met("a0"),
    ),
    Example(
        "a step without agreements has none", lambda: agreement(played(hold(), reply=reply()), "Held"), []
    ),
]


@each_of(EXAMPLES)
def test_agreements(example: Example) -> None:
    assert example.found() == example.expected
