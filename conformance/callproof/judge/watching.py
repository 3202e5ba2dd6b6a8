"""What is judged unasked: messages that nothing expected, repeats, and what must hold of every notification and along every leg.

Pure. Runs once over a whole scenario, teardown included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from callproof.catalogue.accepting import CAPABILITIES_AGAIN
from callproof.catalogue.scenario import Claim, LegRule, NothingElse
from callproof.json_values import Json, text_of
from callproof.judge.findings import Finding
from callproof.judge.judging import about_step, judge_claim
from callproof.judge.log import Heard
from callproof.judge.matching import in_words, is_allowed, is_attributable, repeats, scope_of
from callproof.judge.played import Performance, missed_calls
from callproof.judge.predicates import same


def consumed(performance: Performance) -> frozenset[tuple[str, int]]:
    """The messages that answered an expectation, by agent and position."""
    return frozenset(
        (heard.agent, heard.position)
        for acted in performance.rounds
        for answer in acted.answers
        for heard in answer
    )


def extras(performance: Performance) -> tuple[Heard, ...]:
    """Messages about the run's own or attributed calls that nothing expected or allowed, duplicates and refreshes apart."""
    return tuple(heard for heard in _unforeseen(performance) if not _is_refresh(heard, performance))


def _unforeseen(performance: Performance) -> tuple[Heard, ...]:
    """Messages about the run's own or attributed calls that nothing expected or allowed, duplicates apart.

    What comes during the teardown about calls that the scenario named is the teardown's doing.
    """
    taken = consumed(performance)
    doubled = {(again.agent, again.position) for _, again in _repeats(performance)}
    found: list[Heard] = []
    for agent, log in performance.log.items():
        for heard in log:
            key = (agent, heard.position)
            if (
                heard.position < performance.earlier[agent]
                or not heard.call_id
                or key in taken
                or key in doubled
            ):
                continue
            named = bool(performance.legs.name_of(agent, heard.call_id))
            if named and heard.position >= performance.teardown[agent] and heard.state in _TEARDOWN_STATES:
                continue
            if not named and not _is_charged(heard, performance):
                continue
            if not _is_allowed(heard, performance):
                found.append(heard)
    return tuple(found)


#: What hanging up may bring about for those who stay, and for those who go.
_TEARDOWN_STATES = frozenset({"Released", "Established", "Held"})


def _is_charged(heard: Heard, performance: Performance) -> bool:
    """Whether a call that no step named is held against this scenario: not one of an earlier scenario, nor a stranger's."""
    if (heard.agent, heard.call_id) in performance.known:
        return False
    if _is_awaited(heard, performance):
        return False
    return is_attributable(heard, performance.legs, performance.scope)


def _is_awaited(heard: Heard, performance: Performance) -> bool:
    """Whether it may be about the call of which the agent should have been told and was not: that is said already."""
    return any(
        whose == heard.agent and not performance.legs.id_of(whose, name)
        for whose, name in missed_calls(performance.rounds)
    )


def _is_anothers(heard: Heard, performance: Performance) -> bool:
    """Whether the call is known to be one of the others', so that this agent has no part in it."""
    return any(
        whose != heard.agent and known == heard.call_id
        for (whose, _), known in performance.legs.named.items()
    )


def _is_allowed(heard: Heard, performance: Performance) -> bool:
    return any(
        heard.position >= acted.marks.get(heard.agent, 0) and is_allowed(heard, may, performance.legs)
        for acted in performance.rounds
        for may in acted.round.may_hear
    )


def _repeats(performance: Performance) -> tuple[tuple[Heard, Heard], ...]:
    own = [
        heard
        for agent, log in performance.log.items()
        for heard in log
        if heard.position >= performance.earlier[agent] and performance.legs.name_of(agent, heard.call_id)
    ]
    taken = consumed(performance)
    return tuple(
        (first, again)
        for first, again in repeats(own)
        if (again.agent, again.position) not in taken and _is_doubled(first, again, performance)
    )


def _is_doubled(first: Heard, again: Heard, performance: Performance) -> bool:
    """Whether the same words are one thing said twice. On hold, back, and on hold again within a second sounds the same, too.

    It is when nothing else was told of the call in between, or when no request lies in between.
    """
    log = performance.log[again.agent]
    between = [heard for heard in log[first.position + 1 : again.position] if heard.call_id == again.call_id]
    marks = [acted.marks.get(again.agent, 0) for acted in performance.rounds]
    return not between or not any(first.position < mark <= again.position for mark in marks)


def _is_refresh(heard: Heard, performance: Performance) -> bool:
    """Whether a message only says anew what a call offers: same state and same parties as the one before it about that call."""
    told = [
        h for h in performance.log[heard.agent] if h.call_id == heard.call_id and h.position < heard.position
    ]
    if not told or heard.position < performance.earlier[heard.agent]:
        return False
    before = told[-1].call
    return (
        same(before.get("state"), heard.call.get("state"))
        and same(before.get("participants"), heard.call.get("participants"))
        and not same(before.get("capabilities"), heard.call.get("capabilities"))
    )


def judge_nothing_else(step: NothingElse, performance: Performance) -> Iterator[Finding]:
    """Judged once, when the scenario is over and its barrier has passed."""
    about = about_step(step, step.title)
    unforeseen = [heard for heard in _unforeseen(performance) if heard.agent in step.agents]
    refreshes = [heard for heard in unforeseen if _is_refresh(heard, performance)]
    unexpected = [heard for heard in unforeseen if heard not in refreshes]
    unnamed = [heard for heard in unexpected if not performance.legs.name_of(heard.agent, heard.call_id)]
    strange = [heard for heard in unnamed if _is_anothers(heard, performance)]
    extra = [heard for heard in unexpected if heard not in strange or not step.strangers]
    for requirement in step.proves:
        reading = step.by_rule.get((requirement, CAPABILITIES_AGAIN))
        against = extra if reading or not refreshes else [*extra, *refreshes]
        for finding in _absence(
            step, [requirement], against, performance, replace(about, code="unexpected-event")
        ):
            if reading and refreshes and finding.outcome == "met":
                yield replace(finding, reading=reading.text, reading_verdict=reading.verdict)
            else:
                yield finding
    yield from _absence(step, step.strangers, strange, performance, replace(about, code="leak"))


def _absence(
    step: NothingElse, proves: Sequence[str], found: Sequence[Heard], performance: Performance, about: Finding
) -> Iterator[Finding]:
    doubts = [performance.sessions[agent].doubt for agent in step.agents if agent in performance.sessions]
    lost = sorted(performance.lost_sentinels & set(step.agents))
    stopped = next((acted.blocked_by for acted in performance.rounds if acted.blocked_by), "")
    strength = "sentinel+window" if set(step.agents) <= performance.sentinels else "window"
    for requirement in proves:
        finding = replace(about, requirement=requirement, strength=strength)
        if found and not any(session.interrupted for session in performance.sessions.values()):
            text = "; ".join(in_words(heard, performance.legs) for heard in found)
            evidence = tuple(heard.evidence for heard in found)
            yield replace(finding, outcome="unmet", message=text, evidence=evidence)
        elif stopped:
            yield replace(finding, outcome="blocked", code="", blocked_by=stopped, message=stopped)
        elif doubt := next(filter(None, doubts), ""):
            yield replace(finding, outcome="undecided", code="", message=doubt)
        elif lost:
            text = f"the last release did not reach {', '.join(lost)}, so the end was not seen"
            yield replace(finding, outcome="undecided", code="", message=text)
        else:
            yield replace(finding, outcome="met", code="")


def judge_duplicates(performance: Performance, proves: Sequence[str]) -> Iterator[Finding]:
    if not any(performance.legs.name_of(a, h.call_id) for a, log in performance.log.items() for h in log):
        return
    found = _repeats(performance)
    about = about_step(None, "every notification is delivered once")
    for requirement in proves:
        if found:
            text = "; ".join(f"{in_words(again, performance.legs)}, twice" for _, again in found)
            evidence = tuple(heard.evidence for pair in found for heard in pair)
            yield replace(
                about,
                requirement=requirement,
                outcome="unmet",
                code="duplicate",
                message=text,
                evidence=evidence,
            )
        else:
            yield replace(about, requirement=requirement, outcome="met")


def judge_messages(performance: Performance, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Claims about every notification of the scenario's own calls: one finding for each requirement, all violations in it."""
    for claim in claims:
        results: list[Finding] = []
        for agent, log in performance.log.items():
            for heard in log:
                if heard.position < performance.earlier[agent]:
                    continue
                if not performance.legs.name_of(agent, heard.call_id):
                    continue
                scope = scope_of(agent, performance.legs, performance.scope, heard)
                about = Finding(
                    "", "", claim.in_words(), in_words(heard, performance.legs), evidence=(heard.evidence,)
                )
                value: dict[str, Json] = {**heard.data, "channel": heard.message.get("channel"),
                                          "envelope": dict(heard.message)}  # fmt: skip
                results.extend(judge_claim(claim, value, scope, about))
        yield from together(results)


def together(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings of many messages as one for each requirement: the worst, with every violation in its evidence."""
    for requirement in dict.fromkeys(finding.requirement for finding in findings):
        same_one = [finding for finding in findings if finding.requirement == requirement]
        wrong = [finding for finding in same_one if finding.outcome == "unmet"]
        if not wrong:
            decided = [finding for finding in same_one if finding.outcome == "met"]
            evidence = tuple(dict.fromkeys(e for finding in decided for e in finding.evidence))
            yield replace((decided or same_one)[0], evidence=evidence, message="")
            continue
        text = "; ".join(dict.fromkeys(finding.message for finding in wrong))
        yield replace(
            wrong[0],
            message=text if len(text) < 1500 else text[:1500] + " ...",
            evidence=tuple(dict.fromkeys(e for finding in wrong for e in finding.evidence)),
            nearest=tuple(miss for finding in wrong for miss in finding.nearest)[:3],
        )


def judge_identity(performance: Performance, rule: LegRule) -> Iterator[Finding]:
    """What carries the same `member` is one call, and has one id."""
    for agent, log in performance.log.items():
        seen: dict[str, Heard] = {}
        wrong: list[tuple[Heard, Heard]] = []
        for heard in log[performance.earlier[agent] :]:
            mark = text_of(heard.call.get(rule.member))
            if not mark or not is_attributable(heard, performance.legs, performance.scope):
                continue
            first = seen.setdefault(mark, heard)
            if first.call_id != heard.call_id:
                wrong.append((first, heard))
        if not seen:
            continue
        text = "; ".join(f"id was {first.call_id}, then {then.call_id}" for first, then in wrong)
        evidence = tuple(h.evidence for pair in wrong for h in pair) or tuple(
            h.evidence for h in seen.values()
        )
        about = Finding(
            "",
            "unmet" if wrong else "met",
            "a call keeps its id",
            f"{agent}: {text}" if wrong else "",
            "wrong-member" if wrong else "",
            place=rule.place,
            evidence=evidence,
        )
        yield from (replace(about, requirement=requirement) for requirement in rule.proves)


def judge_legs(performance: Performance, rules: Sequence[LegRule]) -> Iterator[Finding]:
    """Rules along each own leg of the scenario, over everything that was heard of it."""
    for rule in rules:
        if rule.rule == "identifies":
            yield from together(list(judge_identity(performance, rule)))
            continue
        results: list[Finding] = []
        for agent, call_id in sorted(performance.legs.own - performance.known):
            name = performance.legs.name_of(agent, call_id) or f"the call {call_id}"
            log = performance.log.get(agent, ())
            life = [h for h in log if h.call_id == call_id and h.position >= performance.earlier[agent]]
            if not life:
                continue
            text, evidence = _LEG_RULES[rule.rule](life, rule)
            about = Finding("", "unmet" if text else "met", f"{name}, as {agent} hears of it: {rule.in_words()}",
                            f"{agent}, {name}: {text}" if text else "", _CODES.get(rule.rule, "wrong-member") if text else "",
                            place=rule.place, evidence=evidence)  # fmt: skip
            results.extend(replace(about, requirement=requirement) for requirement in rule.proves)
        yield from together(results)


_CODES = {"is last": "wrong-order", "goes": "wrong-order"}


def _never_changes(life: Sequence[Heard], rule: LegRule) -> tuple[str, tuple[str, ...]]:
    told = [heard for heard in life if rule.member in heard.call]
    for before, after in pairwise(told):
        if not same(before.call[rule.member], after.call[rule.member]):
            text = f"{rule.member} was {before.call[rule.member]}, then {after.call[rule.member]}"
            return text, (before.evidence, after.evidence)
    return "", tuple(heard.evidence for heard in told)


def _never_falls(life: Sequence[Heard], rule: LegRule) -> tuple[str, tuple[str, ...]]:
    told = [heard for heard in life if text_of(heard.call.get(rule.member)).isdecimal()]
    for before, after in pairwise(told):
        earlier, later = text_of(before.call[rule.member]), text_of(after.call[rule.member])
        if int(later) < int(earlier):
            return f"{rule.member} was {earlier}, then {later}", (before.evidence, after.evidence)
    return "", tuple(heard.evidence for heard in told)


def _is_last(life: Sequence[Heard], rule: LegRule) -> tuple[str, tuple[str, ...]]:
    ended = next((heard for heard in life if heard.state == rule.member), None)
    after = [
        heard for heard in life if ended and heard.position > ended.position and heard.state != rule.member
    ]
    if ended and after:
        return f"{rule.member}, then {after[0].state}", (ended.evidence, after[0].evidence)
    return "", tuple(heard.evidence for heard in life)


def _goes(life: Sequence[Heard], rule: LegRule) -> tuple[str, tuple[str, ...]]:
    for before, after in pairwise(life):
        allowed = rule.through.get(before.state)
        if before.state != after.state and allowed is not None and after.state not in allowed:
            return f"{before.state}, then {after.state}", (before.evidence, after.evidence)
    return "", tuple(heard.evidence for heard in life)


def _new_state_by(life: Sequence[Heard], rule: LegRule) -> tuple[str, tuple[str, ...]]:
    """A state that changes by itself is told by the named notification; together with new participants either word is right."""
    before: Heard | None = None
    for heard in life:
        is_new = before is None or before.state != heard.state
        joined = before is not None and not same(
            before.call.get("participants"), heard.call.get("participants")
        )
        if is_new and not joined and heard.notification != rule.member:
            return f"{heard.state} was told by {heard.notification or 'nothing'}", (heard.evidence,)
        before = heard
    return "", tuple(heard.evidence for heard in life)


_LEG_RULES: Mapping[str, Callable[[Sequence[Heard], LegRule], tuple[str, tuple[str, ...]]]] = {
    "never changes": _never_changes,
    "never falls": _never_falls,
    "is last": _is_last,
    "goes": _goes,
    "new state by": _new_state_by,
}
