"""What an operation does beyond its row: one small function per name that call-model.yaml uses.

Each is given the turn and what the request said, after the row's own change of state. Everything here that the public pages do not state is
marked inferred in the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import cast

from refswitch.stubs import bodies

from .errors import AlreadyInCall, CallFull, NoSuchConsult, NoSuchParticipant
from .model import MOST_PARTIES, Conversation, Leg, State
from .turn import Acting, Turn, checked
from .user_data import UserData

#: The key a conference gains in its user data, with its owner's number (ClearCall, HTCC 8.5.2, sample).
OWNER_KEY = "FirstConferencePartyDN"
#: The keys a recorded call gains (StartCallRecording, HTCC 8.5.2, sample).
RECORDING_KEY, RECORDING_FILE_KEY = "GSIP_RECORD", "GSIP_REC_FN"


def dials_destination(turn: Turn, acting: Acting) -> None:
    """The opened leg's destination rings; what the agent was talking on is put on hold."""
    assert acting.opened is not None, acting.operation
    assert acting.destination is not None, acting.operation
    _hold_others(turn, acting.opened)
    turn.ring(acting.opened, acting.destination, is_simulated=acting.is_simulated)


def answers_caller(turn: Turn, acting: Acting) -> None:
    """Whoever was dialling this party is connected; the agent's other talk is put on hold."""
    _hold_others(turn, acting.leg)
    if acting.leg.key.agent in turn.world.conversations[acting.leg.conversation].invited:
        joins(turn, acting.leg.conversation, acting.leg.key.agent)
        return
    for peer in _peers(turn, acting.leg):
        is_connected(turn, peer)


def leaves_call(turn: Turn, acting: Acting) -> None:
    """The agent is out; a call of two ends for both, a conference goes on without him."""
    party_leaves(turn, acting.leg.conversation, acting.leg.key.agent)


def clears_call(turn: Turn, acting: Acting) -> None:
    """The call is over for everybody."""
    ends(turn, acting.leg.conversation)


def returns_to_queue(turn: Turn, acting: Acting) -> None:
    """The caller waits in the queue again, for another agent than those who have rejected him."""
    name, agent = acting.leg.conversation, acting.leg.key.agent
    conversation = turn.world.conversations[name]
    stay = _others(conversation.parties, agent)
    turn.share(name, replace(conversation, parties=stay, rejected_by=(*conversation.rejected_by, agent)))
    turn.wait(name, waits=True)


def retrieves_call(turn: Turn, acting: Acting) -> None:
    """A consult call that nobody has answered yet is given up; whatever else the agent talks on is put on hold."""
    for consult in turn.world.consults_of(acting.leg):
        if consult.state is State.DIALING:
            _give_up(turn, consult)
    _hold_others(turn, acting.leg)


def swaps_with_parent(turn: Turn, acting: Acting) -> None:
    """The agent talks on the parent again. A consult call that nobody has answered yet is given up."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.other not in (None, parent.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    turn.become(parent, State.ESTABLISHED)
    if turn.now_of(acting.leg).state is State.RELEASED:
        party_leaves(turn, acting.leg.conversation, acting.leg.key.agent)
    _hold_others(turn, parent)


def swaps_back_from_parent(turn: Turn, acting: Acting) -> None:
    """The agent talks on the consult call again, and the parent is on hold."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.other not in (None, parent.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    turn.become(parent, State.HELD)
    _hold_others(turn, acting.leg)


def swaps_with_consult(turn: Turn, acting: Acting) -> None:
    """The agent talks on the consult call that is meant, and the posted call is on hold."""
    consult = _meant(turn, acting)
    turn.become(consult, State.ESTABLISHED)
    _hold_others(turn, consult)


def swaps_back_from_consult(turn: Turn, acting: Acting) -> None:
    """The agent talks on the posted call again; the consult call that is meant is on hold, or given up if nobody has answered it."""
    consult = _meant(turn, acting)
    if consult.state is State.DIALING:
        turn.become(consult, State.RELEASED)
        party_leaves(turn, consult.conversation, consult.key.agent)
    else:
        turn.become(consult, State.HELD)
    _hold_others(turn, acting.leg)


def joins_parent(turn: Turn, acting: Acting) -> None:
    """The consult call's parties join its parent, which the agent talks on again."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.other not in (None, acting.leg.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    _hold_others(turn, parent)
    turn.become(parent, State.ESTABLISHED)
    _join(turn, consult=acting.leg, parent=parent, owner=parent.key.agent)


def joins_consult(turn: Turn, acting: Acting) -> None:
    """The parties of the leg's consult call join it; its consult leg ends."""
    consult = _meant(turn, acting)
    turn.become(consult, State.RELEASED)
    _hold_others(turn, acting.leg)
    _join(turn, consult=consult, parent=acting.leg, owner=acting.leg.key.agent)


def transfers_parent(turn: Turn, acting: Acting) -> None:
    """The agent leaves both calls, and the parties of the two talk to each other."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.other not in (None, acting.leg.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    turn.become(parent, State.RELEASED)
    _join(turn, consult=acting.leg, parent=parent, owner=None)


def transfers_to_consult(turn: Turn, acting: Acting) -> None:
    """As transfers_parent, asked for on the parent."""
    consult = _meant(turn, acting)
    turn.become(consult, State.RELEASED)
    _join(turn, consult=consult, parent=acting.leg, owner=None)


def transfers_at_once(turn: Turn, acting: Acting) -> None:
    """The agent leaves, and the destination rings for the others in his place."""
    destination = _newcomer(turn, acting)
    name, agent = acting.leg.conversation, acting.leg.key.agent
    conversation = _with_data(turn.world.conversations[name], acting.user_data)
    turn.share(name, replace(conversation, parties=(*conversation.parties, destination)))
    party_leaves(turn, name, agent)
    turn.ring(turn.another(name, dnis=destination), destination, is_simulated=acting.is_simulated)


def invites_destination(turn: Turn, acting: Acting) -> None:
    """The destination rings, and becomes a party of the call when it answers."""
    destination = _newcomer(turn, acting)
    name = acting.leg.conversation
    conversation = _with_data(turn.world.conversations[name], acting.user_data)
    turn.share(
        name,
        replace(
            conversation,
            invited=(*conversation.invited, destination),
            owner=conversation.owner or acting.leg.key.agent,
        ),
    )
    turn.ring(turn.another(name, dnis=destination), destination, is_simulated=acting.is_simulated)


def removes_participant(turn: Turn, acting: Acting) -> None:
    """The participant is out, and the others are told who is left. A supervisor who has barged in may be the one who takes over."""
    body, leg = cast(bodies.RemoveParticipantFromConference, acting.body), acting.leg
    number = body["participant"]
    conversation = turn.world.conversations[leg.conversation]
    if number == leg.key.agent or number not in conversation.parties:
        raise NoSuchParticipant(acting.operation, leg.key.call_id, number)
    if leg.monitoring == "BargeIn" and len(conversation.parties) == 2:
        _take_over(turn, leg)
    for other in turn.world.legs_in(leg.conversation):
        if other.key.agent == number:
            turn.happen("ended", other)
    party_leaves(turn, leg.conversation, number)


def attaches_data(turn: Turn, acting: Acting) -> None:
    """The call's user data gains what the request brings; a key that is there takes the new value."""
    _change_data(turn, acting, lambda data: {**data, **acting.user_data})


def deletes_data(turn: Turn, acting: Acting) -> None:
    """The call's user data is gone."""
    _change_data(turn, acting, lambda _: {})


def deletes_pair(turn: Turn, acting: Acting) -> None:
    """One key of the call's user data is gone."""
    gone = cast(bodies.DeleteUserDataPair, acting.body)["key"]
    _change_data(turn, acting, lambda data: {key: data[key] for key in data if key != gone})


def marks_recording(turn: Turn, acting: Acting) -> None:
    """The call's user data says that it is being recorded, and in which file."""
    leg = turn.now_of(acting.leg)
    words = {"Recording": "ON", "Paused": "PAUSED", "Stopped": "OFF"}
    file = f"{leg.key.call_id}_{leg.key.agent}"
    said: UserData = {RECORDING_KEY: words[leg.recording], RECORDING_FILE_KEY: file}
    _change_data(turn, acting, lambda data: {**data, **said})


def shows_supervisor(turn: Turn, acting: Acting) -> None:
    """The parties of the call are told that they now hear the supervisor, or do so no longer."""
    for peer in _peers(turn, acting.leg):
        turn.happen("parties-changed", peer)


def mutes_monitored_user(turn: Turn, acting: Acting) -> None:
    """The supervised agent is told that he has been muted, or can be heard again."""
    name = acting.leg.conversation
    target = turn.world.conversations[name].monitors[acting.leg.key.agent]
    for leg in turn.world.legs_of(target):
        if leg.conversation == name:
            turn.alter(leg, {"user_muted": turn.now_of(acting.leg).user_muted})
            turn.happen("muted-by-supervisor", leg)


def consult_meant(turn: Turn, acting: Acting) -> Leg | None:
    """The consult call that is meant: the one named, or the one that has come furthest. A conference needs one that was answered."""
    needs_answer = acting.operation == "CompleteConference"
    return next(
        (
            consult
            for consult in turn.world.consults_of(acting.leg)
            if acting.other in (None, consult.key.call_id)
            and not (needs_answer and consult.state is State.DIALING)
        ),
        None,
    )


def joins(turn: Turn, name: str, number: str) -> None:
    """Who was invited has answered: a party now, and the others are told."""
    conversation = turn.world.conversations[name]
    invited = _others(conversation.invited, number)
    parties = (*conversation.parties, number)
    data = _owned(conversation.user_data, conversation.owner) if len(parties) > 2 else conversation.user_data
    turn.share(name, replace(conversation, invited=invited, parties=parties, user_data=data))
    for leg in turn.world.legs_in(name):
        if leg.key.agent != number:
            turn.happen("parties-changed", leg)


def is_connected(turn: Turn, leg: Leg) -> None:
    """Who was dialling talks now, and on nothing else."""
    if leg.state is State.DIALING:
        turn.happen("answered", leg)
        _hold_others(turn, leg)


def party_leaves(turn: Turn, name: str, number: str) -> None:
    """A party is gone: with one other left the conversation ends, with more they are told."""
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


def _without(conversation: Conversation, number: str) -> Conversation:
    return replace(
        conversation,
        parties=_others(conversation.parties, number),
        invited=_others(conversation.invited, number),
        far={key: value for key, value in conversation.far.items() if key != number},
        ringing=conversation.ringing - {number},
        held_by=conversation.held_by - {number},
    )


def distribute(turn: Turn) -> None:
    """Give each caller who waits in a queue to a free agent who has not rejected him, the seats in their order.

    Free is who has no call, and whose device accepts what a queue offers.
    """
    row = turn.table.event("arrives", None)
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
            turn.ring(turn.another(name, dnis=conversation.queue or "", ani=caller), agent, "arrives")


def _is_free(turn: Turn, seat: str) -> bool:
    is_idle = all(leg.state is State.RELEASED for leg in turn.world.legs_of(seat))
    return is_idle and turn.world.device(seat).takes_queue_calls


def ends(turn: Turn, name: str, but: str | None = None) -> None:
    """The conversation is over for everybody; `but` is who has left it already."""
    turn.wait(name, waits=False)
    for leg in turn.world.legs_in(name):
        if leg.key.agent != but:
            turn.happen("ended", leg)


def _stop_listening(turn: Turn, name: str, supervisor: str) -> None:
    """Whoever the supervisor had muted can be heard again; who heard the supervisor is told that he has gone."""
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


def _take_over(turn: Turn, leg: Leg) -> None:
    """A supervisor who is heard by all becomes a party like any other."""
    agent, name = leg.key.agent, leg.conversation
    conversation = turn.world.conversations[name]
    monitors = {key: value for key, value in conversation.monitors.items() if key != agent}
    turn.share(name, replace(conversation, parties=(*conversation.parties, agent), monitors=monitors))
    turn.alter(leg, {"monitoring": "none", "user_muted": "Off"})


def _meant(turn: Turn, acting: Acting) -> Leg:
    consult = consult_meant(turn, acting)
    if consult is None:
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    return consult


def _give_up(turn: Turn, consult: Leg) -> None:
    turn.happen("ended", consult)
    party_leaves(turn, consult.conversation, consult.key.agent)


def _newcomer(turn: Turn, acting: Acting) -> str:
    """The destination, if it is not in the call already."""
    assert acting.destination is not None, "the contract requires a destination"
    conversation = turn.world.conversations[acting.leg.conversation]
    present = {*conversation.parties, *conversation.invited, *conversation.monitors, acting.leg.key.agent}
    if acting.destination in present:
        raise AlreadyInCall(acting.operation, acting.leg.key.call_id, acting.destination)
    return acting.destination


def _join(turn: Turn, *, consult: Leg, parent: Leg, owner: str | None) -> None:
    """Bring the consult call's other parties into the parent's conversation; without an owner the agent leaves it."""
    agent, name = parent.key.agent, parent.conversation
    main, joining = turn.world.conversations[name], turn.world.conversations[consult.conversation]
    newcomers = _newcomers(main, joining, agent)
    stay = main if owner is not None else replace(main, parties=_others(main.parties, agent))
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


def _others(numbers: tuple[str, ...], number: str) -> tuple[str, ...]:
    return tuple(other for other in numbers if other != number)


def _newcomers(main: Conversation, joining: Conversation, agent: str) -> set[str]:
    """Everybody in the one conversation who is not in the other yet."""
    present = {agent, *main.parties, *main.invited, *main.monitors}
    return {*joining.parties, *joining.invited, *joining.monitors} - present


def _joined(
    main: Conversation, joining: Conversation, newcomers: set[str], owner: str | None
) -> Conversation:
    """The one conversation with the newcomers of the other, each as what they were."""

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


def _with_data(conversation: Conversation, user_data: UserData) -> Conversation:
    return replace(conversation, user_data=checked({**conversation.user_data, **user_data}))


def _change_data(turn: Turn, acting: Acting, change: Callable[[UserData], UserData]) -> None:
    name = acting.leg.conversation
    conversation = turn.world.conversations[name]
    turn.share(name, replace(conversation, user_data=checked(change(conversation.user_data))))
    for leg in turn.world.legs_in(name):
        if leg.key != acting.leg.key:
            turn.happen("data-changed", leg)


def _peers(turn: Turn, leg: Leg) -> list[Leg]:
    return [other for other in turn.world.legs_in(leg.conversation) if other.key != leg.key]


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
        clears_call,
        returns_to_queue,
        retrieves_call,
        swaps_with_parent,
        swaps_back_from_parent,
        swaps_with_consult,
        swaps_back_from_consult,
        joins_parent,
        joins_consult,
        transfers_parent,
        transfers_to_consult,
        transfers_at_once,
        invites_destination,
        removes_participant,
        attaches_data,
        deletes_data,
        deletes_pair,
        marks_recording,
        shows_supervisor,
        mutes_monitored_user,
    )
}
