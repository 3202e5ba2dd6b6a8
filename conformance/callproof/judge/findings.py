"""What the judge found about one requirement, before its level is considered. Frozen values, made by keyword.

There is one class for each outcome, with the facts of that outcome; the facts that all of them share are in `About`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal, TypeAlias

from callproof.catalogue.requirement import Verdict
from callproof.catalogue.scenario import AnyStep, Reading
from callproof.judge.sentences import Said, Sentence, passed_on, say
from callproof.strict_yaml import NOWHERE, Place

#: The kind of violation, or of doubt, for machines.
Code: TypeAlias = Literal[
    "", "accepted-but-should-refuse", "duplicate", "late", "leak", "missing-event", "refused-but-should-accept", "schema",
    "status-code", "unexpected-event", "wrong-member", "wrong-order",
]  # fmt: skip
#: How strongly "nothing else arrived" was established.
Strength: TypeAlias = Literal["", "sentinel+window", "window"]


class Outcome(StrEnum):
    """The outcome of one check; the requirement's level turns it into a verdict."""

    MET = "met"
    UNMET = "unmet"
    UNDECIDED = "undecided"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not applicable"
    SUITE_ERROR = "suite error"


@dataclass(frozen=True)
class Difference:
    """One member of a notification or an answer that differs from what was expected."""

    member: str
    expected: str
    got: str

    @property
    def said(self) -> Said:
        return say(Sentence.DIFFERS, member=self.member, expected=self.expected, got=self.got)

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True)
class NearMiss:
    """A notification or an answer that was nearly as expected."""

    evidence: str
    what: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class About:
    """What a finding is about: the step's title (empty for what every scenario proves), what is expected, where that is written, and the
    ids of the transcript entries that show what happened."""

    step: str = ""
    expected: str
    place: Place = NOWHERE
    evidence: tuple[str, ...] = ()

    @classmethod
    def of(cls, step: AnyStep, *evidence: str) -> About:
        """About a step, whose title says what is expected."""
        return cls(step=step.title, expected=step.title, place=step.place, evidence=evidence)


@dataclass(frozen=True, kw_only=True)
class AcceptedReading:
    """The alternative by which a requirement was met, and its verdict."""

    because: str
    verdict: Verdict

    @classmethod
    def of(cls, reading: Reading) -> AcceptedReading:
        """A reading of the catalogue, with its text and its verdict."""
        return cls(because=reading.text, verdict=reading.verdict)


@dataclass(frozen=True, kw_only=True)
class _Found:
    requirement: str
    about: About


@dataclass(frozen=True, kw_only=True)
class Met(_Found):
    """The requirement is met, as written or by an accepted reading."""

    outcome: ClassVar[Outcome] = Outcome.MET
    reading: AcceptedReading | None = None
    strength: Strength = ""


@dataclass(frozen=True, kw_only=True)
class Unmet(_Found):
    """The requirement is violated."""

    outcome: ClassVar[Outcome] = Outcome.UNMET
    code: Code
    message: Said
    nearest: tuple[NearMiss, ...] = ()
    strength: Strength = ""


@dataclass(frozen=True, kw_only=True)
class Undecided(_Found):
    """The evidence does not allow a judgement. `code` names the violation that is in doubt, if there is one."""

    outcome: ClassVar[Outcome] = Outcome.UNDECIDED
    message: Said
    code: Code = ""
    nearest: tuple[NearMiss, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Blocked(_Found):
    """Something that had to happen first did not; `by` names it."""

    outcome: ClassVar[Outcome] = Outcome.BLOCKED
    by: str
    message: Said


@dataclass(frozen=True, kw_only=True)
class NotApplicable(_Found):
    """The requirement is about something that does not occur here."""

    outcome: ClassVar[Outcome] = Outcome.NOT_APPLICABLE
    message: Said


@dataclass(frozen=True, kw_only=True)
class SuiteError(_Found):
    """The suite itself misbehaved."""

    outcome: ClassVar[Outcome] = Outcome.SUITE_ERROR
    code: Code
    message: Said


Finding: TypeAlias = Met | Unmet | Undecided | Blocked | NotApplicable | SuiteError


# One finding for each requirement -------------------------------------------------------------------------------------


def met_unless(
    wrong: Said,
    proves: Iterable[str],
    about: About,
    code: Code,
    nearest: tuple[NearMiss, ...] = (),
    strength: Strength = "",
) -> Iterator[Finding]:
    """Met, or unmet because of what is wrong."""
    for each in proves:
        if wrong:
            yield Unmet(
                requirement=each, about=about, code=code, message=wrong, nearest=nearest, strength=strength
            )
        else:
            yield Met(requirement=each, about=about, strength=strength)


def met_by(reading: Reading, proves: Iterable[str], about: About) -> Iterator[Finding]:
    """Met by an accepted reading."""
    for each in proves:
        yield Met(requirement=each, about=about, reading=AcceptedReading.of(reading))


def undecided(
    why: Said, proves: Iterable[str], about: About, code: Code = "", nearest: tuple[NearMiss, ...] = ()
) -> Iterator[Finding]:
    """Undecided for one reason."""
    for each in proves:
        yield Undecided(requirement=each, about=about, message=why, code=code, nearest=nearest)


def blocked(by: str, proves: Iterable[str], about: About) -> Iterator[Finding]:
    """Blocked by one cause, which is also the message."""
    for each in proves:
        yield Blocked(requirement=each, about=about, by=by, message=passed_on(by))
