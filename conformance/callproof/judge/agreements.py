"""Does what was read agree with the last notification before it, member by member?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from callproof.catalogue.scenario import Agreement, Stimulus
from callproof.json_values import Json, as_list, as_object
from callproof.judge.findings import About, Difference, Finding, NearMiss, blocked, met_unless
from callproof.judge.legs import Leg
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedStep, Reply
from callproof.judge.predicates import same
from callproof.judge.sentences import NOTHING_SAID, Said, Sentence, joined, say


def judge_agreements(
    played: PlayedStep, log: Sequence[Notification], missed: Set[Leg], named: Mapping[str, PlayedStep]
) -> Iterator[Finding]:
    """Whether what was read agrees with the last notification before it, or before the refused step that the agreement names.

    `log` is the agent's. `missed` are the calls, by agent and name, for which an expected notification did not arrive, so that the last
    one is out of date. `named` are the played steps, by name.
    """
    step, reply = played.round.stimulus, played.reply
    if step is None or reply is None or not reply.answered:
        return
    for agreement in getattr(step, "agrees", ()):
        call, refused = agreement.call, named.get(agreement.before)
        call_id = played.legs.id_of(step.agent, call)
        told = [
            each
            for each in log[: (refused or played).marks[step.agent]]
            if call_id and each.call_id == call_id
        ]
        cause = _why_not_refused(agreement.before, refused)
        if not told:
            cause = cause or say(Sentence.NOTHING_TOLD, call=call)
        elif (step.agent, call) in missed:
            cause = cause or say(Sentence.NOT_ALL_TOLD, call=call)
        yield from _judge_agreement(step, agreement, reply, told, cause)


def _judge_agreement(
    step: Stimulus, agreement: Agreement, reply: Reply, told: Sequence[Notification], cause: Said
) -> Iterator[Finding]:
    title = f"{step.title}: agrees with what was heard of {agreement.call}"
    if cause:
        about = About(step=title, expected=title, place=step.place, evidence=reply.evidence)
        yield from blocked(cause, agreement.proves, about)
        return
    wrong = _disagreements(reply.value.get("body"), told[-1], agreement.members)
    about = About(step=title, expected=title, place=step.place, evidence=(*reply.evidence, told[-1].evidence))
    near = NearMiss(next(iter(reply.evidence), ""), "what was read", wrong)
    text = joined(difference.said for difference in wrong)
    yield from met_unless(text, agreement.proves, about, "wrong-member", (near,))


def _why_not_refused(name: str, played: PlayedStep | None) -> Said:
    """Why the refusal that the agreement names did not happen; empty if it did, or if none is named."""
    if not name:
        return NOTHING_SAID
    if played is None or played.answer is None:
        return say(Sentence.NOT_ASKED, step=name)
    is_refused = played.refusal or played.answer.status_code
    return NOTHING_SAID if is_refused else say(Sentence.NOT_REFUSED, step=name)


def _disagreements(body: Json, told: Notification, members: Sequence[str]) -> tuple[Difference, ...]:
    """The members in which the call that was read differs from its last notification."""
    answer = as_object(body)
    calls = map(as_object, as_list(answer.get("calls")) or [answer.get("call")])
    read = next((call for call in calls if call.get("id") == told.call_id), None)
    if read is None:
        return (Difference("calls", f"a call with id {told.call_id}", "none"),)
    return tuple(
        Difference(member, str(told.call.get(member)), str(read.get(member)))
        for member in members
        if not same(told.call.get(member), read.get(member))
    )
