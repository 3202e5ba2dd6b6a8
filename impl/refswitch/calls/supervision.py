"""Supervisors hear the calls of the agents they supervise. Each has a leg of their own in a call to which they are not a party.

SupervisorListenIn, SupervisorCoach and SupervisorBargeIn, HTCC 8.5.2.
"""

from __future__ import annotations

from dataclasses import replace

from .commands import Supervise
from .errors import NotToSupervise
from .model import Leg, State, Supervision
from .parties import party_leaves
from .turn import Turn

#: States of a leg before anybody talks on it.
_BEFORE_TALK = (None, State.DIALING, State.RINGING)


def supervise(turn: Turn, command: Supervise) -> None:
    """Begin or end a supervision. At its end, the supervisor leaves the call that they hear.

    A supervisor who barges in joins the present call at once; any other begins with the agent's next call. Raises NotToSupervise.
    """
    supervisor, supervision = command.supervisor, command.supervision
    if supervision is not None and (
        supervision.target not in turn.world.seats or supervision.target == supervisor
    ):
        raise NotToSupervise(supervision.target)
    _leave(turn, supervisor)
    turn.supervise(supervisor, supervision)
    if supervision is not None and supervision.how == "BargeIn":
        talking = [leg for leg in turn.world.legs_of(supervision.target) if leg.state is State.ESTABLISHED]
        for leg in talking:
            _monitor(turn, supervisor, supervision, leg)


def follow(turn: Turn) -> None:
    """Add supervisors to the calls that their agents have just begun to talk on, and remove them from those that their agents have left."""
    for supervisor, supervision in list(turn.world.supervisions.items()):
        for leg in turn.world.legs_of(supervision.target):
            if leg.monitoring == "none" and _has_begun_to_talk(turn, leg):
                _monitor(turn, supervisor, supervision, leg)
    for name in turn.touched:
        conversation = turn.world.conversations[name]
        for supervisor, target in conversation.monitors.items():
            if target not in conversation.parties and _scope(turn, supervisor) == "Agent":
                _leave(turn, supervisor)


def _has_begun_to_talk(turn: Turn, leg: Leg) -> bool:
    before = turn.before.leg(leg.key)
    return leg.state is State.ESTABLISHED and (before.state if before else None) in _BEFORE_TALK


def _scope(turn: Turn, supervisor: str) -> str:
    supervision = turn.world.supervisions.get(supervisor) or turn.before.supervisions.get(supervisor)
    return supervision.scope if supervision else "Call"


def _monitor(turn: Turn, supervisor: str, supervision: Supervision, agents: Leg) -> None:
    """Give the supervisor a leg of the agent's call, unless they are in another call, which must not be interrupted."""
    row = turn.table.event("monitors", None)
    if row is None or any(not leg.state.is_final for leg in turn.world.legs_of(supervisor)):
        return
    conversation = turn.world.conversations[agents.conversation]
    turn.share(
        agents.conversation,
        replace(conversation, monitors={**conversation.monitors, supervisor: supervision.target}),
    )
    leg = turn.another(agents.conversation, dnis=agents.dnis)
    mute = "Off" if supervision.how == "BargeIn" else "On"
    turn.deliver(leg, supervisor, row, monitoring=supervision.how, mute=mute)
    if supervision.how == "BargeIn":
        for peer in turn.world.legs_in(agents.conversation):
            if peer.key.agent != supervisor:
                turn.happen("parties-changed", peer)
    if supervision.mode == "NextCall":
        turn.supervise(supervisor, None)


def _leave(turn: Turn, supervisor: str) -> None:
    for leg in turn.world.legs_of(supervisor):
        if leg.monitoring != "none":
            turn.happen("ended", leg)
            party_leaves(turn, leg.conversation, supervisor)
