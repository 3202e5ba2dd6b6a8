"""The one step of the model: a world and a command in, the next world and its notifications out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from .commands import Arrive, Command, Dial, End, FarEnd, Operate, Preview, Supervise
from .effects import EFFECTS, consult_meant
from .errors import NoSuchCall, NoSuchConsult, NotPossible, OtherCallNamed
from .model import ENDED, Identity, Leg, Step, World
from .parameters import calls_named_in, destination_of, user_data_of
from .parties import distribute, ends, is_connected, joins, party_leaves
from .supervision import follow, supervise
from .table import LegName, Row, Table
from .turn import Acting, Turn, checked


def step(
    table: Table, world: World, command: Command, *, now: float, new_identity: Callable[[], Identity]
) -> Step:
    """Carry out one command.

    `now` is the model's time in seconds; `new_identity` is called once for each new call. Raises Refused; then nothing has
    changed: the world that was passed in stays as it is.
    """
    turn = Turn(table, world, now, new_identity)
    _COMMANDS[type(command)](turn, command)
    return _finish(turn)


def settle(table: Table, world: World, *, now: float, new_identity: Callable[[], Identity]) -> Step:
    """Do what a changed device makes possible: a caller who waits in a queue may ring now."""
    return _finish(Turn(table, world, now, new_identity))


def _finish(turn: Turn) -> Step:
    distribute(turn)
    follow(turn)
    return turn.finish()


def _operate(turn: Turn, command: Operate) -> None:
    leg = turn.world.leg(command.leg)
    if leg is None and not _is_for_released(turn, command):
        raise NoSuchCall(command.leg.call_id)
    for named in calls_named_in(command.body):
        if named != command.leg.call_id:
            raise OtherCallNamed(command.operation, command.leg.call_id, named)
    checked(user_data_of(command.body))  # all of it, for not every operation puts it on a call
    if leg is None:
        return
    situation = turn.world.situation(leg)
    row = turn.table.rule(command.operation, situation)
    if row is None:
        offered = turn.table.capabilities(situation)
        raise NotPossible(command.operation, leg.key.call_id, leg.state, offered)
    _apply(turn, row, Acting(leg, command.body, is_simulated=command.is_simulated))


def _is_for_released(turn: Turn, command: Operate) -> bool:
    """Whether the operation is possible on a call that has ended, and this is one. It then changes nothing here and notifies nobody."""
    return turn.world.has_released(command.leg) and turn.table.rule(command.operation, ENDED) is not None


def _dial(turn: Turn, command: Dial) -> None:
    row, body = turn.table.on_device[command.operation], command.body
    destination = destination_of(body)
    assert destination is not None, "the contract requires a destination of what opens a leg"
    opened = turn.begin_call(row, command.agent, destination, user_data_of(body), parent=None)
    _conclude(turn, row, Acting(opened, body, opened, command.is_simulated))


def _arrive(turn: Turn, command: Arrive) -> None:
    """A call to a queue waits there until `distribute` finds an agent; a call to a seat rings at once."""
    called = command.dnis or command.queue or command.to or ""
    leg = turn.arrive(command.caller, called, command.user_data, command.queue)
    if command.to is None:
        turn.wait(leg.conversation, waits=True)
        return
    conversation = turn.world.conversations[leg.conversation]
    turn.share(leg.conversation, replace(conversation, parties=(command.caller, command.to)))
    turn.ring(leg, command.to, "routed" if command.queue else "arrives")


def _preview(turn: Turn, command: Preview) -> None:
    """The agent is offered the call; the other party is not part of it before the agent accepts."""
    row = turn.table.event("previews", None)
    if row is not None:
        turn.deliver(turn.preview(command.agent, command.number, command.user_data), command.agent, row)


def _apply(turn: Turn, row: Row, acting: Acting) -> None:
    if row.becomes is not None:
        turn.become(acting.leg, row.becomes)
    if row.sets:
        turn.alter(acting.leg, row.sets)
    if row.opens is not None:
        destination, agent = acting.destination, acting.leg.key.agent
        assert destination is not None, "the contract requires a destination of what opens a leg"
        opened = turn.begin_call(row, agent, destination, acting.user_data, parent=acting.leg)
        acting = replace(acting, opened=opened)
    _conclude(turn, row, acting)


def _conclude(turn: Turn, row: Row, acting: Acting) -> None:
    for tell in row.tells:
        turn.tell(_leg(turn, tell.leg, acting).key, tell)
    if row.effect is not None:
        EFFECTS[row.effect](turn, acting)


def _leg(turn: Turn, name: LegName, acting: Acting) -> Leg:
    found = _LEGS[name](turn, acting)
    if found is None:
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.other)
    return found


_LEGS: Mapping[LegName, Callable[[Turn, Acting], Leg | None]] = {
    "self": lambda turn, acting: acting.leg,
    "opened": lambda turn, acting: acting.opened,
    "parent": lambda turn, acting: turn.world.parent_of(acting.leg),
    "consult": consult_meant,
}


def _far_end(turn: Turn, command: FarEnd) -> None:
    """Let a far end act. No effect if it has left the call or cannot do this now."""
    name = _conversation_with(turn.world, command)
    if name is not None:
        _FAR_END[command.event](turn, name, command.number)


def _answers(turn: Turn, name: str, number: str) -> None:
    """Connect a ringing party. An agent who has dialled their own number is busy dialling, so nobody answers there."""
    conversation = turn.world.conversations[name]
    is_own = any(leg.key.agent == number for leg in turn.world.legs_in(name))
    if number not in conversation.ringing or is_own:
        return
    turn.share(name, replace(conversation, ringing=conversation.ringing - {number}))
    if number in conversation.invited:
        joins(turn, name, number)
    for leg in turn.world.legs_in(name):
        is_connected(turn, leg)


def _fails(turn: Turn, name: str, number: str) -> None:
    """A party who dialled it is notified that the call failed; parties already talking, who had it added, that it has gone."""
    if number not in turn.world.conversations[name].ringing:
        return
    for leg in turn.world.legs_in(name):
        turn.happen("failed", leg)
    party_leaves(turn, name, number)


def _holds(turn: Turn, name: str, number: str) -> None:
    conversation = turn.world.conversations[name]
    if number not in conversation.ringing:
        turn.share(name, replace(conversation, held_by=conversation.held_by | {number}))


def _resumes(turn: Turn, name: str, number: str) -> None:
    conversation = turn.world.conversations[name]
    turn.share(name, replace(conversation, held_by=conversation.held_by - {number}))


_FAR_END: Mapping[str, Callable[[Turn, str, str], None]] = {
    "answers": _answers,
    "fails": _fails,
    "hangs-up": party_leaves,
    "holds": _holds,
    "resumes": _resumes,
}


def _conversation_with(world: World, command: FarEnd) -> str | None:
    """The party's present conversation: the one in which it was dialled, or the one that absorbed it."""
    names = chain((command.call_id,), world.conversations)
    return next(
        (
            name
            for name in names
            if name in world.conversations
            and world.conversations[name].far.get(command.number) == command.call_id
        ),
        None,
    )


def _end(turn: Turn, command: End) -> None:
    if command.conversation is not None and command.conversation not in turn.world.conversations:
        raise NoSuchCall(command.conversation)
    for name in list(turn.world.conversations):
        if command.conversation in (None, name):
            ends(turn, name)


_COMMANDS: Mapping[type[Command], Callable[[Turn, Any], None]] = {
    Operate: _operate,
    Dial: _dial,
    Arrive: _arrive,
    Preview: _preview,
    FarEnd: _far_end,
    Supervise: supervise,
    End: _end,
}
