"""The values of the call model: legs, conversations, and the world that they make up. All are frozen.

A *leg* is one agent's view of a call; the API calls it a call. A *conversation* is what its parties share. Two agents' legs of one
conversation may have the same call id, because T-Server's callUuid identifies the call and not the party; a leg is therefore
identified by agent and id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from refswitch.limits import PARTIES
from refswitch.stubs import bodies

from .user_data import UserData

Kind = Literal["call", "consult"]
ConsultState = Literal["none", "Dialing", "Established", "Held"]
#: How the open consult call of a leg was begun: the Held samples of InitiateConference and InitiateTransfer offer different things.
Begun = Literal["none", "conference", "transfer"]
#: Whether the parties of a call can be joined by those of its consult call, or by one more: not at all, only if the agent leaves, or all.
Room = Literal["none", "transfer", "conference"]
Role = Literal["none", "party", "owner"]
Monitoring = Literal["none", "ListenIn", "Coach", "BargeIn"]
Arrival = Literal["direct", "queue"]
Switched = Literal["Off", "On"]
Recording = Literal["Stopped", "Recording", "Paused"]
#: What a seat's switch can do for it beyond what every switch can. The right to supervise is one of these.
Ability = Literal["mute", "recording", "clear-call", "supervise"]
#: What the network, rather than the agent, does to a leg.
Event = Literal[
    "rings",
    "arrives",
    "routed",
    "previews",
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

#: Most parties of one conference, including its owner.
MOST_PARTIES = PARTIES.default


class State(StrEnum):
    """State of a leg (CallResource, HTCC 8.5.2; the two of a preview from a public client program). Two of them are final."""

    PREVIEW = "Preview"
    PREVIEW_CANCELLED = "PreviewCancelled"
    DIALING = "Dialing"
    RINGING = "Ringing"
    ESTABLISHED = "Established"
    HELD = "Held"
    RELEASED = "Released"

    @property
    def is_final(self) -> bool:
        """Whether a leg in this state has ended."""
        return self is State.RELEASED or self is State.PREVIEW_CANCELLED


@dataclass(frozen=True, slots=True)
class LegKey:
    """Identifies a leg: the agent's number, and the call id by which the agent knows it."""

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
    """What the parties of a call share: the list of them, in order of joining, and the attached data.

    The `invited` are ringing and are not parties yet. `monitors` maps a supervisor's number to the supervised agent's; the supervisor's
    leg says whether the parties hear them. `far` maps each number that is not a seat to the call id under which it was dialled or called
    in: that id identifies the party for good, whichever conversation it joins. Of these, `ringing` have not answered yet, and `held_by`
    have put the call on hold, without any notification.
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
        """The parties, and those invited to become one."""
        return len(self.parties) + len(self.invited)


@dataclass(frozen=True, slots=True)
class Supervision:
    """What a supervisor requested on their device (SupervisorListenIn, HTCC 8.5.2): the number to supervise, and the request's body."""

    target: str
    body: bodies.ListenIn | bodies.Coach | bodies.BargeIn

    @property
    def how(self) -> Literal["ListenIn", "Coach", "BargeIn"]:
        """The supervisor's role: listening, coaching, or talking to everybody."""
        return self.body["operationName"]

    @property
    def scope(self) -> Literal["Agent", "Call"]:
        """When the supervision of a call ends: when the agent leaves, or when the call ends."""
        return self.body.get("supervisorMonitoringScope", "Call")

    @property
    def mode(self) -> Literal["NextCall", "AllCalls"]:
        """How many calls are supervised."""
        return self.body.get("supervisorMonitoringMode", "AllCalls")


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides what a leg may do: the column of the table."""

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


#: The situation of a call that has ended: only rows for Released legs fit it.
ENDED = Situation(State.RELEASED)


@dataclass(frozen=True, slots=True)
class UserState:
    """An agent's state as their device shows it. A custom agent state may have a reason."""

    state: str
    id: str | None = None
    display_name: str | None = None
    work_mode: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A seat's device: whether it has a contact centre session, the agent's state since the first session, and its settings."""

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
    """Every live leg and conversation, the seats with their abilities and devices, and who supervises whom.

    It has no leg in a final state; `released` lists the ids of each agent's latest Released calls, oldest first, which decide nothing
    about live calls and so are not part of a world's repr. `waiting` names the conversations whose caller waits in a queue for an agent.
    """

    seats: Mapping[str, frozenset[str]]
    agents: Mapping[str, Mapping[str, Leg]] = field(default_factory=dict)
    conversations: Mapping[str, Conversation] = field(default_factory=dict)
    supervisions: Mapping[str, Supervision] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    released: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    devices: Mapping[str, Device] = field(default_factory=dict)

    def device(self, number: str) -> Device:
        """The device at this number."""
        return self.devices.get(number, _UNTOUCHED)

    @property
    def legs(self) -> Mapping[LegKey, Leg]:
        """Every live leg by its key."""
        return {leg.key: leg for own in self.agents.values() for leg in own.values()}

    def leg(self, key: LegKey) -> Leg | None:
        """The leg with this key, or None."""
        return self.agents.get(key.agent, {}).get(key.call_id)

    def has_released(self, key: LegKey) -> bool:
        """Whether this was a leg that is Released now, as far as is remembered."""
        return key.call_id in self.released.get(key.agent, ())

    def legs_of(self, agent: str) -> list[Leg]:
        """The agent's legs, oldest first."""
        return list(self.agents.get(agent, {}).values())

    def legs_in(self, name: str) -> list[Leg]:
        """All agents' legs of one conversation: those of its parties, then of the invited, then of supervisors."""
        return list(self._legs_in(name))

    def _legs_in(self, name: str) -> Iterator[Leg]:
        conversation = self.conversations[name]
        numbers = (*conversation.parties, *conversation.invited, *conversation.monitors)
        for number in dict.fromkeys(numbers):
            for leg in self.agents.get(number, {}).values():
                if leg.conversation == name:
                    yield leg

    def parent_of(self, leg: Leg) -> Leg | None:
        """The leg that a consult call belongs to, while that leg is live."""
        parent = self.leg(LegKey(leg.key.agent, leg.parent)) if leg.parent else None
        return parent if parent is not None and not parent.state.is_final else None

    def consults_of(self, leg: Leg) -> list[Leg]:
        """The open consult calls of a leg, the one that has come furthest first, then the oldest."""
        consults = [
            other
            for other in self.legs_of(leg.key.agent)
            if other.parent == leg.key.call_id and not other.state.is_final
        ]
        furthest = (State.ESTABLISHED, State.HELD, State.DIALING)
        return sorted(consults, key=lambda consult: furthest.index(consult.state))

    def situation(self, leg: Leg) -> Situation:
        """The column of the table for a leg.

        A consult call whose parent has ended has nothing left to join: it is a call like any other. Of several consult calls, the one
        that has come furthest counts.
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
        """The other parties' numbers, including supervisors who have barged in; never the agent's own."""
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
    """A leg as clients see it: with the other parties, the user data and the operations it offers."""

    leg: Leg
    participants: tuple[str, ...]
    user_data: UserData
    capabilities: tuple[str, ...]
    is_supervised: bool
    is_recordable: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One notification to the leg's agent."""

    view: View
    notification_type: str
    extensions: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Dialled:
    """A number was dialled at which no seat rings, under this call id and with this user data: it must be simulated.

    `is_unreachable`: it is a seat, or is forwarded to one, and nobody can be reached there.
    """

    call_id: str
    number: str
    user_data: UserData = field(default_factory=dict)
    is_unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """The result of a command: the next world, the notifications in order, the simulated numbers to ring, and whose device changed."""

    world: World
    changes: tuple[Change, ...]
    dialled: tuple[Dialled, ...] = ()
    devices: tuple[str, ...] = ()
