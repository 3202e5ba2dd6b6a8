"""Which message is the answer to which expectation. Pure: logs in, assignments out; time does not occur here.

Messages are never taken first come, first served: all expectations of a round are laid over all messages since its mark, and the
assignment that leaves the fewest expectations empty, then the fewest claims unmet, wins. Legs are known by (agent, call id); that two
agents' legs of one call share an id is neither assumed nor excluded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from callproof.catalogue.scenario import Claim, Hear, MayHear
from callproof.json_values import Json, text_of
from callproof.judge.findings import Difference, Miss
from callproof.judge.log import Heard
from callproof.judge.predicates import (
    Scope,
    Unbound,
    accepted_reading,
    applies,
    are_parties,
    differences,
    party_numbers,
    same,
)

Leg = tuple[str, str]  # (agent, call id)

# Weights of an assignment: an expectation left empty outweighs an answer that only refreshes an earlier one, that outweighs any number of
# unmet claims, and those outweigh lateness.
_IMPOSSIBLE, _EMPTY, _OPTIONAL_EMPTY, _REFRESH, _CLAIM = 10**14, 10**11, 10**9, 10**8, 10**6


@dataclass(frozen=True)
class Legs:
    """The run's own legs: by the name a scenario gives them, and all of them, attributed ones included."""

    named: Mapping[Leg, str] = field(default_factory=dict)
    own: frozenset[Leg] = frozenset()

    def bind(self, agent: str, name: str, call_id: str) -> Legs:
        return Legs({**self.named, (agent, name): call_id}, self.own | {(agent, call_id)})

    def attribute(self, legs: frozenset[Leg]) -> Legs:
        return replace(self, own=self.own | legs)

    def id_of(self, agent: str, name: str) -> str:
        return self.named.get((agent, name), "")

    def name_of(self, agent: str, call_id: str) -> str:
        return next(
            (name for (whose, name), known in self.named.items() if whose == agent and known == call_id), ""
        )

    def names(self, agent: str) -> dict[str, Json]:
        """What `{talk.id}`, `{alice's talk.id}` and the like stand for in this agent's expectations."""
        found: dict[str, Json] = {}
        for (whose, name), call_id in self.named.items():
            for prefix in [f"{whose}'s {name}", name] if whose == agent else [f"{whose}'s {name}"]:
                found[f"{prefix}.id"] = call_id
                found[f"{prefix}.path"] = f"/calls/{call_id}"
        return found


#: Nothing is known of any leg yet.
NO_LEGS = Legs()


def scope_of(agent: str, legs: Legs, scope: Scope, heard: Heard | None = None) -> Scope:
    """The scope in which an agent's expectations are read; `{this.id}` is the id of the message's own call."""
    own: dict[str, Json] = {"this.id": heard.call_id, "this.parent": heard.parent_id} if heard else {}
    mine: dict[str, Json] = {
        f"agent.{name.removeprefix(f'{agent}.')}": value
        for name, value in scope.names.items()
        if name.startswith(f"{agent}.")
    }
    return scope.with_names({**legs.names(agent), **mine, **own, "agent": agent})


# Whose call is it ----------------------------------------------------------------------------------------------------


def fits_the_run(heard: Heard, legs: Legs, scope: Scope) -> bool:
    """Whether a call not seen before may be the one a stimulus made: its parent is ours, or a party or the dialled number is known."""
    configured = frozenset().union(*scope.numbers.values())
    if (heard.agent, heard.parent_id) in legs.own:
        return True
    parties = frozenset().union(*party_numbers(heard.call.get("participants")))
    return not parties or bool(parties & configured) or text_of(heard.call.get("dnis")) in configured


def is_attributable(heard: Heard, legs: Legs, scope: Scope) -> bool:
    """Whether an unknown call counts as the run's doing: its parent is ours, or all its parties are configured numbers.

    Stricter than `fits_the_run`, because what is attributed may be held against the server.
    """
    if (heard.agent, heard.parent_id) in legs.own:
        return True
    configured = frozenset().union(*scope.numbers.values())
    parties = party_numbers(heard.call.get("participants"))
    return bool(parties) and all(party & configured for party in parties)


def is_identified(hear: Hear, heard: Heard, legs: Legs, scope: Scope) -> bool:
    """Whether the message is one that the expectation speaks of, whatever else is wrong with it."""
    if hear.agent != heard.agent or not heard.call_id:
        return False
    bound = legs.id_of(hear.agent, hear.call)
    if hear.new and not bound:
        if (heard.agent, heard.call_id) in legs.own or not fits_the_run(heard, legs, scope):
            return False
    elif heard.call_id != bound:
        return False
    return not identity_differences(hear, heard, scope)


def identity_differences(hear: Hear, heard: Heard, scope: Scope) -> tuple[Difference, ...]:
    wrong: list[Difference] = []
    if hear.state and heard.state != hear.state:
        wrong.append(Difference("call.state", hear.state, heard.state or "nothing"))
    if hear.notification and heard.notification != hear.notification:
        wrong.append(Difference("notificationType", hear.notification, heard.notification or "nothing"))
    participants = heard.call.get("participants")
    if hear.parties and not are_parties(participants, hear.parties, scope.numbers):
        shown = ", ".join(sorted("/".join(sorted(party)) for party in party_numbers(participants)))
        wrong.append(Difference("call.participants", " and ".join(hear.parties), shown or "nobody"))
    return tuple(wrong)


def unmet(claims: Sequence[Claim], heard: Heard, log: Sequence[Heard], legs: Legs, scope: Scope) -> int:
    """How many claims are not true of the message under any accepted reading; a claim about the unknown is not counted."""
    local, value, count = scope_of(heard.agent, legs, scope, heard), dict(heard.data), 0
    for claim in claims:
        try:
            if (
                applies(claim, value, local)
                and differences(claim.predicates, value, local)
                and not accepted_reading(claim, {**value, **surroundings(heard, log)}, local)
            ):
                count += 1
        except Unbound:
            continue
    return count


def surroundings(heard: Heard, log: Sequence[Heard]) -> Mapping[str, Json]:
    """What readings may look at beside the message itself: other messages of the same agent's log.

    `later` is the data of every later message about the same call. `the parent` is the parent call as it was last told while this call
    stayed in the state that the message tells; absent when nothing was told of it.
    """
    own = [other for other in log if other.agent == heard.agent]
    later = [other for other in own if other.position > heard.position and other.call_id == heard.call_id]
    left = next((other.position for other in later if other.state != heard.state), None)
    parent = [
        dict(other.call)
        for other in own
        if heard.parent_id and other.call_id == heard.parent_id and (left is None or other.position < left)
    ]
    return {"later": [dict(other.data) for other in later], **({"the parent": parent[-1]} if parent else {})}


def is_refresh(before: Heard, after: Heard) -> bool:
    """Whether a message tells nothing but what the call now offers, or data attached to it since `before`, the last one about it."""
    return (
        same(before.call.get("state"), after.call.get("state"))
        and same(before.call.get("participants"), after.call.get("participants"))
        and (
            not same(before.call.get("capabilities"), after.call.get("capabilities"))
            or bool(attached_since(before, after))
        )
    )


def attached_since(before: Heard, after: Heard) -> Mapping[str, Json]:
    """The user data that an AttachedDataChanged adds to what was told before; empty for one that takes away or changes any."""
    old, new = before.user_data, after.user_data
    kept = all(name in new and same(new[name], value) for name, value in old.items())
    if after.notification != "AttachedDataChanged" or not kept:
        return {}
    return {name: value for name, value in new.items() if name not in old}


# Assignment ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matching:
    """For each expectation, by its index, the messages that answer it, in order; and the calls that were bound on the way."""

    answers: tuple[tuple[Heard, ...], ...]
    legs: Legs

    def is_complete(self, hears: Sequence[Hear]) -> bool:
        return all(len(answer) >= hear.least for hear, answer in zip(hears, self.answers, strict=True))

    def is_perfect(self, hears: Sequence[Hear], log: Sequence[Heard], scope: Scope) -> bool:
        """Complete, and no claim is unmet: no later message could be a better answer."""
        pairs = zip(hears, self.answers, strict=True)
        return self.is_complete(hears) and not any(
            unmet(h.claims, heard, log, self.legs, scope) for h, answer in pairs for heard in answer
        )


def match(hears: Sequence[Hear], log: Sequence[Heard], legs: Legs, scope: Scope) -> Matching:
    """Lay expectations over messages.

    `log` holds every agent's messages since the mark; `legs` what was known at the mark. New calls are settled first, because what
    else is expected may speak of them.
    """
    taken: dict[int, list[Heard]] = {index: [] for index in range(len(hears))}
    used: set[tuple[str, int]] = set()
    opening = [
        index for index, hear in enumerate(hears) if hear.new and not legs.id_of(hear.agent, hear.call)
    ]
    bound = legs
    for index, heard in _assigned(hears, opening, log, legs, scope):
        hear = hears[index]
        if (heard.agent, heard.call_id) in bound.own and bound.id_of(hear.agent, hear.call) != heard.call_id:
            continue  # One call cannot be two new ones.
        bound = bound.bind(hear.agent, hear.call, heard.call_id)
        taken[index].append(heard)
        used.add((heard.agent, heard.position))
    rest = [index for index in range(len(hears)) if index not in opening]
    free = [heard for heard in log if (heard.agent, heard.position) not in used]
    for index, heard in _assigned(hears, rest, free, bound, scope):
        taken[index].append(heard)
    return Matching(
        tuple(tuple(sorted(taken[i], key=lambda heard: heard.position)) for i in range(len(hears))), bound
    )


def _assigned(
    hears: Sequence[Hear], indexes: Sequence[int], log: Sequence[Heard], legs: Legs, scope: Scope
) -> list[tuple[int, Heard]]:
    """The cheapest assignment of messages to the slots of these expectations; an expectation of n times has n slots."""
    slots = [(index, count >= hears[index].least) for index in indexes for count in range(hears[index].most)]
    if not slots or not log:
        return []
    costs = {index: _costs(hears[index], log, legs, scope) for index in indexes}
    table = [
        # Earlier slots prefer earlier messages, so that equals stay in order.
        [cost + heard.position * (len(slots) - rank) for cost, heard in zip(costs[index], log, strict=True)]
        + [_OPTIONAL_EMPTY if optional else _EMPTY] * len(slots)
        for rank, (index, optional) in enumerate(slots)
    ]
    return [
        (slots[row][0], log[column])
        for row, column in enumerate(_cheapest(table))
        if column < len(log) and table[row][column] < _IMPOSSIBLE
    ]


def _costs(hear: Hear, log: Sequence[Heard], legs: Legs, scope: Scope) -> list[int]:
    """What each message costs as the answer to this expectation, its place in the log apart."""
    costs: list[int] = []
    last: dict[str, Heard] = {}  # of each call, the last message that fits too
    for heard in log:
        if not is_identified(hear, heard, legs, scope):
            costs.append(_IMPOSSIBLE)
            continue
        refreshes = heard.call_id in last and is_refresh(last[heard.call_id], heard)
        costs.append(refreshes * _REFRESH + unmet(hear.claims, heard, log, legs, scope) * _CLAIM)
        last[heard.call_id] = heard
    return costs


def _cheapest(cost: Sequence[Sequence[int]]) -> list[int]:
    """For each row its column, all different, at the least total cost (the Hungarian method; rows <= columns)."""
    rows, columns = len(cost), len(cost[0])
    infinity = 10**18
    row_potential, column_potential = [0] * (rows + 1), [0] * (columns + 1)
    row_of = [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0] = row
        slack, came_from, visited = [infinity] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
        column = 0
        while row_of[column] != 0:
            visited[column] = True
            here, step, following = row_of[column], infinity, 0
            for other in range(1, columns + 1):
                if visited[other]:
                    continue
                reduced = cost[here - 1][other - 1] - row_potential[here] - column_potential[other]
                if reduced < slack[other]:
                    slack[other], came_from[other] = reduced, column
                if slack[other] < step:
                    step, following = slack[other], other
            for other in range(columns + 1):
                if visited[other]:
                    row_potential[row_of[other]] += step
                    column_potential[other] -= step
                else:
                    slack[other] -= step
            column = following
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    chosen = [0] * rows
    for column in range(1, columns + 1):
        if row_of[column]:
            chosen[row_of[column] - 1] = column - 1
    return chosen


# Near misses, extras, duplicates -------------------------------------------------------------------------------------


def nearest(hear: Hear, log: Sequence[Heard], legs: Legs, scope: Scope, keep: int = 2) -> tuple[Miss, ...]:
    """The messages that came closest to what was expected, each with the members in which it differs."""
    misses: list[tuple[int, int, Miss]] = []
    bound = legs.id_of(hear.agent, hear.call)
    for heard in log:
        if heard.agent != hear.agent or not heard.call_id:
            continue
        wrong = list(identity_differences(hear, heard, scope))
        if bound and heard.call_id != bound:
            wrong.insert(0, Difference("call.id", bound, heard.call_id))
        elif hear.new and not bound and (heard.agent, heard.call_id) in legs.own:
            wrong.insert(0, Difference("call.id", "a call not seen before", heard.call_id))
        misses.append((len(wrong), heard.position, Miss(heard.evidence, in_words(heard, legs), tuple(wrong))))
    return tuple(miss for _, _, miss in sorted(misses, key=lambda item: item[:2])[:keep])


def in_words(heard: Heard, legs: Legs) -> str:
    name = legs.name_of(heard.agent, heard.call_id) or heard.call_id or "no call"
    what = heard.notification or heard.message_type or "a message without a type"
    return f"{heard.agent} heard {what} of {name}" + (f", state {heard.state}" if heard.state else "")


def is_allowed(heard: Heard, may: MayHear, legs: Legs) -> bool:
    """Whether an unexpected message is one that the scenario tolerates."""
    return (
        heard.agent == may.agent
        and heard.call_id == legs.id_of(may.agent, may.call)
        and (not may.state or heard.state == may.state)
        and (not may.notification or heard.notification == may.notification)
    )


def repeats(log: Sequence[Heard]) -> tuple[tuple[Heard, Heard], ...]:
    """Messages that came twice in one session with the same content, each with the one it repeats."""
    found: list[tuple[Heard, Heard]] = []
    for index, heard in enumerate(log):
        for earlier in log[:index]:
            if (earlier.agent, earlier.session) == (heard.agent, heard.session) and _content(
                earlier
            ) == _content(heard):
                found.append((earlier, heard))
                break
    return tuple(found)


def _content(heard: Heard) -> Mapping[str, Json]:
    """What makes two notifications the same: everything but the measurements of the server itself."""
    return {key: value for key, value in heard.data.items() if key != "metrics"}
