"""What an operation does beyond its row: one small function for each effect named in call-model.yaml.

Each receives the turn and what the request said, after the row's own change of state. Whatever the public pages do not state is marked
as inferred in the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from refswitch.stubs import bodies

from .errors import AlreadyInCall, NoSuchConsult, NoSuchParticipant
from .model import Conversation, Leg, State
from .parties import (
    bring_together,
    ends,
    hold_others,
    is_connected,
    joins,
    others_than,
    party_leaves,
    take_over,
)
from .turn import Acting, Turn, checked
from .user_data import UserData

#: The keys that a recorded call gains (StartCallRecording, HTCC 8.5.2, sample).
RECORDING_KEY, RECORDING_FILE_KEY = "GSIP_RECORD", "GSIP_REC_FN"
#: The key of a disposition when the request names none (interaction.disposition.key-name, Workspace 8.5.2, default).
DISPOSITION_KEY = "DispositionCode"


def dials_destination(turn: Turn, acting: Acting) -> None:
    """The opened leg's destination rings; the call that the agent was talking on is put on hold."""
    assert acting.opened is not None, acting.operation
    assert acting.destination is not None, acting.operation
    hold_others(turn, acting.opened)
    turn.ring(acting.opened, acting.destination, is_simulated=acting.is_simulated)


def dials_previewed(turn: Turn, acting: Acting) -> None:
    """The party that the agent has previewed rings; the call that the agent was talking on is put on hold."""
    hold_others(turn, acting.leg)
    turn.ring(turn.now_of(acting.leg), acting.leg.dnis, is_simulated=acting.is_simulated)


def answers_caller(turn: Turn, acting: Acting) -> None:
    """The party that was dialling is connected; the agent's other call is put on hold."""
    hold_others(turn, acting.leg)
    if acting.leg.key.agent in turn.world.conversations[acting.leg.conversation].invited:
        joins(turn, acting.leg.conversation, acting.leg.key.agent)
        return
    for peer in _peers(turn, acting.leg):
        is_connected(turn, peer)


def leaves_call(turn: Turn, acting: Acting) -> None:
    """The agent leaves; a call of two ends for both, and a conference continues without them."""
    party_leaves(turn, acting.leg.conversation, acting.leg.key.agent)


def clears_call(turn: Turn, acting: Acting) -> None:
    """The call ends for everybody."""
    ends(turn, acting.leg.conversation)


def returns_to_queue(turn: Turn, acting: Acting) -> None:
    """The caller returns to the queue, to wait for an agent who has not rejected the call."""
    name, agent = acting.leg.conversation, acting.leg.key.agent
    conversation = turn.world.conversations[name]
    stay = others_than(conversation.parties, agent)
    turn.share(name, replace(conversation, parties=stay, rejected_by=(*conversation.rejected_by, agent)))
    turn.wait(name, waits=True)


def retrieves_call(turn: Turn, acting: Acting) -> None:
    """An unanswered consult call is given up; any other call that the agent is talking on is put on hold."""
    for consult in turn.world.consults_of(acting.leg):
        if consult.state is State.DIALING:
            _give_up(turn, consult)
    hold_others(turn, acting.leg)


def swaps_with_parent(turn: Turn, acting: Acting) -> None:
    """The agent talks on the parent again; an unanswered consult call is given up."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.other not in (None, parent.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    turn.become(parent, State.ESTABLISHED)
    if turn.now_of(acting.leg).state is State.RELEASED:
        party_leaves(turn, acting.leg.conversation, acting.leg.key.agent)
    hold_others(turn, parent)


def swaps_back_from_parent(turn: Turn, acting: Acting) -> None:
    """The agent talks on the consult call again, and the parent is on hold."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.other not in (None, parent.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    turn.become(parent, State.HELD)
    hold_others(turn, acting.leg)


def swaps_with_consult(turn: Turn, acting: Acting) -> None:
    """The agent talks on the named consult call, and the posted call is on hold."""
    consult = _meant(turn, acting)
    turn.become(consult, State.ESTABLISHED)
    hold_others(turn, consult)


def swaps_back_from_consult(turn: Turn, acting: Acting) -> None:
    """The agent talks on the posted call again; the named consult call is put on hold, or given up if nobody has answered it."""
    consult = _meant(turn, acting)
    if consult.state is State.DIALING:
        turn.become(consult, State.RELEASED)
        party_leaves(turn, consult.conversation, consult.key.agent)
    else:
        turn.become(consult, State.HELD)
    hold_others(turn, acting.leg)


def joins_parent(turn: Turn, acting: Acting) -> None:
    """The consult call's parties join its parent, which the agent talks on again."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.other not in (None, acting.leg.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    hold_others(turn, parent)
    turn.become(parent, State.ESTABLISHED)
    bring_together(turn, consult=acting.leg, parent=parent, owner=parent.key.agent)


def joins_consult(turn: Turn, acting: Acting) -> None:
    """The parties of the leg's consult call join it; its consult leg ends."""
    consult = _meant(turn, acting)
    turn.become(consult, State.RELEASED)
    hold_others(turn, acting.leg)
    bring_together(turn, consult=consult, parent=acting.leg, owner=acting.leg.key.agent)


def transfers_parent(turn: Turn, acting: Acting) -> None:
    """The agent leaves both calls, and the parties of the two talk to each other."""
    parent = turn.world.parent_of(acting.leg)
    if parent is None or acting.other not in (None, acting.leg.key.call_id):
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    turn.become(parent, State.RELEASED)
    bring_together(turn, consult=acting.leg, parent=parent, owner=None)


def transfers_to_consult(turn: Turn, acting: Acting) -> None:
    """Like transfers_parent, but requested on the parent."""
    consult = _meant(turn, acting)
    turn.become(consult, State.RELEASED)
    bring_together(turn, consult=consult, parent=acting.leg, owner=None)


def transfers_at_once(turn: Turn, acting: Acting) -> None:
    """The agent leaves, and the destination rings in their place."""
    destination = _newcomer(turn, acting)
    name, agent = acting.leg.conversation, acting.leg.key.agent
    conversation = _with_data(turn.world.conversations[name], acting.user_data)
    turn.share(name, replace(conversation, parties=(*conversation.parties, destination)))
    party_leaves(turn, name, agent)
    turn.ring(turn.another(name, dnis=destination), destination, is_simulated=acting.is_simulated)


def invites_destination(turn: Turn, acting: Acting) -> None:
    """The destination rings, and joins the call when it answers."""
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
    """The participant leaves, and the others are notified of who is left. A supervisor who has barged in may take over."""
    body, leg = cast(bodies.RemoveParticipantFromConference, acting.body), acting.leg
    number = body["participant"]
    conversation = turn.world.conversations[leg.conversation]
    if number == leg.key.agent or number not in conversation.parties:
        raise NoSuchParticipant(acting.operation, leg.key.call_id, number)
    if leg.monitoring == "BargeIn" and len(conversation.parties) == 2:
        take_over(turn, leg)
    for other in turn.world.legs_in(leg.conversation):
        if other.key.agent == number:
            turn.happen("ended", other)
    party_leaves(turn, leg.conversation, number)


def attaches_data(turn: Turn, acting: Acting) -> None:
    """The request's user data is added to the call's; an existing key takes the new value."""
    _change_data(turn, acting, lambda data: {**data, **acting.user_data})


def deletes_data(turn: Turn, acting: Acting) -> None:
    """The call loses all its user data."""
    _change_data(turn, acting, lambda _: {})


def deletes_pair(turn: Turn, acting: Acting) -> None:
    """The call loses one key of its user data."""
    gone = cast(bodies.DeleteUserDataPair, acting.body)["key"]
    _change_data(turn, acting, lambda data: {key: data[key] for key in data if key != gone})


def sets_disposition(turn: Turn, acting: Acting) -> None:
    """The call's user data gains the disposition. The request's user data is for the reporting solution only."""
    body = cast(bodies.SetCallDisposition, acting.body)
    key = body.get("dispositionKey", DISPOSITION_KEY)
    _change_data(turn, acting, lambda data: {**data, key: body["disposition"]})


def marks_recording(turn: Turn, acting: Acting) -> None:
    """The call's user data says that it is being recorded, and in which file."""
    leg = turn.now_of(acting.leg)
    words = {"Recording": "ON", "Paused": "PAUSED", "Stopped": "OFF"}
    file = f"{leg.key.call_id}_{leg.key.agent}"
    said: UserData = {RECORDING_KEY: words[leg.recording], RECORDING_FILE_KEY: file}
    _change_data(turn, acting, lambda data: {**data, **said})


def shows_supervisor(turn: Turn, acting: Acting) -> None:
    """The parties of the call are notified that they now hear the supervisor, or no longer do."""
    for peer in _peers(turn, acting.leg):
        turn.happen("parties-changed", peer)


def mutes_monitored_user(turn: Turn, acting: Acting) -> None:
    """The supervised agent is notified that they have been muted, or can be heard again."""
    name = acting.leg.conversation
    target = turn.world.conversations[name].monitors[acting.leg.key.agent]
    for leg in turn.world.legs_of(target):
        if leg.conversation == name:
            turn.alter(leg, {"user_muted": turn.now_of(acting.leg).user_muted})
            turn.happen("muted-by-supervisor", leg)


def consult_meant(turn: Turn, acting: Acting) -> Leg | None:
    """The consult call that is named, or the one that has come furthest. A conference needs an answered one."""
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


def _meant(turn: Turn, acting: Acting) -> Leg:
    consult = consult_meant(turn, acting)
    if consult is None:
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    return consult


def _give_up(turn: Turn, consult: Leg) -> None:
    turn.happen("ended", consult)
    party_leaves(turn, consult.conversation, consult.key.agent)


def _newcomer(turn: Turn, acting: Acting) -> str:
    """The destination. Raises a refusal if it is in the call already."""
    assert acting.destination is not None, "the contract requires a destination"
    conversation = turn.world.conversations[acting.leg.conversation]
    present = {*conversation.parties, *conversation.invited, *conversation.monitors, acting.leg.key.agent}
    if acting.destination in present:
        raise AlreadyInCall(acting.operation, acting.leg.key.call_id, acting.destination)
    return acting.destination


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


EFFECTS: Mapping[str, Callable[[Turn, Acting], None]] = {
    effect.__name__: effect
    for effect in (
        dials_destination,
        dials_previewed,
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
        sets_disposition,
        marks_recording,
        shows_supervisor,
        mutes_monitored_user,
    )
}
