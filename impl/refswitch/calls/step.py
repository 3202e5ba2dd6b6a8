"""The one step of the model: a world and a command in, a world and what to tell out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from .effects import EFFECTS, answered_consult, party_leaves
from .errors import NoSuchCall, NoSuchConsult, NotPossible
from .model import Command, Dial, Event, FarEnd, Identity, Leg, Operate, Step, World
from .table import LegName, Row, Table
from .turn import Acting, Turn

#: What a simulated party does, as the network's event at the legs that are dialling it.
_FAR_END: Mapping[str, Event] = {"answers": "answered", "fails": "failed"}


def step(
    table: Table, world: World, command: Command, *, now: float, new_identity: Callable[[], Identity]
) -> Step:
    """Carry out one command.

    `now` is the model's time in seconds; `new_identity` is called once for each new call. Raises Refused (NoSuchCall, NotPossible,
    NoSuchConsult), and then nothing has happened: the world that was passed in is unchanged.
    """
    turn = Turn(table, world, now, new_identity)
    if isinstance(command, Operate):
        _operate(turn, command)
    elif isinstance(command, Dial):
        _dial(turn, command)
    else:
        _far_end(turn, command)
    return turn.finish()


def _operate(turn: Turn, command: Operate) -> None:
    leg = turn.world.legs.get(command.leg)
    if leg is None:
        raise NoSuchCall(command.leg.call_id)
    situation = turn.world.situation(leg)
    row = turn.table.rule(command.operation, situation)
    if row is None:
        offered = turn.table.capabilities(situation)
        raise NotPossible(command.operation, leg.key.call_id, leg.state, offered)
    acting = Acting(
        leg,
        command.operation,
        destination=command.destination,
        user_data=command.user_data,
        consult=command.consult,
    )
    _apply(turn, row, acting)


def _dial(turn: Turn, command: Dial) -> None:
    row = turn.table.on_device["Dial"]
    opened = turn.begin_call(row, command.agent, command.destination, command.user_data, parent=None)
    _conclude(turn, row, Acting(opened, "Dial", opened=opened, destination=command.destination))


def _apply(turn: Turn, row: Row, acting: Acting) -> None:
    if row.becomes is not None:
        turn.become(acting.leg, row.becomes)
    if row.opens is not None:
        assert acting.destination is not None, "the contract requires a destination of what opens a leg"
        agent = acting.leg.key.agent
        opened = turn.begin_call(row, agent, acting.destination, acting.user_data, parent=acting.leg)
        acting = replace(acting, opened=opened)
    _conclude(turn, row, acting)


def _conclude(turn: Turn, row: Row, acting: Acting) -> None:
    for tell in row.tells:
        turn.tell(_leg(turn, tell.leg, acting).key, tell)
    if row.effect is not None:
        EFFECTS[row.effect](turn, acting)


def _leg(turn: Turn, name: LegName, acting: Acting) -> Leg:
    legs: dict[LegName, Leg | None] = {
        "self": acting.leg,
        "opened": acting.opened,
        "parent": turn.world.parent_of(acting.leg),
        "consult": answered_consult(turn, acting),
    }
    found = legs[name]
    if found is None:
        raise NoSuchConsult(acting.operation, acting.leg.key.call_id, acting.consult)
    return found


def _far_end(turn: Turn, command: FarEnd) -> None:
    leg = _leg_with(turn.world, command)
    if leg is None:
        return
    if command.event == "hangs-up":
        party_leaves(turn, leg.conversation, command.number)
        return
    for dialling in turn.world.legs_in(leg.conversation):
        turn.happen(_FAR_END[command.event], dialling)


def _leg_with(world: World, command: FarEnd) -> Leg | None:
    """The agent's leg on which the simulated party is: the one it was dialled on, or the one that was joined to."""
    own = world.legs.get(command.leg)
    legs = [own] if own else world.legs_of(command.leg.agent)
    return next(
        (leg for leg in legs if command.number in world.conversations[leg.conversation].parties), None
    )
