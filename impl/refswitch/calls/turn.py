"""One turn of the model: a working copy of the world, changed by a row and its effects, and the notifications it will cause.

Notifications are collected during the turn and rendered at its end, from the world as it then is. Each one describes the state after the
operation, so a client that only listens knows what a GET would have returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from refswitch.limits import CALLS_OF_AGENT, CALLS_RELEASED, CALLS_WAITING

from .devices import reached
from .errors import TooManyCalls, TooMuchUserData
from .model import (
    Change,
    Conversation,
    Dialled,
    Event,
    Identity,
    Leg,
    LegKey,
    State,
    Step,
    Supervision,
    View,
    World,
)
from .parameters import Body, destination_of, other_call_of, user_data_of
from .table import Row, Table, Tell
from .user_data import UserData, is_too_much

#: The rule that notifies an agent of a leg that looks different because of a change elsewhere.
VIEW_CHANGED: Event = "view-changed"
#: The switch that every call here comes from, by the name of the one in the capture of GWS 8.5.202.96.
SWITCH_NAME = "SIP_Switch"
#: How a consult call was begun, by the operation that opened it.
_BEGUN = {"InitiateTransfer": "transfer", "InitiateConference": "conference"}


@dataclass(frozen=True, slots=True)
class Acting:
    """What an effect may use: the leg acted on, the request's body, and the leg just opened.

    Parameters that several operations share are properties. A parameter that only one effect uses is read from the body.
    """

    leg: Leg
    body: Body
    opened: Leg | None = None
    is_simulated: bool = False

    @property
    def operation(self) -> str:
        return self.body["operationName"]

    @property
    def destination(self) -> str | None:
        return destination_of(self.body)

    @property
    def user_data(self) -> UserData:
        return user_data_of(self.body)

    @property
    def other(self) -> str | None:
        return other_call_of(self.body)


def view(table: Table, world: World, leg: Leg) -> View:
    """The leg as clients see it now."""
    return View(
        leg,
        world.others(leg),
        world.conversations[leg.conversation].user_data,
        table.capabilities(world.situation(leg)),
        world.is_supervised(leg),
        "recording" in world.seats.get(leg.key.agent, frozenset()),
    )


def is_outside(number: str) -> bool:
    """Whether a number is outside this switch: it is written with its country code, such as +15550100."""
    return number.startswith("+")


class Turn:
    """A world under construction. Effects call its methods; `finish` returns values."""

    def __init__(self, table: Table, world: World, now: float, new_identity: Callable[[], Identity]) -> None:
        self.table = table
        self.before = world
        self._agents: dict[str, Mapping[str, Leg]] = dict(world.agents)
        self._conversations = dict(world.conversations)
        self._supervisions = dict(world.supervisions)
        self.world = replace(
            world,
            agents=self._agents,
            conversations=self._conversations,
            supervisions=self._supervisions,
            waiting=tuple(world.waiting),
        )
        self._owned: set[str] = set()
        self._now = now
        self._new_identity = new_identity
        self._tells: list[tuple[LegKey, Tell]] = []
        self._dialled: list[Dialled] = []
        self._touched: dict[str, None] = {}
        self._devices: dict[str, None] = {}

    def begin_call(
        self, row: Row, agent: str, destination: str, user_data: UserData, parent: Leg | None
    ) -> Leg:
        """Open the leg that `row` opens for `agent`, with a new identity and a conversation of its own."""
        assert row.opens is not None, row.id
        identity = self._new_identity()
        call_type = row.opens.call_type
        self.share(identity.call_id, Conversation((agent, destination), checked(user_data)))
        leg = Leg(
            key=LegKey(agent, identity.call_id),
            conn_id=identity.conn_id,
            state=row.opens.state,
            call_type="Outbound" if call_type == "Internal" and is_outside(destination) else call_type,
            conversation=identity.call_id,
            dnis=destination,
            began=self._now,
            parent=parent.key.call_id if parent else None,
            begun=_BEGUN.get(row.name, "none"),  # type: ignore[arg-type]  # the values of the table above
        )
        return self._put(leg)

    def arrive(self, caller: str, dnis: str, user_data: UserData, queue: str | None) -> Leg:
        """Begin a call from outside: a conversation with its caller, and the leg for the seat that will ring."""
        identity = self._new_identity()
        call_id = identity.call_id
        self.share(call_id, Conversation((caller,), checked(user_data), far={caller: call_id}, queue=queue))
        return self._offered(identity, call_id, dnis, caller)

    def preview(self, agent: str, number: str, user_data: UserData) -> Leg:
        """Begin a conversation for a call that nobody has dialled yet, and the leg for the agent to whom it is offered."""
        identity = self._new_identity()
        self.share(identity.call_id, Conversation((agent, number), checked(user_data)))
        return self._offered(identity, identity.call_id, number, None)

    def another(self, name: str, dnis: str, ani: str | None = None) -> Leg:
        """A leg for somebody who joins a conversation in progress. Its id is new, so no id is ever used twice."""
        return self._offered(self._new_identity(), name, dnis, ani)

    def _offered(self, identity: Identity, name: str, dnis: str, ani: str | None) -> Leg:
        """A leg that belongs to nobody yet; `ring` and `deliver` assign it."""
        return Leg(
            key=LegKey("", identity.call_id),
            conn_id=identity.conn_id,
            state=State.RINGING,
            call_type="Internal",
            conversation=name,
            dnis=dnis,
            began=self._now,
            ani=ani,
            queue=self._conversations[name].queue,
        )

    def ring(self, like: Leg, number: str, event: Event = "rings", *, is_simulated: bool = False) -> None:
        """Ring a number in the conversation of a leg: a seat gets a leg of its own; any other number is simulated.

        With `is_simulated` a seat is simulated too, and its device is not touched. Otherwise the call rings where the number is forwarded
        to, or nowhere if that device is set to do-not-disturb; the dnis is still the number dialled.
        """
        rings_at = number if is_simulated else self._diverted(like.conversation, number)
        number, is_unreachable = rings_at or number, rings_at is None
        row = self.table.event(event, None)
        is_seat = number in self.world.seats and number != like.key.agent and not is_simulated
        if is_unreachable or not is_seat or row is None or row.opens is None:
            conversation = self._conversations[like.conversation]
            call_id = like.key.call_id
            far, ringing = {**conversation.far, number: call_id}, conversation.ringing | {number}
            self.share(like.conversation, replace(conversation, far=far, ringing=ringing))
            self._dialled.append(Dialled(call_id, number, conversation.user_data, is_unreachable))
            return
        self.deliver(like, number, row)

    def _diverted(self, name: str, number: str) -> str | None:
        """Where a number of a conversation rings; that number takes its place. None if it reaches nobody, or a party already present."""
        rings_at = reached(self.world, number)
        conversation = self._conversations[name]
        present = {*conversation.parties, *conversation.invited, *conversation.monitors}
        if rings_at is None or rings_at == number:
            return rings_at
        if rings_at in present:
            return None
        parties = _in_place_of_last(conversation.parties, number, rings_at)
        invited = _in_place_of_last(conversation.invited, number, rings_at)
        self.share(name, replace(conversation, parties=parties, invited=invited))
        return rings_at

    def deliver(self, like: Leg, number: str, row: Row, **facts: Any) -> Leg:
        """Give a seat the leg that the network's row opens, with `facts` that the row does not set."""
        assert row.opens is not None, row.id
        leg = self._put(
            Leg(
                key=LegKey(number, like.key.call_id),
                conn_id=like.conn_id,
                state=row.opens.state,
                call_type=row.opens.call_type,
                conversation=like.conversation,
                dnis=like.dnis,
                began=like.began,
                ani=like.ani,
                queue=like.queue,
                **facts,
            )
        )
        for tell in row.tells:
            self.tell(leg.key, tell)
        return leg

    def happen(self, event: Event, leg: Leg) -> None:
        """Let the network act on a leg; no effect if the table has no row for the leg's state."""
        row = self.table.event(event, self.now_of(leg).state)
        if row is None:
            return
        if row.becomes is not None:
            self.become(leg, row.becomes)
        for tell in row.tells:
            self.tell(leg.key, tell)

    def now_of(self, leg: Leg) -> Leg:
        """The leg at this point of the turn."""
        return self._agents[leg.key.agent][leg.key.call_id]

    @property
    def touched(self) -> tuple[str, ...]:
        """The conversations touched in this turn."""
        return tuple(self._touched)

    def become(self, leg: Leg, state: State) -> None:
        """Change a leg's state without a notification. Recording ends with the leg (StartCallRecording, HTCC 8.5.2)."""
        leg = self.now_of(leg)
        recording = "Stopped" if state.is_final else leg.recording
        self._put(replace(leg, state=state, recording=recording))

    def alter(self, leg: Leg, facts: Mapping[str, Any]) -> None:
        """Change facts of a leg other than its state, without a notification."""
        self._put(replace(self.now_of(leg), **facts))

    def move(self, leg: Leg, conversation: str) -> None:
        """Move a leg to another conversation without a notification."""
        self._touched[leg.conversation] = None
        self._put(replace(self.now_of(leg), conversation=conversation))

    def share(self, name: str, conversation: Conversation) -> None:
        """Replace what the parties of a conversation share."""
        self._touched[name] = None
        self._conversations[name] = conversation

    def wait(self, name: str, *, waits: bool) -> None:
        """Put the caller of a conversation into its queue, or take the caller out."""
        self._touched[name] = None
        waiting = [other for other in self.world.waiting if other != name]
        if waits and len(waiting) >= CALLS_WAITING.default:
            raise TooManyCalls("Queues", CALLS_WAITING.default)
        self.world = replace(self.world, waiting=(*waiting, name) if waits else tuple(waiting))

    def supervise(self, supervisor: str, supervision: Supervision | None) -> None:
        """Begin or end a supervision; this also changes the supervisor's device."""
        if supervision is None:
            self._supervisions.pop(supervisor, None)
        else:
            self._supervisions[supervisor] = supervision
        self._devices[supervisor] = None

    def tell(self, key: LegKey, tell: Tell) -> None:
        """Promise a notification, to be rendered when the turn ends; repeated promises of one kind become one notification."""
        if all(
            (other, told.notification_type) != (key, tell.notification_type) for other, told in self._tells
        ):
            self._tells.append((key, tell))

    def finish(self) -> Step:
        """The next world, the notifications in order, and the simulated numbers that ring. Ended legs leave the world here.

        Raises TooManyCalls.
        """
        self._tell_what_else_changed()
        changes = tuple(change for change in map(self._change, self._tells) if change is not None)
        self._clear_away()
        self._check_room()
        return Step(self.world, changes, tuple(self._dialled), tuple(self._devices))

    def _change(self, promised: tuple[LegKey, Tell]) -> Change | None:
        """The notification as clients see it. An ended leg is shown only as ended, with the parties it ended with."""
        key, tell = promised
        leg = self._agents[key.agent][key.call_id]
        shown = view(self.table, self.world, leg)
        if leg.state.is_final:
            if tell.notification_type != "StatusChange":
                return None
            before = self.before.leg(key)
            if before is not None:
                last = view(self.table, self.before, before)
                shown = replace(shown, participants=last.participants, user_data=last.user_data)
        extensions = {**tell.extensions, **_origin(leg)} if tell.origin else tell.extensions
        return Change(shown, tell.notification_type, extensions)

    def _put(self, leg: Leg) -> Leg:
        agent = leg.key.agent
        if agent not in self._owned:
            self._owned.add(agent)
            self._agents[agent] = dict(self._agents.get(agent, {}))
        own: dict[str, Leg] = self._agents[agent]  # type: ignore[assignment]  # our own copy, made on the line above
        own[leg.key.call_id] = leg
        self._touched[leg.conversation] = None
        return leg

    def _clear_away(self) -> None:
        for agent in self._owned:
            own = self._agents[agent]
            live = {call_id: leg for call_id, leg in own.items() if not leg.state.is_final}
            self._agents[agent] = live
            if len(live) < len(own):
                self._remember(agent, [leg for leg in own.values() if leg.state is State.RELEASED])
            if not live:
                del self._agents[agent]
        for name in self._touched:
            is_known = name in self._conversations and name not in self.world.waiting
            if is_known and not self.world.legs_in(name):
                del self._conversations[name]

    def _remember(self, agent: str, released: list[Leg]) -> None:
        before = self.world.released
        ids = (*before.get(agent, ()), *(leg.key.call_id for leg in released))[-CALLS_RELEASED.default :]
        self.world = replace(self.world, released={**before, agent: ids})

    def _check_room(self) -> None:
        """Raises TooManyCalls if an agent has more calls than before and than is allowed."""
        for agent in sorted(self._owned):
            count = len(self._agents.get(agent, {}))
            if count > CALLS_OF_AGENT.default and count > len(self.before.agents.get(agent, {})):
                raise TooManyCalls(f"Agent {agent}", CALLS_OF_AGENT.default)

    def _tell_what_else_changed(self) -> None:
        told = {key for key, _ in self._tells}
        for leg in self._legs_in_reach({key.agent for key in told}):
            before = self.before.leg(leg.key)
            if leg.key in told or before is None or before.state.is_final:
                continue
            if view(self.table, self.world, leg) != view(self.table, self.before, before):
                self.happen(VIEW_CHANGED, leg)

    def _legs_in_reach(self, agents: set[str]) -> Iterator[Leg]:
        """Legs that may look different now: those of agents who are notified, and those in conversations touched by the turn."""
        seen: set[LegKey] = set()
        own = [leg for agent in sorted(agents) for leg in self.world.legs_of(agent)]
        for leg in (*own, *(leg for name in self._touched for leg in self.world.legs_in(name))):
            if leg.key not in seen:
                seen.add(leg.key)
                yield leg


def _origin(leg: Leg) -> Mapping[str, str]:
    """Where a call came from, as extensions: its caller and the caller's switch."""
    return {"OriginationDN": leg.ani or leg.dnis, "OriginationDN_location": SWITCH_NAME}


def _in_place_of_last(numbers: tuple[str, ...], number: str, other: str) -> tuple[str, ...]:
    """The numbers with the last `number` replaced; an agent who dials their own number is a party already, and stays."""
    if number not in numbers:
        return numbers
    at = len(numbers) - 1 - numbers[::-1].index(number)
    return (*numbers[:at], other, *numbers[at + 1 :])


def checked(user_data: UserData) -> UserData:
    """The user data, checked against the limits of a call. Raises TooMuchUserData."""
    if is_too_much(user_data):
        raise TooMuchUserData
    return user_data
