"""Resolves the readings that scenarios refer to: each is defined once, in its requirement. Finds dangling references. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from callproof.catalogue.mistakes import listed
from callproof.catalogue.requirement import Catalogue
from callproof.catalogue.scenario import (
    Accepted,
    AnyStep,
    Ask,
    Claim,
    Flow,
    GeneratedBodies,
    Hear,
    LegRule,
    NothingElse,
    Scenario,
    Step,
    Stimulus,
    Unasked,
)
from callproof.strict_yaml import Mistake
from callproof.suggestions import did_you_mean

REFUSED_BY_NOTIFICATION = "refused by notification"
REFUSED_BY_RELEASE = "refused by release"
TOLD_AGAIN = "told again"
STATE_WITH_PARTICIPANTS = "new state with new participants"
#: Rules of the judge for readings that no member can show, each with the kind of step, or of rule along a leg, that it applies to.
RULES: Mapping[str, type[Step | LegRule]] = {
    REFUSED_BY_NOTIFICATION: Ask,
    REFUSED_BY_RELEASE: Ask,
    TOLD_AGAIN: NothingElse,
    STATE_WITH_PARTICIPANTS: LegRule,
}

_Stepped = TypeVar("_Stepped", Scenario, Flow)


class Acceptance:
    """Resolves references to the readings of a catalogue. Afterwards `mistakes` lists every dangling reference."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._used: set[tuple[str, str]] = set()
        self._found: list[Mistake] = []

    def of(self, item: _Stepped) -> _Stepped:
        """The scenario or flow, with the readings that its claims name and those that the judge's rules accept at its steps."""
        return replace(item, steps=tuple(self._step(step) for step in item.steps))

    def of_unasked(self, unasked: Unasked) -> Unasked:
        """What every scenario proves, with the readings that its claims name."""
        bodies = unasked.generated
        return replace(
            unasked,
            messages=self._claims(unasked.messages),
            answers=self._claims(unasked.answers),
            legs=tuple(replace(rule, by_rule=self._by_rule(rule)) for rule in unasked.legs),
            generated=GeneratedBodies(
                self._claims(bodies.each), self._claims(bodies.valid), self._claims(bodies.invalid)
            ),
        )

    def mistakes(self) -> Iterator[Mistake]:
        """All mistakes found so far, and every reading that nothing refers to."""
        yield from self._found
        for requirement in self._catalogue:
            for reading in requirement.accepts:
                if reading.rule and reading.rule not in RULES:
                    problem = f"{requirement.id}: the judge has no rule {reading.rule!r}"
                    remedy = did_you_mean(reading.rule, RULES, f"there are {listed(tuple(RULES))}")
                    yield Mistake(reading.place, "unknown-rule", problem, remedy)
                elif (requirement.id, reading.id) not in self._used:
                    problem = f"{requirement.id} accepts the reading {reading.id}, and nothing refers to it"
                    remedy = "name it in the `or` of a claim that proves the requirement, or remove it"
                    yield Mistake(reading.place, "idle-reading", problem, remedy)

    def _step(self, step: AnyStep) -> AnyStep:
        step = replace(step, by_rule=self._by_rule(step))
        if isinstance(step, Stimulus | Hear):
            return replace(step, claims=self._claims(step.claims))
        return step

    def _by_rule(self, step: AnyStep | LegRule) -> Accepted:
        if isinstance(step, Ask) and step.accepted:
            return {}
        found = {
            (name, reading.rule): reading
            for name in step.proves
            if name in self._catalogue
            for reading in self._catalogue[name].accepts
            if RULES.get(reading.rule) is type(step)
        }
        self._used.update((name, reading.id) for (name, _), reading in found.items())
        return found

    def _claims(self, claims: Sequence[Claim]) -> tuple[Claim, ...]:
        return tuple(self._claim(claim) if claim.accepts else claim for claim in claims)

    def _claim(self, claim: Claim) -> Claim:
        if len(claim.proves) != 1:
            problem = f"`or` is in a claim that proves {listed(claim.proves)}"
            remedy = "give each requirement a claim of its own"
            self._found.append(Mistake(claim.place, "whose-reading", problem, remedy))
            return claim
        (name,) = claim.proves
        if name not in self._catalogue:
            return claim  # reported as a mistake elsewhere
        listing = [reading.id for reading in self._catalogue[name].accepts if not reading.rule]
        readings = []
        for wanted in claim.accepts:
            reading = self._catalogue[name].reading(wanted)
            if reading is None or reading.rule:
                why = "leaves to a rule of the judge" if reading else "does not list"
                problem = f"`or: {wanted}` names a reading that {name} {why}"
                remedy = did_you_mean(wanted, listing, f"{name} lists {listed(listing)}")
                self._found.append(Mistake(claim.place, "unknown-reading", problem, remedy))
            else:
                self._used.add((name, wanted))
                readings.append(reading)
        return replace(claim, readings=tuple(readings))
