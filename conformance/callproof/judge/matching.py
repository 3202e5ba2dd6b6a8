"""Which notification answers which expectation. Pure: logs in, assignments out; time plays no role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from callproof.catalogue.scenario import Claim, Hear, MayHear
from callproof.json_values import Json
from callproof.judge.assignment import cheapest
from callproof.judge.claims import judge_claim
from callproof.judge.findings import About, Difference, NearMiss, Unmet
from callproof.judge.legs import Legs, fits_the_run, scope_of
from callproof.judge.notification import Notification
from callproof.judge.predicates import Scope, are_parties, party_numbers, same
from callproof.judge.sentences import Said, Sentence, say

# Weights of an assignment, each greater than any number of the next: an expectation left empty, an optional place left empty, an answer
# that only refreshes an earlier one, an unmet claim. Ties are decided by the position in the log.
_IMPOSSIBLE, _EMPTY, _OPTIONAL_EMPTY, _REFRESH, _CLAIM = 10**14, 10**11, 10**9, 10**8, 10**6
_NOTHING = About(expected="")

# Is it meant? --------------------------------------------------------------------------------------------------------


def is_identified(hear: Hear, notification: Notification, legs: Legs, scope: Scope) -> bool:
    """Whether the expectation is about this notification, whatever else is wrong with it."""
    if hear.agent != notification.agent or not notification.call_id:
        return False
    bound = legs.id_of(hear.agent, hear.call)
    if hear.new and not bound:
        if notification.leg in legs.own or not fits_the_run(notification, legs, scope):
            return False
    elif notification.call_id != bound:
        return False
    return not identity_differences(hear, notification, scope)


def identity_differences(hear: Hear, notification: Notification, scope: Scope) -> tuple[Difference, ...]:
    """The identifying members in which a notification differs from the expected one."""
    told, type_ = notification.call.get("participants"), notification.notification_type
    shown = ", ".join(sorted("/".join(sorted(party)) for party in party_numbers(told)))
    is_with_them = are_parties(told, hear.parties, scope.numbers)
    members = (
        ("call.state", hear.state, notification.state or "nothing", hear.state == notification.state),
        ("notificationType", hear.notification, type_ or "nothing", hear.notification == type_),
        ("call.participants", " and ".join(hear.parties), shown or "nobody", is_with_them),
    )
    return tuple(Difference(*shown) for *shown, is_right in members if shown[1] and not is_right)


def is_allowed(notification: Notification, may: MayHear, legs: Legs) -> bool:
    """Whether the scenario tolerates an unexpected notification."""
    return (
        notification.leg == (may.agent, legs.id_of(may.agent, may.call))
        and may.state in ("", notification.state)
        and may.notification in ("", notification.notification_type)
    )


# Notifications beside each other -------------------------------------------------------------------------------------


def surroundings(notification: Notification, log: Sequence[Notification]) -> Mapping[str, Json]:
    """What readings may refer to besides the notification itself: other notifications to the same agent.

    `later` is the data of every later notification about the same call. `the parent` is the parent call as last reported while this
    call stayed in the state that the notification reports; absent if the parent was never reported.
    """
    later = [each for each in log if each.leg == notification.leg and each.position > notification.position]
    left = next((other.position for other in later if other.state != notification.state), None)
    found: dict[str, Json] = {"later": [dict(other.data) for other in later]}
    parent = (notification.agent, notification.parent_id)
    for other in log:
        if notification.parent_id and other.leg == parent and (left is None or other.position < left):
            found["the parent"] = dict(other.call)
    return found


def is_refresh(before: Notification, after: Notification) -> bool:
    """Whether a notification only reports what the call now offers, or data attached to it since `before`, the previous one about it."""
    members = ("state", "participants", "capabilities")
    state, parties, offers = (same(before.call.get(member), after.call.get(member)) for member in members)
    return state and parties and (not offers or bool(attached_since(before, after)))


def attached_since(before: Notification, after: Notification) -> Mapping[str, Json]:
    """The user data that an AttachedDataChanged adds; empty if it removes or changes any."""
    old, new = before.user_data, after.user_data
    kept = all(name in new and same(new[name], value) for name, value in old.items())
    if after.notification_type != "AttachedDataChanged" or not kept:
        return {}
    return {name: value for name, value in new.items() if name not in old}


def repeats(log: Sequence[Notification]) -> tuple[tuple[Notification, Notification], ...]:
    """Notifications that came twice in one session with the same content, each after the one that it repeats."""
    contents = [_content(each) for each in log]
    earlier = [contents.index(content) for content in contents]
    return tuple((log[first], log[index]) for index, first in enumerate(earlier) if first != index)


def _content(notification: Notification) -> tuple[Json, ...]:
    """What two equal notifications share: the session, and everything except the server's own measurements."""
    data = {key: value for key, value in notification.data.items() if key != "metrics"}
    return notification.agent, notification.session, data


# Assignment ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matching:
    """Which notifications answer which expectation, and the legs that were bound in the process."""

    answers: tuple[tuple[Notification, ...], ...]
    legs: Legs

    def is_complete(self, hears: Sequence[Hear]) -> bool:
        return all(len(answer) >= hear.least for hear, answer in zip(hears, self.answers, strict=True))

    def is_perfect(self, hears: Sequence[Hear], log: Sequence[Notification], scope: Scope) -> bool:
        """Complete, and no claim is unmet, so no later notification could be a better answer."""
        return self.is_complete(hears) and not any(
            unmet(hear.claims, each, log, self.legs, scope)
            for hear, answer in zip(hears, self.answers, strict=True)
            for each in answer
        )


def match(hears: Sequence[Hear], log: Sequence[Notification], legs: Legs, scope: Scope) -> Matching:
    """Match expectations with notifications. `log` holds every agent's since the mark; `legs` are those known at the mark.

    Idea: matching is not first come, first served. All expectations of a round are compared with all notifications since its mark. The best
    assignment leaves the fewest expectations empty, then answers with the fewest refreshes, then leaves the fewest claims unmet,
    then keeps the log's order (`_costs`). New calls are settled first, because other expectations may refer to them. Invariant: a
    notification answers at most one expectation, and only one that identifies it; a leg is bound to at most one new call's name. Cost:
    places x notifications claims are tested, then `cheapest` takes places x places x notifications steps; a round has few places.
    """
    opening = [i for i, hear in enumerate(hears) if hear.new and not legs.id_of(hear.agent, hear.call)]
    rest = [i for i in range(len(hears)) if i not in opening]
    settled, bound = _settled(hears, _assigned(hears, opening, log, legs, scope), legs)
    used = {each.key for _, each in settled}
    free = [each for each in log if each.key not in used]
    pairs = sorted([*settled, *_assigned(hears, rest, free, bound, scope)], key=lambda pair: pair[1].position)
    return Matching(
        tuple(tuple(each for i, each in pairs if i == index) for index in range(len(hears))), bound
    )


def _settled(
    hears: Sequence[Hear], pairs: Sequence[tuple[int, Notification]], legs: Legs
) -> tuple[list[tuple[int, Notification]], Legs]:
    """The new calls by name. One call cannot be two new ones, so a notification that would make it so is dropped."""
    kept: list[tuple[int, Notification]] = []
    for index, notification in pairs:
        hear = hears[index]
        if notification.leg not in legs.own or legs.id_of(hear.agent, hear.call) == notification.call_id:
            legs = legs.bind(hear.agent, hear.call, notification.call_id)
            kept.append((index, notification))
    return kept, legs


def _assigned(
    hears: Sequence[Hear], indexes: Sequence[int], log: Sequence[Notification], legs: Legs, scope: Scope
) -> list[tuple[int, Notification]]:
    """The cheapest assignment of notifications to the places of these expectations; one for n times has n places."""
    places = [(index, count >= hears[index].least) for index in indexes for count in range(hears[index].most)]
    costs = {index: _costs(hears[index], log, legs, scope) for index in indexes}
    table = [
        # Earlier places prefer earlier notifications, so equal ones stay in order.
        [cost + each.position * (len(places) - rank) for cost, each in zip(costs[index], log, strict=True)]
        + [_OPTIONAL_EMPTY if optional else _EMPTY] * len(places)
        for rank, (index, optional) in enumerate(places)
    ]
    return [
        (places[row][0], log[column])
        for row, column in enumerate(cheapest(table))
        if column < len(log) and table[row][column] < _IMPOSSIBLE
    ]


def _costs(hear: Hear, log: Sequence[Notification], legs: Legs, scope: Scope) -> list[int]:
    """The cost of each notification as the answer to this expectation, without its position in the log."""
    costs: list[int] = []
    last: dict[str, Notification] = {}  # for each call, the last notification that also fits
    for notification in log:
        if not is_identified(hear, notification, legs, scope):
            costs.append(_IMPOSSIBLE)
            continue
        call_id = notification.call_id
        refreshes = call_id in last and is_refresh(last[call_id], notification)
        costs.append(refreshes * _REFRESH + unmet(hear.claims, notification, log, legs, scope) * _CLAIM)
        last[call_id] = notification
    return costs


def unmet(
    claims: Sequence[Claim], notification: Notification, log: Sequence[Notification], legs: Legs, scope: Scope
) -> int:
    """How many claims are not true of the notification under any accepted reading; claims about unknown values do not count."""
    local = scope_of(notification.agent, legs, scope, notification)
    around = partial(surroundings, notification, log)
    found = (judge_claim(each, notification.data, local, _NOTHING, around=around) for each in claims)
    return sum(isinstance(next(findings, None), Unmet) for findings in found)


# Near misses ---------------------------------------------------------------------------------------------------------


def nearest(hear: Hear, log: Sequence[Notification], legs: Legs, scope: Scope) -> tuple[NearMiss, ...]:
    """The two notifications closest to what was expected, each with the members in which it differs."""
    misses = [
        (each, (*_leg_differences(hear, each, legs), *identity_differences(hear, each, scope)))
        for each in log
        if each.agent == hear.agent and each.call_id
    ]
    misses.sort(key=lambda miss: (len(miss[1]), miss[0].position))
    return tuple(NearMiss(each.evidence, in_words(each, legs), wrong) for each, wrong in misses[:2])


def _leg_differences(hear: Hear, notification: Notification, legs: Legs) -> tuple[Difference, ...]:
    """The difference of a notification that is about another call than the expected one."""
    bound = legs.id_of(hear.agent, hear.call)
    if bound and notification.call_id != bound:
        return (Difference("call.id", bound, notification.call_id),)
    if hear.new and not bound and notification.leg in legs.own:
        return (Difference("call.id", "a call not seen before", notification.call_id),)
    return ()


def in_words(notification: Notification, legs: Legs) -> Said:
    """Which agent received what, about which call."""
    return say(
        Sentence.NOTIFIED_IN_STATE if notification.state else Sentence.NOTIFIED,
        agent=notification.agent,
        what=notification.notification_type or notification.message_type or "a message without a type",
        call=legs.name_of(notification.leg) or notification.call_id or "no call",
        state=notification.state,
    )
