"""A change of the contract in words, whom it breaks, and the table that decides it from the direction of a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto


class Effect(Enum):
    """Whom a change breaks. The order is that of a report."""

    BREAKS_CLIENTS = "breaks clients"
    BREAKS_SERVERS = "breaks servers"
    BREAKS_BOTH = "breaks clients and servers"
    MAY_BREAK_CLIENTS = "may break clients"
    MAY_BREAK_SERVERS = "may break servers"
    MAY_BREAK_BOTH = "may break clients and servers"
    WIDENS = "widens"
    DOCUMENTS = "documents only"

    @property
    def breaks(self) -> bool:
        """Whether it breaks somebody, or may do so."""
        return self not in (Effect.WIDENS, Effect.DOCUMENTS)


class Direction(Enum):
    """Which way a message goes."""

    TO_SERVER = "request"
    TO_CLIENT = "answer or notification"


class Kind(Enum):
    """How a schema changed, whichever way its values go."""

    NARROWER = auto()  # some values are no longer valid
    WIDER = auto()  # some values are valid that were not
    UNDECIDED = auto()  # one of the two, both or neither: no tool can tell
    NEW_MEMBER = auto()  # an optional member of an object that may hold any other
    LOST_MEMBER = auto()  # such a member is no longer described
    DOCUMENTS = auto()  # the words about it changed


@dataclass(frozen=True)
class Change:
    """One change.

    `place` says where it was found ("POST /me/calls/{id}, Dial, destination.phoneNumber"), `what` what changed ("minLength 1 -> 3"), and
    `consequence` what follows from it. `subject` names the schema that holds the change, and `inside` the place in it, if it has a name:
    the same change of one schema is found at every place that refers to it.
    """

    effect: Effect
    place: str
    what: str
    consequence: str = ""
    subject: str = ""
    inside: str = ""


_COMPARE = "no tool can tell who breaks: read both"

#: Direction and kind of a change of a schema -> whom it breaks, and what follows. {values} are the values that are lost or gained.
_JUDGED = {
    (Direction.TO_SERVER, Kind.NARROWER): (Effect.BREAKS_CLIENTS, "a client that sends {values} is now refused"),
    (Direction.TO_SERVER, Kind.WIDER): (Effect.BREAKS_SERVERS, "a server must now accept {values}"),
    (Direction.TO_SERVER, Kind.NEW_MEMBER): (Effect.WIDENS, "a client may send it; a server that does not know it ignores it"),
    (Direction.TO_SERVER, Kind.LOST_MEMBER): (Effect.MAY_BREAK_CLIENTS, "a server may now ignore what a client sends there"),
    (Direction.TO_CLIENT, Kind.WIDER): (Effect.BREAKS_CLIENTS, "a client may now receive {values}"),
    (Direction.TO_CLIENT, Kind.NARROWER): (Effect.BREAKS_SERVERS, "a server may no longer send {values}"),
    (Direction.TO_CLIENT, Kind.NEW_MEMBER): (Effect.WIDENS, "a server may send it; a client that does not know it ignores it"),
    (Direction.TO_CLIENT, Kind.LOST_MEMBER): (Effect.MAY_BREAK_CLIENTS, "a client that reads it may no longer find it"),
}  # fmt: skip


def judged(direction: Direction, kind: Kind, values: str) -> tuple[Effect, str]:
    """Whom a change of a schema breaks when its values go this way, and what follows. `values` is a noun phrase."""
    if kind is Kind.DOCUMENTS:
        return Effect.DOCUMENTS, ""
    if kind is Kind.UNDECIDED:
        return Effect.MAY_BREAK_BOTH, _COMPARE
    effect, sentence = _JUDGED[direction, kind]
    return effect, sentence.format(values=values)


@dataclass(frozen=True)
class Gathered:
    """The same change of one schema or member, with every place at which it was found.

    `subject` is the named schema that holds it, if it is one and the same at all places.
    """

    change: Change
    places: tuple[str, ...]
    subject: str


def gathered(changes: Iterable[Change]) -> list[Gathered]:
    """The changes by effect. The same change of one schema, or of members of one name, is told once."""
    found: dict[tuple[str, ...], list[Change]] = {}
    for change in changes:
        at = change.inside.rpartition(".")[2] or change.subject or change.place
        found.setdefault((change.effect.value, at, change.what, change.consequence), []).append(change)
    rank = {effect: number for number, effect in enumerate(Effect)}
    return sorted(map(_gathered, found.values()), key=lambda group: rank[group.change.effect])


def _gathered(alike: list[Change]) -> Gathered:
    subjects = {change.subject for change in alike}
    places = tuple(dict.fromkeys(change.place for change in alike))
    return Gathered(alike[0], places, alike[0].subject if len(subjects) == 1 else "")
