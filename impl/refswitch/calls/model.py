"""The values of the call model: legs, conversations, the world they make up. All frozen.

A *leg* is one agent's view of a call, what the API calls a call. A *conversation* is what its parties share. Two agents' legs of one
conversation carry the same call id, because T-Server's callUuid names the call and not the party; a leg is therefore known by agent and id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Kind = Literal["call", "consult"]
ConsultState = Literal["none", "Dialing", "Established", "Held"]
UserData = Mapping[str, object]
#: What the network does to a leg, beside what its agent does.
Event = Literal["rings", "answered", "failed", "ended", "parties-changed", "held-by-device", "offer-changed"]


class State(StrEnum):
    """State of a leg (CallResource, HTCC 8.5.2). Released is final."""

    DIALING = "Dialing"
    RINGING = "Ringing"
    ESTABLISHED = "Established"
    HELD = "Held"
    RELEASED = "Released"


@dataclass(frozen=True, slots=True)
class LegKey:
    """Names a leg: the agent's number and the call id he knows it by."""

    agent: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The identifiers of a new call."""

    call_id: str
    conn_id: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One agent's view of a call. Its key never changes while it lives."""

    key: LegKey
    conn_id: str
    state: State
    call_type: str
    conversation: str
    dnis: str
    began: float
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the parties of a call share: who they are, in order of joining, and the data attached to it."""

    parties: tuple[str, ...]
    user_data: UserData = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides what a leg may do: the column of the table."""

    state: State
    kind: Kind
    consult: ConsultState


@dataclass(frozen=True, slots=True)
class UserState:
    """The state of an agent as his device shows it. A custom agent state may have a reason."""

    state: str
    id: str | None = None
    display_name: str | None = None
    work_mode: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A seat's telephone: whether a contact centre session is on it, the agent's state since the first one, what it is set to."""

    in_session: bool = False
    user_state: UserState | None = None
    do_not_disturb: bool = False
    forward_to: str | None = None


#: A telephone that nobody has touched.
_UNTOUCHED = Device()


@dataclass(frozen=True, slots=True)
class World:
    """Every live leg and conversation, the numbers that are seats, and their telephones. A Released leg is not in it."""

    seats: frozenset[str]
    legs: Mapping[LegKey, Leg] = field(default_factory=dict)
    conversations: Mapping[str, Conversation] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)

    def device(self, number: str) -> Device:
        """The telephone at this number."""
        return self.devices.get(number, _UNTOUCHED)

    def legs_of(self, agent: str) -> list[Leg]:
        """The agent's legs in the order in which they began."""
        return [leg for leg in self.legs.values() if leg.key.agent == agent]

    def legs_in(self, conversation: str) -> list[Leg]:
        """All agents' legs of one conversation."""
        return [leg for leg in self.legs.values() if leg.conversation == conversation]

    def parent_of(self, leg: Leg) -> Leg | None:
        """The leg a consult call belongs to, while that lives."""
        parent = self.legs.get(LegKey(leg.key.agent, leg.parent)) if leg.parent else None
        return parent if parent is not None and parent.state is not State.RELEASED else None

    def consults_of(self, leg: Leg) -> list[Leg]:
        """The open consult calls of a leg, oldest first."""
        return [
            other
            for other in self.legs_of(leg.key.agent)
            if other.parent == leg.key.call_id and other.state is not State.RELEASED
        ]

    def situation(self, leg: Leg) -> Situation:
        """The column of the table that a leg stands in.

        A consult call whose parent has ended has nothing left to be joined to: it is a call like any other. Of several consult calls
        the one that has come furthest counts.
        """
        if self.parent_of(leg) is not None:
            return Situation(leg.state, "consult", "none")
        states = {consult.state for consult in self.consults_of(leg)}
        furthest: tuple[ConsultState, ...] = ("Established", "Held", "Dialing")
        return Situation(leg.state, "call", next((state for state in furthest if state in states), "none"))

    def others(self, leg: Leg) -> tuple[str, ...]:
        """The other parties' numbers; never the agent's own."""
        return tuple(p for p in self.conversations[leg.conversation].parties if p != leg.key.agent)


@dataclass(frozen=True, slots=True)
class Operate:
    """An agent asks for an operation on one of his legs."""

    operation: str
    leg: LegKey
    destination: str | None = None
    user_data: UserData = field(default_factory=dict)
    consult: str | None = None


@dataclass(frozen=True, slots=True)
class Dial:
    """An agent places a call from his device."""

    agent: str
    destination: str
    user_data: UserData = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FarEnd:
    """A simulated party, which is no seat, does something in the conversation of a leg."""

    leg: LegKey
    number: str
    event: Literal["answers", "fails", "hangs-up"]


Command = Operate | Dial | FarEnd


@dataclass(frozen=True, slots=True)
class View:
    """A leg as it is to be shown: with the other parties, the data and what it offers."""

    leg: Leg
    participants: tuple[str, ...]
    user_data: UserData
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One notification to the agent whose leg it is."""

    view: View
    notification_type: str
    extensions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dialled:
    """A number has been dialled where no seat rings: somebody must play its part. `is_unreachable`: nobody can be reached there."""

    leg: LegKey
    number: str
    is_unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What a command came to: the next world, what to tell, in order, and which simulated numbers now ring."""

    world: World
    changes: tuple[Change, ...]
    dialled: tuple[Dialled, ...] = ()
