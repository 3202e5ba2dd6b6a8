"""The call model as a look-up: which row answers an operation, what a situation offers.

Rows come as the plain data of call-model.yaml. They are spread over every situation once, so that a look-up is one dictionary access and
a contradiction is found before the first call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal, TypedDict, TypeVar, get_args

from .errors import BadTable
from .model import ConsultState, Event, Kind, Situation, State

Key = TypeVar("Key")
LegName = Literal["self", "opened", "parent", "consult"]
#: The effect that dials on the leg that its row opens.
_DIALS = "dials_destination"


class TellData(TypedDict, total=False):
    """One entry of a row's tells, as the contract has it."""

    leg: LegName
    notificationType: str
    state: str
    extensions: dict[str, int]


class OpensData(TypedDict):
    """What a row opens, as the contract has it."""

    state: str
    callType: str


#: One row, as the contract has it; written as a call because `in` is a keyword.
RowData = TypedDict(
    "RowData",
    {
        "id": str,
        "operation": str,
        "event": str,
        "target": str,
        "in": list[str],
        "of": list[Kind],
        "consult": list[ConsultState],
        "becomes": str,
        "opens": OpensData,
        "effect": str,
        "offered": bool,
        "served": bool,
        "tells": list[TellData],
    },
    total=False,
)


class ModelData(TypedDict):
    """The call model, as the contract has it."""

    operations: list[RowData]
    network: list[RowData]


@dataclass(frozen=True, slots=True)
class Tell:
    """A notification that a row promises."""

    leg: LegName
    notification_type: str
    extensions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Opens:
    """The leg that a row creates."""

    state: State
    call_type: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: a transition, read along."""

    id: str
    name: str
    becomes: State | None
    opens: Opens | None
    effect: str | None
    offered: bool
    served: bool
    tells: tuple[Tell, ...]


@dataclass(frozen=True)
class Table:
    """Every row, by operation and situation, and the network's rows by event.

    The dictionaries are the whole truth: what they do not hold is not possible.
    """

    by_situation: Mapping[tuple[str, Situation], Row]
    on_device: Mapping[str, Row]
    events: Mapping[tuple[str, State | None], Row]
    offers: Mapping[Situation, tuple[str, ...]] = field(repr=False)

    def rule(self, operation: str, situation: Situation) -> Row | None:
        """The row for an operation on a leg in this situation, or None: then it is refused."""
        row = self.by_situation.get((operation, situation))
        return row if row is not None and row.served else None

    def event(self, name: Event, state: State | None) -> Row | None:
        """The row for what the network does to a leg in this state; None: it means nothing to such a leg."""
        return self.events.get((name, state))

    def capabilities(self, situation: Situation) -> tuple[str, ...]:
        """What a leg in this situation offers, by name: the column, read down. A Released leg offers nothing."""
        return self.offers.get(situation, ())


def read_table(data: ModelData, effects: Collection[str]) -> Table:
    """Make the look-up from the contract's rows.

    `data` must have the shape that its type says; `effects` are the names that the server has functions for. Raises BadTable for
    two rows that answer the same question, and for a row that the core cannot carry out.
    """
    by_situation: dict[tuple[str, Situation], Row] = {}
    on_device: dict[str, Row] = {}
    events: dict[tuple[str, State | None], Row] = {}
    for entry in data["operations"]:
        row = _row(entry, entry["operation"], effects)
        if entry.get("target") == "device":
            _check(row, row.opens is not None, "opens no leg, and there is none to act on yet")
            _add(on_device, row.name, row)
            continue
        for situation in _situations(entry):
            _add(by_situation, (row.name, situation), row)
    if "Dial" not in on_device:
        raise BadTable("dial", "is missing: no other operation of a device begins a call")
    for entry in data["network"]:
        row = _row(entry, entry["event"], effects)
        _check(row, row.name in get_args(Event), f"{row.name} is no event of this server")
        states: Iterable[State | None] = _states(entry) if "in" in entry else (None,)
        for state in states:
            _add(events, (row.name, state), row)
    offers: dict[Situation, tuple[str, ...]] = {}
    for (operation, situation), row in sorted(by_situation.items(), key=lambda item: item[0][0]):
        if row.offered:
            offers[situation] = (*offers.get(situation, ()), operation)
    return Table(by_situation, on_device, events, offers)


def _check(row: Row, is_good: bool, problem: str) -> None:
    if not is_good:
        raise BadTable(row.id, problem)


def _add(rows: dict[Key, Row], key: Key, row: Row) -> None:
    if key in rows:
        raise BadTable(row.id, f"answers the same question as row {rows[key].id}")
    rows[key] = row


def _states(entry: RowData) -> Sequence[State]:
    return [_state(entry["id"], name) for name in entry["in"]]


def _state(row: str, name: str) -> State:
    try:
        return State(name)
    except ValueError:
        raise BadTable(row, f"{name} is no state of a leg") from None


def _situations(entry: RowData) -> Iterable[Situation]:
    kinds = entry.get("of", list(get_args(Kind)))
    consults = entry.get("consult", list(get_args(ConsultState)))
    for state, kind, consult in product(_states(entry), kinds, consults):
        if kind == "call" or consult == "none":
            yield Situation(state, kind, consult)


def _row(entry: RowData, name: str, effects: Collection[str]) -> Row:
    opens = entry.get("opens")
    row = Row(
        id=entry["id"],
        name=name,
        becomes=_state(entry["id"], entry["becomes"]) if "becomes" in entry else None,
        opens=Opens(_state(entry["id"], opens["state"]), opens["callType"]) if opens else None,
        effect=entry.get("effect"),
        offered=entry.get("offered", True),
        served=entry.get("served", True),
        tells=tuple(
            Tell(tell["leg"], tell["notificationType"], tell.get("extensions", {}))
            for tell in entry.get("tells", [])
        ),
    )
    _check(row, row.effect is None or row.effect in effects, f"{row.effect} is no effect of this server")
    needs_opened = row.effect == _DIALS or any(tell.leg == "opened" for tell in row.tells)
    _check(row, row.opens is not None or not needs_opened, "speaks of an opened leg, and opens none")
    return row
