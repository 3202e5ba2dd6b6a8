"""Joining and leaving a conversation, as effects, far ends and supervision do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .errors import CallFull
from .model import MOST_PARTIES, Conversation, Leg, State
from .turn import Turn
from .user_data import UserData

#: The user data key that a conference gains, with its owner's number (ClearCall, HTCC 8.5.2, sample).
OWNER_KEY = "FirstConferencePartyDN"


def joins(turn: Turn, name: str, number: str) -> None:
    """An invited party has answered: it joins, and the others are notified."""
    conversation = turn.world.conversations[name]
    invited = others_than(conversation.invited, number)
    parties = (*conversation.parties, number)
    data = _owned(conversation.user_data, conversation.owner) if len(parties) > 2 else conversation.user_data
    turn.share(name, replace(conversation, invited=invited, parties=parties, user_data=data))
    for leg in turn.world.legs_in(name):
        if leg.key.agent != number:
            turn.happen("parties-changed", leg)


def is_connected(turn: Turn, leg: Leg) -> None:
    """An agent who was dialling is now talking; their other calls are put on hold."""
    if leg.state is State.DIALING:
        turn.happen("answered", leg)
        hold_others(turn, leg)


def party_leaves(turn: Turn, name: str, number: str) -> None:
    """A party has left: if one other is left, the conversation ends; if there are more, they are notified."""
    conversation = turn.world.conversations[name]
    if number in conversation.monitors:
        _stop_listening(turn, name, number)
    elif number in conversation.invited:
        turn.share(name, _without(conversation, number))
    elif number in conversation.parties and len(conversation.parties) <= 2:
        ends(turn, name, but=number)
    elif number in conversation.parties:
        turn.share(name, _without(conversation, number))
        for leg in turn.world.legs_in(name):
            turn.happen("parties-changed", leg)


def ends(turn: Turn, name: str, but: str | None = None) -> None:
    """The conversation ends for everybody; `but` is a party that has left it already."""
    turn.wait(name, waits=False)
    for leg in turn.world.legs_in(name):
        if leg.key.agent != but:
            turn.happen("ended", leg)


def take_over(turn: Turn, leg: Leg) -> None:
    """A supervisor who has barged in becomes a party like any other."""
    agent, name = leg.key.agent, leg.conversation
    conversation = turn.world.conversations[name]
    monitors = {key: value for key, value in conversation.monitors.items() if key != agent}
    turn.share(name, replace(conversation, parties=(*conversation.parties, agent), monitors=monitors))
    turn.alter(leg, {"monitoring": "none", "user_muted": "Off"})


def hold_others(turn: Turn, leg: Leg) -> None:
    for other in turn.world.legs_of(leg.key.agent):
        if other.key != leg.key:
            turn.happen("held-by-device", other)


def bring_together(turn: Turn, *, consult: Leg, parent: Leg, owner: str | None) -> None:
    """Move the consult call's other parties to the parent's conversation; without an owner the agent leaves it."""
    agent, name = parent.key.agent, parent.conversation
    main, joining = turn.world.conversations[name], turn.world.conversations[consult.conversation]
    newcomers = _newcomers(main, joining, agent)
    stay = main if owner is not None else replace(main, parties=others_than(main.parties, agent))
    joined = _joined(stay, joining, newcomers, owner)
    if joined.size > MOST_PARTIES:
        raise CallFull(parent.key.call_id, MOST_PARTIES)
    for leg in turn.world.legs_in(consult.conversation):
        if leg.key.agent in newcomers:
            turn.move(leg, name)
        elif leg.key.agent != agent:
            turn.happen("ended", leg)
    turn.share(name, joined)
    if len(joined.parties) < 2:
        ends(turn, name, but=agent if owner is None else None)
    for leg in turn.world.legs_in(name):
        if leg.key.agent != agent:
            turn.happen("parties-changed", leg)


def distribute(turn: Turn) -> None:
    """Connect each caller who waits in a queue to a free agent who has not rejected the call, in the order of the seats.

    An agent is free if they have no call and their device accepts calls from a queue.
    """
    row = turn.table.event("routed", None)
    for name in turn.world.waiting if row is not None else ():
        conversation = turn.world.conversations[name]
        free = (
            seat for seat in turn.world.seats if seat not in conversation.rejected_by and _is_free(turn, seat)
        )
        agent = next(free, None)
        if agent is not None:
            turn.wait(name, waits=False)
            turn.share(name, replace(conversation, parties=(*conversation.parties, agent)))
            caller = conversation.parties[0]
            turn.ring(turn.another(name, dnis=conversation.queue or "", ani=caller), agent, "routed")


def others_than(numbers: tuple[str, ...], number: str) -> tuple[str, ...]:
    return tuple(other for other in numbers if other != number)


def _without(conversation: Conversation, number: str) -> Conversation:
    return replace(
        conversation,
        parties=others_than(conversation.parties, number),
        invited=others_than(conversation.invited, number),
        far={key: value for key, value in conversation.far.items() if key != number},
        ringing=conversation.ringing - {number},
        held_by=conversation.held_by - {number},
    )


def _stop_listening(turn: Turn, name: str, supervisor: str) -> None:
    """An agent muted by the supervisor can be heard again; parties who heard the supervisor are notified that the supervisor has gone."""
    conversation = turn.world.conversations[name]
    target = conversation.monitors[supervisor]
    monitors = {key: value for key, value in conversation.monitors.items() if key != supervisor}
    was_heard = any(
        leg.monitoring == "BargeIn" for leg in turn.world.legs_of(supervisor) if leg.conversation == name
    )
    turn.share(name, replace(conversation, monitors=monitors))
    for leg in turn.world.legs_in(name):
        if leg.key.agent == target and leg.user_muted == "On":
            turn.alter(leg, {"user_muted": "Off"})
            turn.happen("muted-by-supervisor", leg)
        if was_heard:
            turn.happen("parties-changed", leg)


def _is_free(turn: Turn, seat: str) -> bool:
    is_idle = all(leg.state.is_final for leg in turn.world.legs_of(seat))
    return is_idle and turn.world.device(seat).takes_queue_calls


def _newcomers(main: Conversation, joining: Conversation, agent: str) -> set[str]:
    """The numbers of the second conversation that are not in the first yet."""
    present = {agent, *main.parties, *main.invited, *main.monitors}
    return {*joining.parties, *joining.invited, *joining.monitors} - present


def _joined(
    main: Conversation, joining: Conversation, newcomers: set[str], owner: str | None
) -> Conversation:
    """The first conversation joined by the newcomers of the second, each in the same role as before."""

    def new(numbers: Iterable[str]) -> list[str]:
        return [number for number in numbers if number in newcomers]

    return replace(
        main,
        parties=(*main.parties, *new(joining.parties)),
        invited=(*main.invited, *new(joining.invited)),
        monitors={**main.monitors, **{number: joining.monitors[number] for number in new(joining.monitors)}},
        far={**main.far, **{number: joining.far[number] for number in new(joining.far)}},
        ringing=main.ringing | (joining.ringing & newcomers),
        held_by=main.held_by | (joining.held_by & newcomers),
        owner=main.owner or owner,
        user_data=_owned(main.user_data, owner),
    )


def _owned(data: UserData, owner: str | None) -> UserData:
    return data if owner is None or OWNER_KEY in data else {**data, OWNER_KEY: owner}
