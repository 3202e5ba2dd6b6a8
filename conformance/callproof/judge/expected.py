"""Did the notifications come that had to, and in the order that was promised?

What never came counts against a server only if its session was shown to be alive, unbroken and free of strangers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial

from callproof.catalogue.scenario import Ask, Hear, Order
from callproof.judge.claims import judge_claim
from callproof.judge.findings import About, Blocked, Code, Finding, Met, Undecided, Unmet
from callproof.judge.legs import scope_of
from callproof.judge.matching import identity_differences, in_words, nearest, surroundings
from callproof.judge.notification import Notification
from callproof.judge.played import HEALTHY, PlayedStep
from callproof.judge.sentences import Said, Sentence, say
from callproof.judge.steps import blocked


def judge_expected(
    played: PlayedStep,
    log: Mapping[str, Sequence[Notification]],
    taken: Set[tuple[str, int]] = frozenset(),
) -> Iterator[Finding]:
    """What had to be told after this stimulus, and what it had to say.

    `taken` are the notifications that answered any expectation of the scenario: none of them is a late answer to another.
    """
    cause = _cause(played)
    for hear, answers in zip(played.round.hears, played.answers, strict=True):
        about = About(step=hear.title, expected=hear.title, place=hear.place)
        if cause:
            yield from blocked(hear, about, cause)
        elif len(answers) < hear.least:
            yield from _missing(hear, played, log[hear.agent], taken, about)
        else:
            yield from _told(hear, played, log[hear.agent], answers, about)


def _told(
    hear: Hear,
    played: PlayedStep,
    log: Sequence[Notification],
    answers: Sequence[Notification],
    about: About,
) -> Iterator[Finding]:
    for requirement in hear.proves:
        evidence = tuple(each.evidence for each in answers)
        yield Met(requirement=requirement, about=replace(about, evidence=evidence))
    for each in answers:
        scope = scope_of(hear.agent, played.legs, played.scope, each)
        what, shown = in_words(each, played.legs), replace(about, evidence=(each.evidence,))
        for claim in hear.claims:
            yield from judge_claim(claim, each.data, scope, shown, what, partial(surroundings, each, log))


def _cause(played: PlayedStep) -> str:
    """Why nothing could be expected to follow; empty when it could."""
    step, reply = played.round.stimulus, played.reply
    if played.blocked_by or played.wrong_request:
        return played.blocked_by or played.wrong_request
    if isinstance(step, Ask) and reply is not None and not reply.answered:
        return say(Sentence.STEP_UNANSWERED, step=step.title, why=reply.why)
    if isinstance(step, Ask) and step.accepted and played.refusal:
        return say(Sentence.STEP_REFUSED, step=step.title, how=played.refusal)
    return ""


def _missing(
    hear: Hear, played: PlayedStep, log: Sequence[Notification], taken: Set[tuple[str, int]], about: About
) -> Iterator[Finding]:
    end = played.ends[hear.agent]
    came = log[played.marks[hear.agent] : end]
    near = nearest(hear, came, played.legs, played.scope)
    shown = replace(about, evidence=played.evidence)
    code, doubt = _doubt(hear, played, [each for each in log[end:] if each.key not in taken])
    text = say(Sentence.NOTHING_CAME, count=len(came))
    for requirement in hear.proves:
        if doubt:
            yield Undecided(requirement=requirement, about=shown, code=code, message=doubt, nearest=near)
        else:
            yield Unmet(requirement=requirement, about=shown, code=code, message=text, nearest=near)
    text = say(Sentence.DID_NOT_HAPPEN, step=hear.title)
    for requirement in (requirement for claim in hear.claims for requirement in claim.proves):
        yield Blocked(requirement=requirement, about=about, by=text, message=text)


def _doubt(hear: Hear, played: PlayedStep, later: Sequence[Notification]) -> tuple[Code, Said]:
    """Why what did not come in time is not held against the server; no words when it is.

    A slow server keeps its promises: time is reported, not judged.
    """
    leg = (hear.agent, played.legs.id_of(hear.agent, hear.call))
    for each in later:
        if each.call_id and each.leg == leg and not identity_differences(hear, each, played.scope):
            return "late", say(Sentence.CAME_LATE)
    return "missing-event", played.sessions.get(hear.agent, HEALTHY).doubt


def judge_order(order: Order, labelled: Mapping[str, Sequence[Notification]]) -> Iterator[Finding]:
    """The one before the other, by their places in the log of one session."""
    about = About(step=order.title, expected=order.title, place=order.place)
    first, then = labelled.get(order.first, ()), labelled.get(order.then, ())
    for requirement in order.proves:
        if not first or not then:
            missing = order.then if first else order.first
            text = say(Sentence.LABEL_DID_NOT_HAPPEN, step=missing)
            yield Blocked(requirement=requirement, about=about, by=missing, message=text)
            continue
        shown = replace(about, evidence=(first[0].evidence, then[0].evidence))
        if first[0].session != then[0].session:
            text = say(Sentence.RENEWED_IN_BETWEEN)
            yield Undecided(requirement=requirement, about=shown, message=text)
        elif first[0].position < then[0].position:
            yield Met(requirement=requirement, about=shown)
        else:
            text = say(Sentence.WRONG_ORDER, then=order.then, first=order.first)
            yield Unmet(requirement=requirement, about=shown, code="wrong-order", message=text)
