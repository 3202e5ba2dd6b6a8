"""What the judge found about one requirement, before its level has been looked at. Frozen values, made by keyword.

One class for each outcome, with what only that outcome has; what all of them have is in `About`.
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

#: What machines read: which kind of violation, or of doubt, it is.
Code: TypeAlias = Literal[
    "", "accepted-but-should-refuse", "duplicate", "late", "leak", "missing-event", "refused-but-should-accept", "schema",
    "status-code", "unexpected-event", "wrong-member", "wrong-order",
]  # fmt: skip
#: How strongly "nothing else arrived" was established.
Strength: TypeAlias = Literal["", "sentinel+window", "window"]


class Outcome(StrEnum):
    """What became of one check; a requirement's level makes a verdict of it."""

    MET = "met"
    UNMET = "unmet"
    UNDECIDED = "undecided"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not applicable"
    SUITE_ERROR = "suite error"


@dataclass(frozen=True)
class Difference:
    """One member in which a notification or an answer differs from what was expected."""

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
    """A notification that nearly was the expected one, or an answer that nearly was as expected."""

    evidence: str
    what: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class About:
    """What a finding speaks of: the step's title (empty for what is judged unasked), what is expected, where that is written, and the
    ids of the transcript entries that show what happened."""

    step: str = ""
    expected: str
    place: Place = NOWHERE
    evidence: tuple[str, ...] = ()

    @classmethod
    def of(cls, step: AnyStep, *evidence: str) -> About:
        """What is expected of a step is its title."""
        return cls(step=step.title, expected=step.title, place=step.place, evidence=evidence)


@dataclass(frozen=True, kw_only=True)
class AcceptedReading:
    """The alternative by which a requirement was met, and the verdict that this earns."""

    because: str
    verdict: Verdict

    @classmethod
    def of(cls, reading: Reading) -> AcceptedReading:
        """A reading of the catalogue, with its words and its verdict."""
        return cls(because=reading.text, verdict=reading.verdict)


@dataclass(frozen=True, kw_only=True)
class _Found:
    requirement: str
    about: About


@dataclass(frozen=True, kw_only=True)
class Met(_Found):
    """The requirement is met, as it is written or by an accepted reading."""

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
    """What was seen allows no judgement. `code` says of which violation there is a doubt, if it is of one."""

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
    """The requirement speaks of something that does not occur here."""

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
    """Blocked by one cause, which is all that there is to say."""
    for each in proves:
        yield Blocked(requirement=each, about=about, by=by, message=passed_on(by))
