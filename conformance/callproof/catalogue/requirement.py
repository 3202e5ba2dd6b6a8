"""The requirement catalogue as frozen values. A requirement is a testable sentence about a server, from a clause of the contract. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from callproof.catalogue.scenario import Reading
from callproof.json_values import Json
from callproof.strict_yaml import NOWHERE, Place

Level: TypeAlias = Literal["MUST", "SHOULD", "MAY"]
Verdict: TypeAlias = Literal[
    "pass", "warn", "info", "fail", "not-applicable", "blocked", "inconclusive", "not-tested", "error"
]
Basis: TypeAlias = Literal["stated", "sample", "inferred", "bayeux", "http"]

#: The meaning of each basis, for people.
BASES: Mapping[Basis, str] = {
    "stated": "a public page says so",
    "sample": "documented samples or captures show it",
    "inferred": "our reading; no source says it",
    "bayeux": "the Bayeux protocol",
    "http": "the HTTP standard",
}
#: Conditions that are known before the run; the others show during it.
KNOWN_BEFOREHAND = frozenset({"claim", "number", "auth", "transport", "acknowledge"})


@dataclass(frozen=True)
class Source:
    """The public source of a requirement."""

    doc: str
    section: str

    def __str__(self) -> str:
        return f"{self.doc}, {self.section}"


@dataclass(frozen=True)
class Clause:
    """One sentence of the contract. `pointer` is its file, `#` and its id."""

    pointer: str
    text: str
    basis: Basis
    source: Source


@dataclass(frozen=True)
class NotTested:
    """Why no scenario proves a requirement."""

    reason: Literal["needs-vendor-hook", "not-observable", "destructive"]
    details: str


@dataclass(frozen=True)
class Requirement:
    """One sentence about a server that a run can judge from outside. `applies_if` is `always`, or a kind and a name.

    The contract's clause gives its text, basis and source; `accepts` are the other readings that a server may follow, each with its
    verdict.
    """

    id: str
    title: str
    level: Level
    clause: Clause
    rationale: str
    since: str
    profiles: tuple[str, ...]
    must_because: str = ""
    applies_if: str = "always"
    accepts: tuple[Reading, ...] = ()
    not_tested: NotTested | None = None
    place: Place = NOWHERE

    @property
    def text(self) -> str:
        return self.clause.text

    @property
    def basis(self) -> Basis:
        return self.clause.basis

    @property
    def source(self) -> Source:
        return self.clause.source

    def reading(self, name: str) -> Reading | None:
        """The accepted reading of this id, if the requirement lists it."""
        return next((reading for reading in self.accepts if reading.id == name), None)

    @property
    def condition(self) -> tuple[str, str]:
        """Kind and name of `applies_if`; both empty when it always applies."""
        kind, _, name = self.applies_if.partition(":")
        return (kind, name) if name else ("", "")

    def applies_to(self, has: Sequence[str]) -> bool:
        """Whether the requirement applies to a target that has these things, as far as that is known before the run."""
        return self.condition[0] not in KNOWN_BEFOREHAND or self.applies_if in has


@dataclass(frozen=True)
class Catalogue:
    """All requirements in the order of their files; `catalogue[id]` is one of them. `profiles` are in the order of play."""

    requirements: tuple[Requirement, ...]
    profiles: tuple[str, ...]
    _by_id: Mapping[str, Requirement] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {requirement.id: requirement for requirement in self.requirements})

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.requirements)

    def __len__(self) -> int:
        return len(self.requirements)

    def __contains__(self, requirement: object) -> bool:
        return requirement in self._by_id

    def __getitem__(self, requirement: str) -> Requirement:
        return self._by_id[requirement]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._by_id)

    def of_profile(self, profile: str) -> tuple[Requirement, ...]:
        return tuple(requirement for requirement in self.requirements if profile in requirement.profiles)

    def required_set(self, profile: str) -> tuple[str, ...]:
        """The ids that a server must meet for the profile: all that can be tested."""
        return tuple(item.id for item in self.of_profile(profile) if item.not_tested is None)

    def set_hash(self, profile: str) -> str:
        """Identifies the required set: equal hashes mean equal ids at equal levels."""
        return _hash([[name, self[name].level] for name in sorted(self.required_set(profile))])

    @property
    def hash(self) -> str:
        """Identifies the catalogue: covers everything that a verdict depends on."""
        items = self.requirements
        return _hash(
            [[each.id, each.level, each.text, each.applies_if, list(each.profiles)] for each in items]
        )


def _hash(value: Json) -> str:
    return "sha256:" + hashlib.sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()
