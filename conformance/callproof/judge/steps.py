"""Judges a request by its answer, and whether an offered operation is accepted.

A refusal for the wrong reason proves nothing; a step that could not run is blocked and names the cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from callproof.catalogue.scenario import Ask, Claim, Stimulus
from callproof.judge.claims import judge_claim
from callproof.judge.findings import (
    About,
    Finding,
    Met,
    NotApplicable,
    SuiteError,
    blocked,
    met_by,
    met_unless,
    undecided,
)
from callproof.judge.legs import scope_of
from callproof.judge.played import HEALTHY, PlayedStep, Reply
from callproof.judge.sentences import NOTHING_SAID, Said, Sentence, passed_on, say


def judge_stimulus(played: PlayedStep, twin_succeeded: bool | None) -> Iterator[Finding]:
    """Judge a request by its answer. `twin_succeeded` is None for a request without a twin."""
    step, reply = played.round.stimulus, played.reply
    if step is None:
        return
    about = About.of(step, *played.evidence)
    if played.blocked_by or reply is None:
        yield from blocked(played.blocked_by, step.cites, about)
    elif played.wrong_request:
        text = passed_on(played.wrong_request)
        for requirement in step.cites:
            yield SuiteError(requirement=requirement, about=about, code="schema", message=text)
    elif not reply.answered:
        yield from _unanswered(step, played, reply, about)
    else:
        for finding in _judge_answered(step, played, reply, about):
            if twin_succeeded is False and isinstance(finding, Met):
                yield from undecided(say(Sentence.TWIN_FAILED), [finding.requirement], finding.about)
            else:
                yield finding


def _judge_answered(step: Stimulus, played: PlayedStep, reply: Reply, about: About) -> Iterator[Finding]:
    if isinstance(step, Ask):
        yield from _judge_ask(step, played, reply, about)
    scope = scope_of(step.agent, played.legs, played.scope)
    for claim in step.claims:
        if played.refusal in ("", "at once"):
            yield from judge_claim(claim, reply.value, scope, about)
            continue
        for requirement in claim.proves:
            text = say(Sentence.NO_REFUSING_ANSWER, how=played.refusal)
            yield NotApplicable(requirement=requirement, about=about, message=text)


def _judge_ask(step: Ask, played: PlayedStep, reply: Reply, about: About) -> Iterator[Finding]:
    """Whether an operation was accepted or refused as required."""
    about = replace(about, expected=f"{step.title}: is {'accepted' if step.accepted else 'refused'}")
    if step.accepted or played.refusal == "at once":
        is_wrong = step.accepted and played.refusal
        text = _refused(played, reply) if is_wrong else NOTHING_SAID
        yield from met_unless(text, step.proves, about, "refused-but-should-accept")
    else:
        for requirement in step.proves:
            yield from _not_refused_at_once(requirement, step, played, about)


def _refused(played: PlayedStep, reply: Reply) -> Said:
    if reply.unreadable and reply.status_code is None:
        return say(Sentence.UNREADABLE, what=reply.unreadable)
    return say(Sentence.REFUSED, how=played.refusal, code=reply.status_code)


def _not_refused_at_once(requirement: str, step: Ask, played: PlayedStep, about: About) -> Iterator[Finding]:
    """A refusal may come later if the requirement accepts that; silence is a failure."""
    doubt = played.sessions.get(step.agent, HEALTHY).doubt
    if reading := step.by_rule.get((requirement, f"refused {played.refusal}")):
        yield from met_by(reading, [requirement], about)
    elif doubt and not played.refusal:
        yield from undecided(doubt, [requirement], about, "accepted-but-should-refuse")
    else:
        late = Sentence.TAKEN_BACK if played.refusal else Sentence.NOT_TAKEN_BACK
        text = say(late, how=played.refusal)
        yield from met_unless(text, [requirement], about, "accepted-but-should-refuse")


def _unanswered(step: Stimulus, played: PlayedStep, reply: Reply, about: About) -> Iterator[Finding]:
    """A missing answer decides nothing, except claims about answering in time, and only if the request timed out."""
    timed_out, why = reply.value.get("reason") == "timed out", passed_on(reply.why)
    scope = scope_of(step.agent, played.legs, played.scope)
    yield from undecided(why, step.proves, about)
    for claim in step.claims:
        if timed_out and _is_about_time(claim):
            yield from judge_claim(claim, reply.value, scope, about, why)
        else:
            yield from undecided(why, claim.proves, about)
    for agreement in getattr(step, "agrees", ()):
        yield from undecided(why, agreement.proves, about)


def _is_about_time(claim: Claim) -> bool:
    return any(predicate.path in ("answered", "elapsed") for predicate in claim.predicates)


def judge_offer(played: PlayedStep, proves: Sequence[str]) -> Iterator[Finding]:
    """Whether a call accepts a valid request for an operation that it offered."""
    step, reply = played.round.stimulus, played.answer
    if not isinstance(step, Ask) or step.wrong or not played.offered or reply is None:
        return
    title = f"{step.title}, which was offered: is accepted"
    about = About(step=title, expected=title, place=step.place, evidence=reply.evidence)
    text = say(Sentence.OFFERED_THEN_REFUSED, code=reply.status_code)
    wrong = text if played.refusal == "at once" else NOTHING_SAID
    yield from met_unless(wrong, proves, about, "refused-but-should-accept")


def successes(steps: Sequence[PlayedStep]) -> dict[str, bool]:
    """Whether each named request did what a twin must: it was accepted, or the answer met its claims."""
    requests = [(played, played.round.stimulus) for played in steps]
    return {
        step.label: played.answer is not None and _succeeded(step, played)
        for played, step in requests
        if step and step.label
    }


def _succeeded(step: Stimulus, played: PlayedStep) -> bool:
    if isinstance(step, Ask):
        return not played.refusal
    return all(isinstance(finding, Met | NotApplicable) for finding in judge_stimulus(played, None))
