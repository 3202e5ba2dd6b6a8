"""From a played scenario to its checks: collects all findings, looks up twins, turns outcomes into verdicts by level. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from callproof.catalogue.requirement import Level
from callproof.catalogue.scenario import Unasked
from callproof.judge.agreements import judge_agreements
from callproof.judge.along_legs import judge_legs
from callproof.judge.checks import CheckDone
from callproof.judge.claims import together
from callproof.judge.everywhere import Validate, judge_answers, judge_notifications, judge_schemas
from callproof.judge.expected import judge_expected, judge_order
from callproof.judge.extras import judge_duplicates, judge_nothing_else
from callproof.judge.findings import Blocked, Finding, Met, NearMiss, SuiteError, Undecided, Unmet
from callproof.judge.foreign import without_accusation
from callproof.judge.played import PlayedScenario, missed_calls
from callproof.judge.steps import judge_offer, judge_stimulus, successes
from callproof.judge.verdicts import of_check


def checks(
    scenario: PlayedScenario, unasked: Unasked, levels: Mapping[str, Level], validate: Validate
) -> tuple[CheckDone, ...]:
    """All checks of a scenario, with ids that are the same in every run."""
    found = [*_asked(scenario), *_unasked(scenario, unasked, validate)]
    return judged([*without_accusation(found, scenario.foreign)], levels)


def judged(findings: Sequence[Finding], levels: Mapping[str, Level]) -> tuple[CheckDone, ...]:
    """The findings as checks, in the same order, with unique ids."""
    return tuple(_numbered(_check(finding, levels) for finding in findings))


def _asked(scenario: PlayedScenario) -> Iterator[Finding]:
    """The findings about the scenario's own steps; those of its given flows prove nothing."""
    # Notifications during the teardown are caused by it, so they are never late answers.
    before_teardown = {agent: log[: scenario.teardown[agent]] for agent, log in scenario.log.items()}
    taken, succeeded = scenario.consumed, successes(scenario.steps)
    named = {played.label: played for played in scenario.steps if played.label}
    for index, played in enumerate(scenario.steps):
        step = played.round.stimulus
        if played.round.given:
            continue
        twin = getattr(step, "twin", "")
        yield from judge_stimulus(played, succeeded.get(twin, False) if twin else None)
        yield from judge_expected(played, before_teardown, taken)
        if step is not None:
            missed = missed_calls(scenario.steps[:index])
            yield from judge_agreements(played, scenario.log.get(step.agent, ()), missed, named)
    for order in scenario.play.orders:
        yield from judge_order(order, scenario.labelled)
    for nothing in scenario.play.nothing_else:
        yield from judge_nothing_else(nothing, scenario)


def _unasked(scenario: PlayedScenario, unasked: Unasked, validate: Validate) -> Iterator[Finding]:
    """What every scenario proves, over the whole scenario, including its set-up."""
    yield from judge_answers(scenario.steps, unasked)
    yield from together([f for played in scenario.steps for f in judge_offer(played, unasked.offers)])
    yield from judge_notifications(scenario, unasked.messages)
    yield from judge_legs(scenario, unasked.legs)
    yield from judge_duplicates(scenario, unasked.duplicates)
    yield from judge_schemas(scenario, unasked, validate)


def _check(finding: Finding, levels: Mapping[str, Level]) -> CheckDone:
    """The finding with its verdict, as a run reports it."""
    about, level = finding.about, levels.get(finding.requirement, "MUST")
    reading = finding.reading if isinstance(finding, Met) else None
    nearest = finding.nearest if isinstance(finding, Unmet | Undecided) else ()
    return CheckDone(
        check=f"{about.step or 'unasked'}: {finding.requirement}",
        requirement=finding.requirement,
        verdict=of_check(finding.outcome, level, reading.verdict if reading else None),
        code=finding.code if isinstance(finding, Unmet | Undecided | SuiteError) else "",
        message="" if isinstance(finding, Met) else finding.message,
        expected=about.expected,
        got=_got(nearest) if isinstance(finding, Unmet) else "",
        evidence=tuple(filter(None, about.evidence)),
        nearest=nearest,
        blocked_by=finding.by if isinstance(finding, Blocked) else "",
        strength=finding.strength if isinstance(finding, Met | Unmet) else "",
        reading=reading.because if reading else "",
        step=about.step,
        place=str(about.place) if about.place.file else "",
    )


def _got(nearest: Sequence[NearMiss]) -> str:
    """What came instead of what was expected, from the nearest miss."""
    differences = nearest[0].differences if nearest else ()
    return "; ".join(f"{difference.member}: {difference.got}" for difference in differences)


def _numbered(done: Iterable[CheckDone]) -> Iterator[CheckDone]:
    """The same checks, with repeated ids numbered."""
    seen = Counter[str]()
    for each in done:
        seen[each.check] += 1
        count = seen[each.check]
        yield each if count == 1 else replace(each, check=f"{each.check} ({count})")
