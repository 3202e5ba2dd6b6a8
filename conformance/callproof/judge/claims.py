"""Is a claim true of a message, as written or by an accepted reading? Also merges the findings about many messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeGuard

from callproof.catalogue.scenario import Claim, Predicate, Reading
from callproof.json_values import Json, text_of
from callproof.judge.findings import (
    About,
    Code,
    Difference,
    Finding,
    Met,
    NearMiss,
    Unmet,
    blocked,
    met_by,
    met_unless,
)
from callproof.judge.predicates import Scope, Unbound, differences, lookup
from callproof.judge.sentences import joined
from callproof.judge.verdicts import WORST_FIRST


def judge_claim(
    claim: Claim,
    value: Mapping[str, Json],
    scope: Scope,
    about: About,
    what: str = "the answer",
    around: Callable[[], Mapping[str, Json]] = dict,
) -> Iterator[Finding]:
    """One finding for each requirement of the claim; none if the claim does not apply to this value.

    `what` names the value for people; `around` returns further members that readings may refer to.
    """
    try:
        if any(differences(claim.when, dict(value), scope)):
            return
        wrong = tuple(differences(_allowing(claim.predicates, value), dict(value), scope))
        reading = _accepted(claim, {**value, **around()}, scope) if wrong else None
    except Unbound as unbound:
        yield from blocked(unbound.said, claim.proves, about)
        return
    wrong = tuple(_as_what_it_is(each, value) for each in wrong)
    about = replace(about, expected=claim.in_words(), place=claim.place)
    if reading:
        yield from met_by(reading, claim.proves, about)
        return
    is_status = any(predicate.path in ("status", "body.statusCode") for predicate in claim.predicates)
    code: Code = "status-code" if is_status else "wrong-member"
    near = NearMiss(next(iter(about.evidence), ""), what, wrong)
    yield from met_unless(joined(each.said for each in wrong), claim.proves, about, code, (near,))


def _allowing(predicates: Sequence[Predicate], value: Mapping[str, Json]) -> list[Predicate]:
    """The predicates; an upper bound of time allows for the measured latency of the server."""
    slack = value.get("allowance")
    return [
        replace(each, value=each.value + slack)
        if each.path == "elapsed" and each.kind == "below" and _is_number(each.value) and _is_number(slack)
        else each
        for each in predicates
    ]


def _is_number(value: Json) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_what_it_is(wrong: Difference, value: Mapping[str, Json]) -> Difference:
    """A member of a body that cannot be read is not simply missing, and a reply that is not successful says why."""
    if (unreadable := text_of(value.get("unreadable"))) and wrong.member.partition(".")[0] == "body":
        return replace(wrong, got=unreadable)
    reply, _, member = wrong.member.rpartition(".")
    error = text_of(next(iter(lookup(dict(value), f"{reply}.error")), "")) if reply else ""
    if member != "successful" or not error:
        return wrong
    hint = "; if the session is new, two nodes seem to answer in turn" if error.startswith("402") else ""
    return replace(wrong, got=f"{wrong.got} (error: {error[:200]}){hint}")


def _accepted(claim: Claim, value: Json, scope: Scope) -> Reading | None:
    """The first of the claim's readings that is true of the value."""
    return next(
        (each for each in claim.readings if not any(differences(each.predicates, value, scope))), None
    )


def together(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Merge the findings about many messages into one for each requirement: all violations; without any, what was met, readings
    first; else the first finding."""
    by_requirement: dict[str, list[Finding]] = {}
    for finding in findings:
        by_requirement.setdefault(finding.requirement, []).append(finding)
    return map(_as_one, by_requirement.values())


def _as_one(findings: Sequence[Finding]) -> Finding:
    wrong = [finding for finding in findings if isinstance(finding, Unmet)]
    if wrong:
        return replace(
            wrong[0],
            about=_with_evidence_of(wrong),
            message=joined(finding.message for finding in wrong),
            nearest=tuple(miss for finding in wrong for miss in finding.nearest)[:3],
        )
    met = [finding for finding in findings if isinstance(finding, Met)]
    return replace(min(met, key=_reading_first), about=_with_evidence_of(met)) if met else findings[0]


def _reading_first(finding: Met) -> int:
    """Sorts findings met by a reading before those met as written, the reading with the worst verdict first."""
    return WORST_FIRST.index(finding.reading.verdict) if finding.reading else len(WORST_FIRST)


def _with_evidence_of(findings: Sequence[Finding]) -> About:
    evidence = dict.fromkeys(entry for finding in findings for entry in finding.about.evidence)
    return replace(findings[0].about, evidence=tuple(evidence))
