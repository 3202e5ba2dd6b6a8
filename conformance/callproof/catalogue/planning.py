"""From scenarios to plans: spells out given flows, groups steps into rounds, and names what cannot be played, with the reason.

Pure. A *round* is one stimulus and everything that must or may follow it, up to the next stimulus.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from callproof.catalogue.scenario import (
    AGENTS,
    NOTHING_UNASKED,
    AnyStep,
    Ask,
    Flow,
    Given,
    Hear,
    MayHear,
    NothingElse,
    Order,
    Scenario,
    Stimulus,
    Unasked,
)


@dataclass(frozen=True)
class Round:
    """One stimulus (or none), and the notifications that must or may follow it."""

    stimulus: Stimulus | None
    hears: tuple[Hear, ...] = ()
    may_hear: tuple[MayHear, ...] = ()
    given: str = ""


@dataclass(frozen=True)
class Play:
    """A scenario ready to be played."""

    scenario: Scenario
    rounds: tuple[Round, ...]
    orders: tuple[Order, ...]
    nothing_else: tuple[NothingElse, ...]


@dataclass(frozen=True)
class LeftOut:
    """A scenario that is not played, and why; it does not test its requirements."""

    scenario: Scenario
    reason: str


@dataclass(frozen=True)
class Plan:
    """What a run will do, in this order, and what it will leave out."""

    plays: tuple[Play, ...]
    left_out: tuple[LeftOut, ...] = ()
    unasked: Unasked = NOTHING_UNASKED
    generated: bool = False  # bodies generated from the contract are sent too

    @property
    def places_calls(self) -> bool:
        return any(play.scenario.places_calls for play in self.plays)

    @property
    def agents(self) -> tuple[str, ...]:
        names = {agent for play in self.plays for agent in play.scenario.agents}
        names |= {"alice"} if self.generated else set()
        return tuple(agent for agent in AGENTS if agent in names)


class NothingSelected(Exception):
    """A profile or pattern that matches no scenario: a typing error, never an empty pass."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        what = "profile, no scenario and no proved requirement"
        super().__init__(f"nothing is called {pattern!r}: it matches no {what}")


#: The one scenario without a file: bodies generated from the contract.
GENERATED = "http/generated"


def plan(
    scenarios: Sequence[Scenario],
    flows: Mapping[str, Flow],
    unasked: Unasked = NOTHING_UNASKED,
    *,
    profiles: Collection[str] = (),
    select: Collection[str] = (),
    has: Collection[str] = (),
    may_call: str = "",
) -> Plan:
    """Choose scenarios and spell them out. They are in the order of play already.

    `profiles` limits the plan to these, unless empty. `select` holds ids or patterns of scenarios or requirements. `has` lists what
    the target has of what scenarios need. `may_call`, unless empty, is the reason why no call may be placed.
    Raises NothingSelected for a profile or pattern that matches nothing.
    """
    chosen = _chosen(scenarios, profiles, select)
    plays: list[Play] = []
    left_out: list[LeftOut] = []
    for scenario in (each for each in scenarios if each.id in chosen):
        if reason := _why_not(scenario, has, may_call):
            left_out.append(LeftOut(scenario, reason))
        else:
            plays.append(spell_out(scenario, flows))
    return Plan(tuple(plays), tuple(left_out), unasked, generated=GENERATED in chosen)


def _chosen(
    scenarios: Sequence[Scenario], profiles: Collection[str], select: Collection[str]
) -> frozenset[str]:
    """The ids of the scenarios meant by profiles and patterns, the generated one among them. Raises NothingSelected."""
    known = {scenario.profile for scenario in scenarios}
    for unknown in (profile for profile in profiles if profile not in known):
        raise NothingSelected(unknown)
    offered = [scenario for scenario in scenarios if not profiles or scenario.profile in profiles]
    named = {scenario.id: (scenario.id, *scenario.proves) for scenario in offered}
    if any(scenario.profile == "http" for scenario in offered):
        named[GENERATED] = (GENERATED,)
    for pattern in select:
        if not any(_is_meant(names, [pattern]) for names in named.values()):
            raise NothingSelected(pattern)
    return frozenset(name for name, names in named.items() if not select or _is_meant(names, select))


def _is_meant(names: Collection[str], patterns: Collection[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for name in names for pattern in patterns)


def spell_out(scenario: Scenario, flows: Mapping[str, Flow]) -> Play:
    """One scenario in rounds, preceded by its given flows."""
    rounds: list[Round] = []
    for given in scenario.given:
        rounds.extend(_rounds(_renamed(flows[given.flow], given), given.call))
    rounds.extend(_rounds(scenario.steps))
    return Play(
        scenario,
        tuple(rounds),
        tuple(step for step in scenario.steps if isinstance(step, Order)),
        tuple(step for step in scenario.steps if isinstance(step, NothingElse)),
    )


def _why_not(scenario: Scenario, has: Collection[str], may_call: str) -> str:
    missing = [need for need in scenario.needs if need not in has]
    if missing:
        listening = [need for need in missing if need.startswith(("transport:", "acknowledge:"))]
        if listening:
            return f"the run does not listen with {', '.join(listening)}"
        return f"the target file does not name {', '.join(missing)}"
    return may_call if scenario.places_calls else ""


def _renamed(flow: Flow, given: Given) -> tuple[AnyStep, ...]:
    """The flow's steps with the scenario's names for its agents and calls. They prove nothing: set-up is judged elsewhere."""
    agents = dict(zip(flow.agents, given.agents, strict=True))
    calls = {flow.call: given.call, **({flow.on: given.on} if flow.on else {})}
    return tuple(_renamed_step(step, agents, calls) for step in flow.steps)


def _renamed_step(step: AnyStep, agents: Mapping[str, str], calls: Mapping[str, str]) -> AnyStep:
    step = replace(step, agent=agents.get(step.agent, step.agent), label="")
    if isinstance(step, Ask):
        return replace(
            step,
            on=calls.get(step.on, step.on),
            to=agents.get(step.to, step.to),
            consult=calls.get(step.consult, step.consult),
        )
    if isinstance(step, Hear | MayHear):
        step = replace(step, call=calls.get(step.call, step.call))
    if isinstance(step, Hear):
        return replace(step, parties=tuple(agents.get(party, party) for party in step.parties))
    return step


def _rounds(steps: Sequence[AnyStep], given: str = "") -> list[Round]:
    rounds: list[Round] = []
    for step in steps:
        if isinstance(step, Stimulus):
            rounds.append(Round(step, given=given))
        elif isinstance(step, Hear | MayHear):
            if not rounds:
                rounds.append(Round(None, given=given))
            last = rounds[-1]
            if isinstance(step, Hear):
                rounds[-1] = replace(last, hears=(*last.hears, step))
            else:
                rounds[-1] = replace(last, may_hear=(*last.may_hear, step))
    return rounds
