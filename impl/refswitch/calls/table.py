"""The call model as a look-up: the row for an operation, and the operations that a situation offers.

Rows are the plain data of call-model.yaml. A row is a box in the space of situations: it limits some dimensions to certain values and
leaves the others open. Two rows of one operation whose boxes overlap contradict each other; that is found before the first call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypedDict, TypeVar, cast, get_args

from .errors import BadTable
from .model import Event, Situation, State

Key = TypeVar("Key")
LegName = Literal["self", "opened", "parent", "consult"]
#: The effect that dials on the leg opened by its row.
_DIALS = "dials_destination"
#: Member of a row -> the attribute of a situation that it limits.
DIMENSIONS: Mapping[str, str] = {
    "in": "state",
    "of": "kind",
    "consult": "consult",
    "begun": "begun",
    "conference": "conference",
    "monitoring": "monitoring",
    "arrival": "arrival",
    "room": "room",
    "mute": "mute",
    "recording": "recording",
    "monitoredUser": "user_muted",
}
#: What a row sets -> the attribute of the leg.
FACTS: Mapping[str, str] = {
    "mute": "mute",
    "recording": "recording",
    "monitoring": "monitoring",
    "monitoredUser": "user_muted",
}


class TellData(TypedDict, total=False):
    """One entry of a row's tells, in the contract's form."""

    leg: LegName
    notificationType: str
    state: str
    extensions: dict[str, int | str]
    origin: bool


class OpensData(TypedDict):
    """What a row opens, in the contract's form."""

    state: str
    callType: str


#: One row, in the contract's form; written as a call because `in` is a keyword.
RowData = TypedDict(
    "RowData",
    {
        "id": str,
        "operation": str,
        "event": str,
        "target": str,
        "in": list[str],
        "of": list[str],
        "consult": list[str],
        "begun": list[str],
        "conference": list[str],
        "monitoring": list[str],
        "arrival": list[str],
        "room": list[str],
        "mute": list[str],
        "recording": list[str],
        "monitoredUser": list[str],
        "needs": str,
        "becomes": str,
        "sets": dict[str, str],
        "opens": OpensData,
        "effect": str,
        "offered": bool,
        "served": bool,
        "tells": list[TellData],
    },
    total=False,
)


class ModelData(TypedDict):
    """The call model, in the contract's form."""

    operations: list[RowData]
    network: list[RowData]


@dataclass(frozen=True, slots=True)
class Tell:
    """A notification that a row promises."""

    leg: LegName
    notification_type: str
    extensions: Mapping[str, int | str]
    origin: bool = False
    """Whether the extensions also say where the call came from."""


@dataclass(frozen=True, slots=True)
class Opens:
    """The leg that a row creates."""

    state: State
    call_type: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: one transition."""

    id: str
    name: str
    when: Mapping[str, frozenset[object]]
    needs: str | None
    becomes: State | None
    sets: Mapping[str, str]
    opens: Opens | None
    effect: str | None
    offered: bool
    served: bool
    tells: tuple[Tell, ...]

    def holds_in(self, situation: Situation) -> bool:
        """Whether the situation is in the row's box."""
        return (self.needs is None or self.needs in situation.able) and all(
            getattr(situation, name) in values for name, values in self.when.items()
        )

    def meets(self, other: Row) -> bool:
        """Whether any situation could be in both boxes."""
        return all(self.when[name] & other.when[name] for name in self.when.keys() & other.when.keys())


@dataclass(frozen=True)
class Table:
    """Every row by operation, and the network's rows by event. Whatever no row allows is not possible."""

    on_call: Mapping[str, Sequence[Row]]
    on_device: Mapping[str, Row]
    events: Mapping[tuple[str, State | None], Row]
    _offers: dict[Situation, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """A cache of offers: every notification needs a leg's offer, and there are few situations."""

    def rule(self, operation: str, situation: Situation) -> Row | None:
        """The row for an operation on a leg in this situation; None if the operation must be refused."""
        rows = self.on_call.get(operation, ())
        return next((row for row in rows if row.served and row.holds_in(situation)), None)

    def event(self, name: Event, state: State | None) -> Row | None:
        """The row for what the network does to a leg in this state; None if it has no effect on such a leg."""
        return self.events.get((name, state))

    def capabilities(self, situation: Situation) -> tuple[str, ...]:
        """The names of the operations that a leg in this situation offers. A Released leg offers nothing."""
        known = self._offers.get(situation)
        if known is None:
            known = self._offers[situation] = tuple(
                operation
                for operation, rows in self.on_call.items()
                if any(row.offered and row.holds_in(situation) for row in rows)
            )
        return known


def read_table(data: ModelData, effects: Collection[str]) -> Table:
    """Build the look-up from the contract's rows.

    `data` must have the shape of its type; `effects` are the names of the effects that the server has functions for. Raises
    BadTable for two rows that answer the same question, and for a row that the core cannot carry out.
    """
    on_call: dict[str, list[Row]] = {}
    on_device: dict[str, Row] = {}
    events: dict[tuple[str, State | None], Row] = {}
    for entry in data["operations"]:
        row = _row(entry, entry["operation"], effects)
        if entry.get("target") == "device":
            _check(row, row.opens is not None, "opens no leg, but there is none to act on yet")
            _add(on_device, row.name, row)
            continue
        rows = on_call.setdefault(row.name, [])
        for other in rows:
            _check(row, not row.meets(other), f"answers the same question as row {other.id}")
        rows.append(row)
    if "Dial" not in on_device:
        raise BadTable("dial", "is missing: no other operation of a device begins a call")
    for entry in data["network"]:
        row = _row(entry, entry["event"], effects)
        _check(row, row.name in get_args(Event), f"{row.name} is not an event of this server")
        states: Iterable[State | None] = _states(entry) if "in" in entry else (None,)
        for state in states:
            _add(events, (row.name, state), row)
    return Table(dict(sorted(on_call.items())), on_device, events)


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
        raise BadTable(row, f"{name} is not a state of a leg") from None


def _when(entry: RowData) -> dict[str, frozenset[object]]:
    spoken = cast("Mapping[str, list[object]]", entry)
    return {
        attribute: frozenset(_states(entry) if member == "in" else spoken[member])
        for member, attribute in DIMENSIONS.items()
        if member in entry
    }


def _row(entry: RowData, name: str, effects: Collection[str]) -> Row:
    opens = entry.get("opens")
    row = Row(
        id=entry["id"],
        name=name,
        when=_when(entry),
        needs=entry.get("needs"),
        becomes=_state(entry["id"], entry["becomes"]) if "becomes" in entry else None,
        sets={FACTS[fact]: value for fact, value in entry.get("sets", {}).items()},
        opens=Opens(_state(entry["id"], opens["state"]), opens["callType"]) if opens else None,
        effect=entry.get("effect"),
        offered=entry.get("offered", True),
        served=entry.get("served", True),
        tells=tuple(
            Tell(
                tell["leg"],
                tell["notificationType"],
                tell.get("extensions", {}),
                tell.get("origin", False),
            )
            for tell in entry.get("tells", [])
        ),
    )
    _check(row, row.effect is None or row.effect in effects, f"{row.effect} is not an effect of this server")
    needs_opened = row.effect == _DIALS or any(tell.leg == "opened" for tell in row.tells)
    _check(row, row.opens is not None or not needs_opened, "refers to an opened leg, but opens none")
    return row
