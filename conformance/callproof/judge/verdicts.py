"""From outcomes to verdicts, from verdicts to a profile's verdict, from a result to the exit code. Pure, one function each.

The words are those of the result document (`result.schema.json`); they are promises to whoever reads it by machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import IntEnum
from typing import Final, Literal, TypeAlias

from callproof.catalogue.requirement import Level, Verdict
from callproof.json_values import Json, as_list, as_object, text_of
from callproof.judge.findings import Outcome

ProfileVerdict: TypeAlias = Literal["conformant", "not-conformant", "undetermined"]

#: The worst first: the verdict of a requirement is the first of these that one of its checks has.
WORST_FIRST: Final[tuple[Verdict, ...]] = (
    "fail", "error", "inconclusive", "blocked", "warn", "info", "pass", "not-applicable", "not-tested",
)  # fmt: skip

#: What does not stand in the way of a certificate.
GOOD: Final[frozenset[Verdict]] = frozenset({"pass", "warn", "info", "not-applicable"})
#: What says that something was really looked at.
EXECUTED: Final[frozenset[Verdict]] = frozenset({"pass", "warn", "info", "fail"})

#: What an unmet requirement earns: a MUST fails, a SHOULD warns, a MAY is worth knowing.
UNMET: Final[Mapping[Level, Verdict]] = {"MUST": "fail", "SHOULD": "warn", "MAY": "info"}
_OUTCOMES: Final[Mapping[Outcome, Verdict]] = {
    Outcome.MET: "pass",
    Outcome.UNDECIDED: "inconclusive",
    Outcome.BLOCKED: "blocked",
    Outcome.NOT_APPLICABLE: "not-applicable",
    Outcome.SUITE_ERROR: "error",
}
_MEANING: Final[Mapping[Verdict, str]] = {
    "pass": "Counts as met.",
    "warn": "Counts as met, with a note: a recommendation was not followed, or a tolerated reading was.",
    "info": "Counts as met; worth knowing.",
    "fail": "Stands in the way of a certificate.",
    "not-applicable": "Neutral: it does not apply to this target.",
    "blocked": "Leaves the profile undetermined: an earlier step did not happen, so this could not be judged.",
    "inconclusive": "Leaves the profile undetermined: the suite could not judge what it saw.",
    "not-tested": "Leaves the profile undetermined: nothing looked at it in this run.",
    "error": "Leaves the profile undetermined: the suite itself misbehaved, which is ours to repair.",
}


class ExitCode(IntEnum):
    """What `callproof run` ends with. BAD_INPUT and NOT_READY end a run before there is a result document."""

    CONFORMANT = 0
    NOT_CONFORMANT = 1
    UNDETERMINED = 2
    WARNINGS = 3
    BAD_INPUT = 4
    NOT_READY = 5
    SUITE_ERROR = 6
    CALLS_LEFT = 7
    INTERRUPTED = 130


def of_check(outcome: Outcome, level: Level, reading: Verdict | None = None) -> Verdict:
    """The verdict of one observation. `reading` is the verdict that an accepted alternative earns by the catalogue; it holds for
    `met` only, because what is met in no accepted reading is unmet."""
    if outcome is Outcome.UNMET:
        return UNMET[level]
    if outcome is Outcome.MET and reading is not None:
        return reading
    return _OUTCOMES[outcome]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a requirement from those of its checks; without any it was not tested."""
    return min(verdicts, key=WORST_FIRST.index, default="not-tested")


def of_profile(required: Collection[Verdict]) -> ProfileVerdict:
    """The verdict of a profile from those of every requirement that it requires.

    One violation is enough for *not conformant*. *Conformant* needs all of them good and at least one really looked at; whatever is
    between the two is *undetermined*, an empty run above all.
    """
    if "fail" in required:
        return "not-conformant"
    if not EXECUTED.isdisjoint(required) and GOOD.issuperset(required):
        return "conformant"
    return "undetermined"


def meaning(verdict: Verdict, counted: bool = True) -> str:
    """What a verdict means for the certificate, in a sentence."""
    return (
        _MEANING[verdict]
        if counted
        else "Not counted: " + _MEANING[verdict][0].lower() + _MEANING[verdict][1:]
    )


def exit_code(document: Mapping[str, Json]) -> ExitCode:
    """The exit code of a finished result document. No other function of callproof decides it.

    When several apply: interrupted, suite error, not conformant, calls left, undetermined, warnings (with `strict` only).
    """
    run = as_object(document.get("run"))
    checks = [check for scenario in _objects(document, "scenarios") for check in _objects(scenario, "checks")]
    verdicts = {text_of(check.get("verdict")) for check in checks}
    profiles = {text_of(profile.get("verdict")) for profile in _objects(document, "profiles")}
    counted = {
        text_of(item.get("verdict")) for item in _objects(document, "requirements") if item.get("counted")
    }
    is_whole = profiles == {"conformant"} and run.get("complete") and not EXECUTED.isdisjoint(verdicts)
    causes = (
        (run.get("interrupted"), ExitCode.INTERRUPTED),
        ("error" in verdicts, ExitCode.SUITE_ERROR),
        ("not-conformant" in profiles or "fail" in counted, ExitCode.NOT_CONFORMANT),
        (not as_object(document.get("cleanup")).get("complete"), ExitCode.CALLS_LEFT),
        (not is_whole, ExitCode.UNDETERMINED),
        (as_object(run.get("options")).get("strict") and "warn" in verdicts, ExitCode.WARNINGS),
    )
    return next((code for applies, code in causes if applies), ExitCode.CONFORMANT)


def _objects(value: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    return [as_object(item) for item in as_list(value.get(name))]
