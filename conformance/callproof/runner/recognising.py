"""Recognises a call that was requested, and whose id a killed run never learnt, among the calls that its agent has now.

A call of somebody else must never be ended, so a call is recognised only if all of this holds; otherwise it is left up and reported:

- The run had found its agents idle (`safety.require_idle`), and nobody else had been noticed on them.
- The agent has one requested call without an id, and exactly one call that the ledger does not name and that was not heard of before.
- That call has one other party, the one that was requested, and a parent among the run's calls exactly if a consultation was requested.
- By its `duration` it began when it was requested, by this machine's clock: neither earlier nor after the run was killed.

Single-step operations give the agent no call of their own, so no call is recognised for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callproof import limits
from callproof.json_values import Json, as_object, objects_in, text_of
from callproof.judge.notification import FINAL_STATES, Notification
from callproof.judge.predicates import party_numbers
from callproof.runner.agent_sessions import AgentSessions, Request
from callproof.runner.ledger import Ledger, OwnLeg, Unlearnt
from callproof.target.target import Target

#: operation -> whether the call that it gives its agent has a parent
_HAS_PARENT = {"Dial": False, "InitiateConference": True, "InitiateTransfer": True}


async def recognise(
    sessions: AgentSessions, ledger: Ledger, target: Target, agents: Sequence[str], now: float
) -> None:
    """Add each recognised call of these agents to the ledger. `now` is in seconds since 1970. Ask before anything is ended."""
    for agent in (name for name in ledger.waiting if name in agents):
        pending = ledger.pending_of(agent)
        if len(pending) != 1 or pending[0].before is None or pending[0].operation not in _HAS_PARENT:
            continue
        reply = await sessions.request(agent, Request("GET", "/me/calls?fields=*"))
        up = objects_in(as_object(reply.value.get("body")).get("calls"))
        unknown = [call for call in up if not ledger.names((agent, text_of(call.get("id"))))]
        if len(unknown) == 1 and _is_the_one(unknown[0], pending[0], ledger, target, now):
            ledger.learn(OwnLeg(agent, text_of(unknown[0].get("id")), pending[0].scenario))
            ledger.settle(agent)


def _is_the_one(
    call: Mapping[str, Json], requested: Unlearnt, ledger: Ledger, target: Target, now: float
) -> bool:
    id_, state = text_of(call.get("id")), text_of(call.get("state"))
    if not id_ or requested.before is None or id_ in requested.before or state in FINAL_STATES:
        return False
    parent = Notification(requested.agent, 0, {"data": {"call": dict(call)}}).parent_id
    is_child = (requested.agent, parent) in ledger.own if parent else False
    return (
        is_child == _HAS_PARENT[requested.operation]
        and bool(parent) == is_child
        and _is_to(requested.to, call, target)
        and _began_then(call, requested.at, now)
    )


def _is_to(to: str, call: Mapping[str, Json], target: Target) -> bool:
    agent = target.agents.get(to)
    numbers = (agent.numbers if agent else frozenset()) | {target.dial.get(to, "")} - {""}
    shown = call.get("participants")
    is_alone = isinstance(shown, list) and len(shown) == 1
    return is_alone and all(party & numbers for party in party_numbers(shown) or [frozenset()])


def _began_then(call: Mapping[str, Json], at: float, now: float) -> bool:
    """Whether the call is as old as the request. One second more, because `duration` has whole seconds."""
    duration = text_of(call.get("duration"))
    if not (duration.isascii() and duration.isdigit() and len(duration) < 10):  # 30 years
        return False
    return abs((now - at) - int(duration)) <= limits.SAME_MOMENT.default + 1
