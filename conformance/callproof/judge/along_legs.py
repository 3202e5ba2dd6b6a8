"""What must hold along each leg of a scenario, over all its notifications: one row for each rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from callproof.catalogue.accepting import STATE_WITH_PARTICIPANTS
from callproof.catalogue.scenario import LegRule
from callproof.json_values import text_of
from callproof.judge.claims import together
from callproof.judge.findings import About, Code, Finding, met_by, met_unless
from callproof.judge.legs import is_attributable
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedScenario
from callproof.judge.predicates import same
from callproof.judge.sentences import NOTHING_SAID, Said, Sentence, joined, say


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What a rule sees along a leg: what is wrong (empty if nothing is), and the notifications that show it.

    `unless` names the rule of `accepting.RULES` by which a requirement may accept it nevertheless.
    """

    wrong: Said = NOTHING_SAID
    unless: str = ""
    shown_by: Sequence[Notification]


_Rule: TypeAlias = Callable[[Sequence[Notification], LegRule], _Seen]


def judge_legs(scenario: PlayedScenario, rules: Sequence[LegRule]) -> Iterator[Finding]:
    """Apply the rules to each of the scenario's own legs, over all its notifications: one finding for each requirement of a rule."""
    for rule in rules:
        judge = _judge_identity if rule.rule == "identifies" else _judge_rule
        yield from together(list(judge(scenario, rule)))


def _judge_rule(scenario: PlayedScenario, rule: LegRule) -> Iterator[Finding]:
    see, code = _LEG_RULES[rule.rule]
    for leg in sorted(scenario.legs.own - scenario.known):
        call = scenario.legs.name_of(leg) or f"the call {leg[1]}"
        life = [each for each in scenario.notifications if each.leg == leg]
        if life:
            seen = see(life, rule)
            text = say(Sentence.OF_LEG, agent=leg[0], call=call, what=seen.wrong)
            yield from _findings(
                rule, f"{call}, as {leg[0]} hears of it: {rule.in_words()}", code, seen, text
            )


def _judge_identity(scenario: PlayedScenario, rule: LegRule) -> Iterator[Finding]:
    """Notifications with the same `member` are about one call, which has one id."""
    for agent in scenario.log:
        marked = [
            each
            for each in scenario.notifications
            if each.agent == agent
            and text_of(each.call.get(rule.member))
            and is_attributable(each, scenario.legs, scenario.scope)
        ]
        if marked:
            seen = _ids(marked, rule)
            text = say(Sentence.OF_AGENT, agent=agent, what=seen.wrong)
            yield from _findings(rule, "a call keeps its id", "wrong-member", seen, text)


def _ids(marked: Sequence[Notification], rule: LegRule) -> _Seen:
    """Whether each mark belongs to one id."""
    first: dict[str, Notification] = {}
    pairs = [(first.setdefault(text_of(each.call[rule.member]), each), each) for each in marked]
    wrong = [(known, each) for known, each in pairs if known.call_id != each.call_id]
    changes = joined(say(Sentence.ID_CHANGED, before=was.call_id, after=then.call_id) for was, then in wrong)
    return _Seen(wrong=changes, shown_by=[each for pair in wrong for each in pair] or list(first.values()))


def _findings(rule: LegRule, expected: str, code: Code, seen: _Seen, text: Said) -> Iterator[Finding]:
    """`text` says what is wrong, and on whose leg."""
    about = About(
        expected=expected, place=rule.place, evidence=tuple(each.evidence for each in seen.shown_by)
    )
    for requirement in rule.proves:
        if seen.wrong and (reading := rule.by_rule.get((requirement, seen.unless))):
            yield from met_by(reading, [requirement], about)
        else:
            yield from met_unless(text if seen.wrong else NOTHING_SAID, [requirement], about, code)


# The rules -----------------------------------------------------------------------------------------------------------


def _never_falls(life: Sequence[Notification], rule: LegRule) -> _Seen:
    told = [each for each in life if text_of(each.call.get(rule.member)).isdecimal()]
    for before, after in pairwise(told):
        was, then = text_of(before.call[rule.member]), text_of(after.call[rule.member])
        if int(then) < int(was):
            text = say(Sentence.MEMBER_CHANGED, member=rule.member, before=was, after=then)
            return _Seen(wrong=text, shown_by=(before, after))
    return _Seen(shown_by=told)


def _is_last(life: Sequence[Notification], rule: LegRule) -> _Seen:
    ended = next((each for each in life if each.state == rule.member), None)
    for each in life:
        if ended and each.position > ended.position and each.state != rule.member:
            return _follows(ended, each)
    return _Seen(shown_by=life)


def _goes(life: Sequence[Notification], rule: LegRule) -> _Seen:
    for before, after in pairwise(life):
        if after.state not in (before.state, *rule.through.get(before.state, (after.state,))):
            return _follows(before, after)
    return _Seen(shown_by=life)


def _follows(before: Notification, after: Notification) -> _Seen:
    return _Seen(
        wrong=say(Sentence.STATE_AFTER, before=before.state, after=after.state), shown_by=(before, after)
    )


def _new_state_by(life: Sequence[Notification], rule: LegRule) -> _Seen:
    """The named notification reports a new state, unless new participants came with it and the requirement accepts that."""
    accepted = _Seen(shown_by=life)
    for before, each in zip((None, *life), life, strict=False):
        if (before and before.state == each.state) or each.notification_type == rule.member:
            continue
        by = each.notification_type or "nothing"
        text = say(Sentence.ANNOUNCED_BY, state=each.state, notification=by)
        if before is None or same(before.call.get("participants"), each.call.get("participants")):
            return _Seen(wrong=text, shown_by=(each,))
        accepted = _Seen(wrong=text, unless=STATE_WITH_PARTICIPANTS, shown_by=(each,))
    return accepted


#: The rules by their names in scenarios, each with the code of its violation; `identifies` looks across legs, so it is not in this table.
_LEG_RULES: Mapping[str, tuple[_Rule, Code]] = {
    "never falls": (_never_falls, "wrong-member"),
    "is last": (_is_last, "wrong-order"),
    "goes": (_goes, "wrong-order"),
    "new state by": (_new_state_by, "wrong-member"),
}
