"""Does what was read agree with what was last told before it, member by member?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from callproof.catalogue.scenario import Agreement, Stimulus
from callproof.json_values import Json, as_list, as_object
from callproof.judge.findings import About, Blocked, Difference, Finding, Met, NearMiss, Unmet
from callproof.judge.legs import Leg
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedStep, Reply
from callproof.judge.predicates import same
from callproof.judge.sentences import NOTHING_SAID, Said, Sentence, joined, say

NOBODY_NAMED: Mapping[str, PlayedStep] = {}


def judge_agreements(
    played: PlayedStep,
    log: Sequence[Notification],
    missed: Set[Leg] = frozenset(),
    named: Mapping[str, PlayedStep] = NOBODY_NAMED,
) -> Iterator[Finding]:
    """What was read agrees with what was last told before it, member by member; or before the refused step that is named.

    `missed` are the calls, by agent and name, of which something was not told that should have been: what was last
    told of them is old. `named` are the steps that were played, by their names.
    """
    step, reply = played.round.stimulus, played.reply
    if step is None or reply is None or not reply.answered:
        return
    agreements: Sequence[Agreement] = getattr(step, "agrees", ())
    for agreement in agreements:
        refused = named.get(agreement.before)
        told = _told(agreement, played, log, (refused or played).marks[step.agent])
        cause = _why_not_refused(agreement.before, refused)
        if not told or (step.agent, agreement.call) in missed:
            cause = cause or say(
                Sentence.NOT_ALL_TOLD if told else Sentence.NOTHING_TOLD, call=agreement.call
            )
        yield from _judge_agreement(step, agreement, reply, told, cause)


def _told(
    agreement: Agreement, played: PlayedStep, log: Sequence[Notification], mark: int
) -> Sequence[Notification]:
    """What was told of the call before the mark."""
    return [
        each
        for each in log[:mark]
        if each.call_id and each.call_id == played.legs.id_of(each.agent, agreement.call)
    ]


def _judge_agreement(
    step: Stimulus, agreement: Agreement, reply: Reply, told: Sequence[Notification], cause: Said
) -> Iterator[Finding]:
    title = f"{step.title}: agrees with what was heard of {agreement.call}"
    about = About(step=title, expected=title, place=step.place, evidence=reply.evidence)
    if cause:
        for requirement in agreement.proves:
            yield Blocked(requirement=requirement, about=about, by=cause, message=cause)
        return
    wrong = _disagreements(reply.value.get("body"), told[-1], agreement.members)
    about = replace(about, evidence=(*reply.evidence, told[-1].evidence))
    near = NearMiss(next(iter(reply.evidence), ""), "what was read", wrong)
    for requirement in agreement.proves:
        if wrong:
            text = joined(difference.said for difference in wrong)
            yield Unmet(
                requirement=requirement, about=about, code="wrong-member", message=text, nearest=(near,)
            )
        else:
            yield Met(requirement=requirement, about=about)


def _why_not_refused(name: str, played: PlayedStep | None) -> Said:
    """Why nothing can be said of what a refusal left as it was: there was none. Empty when there was one, or none is meant."""
    if not name:
        return NOTHING_SAID
    if played is None or played.answer is None:
        return say(Sentence.NOT_ASKED, step=name)
    is_refused = played.refusal or played.answer.status_code
    return NOTHING_SAID if is_refused else say(Sentence.NOT_REFUSED, step=name)


def _disagreements(body: Json, told: Notification, members: Sequence[str]) -> tuple[Difference, ...]:
    """In which members a call, among those that were read, is not as it was told."""
    call_id = told.call_id
    read = next((call for call in _calls_in(body) if call.get("id") == call_id), None)
    if read is None:
        return (Difference("calls", f"a call with id {call_id}", "none"),)
    return tuple(
        Difference(member, str(told.call.get(member)), str(read.get(member)))
        for member in members
        if not same(told.call.get(member), read.get(member))
    )


def _calls_in(body: Json) -> list[Mapping[str, Json]]:
    members = as_object(body)
    return [as_object(call) for call in as_list(members.get("calls")) or [members.get("call")]]
