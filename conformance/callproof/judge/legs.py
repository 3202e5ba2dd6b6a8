"""Whose call is it? The run's own legs, by the names that a scenario gives them, and the unknown calls that count as the run's doing.

A leg is identified by agent and call id; two agents' legs of one call may or may not share an id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from callproof.json_values import Json, text_of
from callproof.judge.notification import Notification
from callproof.judge.predicates import Scope, party_numbers

#: (agent, call id)
Leg: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Legs:
    """The run's own legs: those that a scenario named, by name, and all of them, including attributed ones."""

    named: Mapping[Leg, str] = field(default_factory=dict)
    own: frozenset[Leg] = frozenset()

    def bind(self, agent: str, name: str, call_id: str) -> Legs:
        return Legs({**self.named, (agent, name): call_id}, self.own | {(agent, call_id)})

    def attribute(self, legs: frozenset[Leg]) -> Legs:
        return replace(self, own=self.own | legs)

    def id_of(self, agent: str, name: str) -> str:
        return self.named.get((agent, name), "")

    def name_of(self, leg: Leg) -> str:
        """What the scenario calls this leg; empty if no step named it."""
        return next((name for (whose, name), known in self.named.items() if (whose, known) == leg), "")

    def names(self, agent: str) -> dict[str, Json]:
        """What `{talk.id}`, `{alice's talk.id}` and the like stand for in this agent's expectations."""
        found: dict[str, Json] = {}
        for (whose, name), call_id in self.named.items():
            for prefix in (f"{whose}'s {name}", name) if whose == agent else (f"{whose}'s {name}",):
                found |= {f"{prefix}.id": call_id, f"{prefix}.path": f"/calls/{call_id}"}
        return found


#: No leg is known yet.
NO_LEGS = Legs()


def scope_of(agent: str, legs: Legs, scope: Scope, notification: Notification | None = None) -> Scope:
    """The scope in which an agent's expectations are read; `{this.id}` is the id of the notification's own call."""
    names = {**legs.names(agent), "agent": agent}
    for name, value in scope.names.items():
        if name.startswith(f"{agent}."):
            names[f"agent.{name.removeprefix(f'{agent}.')}"] = value
    if notification is not None:
        names |= {"this.id": notification.call_id, "this.parent": notification.parent_id}
    return scope.with_names(names)


def fits_the_run(notification: Notification, legs: Legs, scope: Scope) -> bool:
    """Whether a new call may be the one that a stimulus created: its parent is ours, or a party or the dialled number is known."""
    if (notification.agent, notification.parent_id) in legs.own:
        return True
    configured = frozenset().union(*scope.numbers.values())
    parties = frozenset().union(*party_numbers(notification.call.get("participants")))
    return not parties or bool(parties & configured) or text_of(notification.call.get("dnis")) in configured


def is_attributable(notification: Notification, legs: Legs, scope: Scope) -> bool:
    """Whether an unknown call counts as the run's doing: its parent is ours, or all its parties are configured numbers.

    Stricter than `fits_the_run`, because an attributed call may count against the server.
    """
    if (notification.agent, notification.parent_id) in legs.own:
        return True
    configured = frozenset().union(*scope.numbers.values())
    parties = party_numbers(notification.call.get("participants"))
    return bool(parties) and all(party & configured for party in parties)
