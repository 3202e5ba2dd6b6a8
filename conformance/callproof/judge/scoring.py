"""From a played scenario to its checks: every judge is asked, twins are looked up, levels turn outcomes into verdicts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, cast

from callproof.catalogue.requirement import Level, Verdict
from callproof.catalogue.scenario import Ask, Send, Unasked
from callproof.judge.checks import CheckDone, Strength
from callproof.judge.findings import Finding, Miss
from callproof.judge.judging import (
    judge_agreements,
    judge_claim,
    judge_hears,
    judge_offer,
    judge_order,
    judge_stimulus,
)
from callproof.judge.log import Heard
from callproof.judge.matching import in_words
from callproof.judge.played import Acted, Performance, missed_calls
from callproof.judge.verdicts import Outcome, of_check
from callproof.judge.watching import (
    consumed,
    judge_duplicates,
    judge_legs,
    judge_messages,
    judge_nothing_else,
    together,
)

#: What is wrong with a notification by the one schema that it falls under, one sentence each.
Validate: TypeAlias = Callable[[Heard], Sequence[str]]


def checks(
    performance: Performance, unasked: Unasked, levels: Mapping[str, Level], validate: Validate
) -> tuple[CheckDone, ...]:
    """Every check of a scenario, each with an id that is the same in every run."""
    findings = [*asked(performance), *watched(performance, unasked, validate)]
    return judged(findings, levels)


def judged(findings: Sequence[Finding], levels: Mapping[str, Level]) -> tuple[CheckDone, ...]:
    """Findings as checks, in their order, with unique ids."""
    return tuple(_numbered([_check(finding, levels) for finding in findings]))


def asked(performance: Performance) -> Iterator[Finding]:
    """What the scenario's own steps found."""
    succeeded, taken = _successes(performance.rounds), consumed(performance)
    labelled: dict[str, Sequence[Heard]] = {}
    named = {
        a.round.stimulus.label: a for a in performance.rounds if a.round.stimulus and a.round.stimulus.label
    }
    for index, acted in enumerate(performance.rounds):
        step = acted.round.stimulus
        if acted.round.given:
            continue
        twin = getattr(step, "twin", "")
        yield from judge_stimulus(acted, succeeded.get(twin, False) if twin else None)
        # What comes in the teardown is the teardown's doing, and late for nothing.
        before = {agent: log[: performance.teardown[agent]] for agent, log in performance.log.items()}
        yield from judge_hears(acted, before, taken)
        if step is not None:
            missed = missed_calls(performance.rounds[:index])
            yield from judge_agreements(acted, performance.log.get(step.agent, ()), missed, named)
        labelled.update(
            {h.label: a for h, a in zip(acted.round.hears, acted.answers, strict=True) if h.label}
        )
    for order in performance.play.orders:
        yield from judge_order(order, labelled)
    for nothing in performance.play.nothing_else:
        yield from judge_nothing_else(nothing, performance)


def watched(performance: Performance, unasked: Unasked, validate: Validate) -> Iterator[Finding]:
    """What is proved unasked, over the whole scenario, set-up included."""
    answers: list[Finding] = []
    offers: list[Finding] = []
    for acted in performance.rounds:
        answers.extend(_judge_answer(acted, unasked))
        offers.extend(judge_offer(acted, unasked.offers))
    yield from together(answers)
    yield from together(offers)
    yield from judge_messages(performance, unasked.messages)
    yield from judge_legs(performance, unasked.legs)
    yield from judge_duplicates(performance, unasked.duplicates)
    yield from _judge_schemas(performance, unasked, validate)


def _judge_answer(acted: Acted, unasked: Unasked) -> Iterator[Finding]:
    """Claims about every answer of the API, and its schema."""
    step, reply = acted.round.stimulus, acted.reply
    if (
        not isinstance(step, Ask | Send)
        or reply is None
        or not reply.answered
        or acted.blocked_by
        or acted.wrong_request
    ):
        return
    about = Finding("", "", "", step.title, step=_EVERY_ANSWER, evidence=reply.evidence)
    for claim in unasked.answers:
        yield from judge_claim(claim, dict(reply.value), acted.scope, about)
    for requirement in unasked.schema_of.get("answer", ()):
        found = replace(about, requirement=requirement, expected="the answer is valid against the contract")
        if acted.answer_problems:
            text = f"{step.title}: {'; '.join(acted.answer_problems)}"
            yield replace(found, outcome="unmet", code="schema", message=text)
        elif acted.answer_problems is not None:
            yield replace(found, outcome="met", message="")


def _judge_schemas(performance: Performance, unasked: Unasked, validate: Validate) -> Iterator[Finding]:
    found: list[Finding] = []
    for agent, log in performance.log.items():
        for heard in log:
            is_own = bool(performance.legs.name_of(agent, heard.call_id))
            if heard.position < performance.earlier[agent] or not (
                is_own or heard.message_type == "ErrorMessage"
            ):
                continue
            problems = validate(heard)
            about = Finding(
                "",
                "unmet" if problems else "met",
                "the notification is valid against the contract",
                f"{in_words(heard, performance.legs)}: {'; '.join(problems)}" if problems else "",
                "schema" if problems else "",
                step=_EVERY_NOTIFICATION,
                evidence=(heard.evidence,),
            )
            found.extend(
                replace(about, requirement=each) for each in unasked.schema_of.get("notification", ())
            )
    yield from together(found)


_EVERY_ANSWER = "every answer"
_EVERY_NOTIFICATION = "every notification"


def _successes(rounds: Sequence[Acted]) -> dict[str, bool]:
    """Which named requests did what a twin must: be accepted, or be answered as their claims say."""
    found: dict[str, bool] = {}
    for acted in rounds:
        step = acted.round.stimulus
        if step is None or not step.label:
            continue
        ran = (
            not acted.blocked_by
            and not acted.wrong_request
            and acted.reply is not None
            and acted.reply.answered
        )
        if isinstance(step, Ask):
            found[step.label] = ran and not acted.refusal
        else:
            bare = list(judge_stimulus(acted, None))
            found[step.label] = ran and all(finding.outcome in ("met", "neutral") for finding in bare)
    return found


def _check(finding: Finding, levels: Mapping[str, Level]) -> CheckDone:
    level = levels.get(finding.requirement, "MUST")
    reading = cast(Verdict, finding.reading_verdict) if finding.reading_verdict else None
    verdict = of_check(cast(Outcome, finding.outcome), level, reading)
    return CheckDone(
        check=f"{finding.step or 'unasked'}: {finding.requirement}",
        requirement=finding.requirement,
        verdict=verdict,
        code=finding.code if finding.outcome in ("unmet", "undecided", "error") else "",
        message=finding.message if finding.outcome != "met" else "",
        expected=finding.expected,
        got=_got(finding.nearest) if finding.outcome == "unmet" else "",
        evidence=tuple(filter(None, finding.evidence)),
        nearest=finding.nearest if finding.outcome != "met" else (),
        blocked_by=finding.blocked_by,
        strength=cast(Strength, finding.strength),
        reading=finding.reading,
        step=finding.step,
        place=str(finding.place) if finding.place.file else "",
    )


def _got(nearest: Sequence[Miss]) -> str:
    if not nearest or not nearest[0].differences:
        return ""
    return "; ".join(f"{difference.member}: {difference.got}" for difference in nearest[0].differences)


def _numbered(done: Sequence[CheckDone]) -> Iterator[CheckDone]:
    """The same checks with ids made unique by counting."""
    seen: dict[str, int] = {}
    for check in done:
        seen[check.check] = seen.get(check.check, 0) + 1
        count = seen[check.check]
        yield check if count == 1 else replace(check, check=f"{check.check} ({count})")
