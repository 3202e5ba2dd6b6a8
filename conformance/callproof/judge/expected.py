"""Did the required notifications arrive, and in the required order?

A missing notification counts against a server only if the session was demonstrably alive, unbroken and free of strangers' calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial

from callproof.catalogue.scenario import Ask, Hear, Order
from callproof.judge.claims import judge_claim
from callproof.judge.findings import About, Blocked, Code, Finding, blocked, met_unless, undecided
from callproof.judge.legs import scope_of
from callproof.judge.matching import identity_differences, in_words, nearest, surroundings
from callproof.judge.notification import Notification
from callproof.judge.played import HEALTHY, PlayedStep
from callproof.judge.sentences import NOTHING_SAID, Said, Sentence, say


def judge_expected(
    played: PlayedStep, log: Mapping[str, Sequence[Notification]], taken: Set[tuple[str, int]]
) -> Iterator[Finding]:
    """Judge which notifications followed this stimulus, and what they said.

    `taken` are the notifications that answered any expectation of the scenario; none of them is a late answer to another one.
    """
    cause = _cause(played)
    for hear, answers in zip(played.round.hears, played.answers, strict=True):
        about = About.of(hear)
        if cause:
            yield from blocked(cause, hear.cites, about)
        elif len(answers) < hear.least:
            yield from _missing(hear, played, log[hear.agent], taken, about)
        else:
            yield from _told(hear, played, log[hear.agent], answers, about)


def _told(
    hear: Hear, played: PlayedStep, log: Sequence[Notification], answers: Sequence[Notification], about: About
) -> Iterator[Finding]:
    heard = replace(about, evidence=tuple(each.evidence for each in answers))
    yield from met_unless(NOTHING_SAID, hear.proves, heard, "missing-event")
    for each in answers:
        scope = scope_of(hear.agent, played.legs, played.scope, each)
        what, shown = in_words(each, played.legs), replace(about, evidence=(each.evidence,))
        for claim in hear.claims:
            yield from judge_claim(claim, each.data, scope, shown, what, partial(surroundings, each, log))


def _cause(played: PlayedStep) -> str:
    """Why nothing could follow; empty if something could."""
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
    mark, end = played.marks[hear.agent], played.ends[hear.agent]
    near = nearest(hear, log[mark:end], played.legs, played.scope)
    shown = replace(about, evidence=played.evidence)
    code, doubt = _doubt(hear, played, [each for each in log[end:] if each.key not in taken])
    if doubt:
        yield from undecided(doubt, hear.proves, shown, code, near)
    else:
        yield from met_unless(
            say(Sentence.NOTHING_CAME, count=len(log[mark:end])), hear.proves, shown, code, near
        )
    for claim in hear.claims:
        yield from blocked(say(Sentence.DID_NOT_HAPPEN, step=hear.title), claim.proves, about)


def _doubt(hear: Hear, played: PlayedStep, later: Sequence[Notification]) -> tuple[Code, Said]:
    """Why a notification that did not arrive in time does not count against the server; no words if it does.

    A slow server is not a wrong one: time is reported, not judged.
    """
    leg = (hear.agent, played.legs.id_of(hear.agent, hear.call))
    for each in later:
        if each.call_id and each.leg == leg and not identity_differences(hear, each, played.scope):
            return "late", say(Sentence.CAME_LATE)
    return "missing-event", played.sessions.get(hear.agent, HEALTHY).doubt


def judge_order(order: Order, labelled: Mapping[str, Sequence[Notification]]) -> Iterator[Finding]:
    """Whether one notification came before the other, by their positions in the log of one session."""
    first, then = (next(iter(labelled.get(name, ())), None) for name in (order.first, order.then))
    if first is None or then is None:
        missing = order.then if first else order.first
        text = say(Sentence.LABEL_DID_NOT_HAPPEN, step=missing)
        for requirement in order.proves:
            yield Blocked(requirement=requirement, about=About.of(order), by=missing, message=text)
        return
    about = About.of(order, first.evidence, then.evidence)
    if first.session != then.session:
        yield from undecided(say(Sentence.RENEWED_IN_BETWEEN), order.proves, about)
        return
    wrong = say(Sentence.WRONG_ORDER, then=order.then, first=order.first)
    yield from met_unless(
        wrong if first.position > then.position else NOTHING_SAID, order.proves, about, "wrong-order"
    )
