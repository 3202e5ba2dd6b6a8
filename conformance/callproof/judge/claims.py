"""Is a claim true of what came, as it is written or by an accepted reading? Findings of many messages as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from callproof.catalogue.scenario import Claim
from callproof.json_values import Json
from callproof.judge.findings import About, AcceptedReading, Blocked, Code, Finding, Met, NearMiss, Unmet
from callproof.judge.predicates import Scope, Unbound, accepted_reading, applies, differences
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
    """One finding for each requirement of the claim; none when the claim does not apply to this value.

    `what` names the value for people; `around` gives the further members that readings may look at.
    """
    try:
        if not applies(claim, dict(value), scope):
            return
        wrong = differences(claim.predicates, dict(value), scope)
        reading = accepted_reading(claim, {**value, **around()}, scope) if wrong else None
    except Unbound as unbound:
        for requirement in claim.proves:
            yield Blocked(requirement=requirement, about=about, by=str(unbound), message=unbound.said)
        return
    about = replace(about, expected=claim.in_words(), place=claim.place)
    for requirement in claim.proves:
        if not wrong:
            yield Met(requirement=requirement, about=about)
        elif reading:
            accepted = AcceptedReading.of(reading)
            yield Met(requirement=requirement, about=about, reading=accepted)
        else:
            yield Unmet(
                requirement=requirement,
                about=about,
                code=_code_of(claim),
                message=joined(difference.said for difference in wrong),
                nearest=(NearMiss(next(iter(about.evidence), ""), what, wrong),),
            )


def _code_of(claim: Claim) -> Code:
    is_status = any(predicate.path in ("status", "body.statusCode") for predicate in claim.predicates)
    return "status-code" if is_status else "wrong-member"


def together(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings of many messages as one for each requirement: the violations in one, else what was met, by readings
    first, else the first."""
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
    """What was met by a reading stands before what was met as it is written, the reading that earns the worst verdict first."""
    return WORST_FIRST.index(finding.reading.verdict) if finding.reading else len(WORST_FIRST)


def _with_evidence_of(findings: Sequence[Finding]) -> About:
    evidence = dict.fromkeys(entry for finding in findings for entry in finding.about.evidence)
    return replace(findings[0].about, evidence=tuple(evidence))
