"""What an operation does beyond its row: one small function per name that call-model.yaml uses.

Each is given the turn and what the request said, after the row's own change of state. Everything here that the public pages do not state is
marked inferred in the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .errors import NoSuchConsult
from .model import Leg, State
from .turn import Acting, Turn

#: The key a conference gains in its user data, with its owner's number (ClearCall, HTCC 8.5.2, sample).
OWNER_KEY = "FirstConferencePartyDN"


def dials_destination(turn: Turn, acting: Acting) -> None:
    """The opened leg's destination rings; what the agent was talking on is put on hold."""
    assert acting.opened is not None, acting.operation
    assert acting.destination is not None, acting.operation
    _hold_others(turn, acting.opened)
    turn.ring(acting.opened, acting.destination)


def answers_caller(turn: Turn, acting: Acting) -> None:
    """Whoever was dialling this party is connected; the agent's other talk is put on hold."""
    _hold_others(turn, acting.leg)
    for peer in _peers(turn, acting.leg):
        turn.happen("answered", peer)


def leaves_call(turn: Turn, acting: Acting) -> None:
    """The agent is out; a call of two ends for both, a conference goes on without him."""
    party_leaves(turn, acting.leg.conversation, acting.leg.key.agent)


def retrieves_from_consult(turn: Turn, acting: Acting) -> None:
    """A consult call that nobody has answered yet is given up; an answered one is put on hold."""
    for consult in turn.world.consults_of(acting.leg):
        if consult.state is State.DIALING:
            turn.happen("ended", consult)
            party_leaves(turn, consult.conversation, consult.key.agent)
    _hold_others(turn, acting.leg)


def retrieves_from_parent(turn: Turn, acting: Acting) -> None:
    """The parent, or whatever else the agent was talking on, is put on hold."""
    _hold_others(turn, acting.leg)


def joins_parent(turn: Turn, acting: Acting) -> None:
    """The consult call's parties join its parent, which the agent talks on again."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.consult not in (None, acting.leg.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.consult)
    _hold_others(turn, parent)
    turn.become(parent, State.ESTABLISHED)
    _join(turn, consult=acting.leg, parent=parent)


def joins_consult(turn: Turn, acting: Acting) -> None:
    """The parties of the leg's consult call join it; its consult leg ends."""
    consult = answered_consult(turn, acting)
    if consult is None:
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.consult)
    turn.become(consult, State.RELEASED)
    _hold_others(turn, acting.leg)
    _join(turn, consult=consult, parent=acting.leg)


def answered_consult(turn: Turn, acting: Acting) -> Leg | None:
    """The consult call that is meant: the one named, or the oldest that has been answered."""
    candidates = [
        consult
        for consult in turn.world.consults_of(acting.leg)
        if consult.state is not State.DIALING and acting.consult in (None, consult.key.call_id)
    ]
    return candidates[0] if candidates else None


def party_leaves(turn: Turn, conversation: str, number: str) -> None:
    """A party is gone: with one other left the conversation ends, with more they are told."""
    parties = turn.world.conversations[conversation].parties
    rest = [leg for leg in turn.world.legs_in(conversation) if leg.key.agent != number]
    if len(parties) <= 2:
        for leg in rest:
            turn.happen("ended", leg)
        return
    stay = tuple(party for party in parties if party != number)
    turn.share(conversation, stay, turn.world.conversations[conversation].user_data)
    for leg in rest:
        turn.happen("parties-changed", leg)


def _join(turn: Turn, *, consult: Leg, parent: Leg) -> None:
    agent = parent.key.agent
    main = turn.world.conversations[parent.conversation]
    joining = turn.world.conversations[consult.conversation]
    newcomers = tuple(party for party in joining.parties if party not in main.parties)
    for leg in _peers(turn, consult):
        if leg.key.agent in newcomers:
            turn.move(leg, parent.conversation)
        else:
            turn.happen("ended", leg)
    user_data = main.user_data if OWNER_KEY in main.user_data else {**main.user_data, OWNER_KEY: agent}
    turn.share(parent.conversation, (*main.parties, *newcomers), user_data)
    for leg in _peers(turn, parent):
        turn.happen("parties-changed", leg)


def _peers(turn: Turn, leg: Leg) -> list[Leg]:
    return [other for other in turn.world.legs_in(leg.conversation) if other.key.agent != leg.key.agent]


def _hold_others(turn: Turn, leg: Leg) -> None:
    for other in turn.world.legs_of(leg.key.agent):
        if other.key != leg.key:
            turn.happen("held-by-device", other)


EFFECTS: Mapping[str, Callable[[Turn, Acting], None]] = {
    effect.__name__: effect
    for effect in (
        dials_destination,
        answers_caller,
        leaves_call,
        retrieves_from_consult,
        retrieves_from_parent,
        joins_parent,
        joins_consult,
    )
}
