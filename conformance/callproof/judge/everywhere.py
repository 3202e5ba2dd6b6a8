"""What must hold of every answer and every notification of a scenario, unasked: claims and schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from callproof.catalogue.scenario import Ask, Claim, Send, Unasked
from callproof.judge.claims import judge_claim, together
from callproof.judge.findings import About, Finding, Met, Unmet
from callproof.judge.legs import scope_of
from callproof.judge.matching import in_words, surroundings
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedScenario, PlayedStep
from callproof.judge.sentences import Said, Sentence, say

#: What is wrong with a notification by the one schema that it falls under, one sentence each.
Validate: TypeAlias = Callable[[Notification], Sequence[str]]


def judge_answers(steps: Sequence[PlayedStep], unasked: Unasked) -> Iterator[Finding]:
    """Claims about every answer of the API, and its schema: one finding for each requirement."""
    yield from together([finding for played in steps for finding in _judge_answer(played, unasked)])


def _judge_answer(played: PlayedStep, unasked: Unasked) -> Iterator[Finding]:
    step, reply = played.round.stimulus, played.answer
    if not isinstance(step, Ask | Send) or reply is None:
        return
    about = About(step="every answer", expected="", evidence=reply.evidence)
    for claim in unasked.answers:
        yield from judge_claim(claim, reply.value, played.scope, about, step.title)
    if played.answer_problems is not None:
        proves, problems = unasked.schema_of.get("answer", ()), played.answer_problems
        yield from against_schema(proves, problems, step.title, answer_is_valid(about))


def answer_is_valid(about: About) -> About:
    """The same about the schema of an answer."""
    return replace(about, expected="the answer is valid against the contract")


def against_schema(
    proves: Sequence[str], problems: Sequence[str], what: str, about: About
) -> Iterator[Finding]:
    """Met without a problem, and unmet with all of them."""
    text = say(Sentence.INVALID, what=what, problems="; ".join(problems))
    for requirement in proves:
        if problems:
            yield Unmet(requirement=requirement, about=about, code="schema", message=text)
        else:
            yield Met(requirement=requirement, about=about)


def judge_notifications(scenario: PlayedScenario, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Claims about every notification of the scenario's own calls: one finding for each requirement, all violations in it."""
    for claim in claims:
        found: list[Finding] = []
        for each in scenario.own_notifications:
            scope = scope_of(each.agent, scenario.legs, scenario.scope, each)
            about = About(expected=claim.in_words(), evidence=(each.evidence,))
            value = {**each.data, "channel": each.message.get("channel"), "envelope": dict(each.message)}
            around = partial(surroundings, each, scenario.log[each.agent])
            found.extend(judge_claim(claim, value, scope, about, _in_words(each, scenario), around))
        yield from together(found)


def judge_schemas(scenario: PlayedScenario, proves: Sequence[str], validate: Validate) -> Iterator[Finding]:
    """Every notification of an own call, and every error notification, is valid against the contract."""
    found: list[Finding] = []
    for each in scenario.notifications:
        if each.message_type == "ErrorMessage" or scenario.legs.name_of(each.leg):
            expected = "the notification is valid against the contract"
            about = About(step="every notification", expected=expected, evidence=(each.evidence,))
            found.extend(against_schema(proves, validate(each), _in_words(each, scenario), about))
    yield from together(found)


def _in_words(notification: Notification, scenario: PlayedScenario) -> Said:
    return in_words(notification, scenario.legs)
