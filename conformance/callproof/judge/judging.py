"""From what was played to what was found: requests, answers, notifications, order. Pure; waits for nothing.

Fairness is decided here. What never came counts against a server only if its session was shown to be alive, unbroken and free of
strangers; what was refused for the wrong reason proves nothing; what could not run is blocked and names its cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from callproof.catalogue.scenario import Agreement, Ask, Claim, Hear, Order, Step, Stimulus
from callproof.json_values import Json
from callproof.judge.findings import Difference, Finding, Miss
from callproof.judge.log import Heard
from callproof.judge.matching import identity_differences, in_words, nearest, scope_of
from callproof.judge.played import Acted, Session
from callproof.judge.predicates import Scope, Unbound, accepted_reading, applies, differences, same

# Claims --------------------------------------------------------------------------------------------------------------


def judge_claim(claim: Claim, value: Json, scope: Scope, about: Finding) -> Iterator[Finding]:
    """One finding for each requirement of the claim; none when the claim does not apply to this value."""
    try:
        if not applies(claim, value, scope):
            return
        wrong = differences(claim.predicates, value, scope)
        reading = accepted_reading(claim, value, scope) if wrong else None
    except Unbound as unbound:
        yield from _for_each(
            claim, replace(about, outcome="blocked", blocked_by=str(unbound), message=str(unbound))
        )
        return
    found = replace(about, expected=claim.in_words(), place=claim.place)
    if not wrong:
        yield from _for_each(claim, replace(found, outcome="met"))
    elif reading:
        yield from _for_each(
            claim,
            replace(found, outcome="met", reading=reading.text, reading_verdict=reading.verdict),
        )
    else:
        miss = Miss(about.evidence[0] if about.evidence else "", about.message or "the answer", wrong)
        text = "; ".join(map(str, wrong))
        yield from _for_each(
            claim, replace(found, outcome="unmet", code=_code_of(claim), message=text, nearest=(miss,))
        )


def _code_of(claim: Claim) -> str:
    if any(p.path in ("status", "body.statusCode") for p in claim.predicates):
        return "status-code"
    return "wrong-member"


def _for_each(claim: Claim | Agreement, found: Finding) -> Iterator[Finding]:
    for requirement in claim.proves:
        yield replace(found, requirement=requirement)


def about_step(step: Step | None, title: str, evidence: Sequence[str] = ()) -> Finding:
    place = step.place if step else Finding("", "", "").place
    return Finding("", "", title, step=title, place=place, evidence=tuple(evidence))


# Stimuli -------------------------------------------------------------------------------------------------------------


def judge_stimulus(acted: Acted, twin_succeeded: bool | None) -> Iterator[Finding]:
    """What a request and its answer show. `twin_succeeded` is None for a request that has no twin."""
    step = acted.round.stimulus
    if step is None:
        return
    about = about_step(step, step.title, acted.reply.evidence if acted.reply else ())
    if acted.blocked_by or acted.reply is None:
        yield from _blocked(step, about, acted.blocked_by)
        return
    if acted.wrong_request:
        for requirement in _cited(step):
            yield replace(
                about, requirement=requirement, outcome="error", message=acted.wrong_request, code="schema"
            )
        return
    if not acted.reply.answered:
        yield from _unanswered(step, acted, about)
        return
    findings = [*_judge_ask(step, acted, about)] if isinstance(step, Ask) else []
    if acted.refusal in ("", "at once"):
        value, scope = dict(acted.reply.value), scope_of(step.agent, acted.legs, acted.scope)
        for claim in step.claims:
            findings.extend(judge_claim(claim, value, scope, replace(about, message="the answer")))
    else:
        findings.extend(_neutral_claims(step, about, acted.refusal))
    for finding in findings:
        if twin_succeeded is False and finding.outcome == "met":
            text = "its twin did not succeed, so this proves nothing"
            yield replace(finding, outcome="undecided", message=text)
        else:
            yield finding


def _judge_ask(step: Ask, acted: Acted, about: Finding) -> Iterator[Finding]:
    expected = "is accepted" if step.accepted else "is refused"
    found = replace(about, expected=f"{step.title}: {expected}")
    code = acted.reply.status_code if acted.reply else None
    for requirement in step.proves:
        found = replace(found, requirement=requirement)
        if step.accepted and not acted.refusal:
            yield replace(found, outcome="met")
        elif step.accepted:
            text = f"refused {acted.refusal} with statusCode {code}"
            yield replace(found, outcome="unmet", code="refused-but-should-accept", message=text)
        elif acted.refusal == "at once":
            yield replace(found, outcome="met")
        elif reading := step.by_rule.get((requirement, f"refused {acted.refusal}")):
            yield replace(found, outcome="met", reading=reading.text, reading_verdict=reading.verdict)
        elif acted.refusal:
            text = f"accepted, and then refused {acted.refusal}"
            yield replace(found, outcome="unmet", code="accepted-but-should-refuse", message=text)
        else:
            session = acted.sessions.get(step.agent, Session())
            text = "accepted, and no notification took it back"
            outcome = "undecided" if session.doubt else "unmet"
            message = session.doubt or text
            yield replace(found, outcome=outcome, code="accepted-but-should-refuse", message=message)


def _unanswered(step: Stimulus, acted: Acted, about: Finding) -> Iterator[Finding]:
    """No answer decides nothing, except for claims about being answered in time, and only where the server let the time pass."""
    assert acted.reply is not None
    timed_out = acted.reply.value.get("reason") == "timed out"
    about = replace(about, message=acted.reply.why)
    for requirement in step.proves:
        yield replace(about, requirement=requirement, outcome="undecided")
    for claim in step.claims:
        if timed_out and any(predicate.path in ("answered", "elapsed") for predicate in claim.predicates):
            scope = scope_of(step.agent, acted.legs, acted.scope)
            yield from judge_claim(claim, dict(acted.reply.value), scope, about)
        else:
            yield from _for_each(claim, replace(about, outcome="undecided"))
    for agreement in getattr(step, "agrees", ()):
        yield from _for_each(agreement, replace(about, outcome="undecided"))


def _neutral_claims(step: Stimulus, about: Finding, how: str) -> Iterator[Finding]:
    """A refusal by notification or release has no answer to look at: claims about it do not apply."""
    for claim in step.claims:
        for requirement in claim.proves:
            text = f"refused {how}, so there is no refusing answer"
            yield replace(about, requirement=requirement, outcome="neutral", message=text)


def _blocked(step: Stimulus | Hear, about: Finding, by: str) -> Iterator[Finding]:
    for requirement in _cited(step):
        yield replace(about, requirement=requirement, outcome="blocked", blocked_by=by, message=by)


def _cited(step: Stimulus | Hear) -> list[str]:
    cited = list(step.proves)
    for claim in step.claims:
        cited.extend(claim.proves)
    for agreement in getattr(step, "agrees", ()):
        cited.extend(agreement.proves)
    return list(dict.fromkeys(cited))


def judge_offer(acted: Acted, proves: Sequence[str]) -> Iterator[Finding]:
    """What was offered for a call must be accepted when it is asked for properly."""
    step = acted.round.stimulus
    if not isinstance(step, Ask) or step.wrong or not acted.offered or acted.reply is None:
        return
    if not acted.reply.answered or acted.wrong_request:
        return
    about = about_step(step, f"{step.title}, which was offered: is accepted", acted.reply.evidence)
    for requirement in proves:
        if acted.refusal == "at once":
            text = f"offered in `capabilities`, then refused with statusCode {acted.reply.status_code}"
            yield replace(
                about,
                requirement=requirement,
                outcome="unmet",
                code="refused-but-should-accept",
                message=text,
            )
        else:
            yield replace(about, requirement=requirement, outcome="met")


NOBODY_NAMED: Mapping[str, Acted] = {}


def judge_agreements(
    acted: Acted,
    log: Sequence[Heard],
    missed: Set[tuple[str, str]] = frozenset(),
    named: Mapping[str, Acted] = NOBODY_NAMED,
) -> Iterator[Finding]:
    """What was read agrees with what was last heard before it, member by member; or before the refused step that is named.

    `missed` are the calls, by agent and name, of which something was not told that should have been: what was last
    heard of them is old. `named` are the steps that were played, by their names.
    """
    step = acted.round.stimulus
    agreements: Sequence[Agreement] = getattr(step, "agrees", ())
    if step is None or not agreements or acted.reply is None or not acted.reply.answered:
        return
    for agreement in agreements:
        about = about_step(
            step, f"{step.title}: agrees with what was heard of {agreement.call}", acted.reply.evidence
        )
        refused = named.get(agreement.before) if agreement.before else None
        mark = (refused or acted).marks[step.agent]
        call_id = acted.legs.id_of(step.agent, agreement.call)
        told = [heard for heard in log if heard.call_id == call_id and heard.position < mark]
        by = _why_not_refused(agreement.before, refused)
        if not by and (not call_id or not told or (step.agent, agreement.call) in missed):
            by = f"{'not everything' if told else 'nothing'} was told of {agreement.call}"
        if by:
            yield from _for_each(agreement, replace(about, outcome="blocked", blocked_by=by, message=by))
            continue
        wrong = _disagreements(acted.reply.value.get("body"), call_id, told[-1], agreement.members)
        about = replace(about, evidence=(*about.evidence, told[-1].evidence))
        if wrong:
            text = "; ".join(map(str, wrong))
            miss = Miss(acted.reply.evidence[0] if acted.reply.evidence else "", "what was read", wrong)
            unmet = replace(about, outcome="unmet", code="wrong-member", message=text, nearest=(miss,))
            yield from _for_each(agreement, unmet)
        else:
            yield from _for_each(agreement, replace(about, outcome="met"))


def _why_not_refused(name: str, acted: Acted | None) -> str:
    """Why nothing can be said of what a refusal left as it was: there was none. Empty when there was one, or none is meant."""
    if not name:
        return ""
    if (
        acted is None
        or acted.reply is None
        or not acted.reply.answered
        or acted.blocked_by
        or acted.wrong_request
    ):
        return f"{name}: was not asked, or not answered"
    return "" if acted.refusal or acted.reply.status_code else f"{name}: was not refused"


def _disagreements(body: Json, call_id: str, told: Heard, members: Sequence[str]) -> tuple[Difference, ...]:
    read = _call_in(body, call_id)
    if read is None:
        return (Difference("calls", f"a call with id {call_id}", "none"),)
    wrong = []
    for member in members:
        expected, got = told.call.get(member), read.get(member)
        if not same(expected, got):
            wrong.append(Difference(member, str(expected), str(got)))
    return tuple(wrong)


def _call_in(body: Json, call_id: str) -> Mapping[str, Json] | None:
    members = body if isinstance(body, dict) else {}
    listed = members.get("calls")
    one = members.get("call")
    calls = listed if isinstance(listed, list) else [one]
    return next((call for call in calls if isinstance(call, dict) and call.get("id") == call_id), None)


# Notifications -------------------------------------------------------------------------------------------------------


def judge_hears(
    acted: Acted, log: Mapping[str, Sequence[Heard]], taken: Set[tuple[str, int]] = frozenset()
) -> Iterator[Finding]:
    """What had to be heard in this round, and what it had to say.

    `taken` are the messages that answered any expectation of the scenario: none of them is a late answer to another.
    """
    for index, hear in enumerate(acted.round.hears):
        about = about_step(hear, hear.title)
        if cause := _cause(acted):
            yield from _blocked(hear, about, cause)
            continue
        answers = acted.answers[index] if index < len(acted.answers) else ()
        if len(answers) < hear.least:
            yield from _missing(hear, acted, log, taken, about)
            continue
        for requirement in hear.proves:
            evidence = tuple(heard.evidence for heard in answers)
            yield replace(about, requirement=requirement, outcome="met", evidence=evidence)
        for heard in answers:
            scope = scope_of(hear.agent, acted.legs, acted.scope, heard)
            what = replace(about, evidence=(heard.evidence,), message=in_words(heard, acted.legs))
            for claim in hear.claims:
                yield from judge_claim(claim, dict(heard.data), scope, what)


def _cause(acted: Acted) -> str:
    """Why nothing could be expected to follow in this round; empty when it could."""
    step = acted.round.stimulus
    if acted.blocked_by or acted.wrong_request:
        return acted.blocked_by or acted.wrong_request
    if isinstance(step, Ask) and acted.reply is not None and not acted.reply.answered:
        return f"{step.title}: {acted.reply.why}"
    if isinstance(step, Ask) and step.accepted and acted.refusal:
        return f"{step.title}: was refused {acted.refusal}"
    return ""


def _missing(
    hear: Hear, acted: Acted, log: Mapping[str, Sequence[Heard]], taken: Set[tuple[str, int]], about: Finding
) -> Iterator[Finding]:
    mark, end = acted.marks[hear.agent], acted.ends[hear.agent]
    candidates = [heard for heard in log[hear.agent] if mark <= heard.position < end]
    late = [heard for heard in log[hear.agent] if heard.position >= end]
    session = acted.sessions.get(hear.agent, Session())
    near = nearest(hear, candidates, acted.legs, acted.scope)
    bound = acted.legs.id_of(hear.agent, hear.call)
    came_late = any(
        heard.call_id == bound and not identity_differences(hear, heard, acted.scope)
        for heard in late
        if bound and (heard.agent, heard.position) not in taken
    )
    outcome, code = "unmet", "missing-event"
    message = f"nothing of the kind came; {len(candidates)} other notifications did"
    if came_late:
        # A slow server keeps its promises: time is reported, not judged.
        outcome, code = "undecided", "late"
        message = "it came after the suite had stopped waiting; a larger timing.event_timeout_s may be needed"
    elif session.doubt:
        outcome, message = "undecided", session.doubt
    for requirement in hear.proves:
        yield replace(
            about, requirement=requirement, outcome=outcome, code=code, message=message, nearest=near,
            evidence=acted.reply.evidence if acted.reply else (),
        )  # fmt: skip
    for claim in hear.claims:
        for requirement in claim.proves:
            text = f"{hear.title}: did not happen"
            yield replace(about, requirement=requirement, outcome="blocked", blocked_by=text, message=text)


def judge_order(order: Order, labelled: Mapping[str, Sequence[Heard]]) -> Iterator[Finding]:
    """The one before the other, by their places in the log of one session."""
    about = about_step(order, order.title)
    first, then = labelled.get(order.first, ()), labelled.get(order.then, ())
    for requirement in order.proves:
        found = replace(about, requirement=requirement)
        if not first or not then:
            missing = order.then if first else order.first
            yield replace(found, outcome="blocked", blocked_by=missing, message=f"{missing} did not happen")
            continue
        evidence = (first[0].evidence, then[0].evidence)
        if first[0].session != then[0].session:
            text = "the session had to be made anew in between"
            yield replace(found, outcome="undecided", message=text, evidence=evidence)
        elif first[0].position < then[0].position:
            yield replace(found, outcome="met", evidence=evidence)
        else:
            text = f"{order.then} was delivered before {order.first}"
            yield replace(found, outcome="unmet", code="wrong-order", message=text, evidence=evidence)
