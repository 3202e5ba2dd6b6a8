"""Played values, built by hand: one notification, one step, one scenario at a time; and examples of what the judge says of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import pytest

from callproof.catalogue.planning import Play, Round
from callproof.catalogue.scenario import (
    AnyStep,
    Ask,
    Claim,
    Hear,
    MayHear,
    Predicate,
    Reading,
    Scenario,
    Stimulus,
)
from callproof.json_values import Json
from callproof.judge.findings import About, Finding
from callproof.judge.legs import Leg, Legs
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedScenario, PlayedStep, Refusal, Reply, SessionHealth
from callproof.judge.predicates import Scope
from callproof.judge.sentences import Said, Sentence
from callproof.strict_yaml import Place

SCOPE = Scope(
    numbers={
        "alice": frozenset({"15000"}),
        "bob": frozenset({"15001", "+3115001"}),
        "carol": frozenset({"15002"}),
    }
)
#: Alice's leg A, which the scenario calls her talk.
TALK = Legs({("alice", "talk"): "A"}, frozenset({("alice", "A")}))
#: Where every step of these examples is written.
HERE = Place("x.yaml", 3)
HELD = Claim(("CLAIM-1",), (Predicate("call.state", "is", "Held"),), place=Place("x.yaml", 5))


@dataclass(frozen=True)
class Example:
    """What is judged, what must be found, and which sentences that shows."""

    promise: str
    found: Callable[[], Sequence[Finding]]
    expected: Sequence[Finding]
    says: tuple[Sentence, ...] = ()


def each_of(examples: Sequence[Example]) -> pytest.MarkDecorator:
    """One test for each example, by its promise."""
    return pytest.mark.parametrize(
        "example", [pytest.param(example, id=example.promise) for example in examples]
    )


def party(*numbers: str) -> list[Json]:
    return [{"phoneNumber": number, "digits": number} for number in numbers]


def notification(
    position: int,
    state: str = "Held",
    call_id: str = "A",
    agent: str = "alice",
    *,
    type_: str = "StatusChange",
    session: int = 1,
    **call: Json,
) -> Notification:
    """A notification about a call, shown by the transcript entry `a0` for Alice's first, and so on."""
    shown: dict[str, Json] = {"id": call_id, "state": state, **call}
    message: dict[str, Json] = {
        "channel": "/v2/me/calls",
        "data": {"messageType": "CallStateChangeMessage", "notificationType": type_, "call": shown},
    }
    return Notification(agent, position, message, session=session, evidence=f"{agent[0]}{position}")


def hear(state: str = "Held", call: str = "talk", agent: str = "alice", **more: object) -> Hear:
    more = {"proves": ("REQ-1",), "place": HERE, **more}
    return Hear(agent, call=call, state=state, **more)  # type: ignore[arg-type]  # the test names fields of Hear


def reading(
    text: str, *shows: Predicate, verdict: Literal["pass", "warn", "info"] = "pass", rule: str = ""
) -> Reading:
    """A reading that these expectations show, or that a rule of the judge accepts."""
    return Reading("a-reading", text, verdict, shows, rule)


def hold(**more: object) -> Ask:
    """Alice asks to hold her talk."""
    more = {"proves": ("REQ-1",), "place": HERE, **more}
    return Ask("alice", operation="Hold", on="talk", **more)  # type: ignore[arg-type]  # the test names fields of Ask


def reply(code: int = 0, *, status: int = 200, answered: bool = True, **value: Json) -> Reply:
    if not answered:
        return Reply(
            {"answered": False, **value}, answered=False, why="no answer within 10 s", evidence=("r0",)
        )
    body: dict[str, Json] = {"statusCode": code}
    return Reply({"answered": True, "status": status, "body": body, **value}, evidence=("r0", "r1"))


def played(
    stimulus: Stimulus | None = None,
    *,
    hears: Sequence[Hear] = (),
    may_hear: Sequence[MayHear] = (),
    given: str = "",
    answers: Sequence[Sequence[Notification]] = (),
    marks: int = 0,
    ends: int = 9,
    reply: Reply | None = None,
    legs: Legs = TALK,
    health: SessionHealth | None = None,
    blocked_by: str = "",
    refusal: Refusal = "",
    offered: bool | None = None,
    wrong_request: str = "",
    request_body: Json = None,
    answer_problems: tuple[str, ...] | None = None,
) -> PlayedStep:
    """A step as it was played; without `answers` nothing that was expected came."""
    agents = ("alice", "bob", "carol")
    return PlayedStep(
        Round(stimulus, tuple(hears), tuple(may_hear), given),
        marks=dict.fromkeys(agents, marks),
        ends=dict.fromkeys(agents, ends),
        reply=reply,
        answers=tuple(map(tuple, answers)) or ((),) * len(hears),
        legs=legs,
        sessions={} if health is None else {"alice": health},
        blocked_by=blocked_by,
        refusal=refusal,
        offered=offered,
        scope=SCOPE,
        wrong_request=wrong_request,
        request_body=request_body,
        answer_problems=answer_problems,
    )


def scenario(
    *log: Notification,
    steps: Sequence[PlayedStep] = (),
    written: Sequence[AnyStep] = (),
    legs: Legs = TALK,
    earlier: int = 0,
    teardown: int = 99,
    health: SessionHealth | None = None,
    sentinels: frozenset[str] = frozenset(),
    lost: frozenset[str] = frozenset(),
    known: frozenset[Leg] = frozenset(),
) -> PlayedScenario:
    """A scenario with these notifications; positions count within each agent's log."""
    agents = ("alice", "bob", "carol")
    return PlayedScenario(
        Play(Scenario("x", "A scenario", "initiate-conference", (), tuple(written)), (), (), ()),
        tuple(steps),
        {agent: tuple(each for each in log if each.agent == agent) for agent in agents},
        legs,
        SCOPE,
        dict.fromkeys(agents, earlier),
        dict.fromkeys(agents, teardown),
        {} if health is None else {"alice": health},
        sentinels,
        lost,
        known,
    )


def about(step: str = "", expected: str | None = None, *evidence: str, place: Place | None = None) -> About:
    """About a step that is written HERE; what is expected is its title when nothing else is said."""
    where = place or (HERE if step else Place("", 0))
    return About(step=step, expected=step if expected is None else expected, place=where, evidence=evidence)


def said(words: str) -> Said:
    return Said(words)
