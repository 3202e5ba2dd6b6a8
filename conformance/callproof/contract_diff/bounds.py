"""Keywords that bound a size or a number, one row each, and how a change of one narrows or widens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from callproof.contract_diff.changes import Kind
from callproof.contract_diff.views import View
from callproof.json_values import Json

#: A bound that holds: the number, and whether it is excluded itself.
_Held = tuple[Fraction, bool]


@dataclass(frozen=True)
class _Row:
    """One bound. `is_lower` says which side it is on, `nothing` the number that demands nothing, `empty` what a bound of 1 refuses."""

    keyword: str
    types: frozenset[str]
    is_lower: bool
    values: str
    nothing: int | None = None
    empty: str = ""


_NUMBER = frozenset({"integer", "fraction"})
_ROWS = (
    _Row(
        "minLength",
        frozenset({"string"}),
        True,
        "a string of fewer than {n} characters",
        0,
        "an empty string",
    ),
    _Row("maxLength", frozenset({"string"}), False, "a string of more than {n} characters"),
    _Row("minItems", frozenset({"array"}), True, "an array of fewer than {n} items", 0, "an empty array"),
    _Row("maxItems", frozenset({"array"}), False, "an array of more than {n} items"),
    _Row(
        "minProperties",
        frozenset({"object"}),
        True,
        "an object of fewer than {n} members",
        0,
        "an empty object",
    ),
    _Row("maxProperties", frozenset({"object"}), False, "an object of more than {n} members"),
    _Row("minimum", _NUMBER, True, "a number below {n}"),
    _Row("maximum", _NUMBER, False, "a number above {n}"),
)

#: What changed, how, and the values that are lost or gained.
Told = tuple[Kind, str, str]


def bound_changes(old: View, new: View) -> Iterator[Told]:
    """The changes of all bounds, for the types that both views allow."""
    both = old.types & new.types
    for row in _ROWS:
        if row.types & both and (told := _change(row, _held(old, row), _held(new, row))):
            yield told
    if _NUMBER & both:
        yield from _multiples(old.values("multipleOf"), new.values("multipleOf"))


def _held(view: View, row: _Row) -> _Held | None:
    """The strictest bound of the parts; None if nothing is bounded."""
    held: list[_Held] = []
    for part in view.parts:
        excluded = part.get(f"exclusive{row.keyword.capitalize()}")
        if (number := _number(part.get(row.keyword))) is not None:
            held.append((number, excluded is True))
        if (number := _number(excluded)) is not None:
            held.append((number, True))
    strictest: Callable[[list[_Held]], _Held] = (
        max if row.is_lower else lambda found: min(found, key=lambda bound: (bound[0], not bound[1]))
    )
    found = strictest(held) if held else None
    return None if found is None or (row.nothing is not None and found[0] <= row.nothing) else found


def _number(value: Json) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(value) if value == value and abs(value) != float("inf") else None


def _change(row: _Row, old: _Held | None, new: _Held | None) -> Told | None:
    if old == new:
        return None
    what = f"{row.keyword} {_what(old, new)}"
    is_narrower = old is None or (new is not None and _is_stricter(row, new, old))
    number, excluded = (new if is_narrower else old) or (Fraction(0), False)
    values = row.values.format(n=_shown(number)) if row.nothing is None or number != 1 else row.empty
    if excluded:
        values += f", or {_shown(number)} itself"
    return (Kind.NARROWER if is_narrower else Kind.WIDER), what, values


def _is_stricter(row: _Row, one: _Held, other: _Held) -> bool:
    if one[0] == other[0]:
        return one[1]
    return (one[0] > other[0]) is row.is_lower


def _what(old: _Held | None, new: _Held | None) -> str:
    if old is None:
        return f"{_of(new)} added"
    return f"{_of(old)} removed" if new is None else f"{_of(old)} -> {_of(new)}"


def _of(held: _Held | None) -> str:
    number, excluded = held or (Fraction(0), False)
    return f"{_shown(number)} (excluded)" if excluded else _shown(number)


def _shown(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else str(float(number))


def _multiples(old: list[Json], new: list[Json]) -> Iterator[Told]:
    if old == new:
        return
    numbers = [[number for value in said if (number := _number(value))] for said in (old, new)]
    shown = [" and ".join(map(_shown, some)) or "none" for some in numbers]
    what = f"multipleOf {shown[0]} -> {shown[1]}"
    one, other = numbers
    if all(any((mine / theirs).denominator == 1 for mine in other) for theirs in one):
        yield Kind.NARROWER, what, f"a number that is not a multiple of {shown[1]}"
    elif all(any((mine / theirs).denominator == 1 for mine in one) for theirs in other):
        yield Kind.WIDER, what, f"a number that is not a multiple of {shown[0]}"
    else:
        yield Kind.UNDECIDED, what, ""
