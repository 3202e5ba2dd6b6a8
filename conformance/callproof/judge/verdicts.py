"""From outcomes to verdicts, and from verdicts to a profile's verdict. Pure, one function each.

The words are those of the result document (`result.schema.json`); programs that read it rely on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, Literal, TypeAlias

from callproof.catalogue.requirement import Level, Verdict
from callproof.judge.findings import Outcome

ProfileVerdict: TypeAlias = Literal["conformant", "not-conformant", "undetermined"]

#: The worst first: a requirement gets the first of these verdicts that one of its checks has.
WORST_FIRST: Final[tuple[Verdict, ...]] = (
    "fail", "error", "inconclusive", "blocked", "warn", "info", "pass", "not-applicable", "not-tested",
)  # fmt: skip

#: Verdicts that do not prevent a certificate.
GOOD: Final[frozenset[Verdict]] = frozenset({"pass", "warn", "info", "not-applicable"})
#: Verdicts which show that something was actually checked.
EXECUTED: Final[frozenset[Verdict]] = frozenset({"pass", "warn", "info", "fail"})

#: The verdict of an unmet requirement: a MUST fails, a SHOULD warns, a MAY is worth knowing.
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
    "warn": "Counts as met, with a note: the server ignored a recommendation or follows a tolerated reading.",
    "info": "Counts as met; worth knowing.",
    "fail": "Prevents a certificate.",
    "not-applicable": "Neutral: does not apply to this target.",
    "blocked": "Leaves the profile undetermined: an earlier step failed, so this could not be judged.",
    "inconclusive": "Leaves the profile undetermined: the suite could not judge what it saw.",
    "not-tested": "Leaves the profile undetermined: no check of this run covered it.",
    "error": "Leaves the profile undetermined: the suite itself failed, which is a bug in callproof.",
}


def of_check(outcome: Outcome, level: Level, reading: Verdict | None = None) -> Verdict:
    """The verdict of one observation. `reading` is the catalogue's verdict for the accepted alternative that was met; it only
    applies to `met`."""
    if outcome is Outcome.UNMET:
        return UNMET[level]
    if outcome is Outcome.MET and reading is not None:
        return reading
    return _OUTCOMES[outcome]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a requirement from those of its checks; without checks it was not tested."""
    return min(verdicts, key=WORST_FIRST.index, default="not-tested")


def of_profile(required: Collection[Verdict]) -> ProfileVerdict:
    """The verdict of a profile from those of all its requirements.

    One violation makes it *not conformant*. It is *conformant* if all verdicts are good and at least one requirement was actually checked.
    Everything else is *undetermined*, above all an empty run.
    """
    if "fail" in required:
        return "not-conformant"
    if not EXECUTED.isdisjoint(required) and GOOD.issuperset(required):
        return "conformant"
    return "undetermined"


def meaning(verdict: Verdict, counted: bool = True) -> str:
    """What a verdict means for the certificate, in one sentence."""
    text = _MEANING[verdict]
    return text if counted else f"Not counted: {text[0].lower()}{text[1:]}"
