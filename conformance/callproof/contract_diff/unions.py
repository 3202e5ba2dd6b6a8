"""Finds which alternative of an old union became which of the new one.

Tags tell them apart, then names; then equal contents, then the values or members that they describe, and at last their order. A wrong pair
never hides a change: it can only make one look like two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from callproof.contract_diff.views import Schema, Schemas, View, disjoint
from callproof.json_values import text_of


@dataclass(frozen=True)
class Branches:
    """The alternatives of one union with their views and names; `tag` is the member that tells them apart, if there is one."""

    schemas: Schemas
    views: list[View]
    names: list[str]
    tag: str

    def tagged(self, number: int) -> str:
        """The value of the tag in this alternative, if it is one string."""
        if not self.tag:
            return ""
        parts = [part for part in self.views[number].member(self.tag) if isinstance(part, dict)]
        listed = View(tuple(parts)).enum or {}
        return text_of(next(iter(listed.values()))) if len(listed) == 1 else ""

    def shape(self, number: int) -> str:
        """The members that an alternative describes and requires; empty for a tagged one, and for one that has none."""
        view = self.views[number]
        return (
            ""
            if self.tagged(number) or not view.members
            else f"{sorted(view.members)} {sorted(view.required)}"
        )

    def label(self, number: int) -> str:
        """What people call the alternative."""
        titles = map(text_of, self.views[number].values("title"))
        return self.tagged(number) or self.names[number] or next(titles, "") or f"alternative {number + 1}"


@dataclass
class Pairs:
    """Which alternatives belong together, by number, and which have no counterpart; each with a label.

    `is_confused` says that on both sides some are left that nothing tells apart.
    """

    both: list[tuple[int, int, str]] = field(default_factory=list)
    removed: list[tuple[int, str]] = field(default_factory=list)
    added: list[tuple[int, str]] = field(default_factory=list)
    is_confused: bool = False


def paired(old: Branches, new: Branches, is_equal: Callable[[Schema, Schema], bool]) -> Pairs:
    """Pair the alternatives of two unions."""
    pairs = Pairs()
    left_old, left_new = [*range(len(old.schemas))], [*range(len(new.schemas))]

    def pair(mine: int, theirs: int) -> None:
        left_old.remove(mine)
        left_new.remove(theirs)
        pairs.both.append((mine, theirs, new.label(theirs)))

    def pair_by(old_keys: Iterable[str], new_keys: Iterable[str]) -> None:
        by_key = {key: number for number, key in enumerate(new_keys) if key and number in left_new}
        for mine, key in enumerate(old_keys):
            if mine in left_old and by_key.get(key) in left_new:
                pair(mine, by_key[key])

    pair_by(map(old.tagged, range(len(old.schemas))), map(new.tagged, range(len(new.schemas))))
    pair_by(old.names, new.names)
    untagged = [n for n in left_old if not old.tagged(n)], [n for n in left_new if not new.tagged(n)]
    for mine in untagged[0]:
        for theirs in untagged[1]:
            if mine in left_old and theirs in left_new and is_equal(old.schemas[mine], new.schemas[theirs]):
                pair(mine, theirs)
    for mine in [number for number in untagged[0] if number in left_old]:
        meeting = [n for n in untagged[1] if n in left_new and not disjoint(old.views[mine], new.views[n])]
        if (
            len(meeting) == 1
            and sum(not disjoint(old.views[n], new.views[meeting[0]]) for n in left_old) == 1
        ):
            pair(mine, meeting[0])
    pair_by(map(old.shape, range(len(old.schemas))), map(new.shape, range(len(new.schemas))))
    lone = [n for n in left_old if not old.tagged(n)], [n for n in left_new if not new.tagged(n)]
    if len(lone[0]) == len(lone[1]):
        for mine, theirs in zip(*lone, strict=True):
            pair(mine, theirs)
    pairs.is_confused = len(lone[0]) != len(lone[1]) and all(lone)
    pairs.removed = [(number, old.label(number)) for number in left_old]
    pairs.added = [(number, new.label(number)) for number in left_new]
    pairs.both.sort()
    return pairs
