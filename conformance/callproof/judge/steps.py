"""What a request and its answer show, and whether what was offered is accepted.

What was refused for the wrong reason proves nothing; what could not run is blocked and names its cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from callproof.catalogue.scenario import Ask, Claim, Hear, Stimulus
from callproof.judge.claims import judge_claim
from callproof.judge.findings import (
    About,
    AcceptedReading,
    Blocked,
    Code,
    Finding,
    Met,
    NotApplicable,
    SuiteError,
    Undecided,
    Unmet,
)
from callproof.judge.legs import scope_of
from callproof.judge.played import HEALTHY, PlayedStep, Reply
from callproof.judge.sentences import Sentence, passed_on, say


def judge_stimulus(played: PlayedStep, twin_succeeded: bool | None) -> Iterator[Finding]:
    """What a request and its answer show. `twin_succeeded` is None for a request that has no twin."""
    step, reply = played.round.stimulus, played.reply
    if step is None:
        return
    about = About(step=step.title, expected=step.title, place=step.place, evidence=played.evidence)
    if played.blocked_by or reply is None:
        yield from blocked(step, about, played.blocked_by)
    elif played.wrong_request:
        text = passed_on(played.wrong_request)
        for requirement in cited(step):
            yield SuiteError(requirement=requirement, about=about, code="schema", message=text)
    elif not reply.answered:
        yield from _unanswered(step, played, reply, about)
    else:
        for finding in _judge_answered(step, played, reply, about):
            if twin_succeeded is False and isinstance(finding, Met):
                text = say(Sentence.TWIN_FAILED)
                yield Undecided(requirement=finding.requirement, about=finding.about, message=text)
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
    """Whether an operation was accepted or refused as it had to be."""
    about = replace(about, expected=f"{step.title}: is {'accepted' if step.accepted else 'refused'}")
    for requirement in step.proves:
        if step.accepted and played.refusal:
            text = say(Sentence.REFUSED, how=played.refusal, code=reply.status_code)
            yield Unmet(requirement=requirement, about=about, code="refused-but-should-accept", message=text)
        elif step.accepted or played.refusal == "at once":
            yield Met(requirement=requirement, about=about)
        else:
            yield _not_refused_at_once(requirement, step, played, about)


def _not_refused_at_once(requirement: str, step: Ask, played: PlayedStep, about: About) -> Finding:
    """A refusal may come later where the requirement accepts that; silence is the failure."""
    code: Code = "accepted-but-should-refuse"
    reading = step.by_rule.get((requirement, f"refused {played.refusal}"))
    if reading:
        return Met(requirement=requirement, about=about, reading=AcceptedReading.of(reading))
    if played.refusal:
        text = say(Sentence.TAKEN_BACK, how=played.refusal)
        return Unmet(requirement=requirement, about=about, code=code, message=text)
    if doubt := played.sessions.get(step.agent, HEALTHY).doubt:
        return Undecided(requirement=requirement, about=about, code=code, message=doubt)
    return Unmet(requirement=requirement, about=about, code=code, message=say(Sentence.NOT_TAKEN_BACK))


def _unanswered(step: Stimulus, played: PlayedStep, reply: Reply, about: About) -> Iterator[Finding]:
    """No answer decides nothing, except for claims about being answered in time, and only where the server let the time pass."""
    timed_out = reply.value.get("reason") == "timed out"
    scope = scope_of(step.agent, played.legs, played.scope)
    undecided = partial(Undecided, about=about, message=passed_on(reply.why))
    for requirement in step.proves:
        yield undecided(requirement=requirement)
    for claim in step.claims:
        if timed_out and _is_about_time(claim):
            yield from judge_claim(claim, reply.value, scope, about, reply.why)
        else:
            yield from (undecided(requirement=requirement) for requirement in claim.proves)
    for agreement in getattr(step, "agrees", ()):
        yield from (undecided(requirement=requirement) for requirement in agreement.proves)


def _is_about_time(claim: Claim) -> bool:
    return any(predicate.path in ("answered", "elapsed") for predicate in claim.predicates)


def blocked(step: Stimulus | Hear, about: About, by: str) -> Iterator[Finding]:
    """Everything that the step proves, blocked by the same cause."""
    for requirement in cited(step):
        yield Blocked(requirement=requirement, about=about, by=by, message=passed_on(by))


def cited(step: Stimulus | Hear) -> tuple[str, ...]:
    """Every requirement that a step speaks of, each once."""
    groups = [step.proves, *(claim.proves for claim in step.claims)]
    groups += [agreement.proves for agreement in getattr(step, "agrees", ())]
    return tuple(dict.fromkeys(requirement for group in groups for requirement in group))


def judge_offer(played: PlayedStep, proves: Sequence[str]) -> Iterator[Finding]:
    """What was offered for a call must be accepted when it is asked for properly."""
    step, reply = played.round.stimulus, played.answer
    if not isinstance(step, Ask) or step.wrong or not played.offered or reply is None:
        return
    title = f"{step.title}, which was offered: is accepted"
    about = About(step=title, expected=title, place=step.place, evidence=reply.evidence)
    for requirement in proves:
        if played.refusal == "at once":
            text = say(Sentence.OFFERED_THEN_REFUSED, code=reply.status_code)
            yield Unmet(requirement=requirement, about=about, code="refused-but-should-accept", message=text)
        else:
            yield Met(requirement=requirement, about=about)


def successes(steps: Sequence[PlayedStep]) -> dict[str, bool]:
    """Which named requests did what a twin must: be accepted, or be answered as their claims say."""
    found: dict[str, bool] = {}
    for played in steps:
        step = played.round.stimulus
        if step is not None and step.label:
            found[step.label] = played.answer is not None and _succeeded(step, played)
    return found


def _succeeded(step: Stimulus, played: PlayedStep) -> bool:
    if isinstance(step, Ask):
        return not played.refusal
    return all(isinstance(finding, Met | NotApplicable) for finding in judge_stimulus(played, None))
