"""From outcomes to verdicts, and from verdicts to a profile's verdict. Pure, one function each.

The words are those of the result document (`result.schema.json`); they are promises to whoever reads it by machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, Literal, TypeAlias

from callproof.catalogue.requirement import Level, Verdict
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
    text = _MEANING[verdict]
    return text if counted else f"Not counted: {text[0].lower()}{text[1:]}"
