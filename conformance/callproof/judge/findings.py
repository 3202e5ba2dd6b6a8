"""What the judge found about one requirement, before its level has been looked at. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from callproof.strict_yaml import NOWHERE, Place


@dataclass(frozen=True)
class Difference:
    """One member in which a message differs from what was expected."""

    member: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.member}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True)
class Miss:
    """A message that nearly was the expected one."""

    evidence: str
    what: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Finding:
    """One observation about one requirement, before its level has been looked at.

    `outcome` is met, unmet, undecided (we could not judge), blocked (an earlier step did not happen), neutral (it does not apply
    here) or error (the suite misbehaved). `reading` names the verdict of an accepted alternative.
    """

    requirement: str
    outcome: str
    expected: str
    message: str = ""
    code: str = ""
    step: str = ""
    place: Place = NOWHERE
    evidence: tuple[str, ...] = ()
    nearest: tuple[Miss, ...] = ()
    strength: str = ""
    reading: str = ""
    reading_verdict: str = ""
    blocked_by: str = ""
