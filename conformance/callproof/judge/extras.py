"""Unexpected notifications, and duplicates. Judged once over a whole scenario, including the teardown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from callproof.catalogue.accepting import TOLD_AGAIN
from callproof.catalogue.scenario import NothingElse
from callproof.json_values import Json, as_object
from callproof.judge.findings import (
    About,
    AcceptedReading,
    Code,
    Finding,
    Met,
    blocked,
    met_unless,
    undecided,
)
from callproof.judge.legs import is_attributable
from callproof.judge.matching import attached_since, in_words, is_allowed, is_refresh, repeats
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedScenario, SessionHealth, missed_calls
from callproof.judge.predicates import same
from callproof.judge.sentences import NOTHING_SAID, Said, Sentence, joined, say

#: States that hanging up may cause, for the agents who stay and for those who leave.
_TEARDOWN_STATES = frozenset({"Released", "Established", "Held"})

# Nothing else --------------------------------------------------------------------------------------------------------


def judge_nothing_else(step: NothingElse, scenario: PlayedScenario) -> Iterator[Finding]:
    """Whether these agents received only what was expected or allowed; `strangers`: and nothing about calls that they are not part of."""
    unexpected, again = ([each for each in found if each.agent in step.agents] for found in extras(scenario))
    strange = [each for each in unexpected if step.strangers and _is_of_others(each, scenario)]
    others = [each for each in unexpected if each not in strange]
    for requirement in step.proves:
        reading = step.by_rule.get((requirement, TOLD_AGAIN))
        counted = others if reading else [*others, *again]
        for finding in _absence(step, [requirement], counted, "unexpected-event", scenario):
            if reading and again and isinstance(finding, Met):
                yield replace(finding, reading=AcceptedReading.of(reading))
            else:
                yield finding
    yield from _absence(step, step.strangers, strange, "leak", scenario)


def _absence(
    step: NothingElse,
    proves: Sequence[str],
    found: Sequence[Notification],
    code: Code,
    scenario: PlayedScenario,
) -> Iterator[Finding]:
    about = About.of(step)
    stopped = next((played.blocked_by for played in scenario.steps if played.blocked_by), "")
    sessions = [scenario.sessions[agent] for agent in step.agents if agent in scenario.sessions]
    doubt = _doubt_of_the_end(step, scenario, sessions)
    is_charged = bool(found) and not any(session.interrupted for session in sessions)
    if stopped and not is_charged:
        yield from blocked(stopped, proves, about)
    elif doubt and not is_charged:
        yield from undecided(doubt, proves, about)
    else:
        text = joined(in_words(each, scenario.legs) for each in found)
        shown = replace(about, evidence=tuple(each.evidence for each in found))
        is_shown = set(step.agents) <= scenario.sentinels
        yield from met_unless(text, proves, shown, code, strength="sentinel+window" if is_shown else "window")


def _doubt_of_the_end(step: NothingElse, scenario: PlayedScenario, sessions: Sequence[SessionHealth]) -> Said:
    """Why it is not certain that nothing else came; empty if it is."""
    lost = sorted(scenario.lost_sentinels & set(step.agents))
    end = say(Sentence.END_NOT_SEEN, agents=", ".join(lost)) if lost else NOTHING_SAID
    return next((session.doubt for session in sessions if session.doubt), end)


def _is_of_others(notification: Notification, scenario: PlayedScenario) -> bool:
    """Whether the call is known to be another agent's, so that this agent is not part of it."""
    is_named = bool(scenario.legs.name_of(notification.leg))
    return not is_named and notification.call_id in scenario.legs.named.values()


def extras(scenario: PlayedScenario) -> tuple[list[Notification], list[Notification]]:
    """Notifications about the run's own or attributed calls that nothing expected or allowed, without duplicates: those that report
    something new, and those that only report a call again."""
    accounted = scenario.consumed | {again.key for _, again in _repeats(scenario)}
    found: tuple[list[Notification], list[Notification]] = [], []
    for each in scenario.notifications:
        is_counted = each.call_id and each.key not in accounted and _is_charged(each, scenario)
        if is_counted and not _is_allowed(each, scenario):
            found[_is_refresh(each, scenario)].append(each)
    return found


def _is_charged(notification: Notification, scenario: PlayedScenario) -> bool:
    """Whether this notification counts as the scenario's doing.

    It does if the scenario named the call, unless the teardown caused it. Other calls do not count if they belong to an earlier scenario or
    to strangers, or if they may be a call whose expected notification is already missing.
    """
    if scenario.legs.name_of(notification.leg):
        is_ending = notification.position >= scenario.teardown[notification.agent]
        return not (is_ending and notification.state in _TEARDOWN_STATES)
    is_missed = any(
        whose == notification.agent and not scenario.legs.id_of(whose, name)
        for whose, name in missed_calls(scenario.steps)
    )
    is_unknown = notification.leg not in scenario.known
    return is_unknown and not is_missed and is_attributable(notification, scenario.legs, scenario.scope)


def _is_allowed(notification: Notification, scenario: PlayedScenario) -> bool:
    return any(
        notification.position >= played.marks.get(notification.agent, 0)
        and is_allowed(notification, may, scenario.legs)
        for played in scenario.steps
        for may in played.round.may_hear
    )


def _is_refresh(notification: Notification, scenario: PlayedScenario) -> bool:
    """Whether a notification only repeats what a call offers, or adds data that a request of the scenario attached."""
    log = scenario.log[notification.agent][: notification.position]
    before = next((each for each in reversed(log) if each.leg == notification.leg), None)
    if before is None or not is_refresh(before, notification):
        return False
    asked: dict[str, Json] = {}
    for played in scenario.steps:
        if not played.refusal:
            asked |= as_object(as_object(played.request_body).get("userData"))
    added = attached_since(before, notification)
    return all(name in asked and same(asked[name], value) for name, value in added.items())


# Duplicates ----------------------------------------------------------------------------------------------------------


def judge_duplicates(scenario: PlayedScenario, proves: Sequence[str]) -> Iterator[Finding]:
    """Whether every notification about the scenario's own calls came once; no finding if none came."""
    if not scenario.own_notifications:
        return
    found = _repeats(scenario)
    expected = "every notification is delivered once"
    evidence = tuple(each.evidence for pair in found for each in pair)
    about = About(expected=expected, step=expected, evidence=evidence)
    text = joined(say(Sentence.TWICE, notification=in_words(again, scenario.legs)) for _, again in found)
    yield from met_unless(text, proves, about, "duplicate")


def _repeats(scenario: PlayedScenario) -> list[tuple[Notification, Notification]]:
    return [
        (first, again)
        for first, again in repeats(scenario.own_notifications)
        if again.key not in scenario.consumed and _is_doubled(first, again, scenario)
    ]


def _is_doubled(first: Notification, again: Notification, scenario: PlayedScenario) -> bool:
    """Whether equal notifications report one event twice. Holding, retrieving and holding again within a second looks the same.

    They do if no other notification about the call came in between, or if no request did.
    """
    log = scenario.log[again.agent]
    between = [each for each in log[first.position + 1 : again.position] if each.call_id == again.call_id]
    marks = [played.marks.get(again.agent, 0) for played in scenario.steps]
    return not between or not any(first.position < mark <= again.position for mark in marks)
