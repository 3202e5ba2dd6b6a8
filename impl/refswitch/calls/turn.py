"""One turn of the model: a working copy of the world, changed by a row and its effects, and the notifications it will cause.

Notifications are collected while the turn runs and shown at its end, from the world as it then is: each one is the truth after the
operation, so a client that only listens knows what GET would have told it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .devices import reached
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
    UserData,
    View,
    World,
)
from .table import Row, Table, Tell

#: The rule that tells an agent of a leg whose offer changed because of another of his legs.
OFFER_CHANGED: Event = "offer-changed"


@dataclass(frozen=True, slots=True)
class Acting:
    """What an effect may know: the leg acted on, the leg just opened, and what the request said."""

    leg: Leg
    operation: str
    opened: Leg | None = None
    destination: str | None = None
    user_data: UserData = field(default_factory=dict)
    consult: str | None = None


def view(table: Table, world: World, leg: Leg) -> View:
    """The leg as it is to be shown now."""
    conversation = world.conversations[leg.conversation]
    return View(leg, world.others(leg), conversation.user_data, table.capabilities(world.situation(leg)))


class Turn:
    """A world in the making. Effects call its verbs; `finish` hands back values."""

    def __init__(self, table: Table, world: World, now: float, new_identity: Callable[[], Identity]) -> None:
        self.table = table
        self.before = world
        self.world = replace(world, legs=dict(world.legs), conversations=dict(world.conversations))
        self._legs: dict[LegKey, Leg] = self.world.legs  # type: ignore[assignment]  # our own copy, made on the line above
        self._conversations: dict[str, Conversation] = self.world.conversations  # type: ignore[assignment]  # likewise
        self._now = now
        self._new_identity = new_identity
        self._tells: list[tuple[LegKey, Tell]] = []
        self._dialled: list[Dialled] = []

    def begin_call(
        self, row: Row, agent: str, destination: str, user_data: UserData, parent: Leg | None
    ) -> Leg:
        """Open the leg that `row` opens for `agent`, with a new identity and a conversation of its own."""
        assert row.opens is not None, row.id
        identity = self._new_identity()
        self._conversations[identity.call_id] = Conversation((agent, destination), user_data)
        leg = Leg(
            key=LegKey(agent, identity.call_id),
            conn_id=identity.conn_id,
            state=row.opens.state,
            call_type=row.opens.call_type,
            conversation=identity.call_id,
            dnis=destination,
            began=self._now,
            parent=parent.key.call_id if parent else None,
        )
        return self._put(leg)

    def ring(self, caller: Leg, number: str) -> None:
        """Let a dialled number ring: a seat gets a leg of its own, any other number is left to whoever plays it.

        It rings where the number is forwarded to, and nowhere when that does not want to be disturbed; its dnis stays what was dialled.
        """
        rings_at = reached(self.world, number)
        shared = self._conversations[caller.conversation]
        if rings_at is None or (rings_at != number and rings_at in shared.parties):
            self._dialled.append(Dialled(caller.key, number, is_unreachable=True))
            return
        if rings_at != number:
            parties = tuple(rings_at if party == number else party for party in shared.parties)
            self.share(caller.conversation, parties, shared.user_data)
            number = rings_at
        row = self.table.event("rings", None)
        if number not in self.world.seats or number == caller.key.agent or row is None or row.opens is None:
            self._dialled.append(Dialled(caller.key, number))
            return
        leg = self._put(
            replace(
                caller,
                key=LegKey(number, caller.key.call_id),
                state=row.opens.state,
                call_type=row.opens.call_type,
                parent=None,
            )
        )
        for tell in row.tells:
            self.tell(leg.key, tell)

    def happen(self, event: Event, leg: Leg) -> None:
        """Let the network do something to a leg; where the table has no row for its state, it means nothing to it."""
        row = self.table.event(event, leg.state)
        if row is None:
            return
        if row.becomes is not None:
            self.become(leg, row.becomes)
        for tell in row.tells:
            self.tell(leg.key, tell)

    def become(self, leg: Leg, state: State) -> None:
        """Change a leg's state, without telling."""
        self._put(replace(self._legs[leg.key], state=state))

    def move(self, leg: Leg, conversation: str) -> None:
        """Take a leg over into another conversation; its key stays."""
        self._put(replace(self._legs[leg.key], conversation=conversation))

    def share(self, conversation: str, parties: tuple[str, ...], user_data: UserData) -> None:
        """Set what a conversation's parties share."""
        self._conversations[conversation] = Conversation(parties, user_data)

    def tell(self, key: LegKey, tell: Tell) -> None:
        """Promise a notification; it is shown when the turn ends."""
        self._tells.append((key, tell))

    def finish(self) -> Step:
        """The next world, the notifications in order, the simulated numbers that ring. Ended legs leave the world here."""
        self._tell_changed_offers()
        changes = tuple(
            Change(view(self.table, self.world, self._legs[key]), tell.notification_type, tell.extensions)
            for key, tell in self._tells
        )
        live = {key: leg for key, leg in self._legs.items() if leg.state is not State.RELEASED}
        talking = {leg.conversation for leg in live.values()}
        conversations = {name: value for name, value in self._conversations.items() if name in talking}
        after = replace(self.world, legs=live, conversations=conversations)
        return Step(after, changes, tuple(self._dialled))

    def _put(self, leg: Leg) -> Leg:
        self._legs[leg.key] = leg
        return leg

    def _tell_changed_offers(self) -> None:
        told = {key for key, _ in self._tells}
        agents = {key.agent for key in told}
        for key, leg in self.before.legs.items():
            if (
                key.agent in agents
                and key not in told
                and self._offer(self.world, key) != self._offer(self.before, key)
            ):
                self.happen(OFFER_CHANGED, self._legs[leg.key])

    def _offer(self, world: World, key: LegKey) -> tuple[str, ...]:
        return self.table.capabilities(world.situation(world.legs[key]))
