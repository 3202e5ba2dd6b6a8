"""What a scenario says, as frozen values. A *scenario* is one call flow, played in *rounds*: a stimulus and what must follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from callproof.json_values import Json
from callproof.strict_yaml import NOWHERE, Place

AGENTS = ("alice", "bob", "carol")
CREATING = frozenset(
    {"Dial", "InitiateConference", "InitiateTransfer", "SingleStepConference", "SingleStepTransfer"}
)
#: The operations that are posted to the agent rather than to a call or a device.
ON_ME = frozenset({"StartContactCenterSession", "EndContactCenterSession"})


# What a scenario says ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Predicate:
    """One expectation about one member: `kind` names a rule of `predicates.RULES`, `value` is its argument."""

    path: str
    kind: str
    value: Json

    def in_words(self) -> str:
        return f"{self.path} {self.kind} {_shown(self.value)}"


@dataclass(frozen=True)
class Reading:
    """Another accepted way to meet a requirement, with its verdict. It is defined once, in the requirement's `accepts`.

    Its `predicates` say what shows it, or `rule` names the rule of the judge that accepts it, an entry of `accepting.RULES`.
    """

    id: str
    text: str
    verdict: Literal["pass", "warn", "info"]
    predicates: tuple[Predicate, ...] = ()
    rule: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Claim:
    """What must be true of a message or an answer, and which requirements that proves.

    `accepts` are the ids of readings as written; `readings` are those readings, taken from the requirement.
    """

    proves: tuple[str, ...]
    predicates: tuple[Predicate, ...]
    when: tuple[Predicate, ...] = ()
    accepts: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    place: Place = NOWHERE

    def in_words(self) -> str:
        return " and ".join(predicate.in_words() for predicate in self.predicates)


#: Readings that the judge accepts by a rule of its own, by requirement and rule.
Accepted: TypeAlias = Mapping[tuple[str, str], Reading]


@dataclass(frozen=True)
class Step:
    """What every step has: the agent, what it proves, its name in the scenario and its place in the file.

    `by_rule` holds the readings of its requirements that the judge accepts by a rule of its own.
    """

    agent: str
    proves: tuple[str, ...] = ()
    label: str = ""
    place: Place = NOWHERE
    by_rule: Accepted = field(default_factory=dict, kw_only=True)

    @property
    def cites(self) -> tuple[str, ...]:
        """Every requirement that this step's checks are about, each once."""
        parts = (*getattr(self, "claims", ()), *getattr(self, "agrees", ()))
        groups = (self.proves, *(part.proves for part in parts), getattr(self, "strangers", ()))
        return tuple(dict.fromkeys(name for group in groups for name in group))


@dataclass(frozen=True)
class Ask(Step):
    """An operation of the contract, on a call, on the agent's device or on the agent."""

    operation: str = ""
    on: str = ""
    to: str = ""
    members: Mapping[str, Json] = field(default_factory=dict)
    consult: str = ""
    accepted: bool = True
    twin: str = ""
    wrong: bool = False
    claims: tuple[Claim, ...] = ()

    @property
    def title(self) -> str:
        target = f" on {self.on}" if self.on else ""
        return f"{self.agent} asks for {self.operation}{target}" + (f" to {self.to}" if self.to else "")


@dataclass(frozen=True)
class Send(Step):
    """A raw HTTP request, judged only by its answer."""

    method: str = "GET"
    path: str = ""
    body: Json = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    credentials: str = "own"
    twin: str = ""
    claims: tuple[Claim, ...] = ()
    remembers: Mapping[str, str] = field(default_factory=dict)
    agrees: tuple[Agreement, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.agent} sends {self.method} {self.path}"


@dataclass(frozen=True)
class Exchange(Step):
    """A raw batch of Bayeux messages in one HTTP request, or in one frame over a WebSocket of its own.

    Replies are addressed by the id of their request.
    """

    messages: tuple[Mapping[str, Json], ...] = ()
    text: str | None = None
    credentials: str = "own"
    twin: str = ""
    claims: tuple[Claim, ...] = ()
    remembers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    meanwhile: str = ""
    collects: str = ""
    limit_s: float | None = None
    over: str = "long-polling"

    @property
    def title(self) -> str:
        if self.collects:
            return f"{self.agent} collects the answer to {self.collects}"
        return f"{self.agent} exchanges {', '.join(str(m.get('channel')) for m in self.messages) or 'a body'}"


@dataclass(frozen=True)
class Agreement:
    """What is read about a call must agree with its last notification in these members."""

    call: str
    members: tuple[str, ...]
    proves: tuple[str, ...]
    before: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Hear(Step):
    """A notification that must come, `least` to `most` times. Only `call`, `state`, `notification` and `parties` identify it;
    everything else about it is a claim with its own requirement."""

    call: str = ""
    new: bool = False
    state: str = ""
    notification: str = ""
    parties: tuple[str, ...] = ()
    least: int = 1
    most: int = 1
    claims: tuple[Claim, ...] = ()

    @property
    def title(self) -> str:
        what = self.state or self.notification or "a notification"
        with_whom = f" with {' and '.join(self.parties)}" if self.parties else ""
        call = f"the new call {self.call}" if self.new else self.call
        return f"{self.agent} hears that {call} is {what}{with_whom}"


@dataclass(frozen=True)
class MayHear(Step):
    """A notification that is allowed but not required, from here to the end of the scenario."""

    call: str = ""
    state: str = ""
    notification: str = ""

    @property
    def title(self) -> str:
        return f"{self.agent} may hear of {self.call}"


@dataclass(frozen=True)
class Order(Step):
    """The notification named `first` is delivered before the one named `then`, both in one agent's session."""

    first: str = ""
    then: str = ""

    @property
    def title(self) -> str:
        return f"{self.first}, then {self.then}"


@dataclass(frozen=True)
class NothingElse(Step):
    """Until the end of the scenario, these agents receive only expected or allowed notifications about their own calls."""

    agents: tuple[str, ...] = AGENTS
    strangers: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"nothing else reaches {', '.join(self.agents)}"


AnyStep: TypeAlias = Ask | Send | Exchange | Hear | MayHear | Order | NothingElse
Stimulus: TypeAlias = Ask | Send | Exchange


@dataclass(frozen=True)
class Given:
    """A call that exists when the scenario begins, reached by a named flow between these agents."""

    call: str
    flow: str
    agents: tuple[str, ...]
    on: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Flow:
    """A way to reach a given state, written like a scenario; its agents and calls are renamed where it is used."""

    name: str
    agents: tuple[str, ...]
    call: str
    on: str
    steps: tuple[AnyStep, ...]
    place: Place = NOWHERE


@dataclass(frozen=True)
class Scenario:
    """One call flow as written."""

    id: str
    title: str
    profile: str
    given: tuple[Given, ...]
    steps: tuple[AnyStep, ...]
    needs: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def agents(self) -> tuple[str, ...]:
        named = {name for step in self.steps for name in (step.agent, getattr(step, "to", ""))}
        named.update(agent for given in self.given for agent in given.agents)
        return tuple(agent for agent in AGENTS if agent in named)

    @property
    def places_calls(self) -> bool:
        return bool(self.given) or any(getattr(step, "operation", "") in CREATING for step in self.steps)

    @property
    def proves(self) -> frozenset[str]:
        """Every requirement that this scenario's checks are about."""
        return frozenset(name for step in self.steps for name in step.cites)


@dataclass(frozen=True)
class LegRule:
    """What must hold along one leg's notifications: `rule` names a rule of `judge.along_legs`."""

    rule: str
    member: str
    proves: tuple[str, ...]
    place: Place = NOWHERE
    through: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_rule: Accepted = field(default_factory=dict)

    def in_words(self) -> str:
        return f"{self.member} {self.rule}" if self.member else "goes from state to state as documented"


@dataclass(frozen=True)
class GeneratedBodies:
    """Claims about the answers to bodies generated from the contract: to all bodies, to valid ones and to invalid ones."""

    each: tuple[Claim, ...] = ()
    valid: tuple[Claim, ...] = ()
    invalid: tuple[Claim, ...] = ()

    @property
    def proves(self) -> frozenset[str]:
        return frozenset(name for claim in (*self.each, *self.valid, *self.invalid) for name in claim.proves)


@dataclass(frozen=True)
class Unasked:
    """What every scenario proves automatically, as data (`scenarios/unasked.yaml`)."""

    messages: tuple[Claim, ...] = ()
    legs: tuple[LegRule, ...] = ()
    schema_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: tuple[Claim, ...] = ()
    duplicates: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    generated: GeneratedBodies = GeneratedBodies()

    @property
    def proves(self) -> frozenset[str]:
        claims: tuple[Claim | LegRule, ...] = (*self.messages, *self.legs, *self.answers)
        groups = (each.proves for each in claims)
        return frozenset().union(*groups, *self.schema_of.values(), self.duplicates, self.offers)


#: Scenarios prove nothing automatically.
NOTHING_UNASKED = Unasked()


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value) or "[]"
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
