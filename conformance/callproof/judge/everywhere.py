"""What must hold of every answer and every notification of a scenario: claims and schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, TypeAlias

from callproof.catalogue.scenario import Ask, Claim, Send, Unasked
from callproof.judge.claims import judge_claim, together
from callproof.judge.findings import About, Finding, met_unless
from callproof.judge.legs import scope_of
from callproof.judge.matching import in_words, surroundings
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedScenario, PlayedStep
from callproof.judge.sentences import NOTHING_SAID, Sentence, say

#: Returns what is wrong with a notification by its schema, one sentence for each problem.
Validate: TypeAlias = Callable[[Notification], Sequence[str]]


def judge_answers(steps: Sequence[PlayedStep], unasked: Unasked) -> Iterator[Finding]:
    """Judge claims about every API answer, and its schema: one finding for each requirement."""
    yield from together([finding for played in steps for finding in _judge_answer(played, unasked)])


def _judge_answer(played: PlayedStep, unasked: Unasked) -> Iterator[Finding]:
    step, reply = played.round.stimulus, played.answer
    if not isinstance(step, Ask | Send) or reply is None:
        return
    about = About(step="every answer", expected="", evidence=reply.evidence)
    for claim in unasked.answers:
        yield from judge_claim(claim, reply.value, played.scope, about, step.title)
    if played.answer_problems is not None:
        yield from against_schema("answer", unasked, played.answer_problems, step.title, about)


def against_schema(
    kind: Literal["answer", "notification"],
    unasked: Unasked,
    problems: Sequence[str],
    what: str,
    about: About,
) -> Iterator[Finding]:
    """Met without problems; otherwise unmet, with all of them."""
    text = say(Sentence.INVALID, what=what, problems="; ".join(problems)) if problems else NOTHING_SAID
    valid = replace(about, expected=f"the {kind} is valid against the contract")
    yield from met_unless(text, unasked.schema_of.get(kind, ()), valid, "schema")


def judge_notifications(scenario: PlayedScenario, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Judge claims about every notification of the scenario's own calls: one finding for each requirement, with all violations."""
    for claim in claims:
        found: list[Finding] = []
        for each in scenario.own_notifications:
            scope = scope_of(each.agent, scenario.legs, scenario.scope, each)
            about = About(expected=claim.in_words(), evidence=(each.evidence,))
            value = {**each.data, "channel": each.message.get("channel"), "envelope": dict(each.message)}
            around = partial(surroundings, each, scenario.log[each.agent])
            found.extend(judge_claim(claim, value, scope, about, in_words(each, scenario.legs), around))
        yield from together(found)


def judge_schemas(scenario: PlayedScenario, unasked: Unasked, validate: Validate) -> Iterator[Finding]:
    """Whether every notification of an own call, and every error notification, is valid against the contract."""
    found: list[Finding] = []
    for each in scenario.notifications:
        if each.message_type == "ErrorMessage" or scenario.legs.name_of(each.leg):
            about = About(step="every notification", expected="", evidence=(each.evidence,))
            what = in_words(each, scenario.legs)
            found.extend(against_schema("notification", unasked, validate(each), what, about))
    yield from together(found)
