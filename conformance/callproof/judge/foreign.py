"""Is somebody else using the agents? Tells calls that the run's own requests explain from those that they do not.

Idea: a call begins with Dialing for who calls, with Ringing for who is called, and with Preview if a dialler offers it; if it began
before the agent's session, it is first heard of later. The run knows which of its requests may open a call, for whom, and where each
log stood before and after. If no request explains a beginning, or if it is one too many for its request, a person made the call, or
another run, or the server invented it. Only the server can tell: it is asked for the call, as the agent who was notified of it. If it
has the call, or the call has ended since, the call is real, and nothing that went wrong beside it counts against the server. If it does
not have the call, the notification is judged as before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from callproof.json_values import text_of
from callproof.judge.findings import Blocked, Finding, Undecided, Unmet
from callproof.judge.legs import Leg, Legs
from callproof.judge.notification import Notification
from callproof.judge.predicates import Scope, party_numbers
from callproof.judge.sentences import Said, Sentence, say

_DIALING, _PREVIEW = "Dialing", "Preview"


@dataclass(frozen=True)
class Opening:
    """A request of the run that may open a call: by whom, and to which numbers (empty: any).

    `marks` is where each agent's log stood before it; `ends` is where it stood when the agent's new call was known, for those who know it.
    """

    agent: str
    to: frozenset[str]
    marks: Mapping[str, int]
    ends: Mapping[str, int] = field(default_factory=dict)

    def explains(self, begun: Notification, scope: Scope) -> bool:
        """Whether this request may have led to the call that begins with this notification."""
        is_over = begun.position >= self.ends.get(begun.agent, begun.position + 1)
        return not is_over and self.resembles(begun, scope)

    def resembles(self, begun: Notification, scope: Scope) -> bool:
        """Whether the call has the request's caller and number and came after it, however long after."""
        agent, parties = begun.agent, frozenset().union(*party_numbers(begun.call.get("participants")))
        if begun.position < self.marks.get(agent, 0) or begun.state == _PREVIEW:  # no request opens a preview
            return False
        if begun.state == _DIALING:
            shown = parties | {text_of(begun.call.get("dnis"))}
            return agent == self.agent and (not self.to or not parties or bool(shown & self.to))
        is_from = not parties or bool(parties & scope.numbers_of(self.agent))
        return is_from and (not self.to or bool(scope.numbers_of(agent) & self.to))


@dataclass(frozen=True)
class Unexplained:
    """The first notifications of calls that the run's requests do not explain.

    `foreign` cannot be the run's doing. `late` resembles what the run requested and came when that call was known already: if that was
    another's, this one is the run's. `surplus` came with the run's own: there are more such calls than requests for them.
    """

    foreign: tuple[Notification, ...] = ()
    late: tuple[Notification, ...] = ()
    surplus: tuple[Notification, ...] = ()

    @property
    def all(self) -> tuple[Notification, ...]:
        return (*self.foreign, *self.late, *self.surplus)


def unexplained(
    log: Iterable[Notification],
    openings: Sequence[Opening],
    legs: Legs,
    scope: Scope,
    known: Collection[Leg] = (),
) -> Unexplained:
    """Sort the calls that begin in this log. `known` are calls of which more need not be known."""
    log = list(log)
    own = _Identities.of(each for each in log if _is_named(each, legs))
    begun = [each for each in _beginnings(log) if each.leg not in known]
    # A named leg takes its request's place first, so that the other one is the surplus.
    begun.sort(key=lambda each: not _is_named(each, legs))
    taken: set[tuple[int, str]] = set()
    foreign, late, surplus = list[Notification](), list[Notification](), list[Notification]()
    for each in begun:
        fitting = [
            (index, each.agent) for index, opening in enumerate(openings) if opening.explains(each, scope)
        ]
        free = next((place for place in fitting if place not in taken), None)
        if free is not None:
            taken.add(free)
        elif not _is_named(each, legs) and not own.include(each):
            is_late = any(opening.resembles(each, scope) for opening in openings)
            (surplus if fitting else late if is_late else foreign).append(each)
    return Unexplained(tuple(foreign), tuple(late), tuple(surplus))


def _beginnings(log: Sequence[Notification]) -> list[Notification]:
    """The first notification of each call. A call that had begun before the agent's session did is first heard of in a later state."""
    first: dict[Leg, Notification] = {}
    for each in log:
        if each.call_id:
            first.setdefault(each.leg, each)
    return [each for each in first.values() if not each.has_ended]


def _is_named(notification: Notification, legs: Legs) -> bool:
    return bool(legs.name_of(notification.leg))


@dataclass(frozen=True)
class _Identities:
    """By what the run's named calls are known: their ids, and what else identifies a call."""

    ids: frozenset[str]
    marks: frozenset[str]

    @staticmethod
    def of(own: Iterable[Notification]) -> _Identities:
        own = list(own)
        marks = {text_of(each.call.get(member)) for each in own for member in ("callUuid", "connId")}
        return _Identities(frozenset(each.call_id for each in own), frozenset(marks - {""}))

    def include(self, other: Notification) -> bool:
        """Whether it is one of these calls under another id or for another agent, or was opened from one."""
        marks = {text_of(other.call.get(member)) for member in ("callUuid", "connId")}
        return other.call_id in self.ids or other.parent_id in self.ids or bool(marks & self.marks)


@dataclass(frozen=True)
class Asked:
    """What the server said about an unexplained call: whether it has it, and where the agent's log stood then."""

    exists: bool
    at: int


def is_real(begun: Notification, log: Sequence[Notification], asked: Asked | None) -> bool:
    """Whether an unexplained call is somebody's, by what the server said and by the agent's log.

    A call that ends by itself while the server is asked is not there any more; only one that goes on after it was denied is invented.
    """
    if asked is not None and asked.exists:
        return True
    later = [each for each in log if each.leg == begun.leg and each.position > begun.position]
    has_ended = any(each.has_ended for each in later)
    goes_on = asked is not None and any(each.position >= asked.at and not each.has_ended for each in later)
    return has_ended and not goes_on


def in_words(begun: Notification, scope: Scope) -> Said:
    """Who has which call that the run did not make."""
    parties = sorted(frozenset().union(*party_numbers(begun.call.get("participants"))))
    names = [
        next((who for who in scope.numbers if number in scope.numbers_of(who)), number) for number in parties
    ]
    return say(
        Sentence.FOREIGN_CALL,
        agent=begun.agent,
        call=begun.call_id,
        state=begun.state,
        parties=", ".join(dict.fromkeys(names)) or "nobody",
    )


def without_accusation(findings: Iterable[Finding], foreign: Said) -> Iterable[Finding]:
    """The findings; beside somebody else's activity, what is not as required is undecided, and every doubt about it names the call."""
    in_doubt = say(Sentence.STRANGERS_CALL)
    for finding in findings:
        is_doubt = isinstance(finding, Undecided) and finding.message == in_doubt
        if foreign and (isinstance(finding, Unmet) or is_doubt):
            assert isinstance(finding, Unmet | Undecided)
            yield Undecided(
                requirement=finding.requirement,
                about=finding.about,
                code=finding.code,
                message=say(Sentence.BESIDE_FOREIGN, foreign=foreign, what=finding.message),
                nearest=finding.nearest,
            )
        elif foreign and isinstance(finding, Blocked):
            yield replace(
                finding, message=say(Sentence.BESIDE_FOREIGN, foreign=foreign, what=finding.message)
            )
        else:
            yield finding
