"""The values of the call model: legs, conversations, the world they make up. All frozen.

A *leg* is one agent's view of a call, what the API calls a call. A *conversation* is what its parties share. Two agents' legs of one
conversation may carry the same call id, because T-Server's callUuid names the call and not the party; a leg is therefore known by agent
and id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from refswitch.stubs import bodies

from .user_data import UserData

Kind = Literal["call", "consult"]
ConsultState = Literal["none", "Dialing", "Established", "Held"]
#: How the open consult call of a leg was begun: the Held samples of InitiateConference and InitiateTransfer offer different things.
Begun = Literal["none", "conference", "transfer"]
#: Whether the parties of a call and of its consult call, or one more, can be brought together: not at all, when the agent leaves, or all.
Room = Literal["none", "transfer", "conference"]
Role = Literal["none", "party", "owner"]
Monitoring = Literal["none", "ListenIn", "Coach", "BargeIn"]
Arrival = Literal["direct", "queue"]
Switched = Literal["Off", "On"]
Recording = Literal["Stopped", "Recording", "Paused"]
#: What a seat's switch can do for it, beside what every switch can; who may supervise is such a thing too.
Ability = Literal["mute", "recording", "clear-call", "supervise"]
#: What the network does to a leg, beside what its agent does.
Event = Literal[
    "rings",
    "arrives",
    "answered",
    "failed",
    "ended",
    "parties-changed",
    "data-changed",
    "held-by-device",
    "monitors",
    "muted-by-supervisor",
    "view-changed",
]

#: Parties of one conference, its owner included.
MOST_PARTIES = 6


class State(StrEnum):
    """State of a leg (CallResource, HTCC 8.5.2). Released is final."""

    DIALING = "Dialing"
    RINGING = "Ringing"
    ESTABLISHED = "Established"
    HELD = "Held"
    RELEASED = "Released"


@dataclass(frozen=True, slots=True)
class LegKey:
    """Names a leg: the agent's number, and the call id by which the agent knows it."""

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
    begun: Begun = "none"
    ani: str | None = None
    queue: str | None = None
    mute: Switched = "Off"
    recording: Recording = "Stopped"
    monitoring: Monitoring = "none"
    user_muted: Switched = "Off"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the parties of a call share: who they are, in order of joining, and the data attached to it.

    `invited` ring and are not parties yet. `monitors` gives the supervised agent's number by the supervisor's; whether the parties hear the
    supervisor, the supervisor's leg says. `far` gives the call id under which each number that is not a seat was dialled or came in: it
    names that party for good, whichever conversation it is joined to. Of these, `ringing` have not answered yet, and `held_by` have put the
    call on hold, of which nobody is notified.
    """

    parties: tuple[str, ...]
    user_data: UserData = field(default_factory=dict)
    invited: tuple[str, ...] = ()
    monitors: Mapping[str, str] = field(default_factory=dict)
    far: Mapping[str, str] = field(default_factory=dict)
    ringing: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()
    owner: str | None = None
    queue: str | None = None
    rejected_by: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Parties, and who has been asked to become one."""
        return len(self.parties) + len(self.invited)


@dataclass(frozen=True, slots=True)
class Supervision:
    """What a supervisor asked for on their device (SupervisorListenIn, HTCC 8.5.2): the number at the device, and the request's body."""

    target: str
    body: bodies.ListenIn | bodies.Coach | bodies.BargeIn

    @property
    def how(self) -> Literal["ListenIn", "Coach", "BargeIn"]:
        """What the supervisor does: listens, coaches, or talks with everybody."""
        return self.body["operationName"]

    @property
    def scope(self) -> Literal["Agent", "Call"]:
        """When the supervision of a call ends: with the agent's part of it, or with the call."""
        return self.body.get("supervisorMonitoringScope", "Call")

    @property
    def mode(self) -> Literal["NextCall", "AllCalls"]:
        """How many calls are supervised."""
        return self.body.get("supervisorMonitoringMode", "AllCalls")


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides what a leg may do: the column of the table."""

    state: State
    kind: Kind = "call"
    consult: ConsultState = "none"
    begun: Begun = "none"
    conference: Role = "none"
    monitoring: Monitoring = "none"
    arrival: Arrival = "direct"
    room: Room = "conference"
    mute: Switched = "Off"
    recording: Recording = "Stopped"
    user_muted: Switched = "Off"
    able: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UserState:
    """The state of an agent as their device shows it. A custom agent state may have a reason."""

    state: str
    id: str | None = None
    display_name: str | None = None
    work_mode: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A seat's device: whether a contact centre session is on it, the agent's state since the first one, what it is set to."""

    in_session: bool = False
    user_state: UserState | None = None
    do_not_disturb: bool = False
    forward_to: str | None = None

    @property
    def takes_queue_calls(self) -> bool:
        """Whether a queue may offer its calls here: the agent is Ready, or has never had a state, because calls need no session."""
        is_ready = self.user_state is None or self.user_state.state == "Ready"
        return is_ready and not self.do_not_disturb and self.forward_to is None


#: A device that nobody has touched.
_UNTOUCHED = Device()


@dataclass(frozen=True, slots=True)
class World:
    """Every live leg and conversation, the seats with what their switch can do for them and their devices, and who supervises whom.

    A Released leg is not in it. `waiting` names the conversations whose caller waits in a queue for an agent.
    """

    seats: Mapping[str, frozenset[str]]
    agents: Mapping[str, Mapping[str, Leg]] = field(default_factory=dict)
    conversations: Mapping[str, Conversation] = field(default_factory=dict)
    supervisions: Mapping[str, Supervision] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    devices: Mapping[str, Device] = field(default_factory=dict)

    def device(self, number: str) -> Device:
        """The device at this number."""
        return self.devices.get(number, _UNTOUCHED)

    @property
    def legs(self) -> Mapping[LegKey, Leg]:
        """Every live leg by its key."""
        return {leg.key: leg for own in self.agents.values() for leg in own.values()}

    def leg(self, key: LegKey) -> Leg | None:
        """The leg of this key, or None."""
        return self.agents.get(key.agent, {}).get(key.call_id)

    def legs_of(self, agent: str) -> list[Leg]:
        """The agent's legs in the order in which they began."""
        return list(self.agents.get(agent, {}).values())

    def legs_in(self, name: str) -> list[Leg]:
        """All agents' legs of one conversation: its parties', then those of who rings, then supervisors'."""
        return list(self._legs_in(name))

    def _legs_in(self, name: str) -> Iterator[Leg]:
        conversation = self.conversations[name]
        numbers = (*conversation.parties, *conversation.invited, *conversation.monitors)
        for number in dict.fromkeys(numbers):
            for leg in self.agents.get(number, {}).values():
                if leg.conversation == name:
                    yield leg

    def parent_of(self, leg: Leg) -> Leg | None:
        """The leg a consult call belongs to, while that lives."""
        parent = self.leg(LegKey(leg.key.agent, leg.parent)) if leg.parent else None
        return parent if parent is not None and parent.state is not State.RELEASED else None

    def consults_of(self, leg: Leg) -> list[Leg]:
        """The open consult calls of a leg, the one that has come furthest first, then the oldest."""
        consults = [
            other
            for other in self.legs_of(leg.key.agent)
            if other.parent == leg.key.call_id and other.state is not State.RELEASED
        ]
        furthest = (State.ESTABLISHED, State.HELD, State.DIALING)
        return sorted(consults, key=lambda consult: furthest.index(consult.state))

    def situation(self, leg: Leg) -> Situation:
        """The column of the table that a leg stands in.

        A consult call whose parent has ended has nothing left to be joined to: it is a call like any other. Of several consult calls
        the one that has come furthest counts.
        """
        conversation = self.conversations[leg.conversation]
        parent = self.parent_of(leg)
        consult = next(iter(self.consults_of(leg)), None) if parent is None else None
        return Situation(
            state=leg.state,
            kind="call" if parent is None else "consult",
            consult="none" if consult is None else consult.state.value,  # type: ignore[arg-type]  # a consult call never rings its own agent
            begun="none" if consult is None else consult.begun,
            conference=_role(conversation, leg.key.agent),
            monitoring=leg.monitoring,
            arrival="queue" if leg.queue else "direct",
            room=self._room(conversation, parent or consult, leg.key.agent),
            mute=leg.mute,
            recording=leg.recording,
            user_muted=leg.user_muted,
            able=self.seats.get(leg.key.agent, frozenset()),
        )

    def _room(self, conversation: Conversation, joined: Leg | None, agent: str) -> Room:
        others = self.conversations[joined.conversation].size - 1 if joined else 1
        together = conversation.size + others
        if together <= MOST_PARTIES:
            return "conference"
        leaves = agent in conversation.parties
        return "transfer" if together - leaves <= MOST_PARTIES else "none"

    def others(self, leg: Leg) -> tuple[str, ...]:
        """The other parties' numbers, with supervisors who have barged in; never the agent's own."""
        conversation = self.conversations[leg.conversation]
        heard = [number for number in conversation.monitors if self._is_audible(number, leg.conversation)]
        return tuple(number for number in (*conversation.parties, *heard) if number != leg.key.agent)

    def is_supervised(self, leg: Leg) -> bool:
        """Whether a supervisor of this agent is in the call."""
        return leg.key.agent in self.conversations[leg.conversation].monitors.values()

    def _is_audible(self, supervisor: str, name: str) -> bool:
        return any(
            leg.monitoring == "BargeIn" and leg.conversation == name
            for leg in self.agents.get(supervisor, {}).values()
        )


def _role(conversation: Conversation, agent: str) -> Role:
    if len(conversation.parties) < 3:
        return "none"
    return "owner" if conversation.owner == agent else "party"


@dataclass(frozen=True, slots=True)
class View:
    """A leg as it is to be shown: with the other parties, the data and what it offers."""

    leg: Leg
    participants: tuple[str, ...]
    user_data: UserData
    capabilities: tuple[str, ...]
    is_supervised: bool
    is_recordable: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One notification to the agent whose leg it is."""

    view: View
    notification_type: str
    extensions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dialled:
    """A number has been dialled where no seat rings, under this call id and with this user data: somebody must play its part.

    `is_unreachable`: it is a seat, or leads to one, and nobody can be reached there.
    """

    call_id: str
    number: str
    user_data: UserData = field(default_factory=dict)
    is_unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What a command came to: the next world, what to tell, in order, which simulated numbers now ring, and whose device changed."""

    world: World
    changes: tuple[Change, ...]
    dialled: tuple[Dialled, ...] = ()
    devices: tuple[str, ...] = ()
