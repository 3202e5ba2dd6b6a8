"""A comparison as text for people, in lines of eighty characters, and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from callproof.contract_diff.changes import Effect, Gathered
from callproof.contract_diff.comparing import Bundles
from callproof.json_values import Json, JsonObject

WIDTH = 80
_FEW = 2  # further places that are named

_HEADINGS = {
    Effect.BREAKS_CLIENTS: "Breaks clients",
    Effect.BREAKS_SERVERS: "Breaks servers",
    Effect.BREAKS_BOTH: "Breaks clients and servers",
    Effect.MAY_BREAK_CLIENTS: "May break clients",
    Effect.MAY_BREAK_SERVERS: "May break servers",
    Effect.MAY_BREAK_BOTH: "May break clients and servers",
    Effect.WIDENS: "Widens, breaks nobody",
    Effect.DOCUMENTS: "Documents only",
}
_SIDES = {
    Effect.BREAKS_CLIENTS: ("clients",),
    Effect.BREAKS_SERVERS: ("servers",),
    Effect.BREAKS_BOTH: ("clients", "servers"),
    Effect.MAY_BREAK_CLIENTS: ("clients",),
    Effect.MAY_BREAK_SERVERS: ("servers",),
    Effect.MAY_BREAK_BOTH: ("clients", "servers"),
    Effect.WIDENS: (),
    Effect.DOCUMENTS: (),
}
_CERTAIN = (Effect.BREAKS_CLIENTS, Effect.BREAKS_SERVERS, Effect.BREAKS_BOTH)


def as_text(old: Bundles, new: Bundles, groups: Sequence[Gathered], *, whole: bool = False) -> str:
    """The comparison, grouped by whom a change breaks. `whole` names every place, and lists what documents only."""
    return "\n".join(_lines(old, new, groups, whole)) + "\n"


def _lines(old: Bundles, new: Bundles, groups: Sequence[Gathered], whole: bool) -> Iterator[str]:
    yield from _wrapped(f"{_named(old)} -> {_named(new)} ({', '.join(new.parts)})", "")
    for effect, alike in groupby(groups, key=lambda group: group.change.effect):
        found = list(alike)
        yield ""
        yield f"{_HEADINGS[effect]} ({len(found)})"
        if effect is Effect.DOCUMENTS and not whole:
            worded = sum(bool(group.change.consequence) for group in found)
            told = f"{worded} may matter, and only a reader can tell; --all lists them all"
            yield from _wrapped(told if worded else "--all lists them", "  ")
            continue
        for group in found:
            yield from _described(group, whole)
    yield ""
    yield from _wrapped(summary(groups), "")


def _described(group: Gathered, whole: bool) -> Iterator[str]:
    change = group.change
    yield from _wrapped(change.place, "  ")
    yield from _wrapped(": ".join(filter(None, (change.what, change.consequence))), "    ")
    others = group.places[1:]
    if others:
        shown = others if whole or len(others) <= _FEW + 1 else others[:_FEW]
        more = f", and {len(others) - len(shown)} more places (--all)" if len(shown) < len(others) else ""
        head = f"schema {group.subject}, also at" if group.subject else "also at"
        yield from _wrapped(f"{head}: {'; '.join(shown)}{more}", "    ")


def _wrapped(text: str, indent: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _named(bundles: Bundles) -> str:
    version = bundles.version
    return bundles.name if not version or bundles.name == version else f"{bundles.name} (contract {version})"


def summary(groups: Sequence[Gathered]) -> str:
    """The comparison in one sentence."""
    if not groups:
        return "nothing changed"
    counted = [
        f"{number} {number_of(effect, number)}"
        for effect in Effect
        if (number := sum(group.change.effect is effect for group in groups))
    ]
    verdict = "something breaks" if any(group.change.effect in _CERTAIN for group in groups) else (
        "something may break" if any(group.change.effect.breaks for group in groups) else "nothing breaks"
    )  # fmt: skip
    return f"{verdict}: {', '.join(counted)}"


def number_of(effect: Effect, number: int) -> str:
    """What so many changes do, in the singular or plural."""
    words = effect.value
    plurals = (("breaks", "break"), ("widens", "widen"), ("documents only", "document only"))
    for one, several in plurals:
        if number != 1 and words.startswith(one):
            words = words.replace(one, several, 1)
    return words


def as_json(old: Bundles, new: Bundles, groups: Sequence[Gathered]) -> JsonObject:
    """The comparison as a JSON value, with every place."""
    changes: list[Json] = [_as_object(group) for group in groups]
    return {
        "format": 1,
        "old": _side(old),
        "new": _side(new),
        "compared": list(new.parts),
        "breaks": any(group.change.effect.breaks for group in groups),
        "changes": changes,
    }


def _side(bundles: Bundles) -> JsonObject:
    return {"name": bundles.name, "contract": bundles.version}


def _as_object(group: Gathered) -> JsonObject:
    change = group.change
    return {
        "effect": change.effect.value,
        "breaks": list(_SIDES[change.effect]),
        "certain": change.effect in _CERTAIN,
        "what": change.what,
        "consequence": change.consequence,
        "schema": group.subject,
        "inside": change.inside if group.subject else "",
        "places": list(group.places),
    }
