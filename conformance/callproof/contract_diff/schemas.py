"""Compares two schemas keyword by keyword and follows them into members, items and alternatives.

The idea: both schemas become views (references resolved, ``allOf`` merged), and each rule below says of one keyword what narrowed or
widened, with a noun phrase for the values that were lost or gained. Which side that breaks, the direction of the message decides.

A message is walked level by level, and a pair of schemas is visited once, where it is met first; so recursion ends, and the place that is
told is the shortest one. What a rule cannot decide, such as two patterns, is never passed over: it is UNDECIDED.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from callproof import limits
from callproof.contract_diff.bounds import bound_changes
from callproof.contract_diff.changes import Kind
from callproof.contract_diff.unions import Branches, paired
from callproof.contract_diff.views import (
    WORDS,
    Document,
    Schema,
    Schemas,
    Union,
    Unreadable,
    View,
    canonical,
    disjoint,
)
from callproof.json_values import Json, text_of, texts_in

_OPPOSITE = {Kind.NARROWER: Kind.WIDER, Kind.WIDER: Kind.NARROWER}
_LONGEST = 60  # characters of a value that a sentence shows


class Branch(str):
    """A step of a path into one alternative of a union, rather than into a member."""

    __slots__ = ()


@dataclass(frozen=True)
class Place:
    """Where two schemas stand: the path from the message, and the named schema around it with the path from there."""

    path: tuple[str, ...] = ()
    subject: str = ""
    inside: tuple[str, ...] = ()

    def step(self, name: str, subject: str) -> Place:
        """One step further, to a schema that has this name or none."""
        if subject:
            return Place((*self.path, name), subject)
        return Place((*self.path, name), self.subject, (*self.inside, name))


@dataclass(frozen=True)
class Difference:
    """One difference of two schemas; `values` is a noun phrase for what is lost or gained."""

    place: Place
    kind: Kind
    what: str
    values: str = ""


class Comparison:
    """Compares schemas of two documents. One of these serves all their messages, and counts what it compares."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old = old
        self.new = new
        self._left = limits.DIFF_SCHEMAS.default
        self._asked: list[tuple[Schema, Schema]] = []
        self._known: dict[tuple[int, int], tuple[Schema, Schema, set[Kind]]] = {}

    def differences(self, old: Schemas, new: Schemas) -> list[Difference]:
        """Every difference between what two messages must satisfy. Raises Unreadable."""
        return [*_Walk(self).compare(old, new, Place((), self.name_of(old, new)))]

    def name_of(self, old: Schemas, new: Schemas) -> str:
        return self.new.name_of(new) or self.old.name_of(old)

    def kinds(self, old: Schema, new: Schema, walk: _Walk) -> set[Kind]:
        """How one schema differs from another; two that are being asked about already are taken as equal."""
        if any(old is one and new is other for one, other in self._asked):
            return set()
        if (known := self._known.get((id(old), id(new)))) is not None:
            return known[2]
        self._asked.append((old, new))
        found = {difference.kind for difference in walk.compare((old,), (new,), Place())}
        self._asked.pop()
        if (
            not self._asked
        ):  # what was found while something was taken as equal is true only as long as that is
            self._known[id(old), id(new)] = (old, new, found)
        return found

    def count(self) -> None:
        """Count one pair of schemas. Raises Unreadable when there are too many."""
        self._left -= 1
        if self._left < 0:
            raise Unreadable(f"it needs more than {limits.DIFF_SCHEMAS.default} comparisons of schemas")


class _Walk:
    """The comparison of one message. It remembers the pairs that it has visited, for each alternative of the whole message."""

    def __init__(self, comparison: Comparison) -> None:
        self._all = comparison
        self._visited: dict[
            tuple[object, ...], tuple[Schemas, Schemas]
        ] = {}  # kept, so that no address is used again
        self._next: deque[tuple[Schemas, Schemas, Place]] = deque()

    def compare(self, old: Schemas, new: Schemas, place: Place) -> Iterator[Difference]:
        self._next.append((old, new, place))
        while self._next:
            old, new, place = self._next.popleft()
            branch = next((step for step in place.path[:1] if isinstance(step, Branch)), "")
            pair = (branch, tuple(map(id, old)), tuple(map(id, new)))
            if pair not in self._visited:
                self._visited[pair] = (old, new)
                self._all.count()
                yield from self._views(self._all.old.view(old), self._all.new.view(new), place)

    def _views(self, old: View, new: View, place: Place) -> Iterator[Difference]:
        if len(old.unions) + len(new.unions) == 1:
            yield from self._became(old, new, place)
            return
        for rule in _RULES:
            for kind, what, values in rule(old, new):
                yield Difference(place, kind, what, values)
        self._items(old, new, place)
        for walk in (self._members, self._others, self._negated, self._unions, self._unread):
            yield from walk(old, new, place)

    def _into(self, old: Schemas, new: Schemas, place: Place, step: str) -> None:
        """Compare these later, one step further."""
        if len(place.path) >= limits.DIFF_DEEPEST.default:
            raise Unreadable(f"its schemas are nested deeper than {limits.DIFF_DEEPEST.default} levels")
        self._next.append((old, new, place.step(step, self._all.name_of(old, new))))

    def _members(self, old: View, new: View, place: Place) -> Iterator[Difference]:
        if "object" not in old.types & new.types:
            return
        for name in old.members:
            if name in new.members:
                self._into(old.member(name), new.member(name), place, name)
        for name in [name for name in old.members if name not in new.members]:
            yield from self._lone(old, new, place, name, Kind.LOST_MEMBER)
        for name in [name for name in new.members if name not in old.members]:
            yield from self._lone(old, new, place, name, Kind.NEW_MEMBER)

    def _lone(self, old: View, new: View, place: Place, name: str, kind: Kind) -> Iterator[Difference]:
        """A member that one side describes; on the other it is one of those that are not described."""
        mine, theirs = (old, new) if kind is Kind.LOST_MEMBER else (new, old)
        verb = "removed" if kind is Kind.LOST_MEMBER else "added"
        at = replace(place, path=(*place.path, name), inside=(*place.inside, name))
        if False in theirs.others:
            closed = Kind.NARROWER if kind is Kind.LOST_MEMBER else Kind.WIDER
            yield Difference(
                at, closed, f"{verb}, where other members are forbidden", f"an object with {name}"
            )
        elif theirs.others:
            self._into(old.member(name), new.member(name), place, name)
        elif name not in mine.required:  # if it is required, the rule about required members speaks of it
            yield Difference(at, kind, f"optional member {verb}")

    def _others(self, old: View, new: View, place: Place) -> Iterator[Difference]:
        if "object" in old.types & new.types and (old.others or new.others):
            if False in old.others or False in new.others:
                yield from self._closing(old, new, place)
                return
            self._into(old.others, new.others, place, "(any other member)")

    def _closing(self, old: View, new: View, place: Place) -> Iterator[Difference]:
        if False not in old.others:
            yield Difference(place, Kind.NARROWER, "other members are now forbidden", "other members")
        elif False not in new.others:
            yield Difference(place, Kind.WIDER, "other members are no longer forbidden", "other members")

    def _items(self, old: View, new: View, place: Place) -> None:
        if "array" in old.types & new.types and (old.items or new.items):
            self._into(old.items, new.items, place, "[]")

    def _negated(self, old: View, new: View, place: Place) -> Iterator[Difference]:
        """What a ``not`` refuses: where that widens, the schema narrows."""
        if not old.negated and not new.negated:
            return
        if not old.negated or not new.negated:
            kind, verb = (Kind.NARROWER, "added") if new.negated else (Kind.WIDER, "removed")
            yield Difference(
                place, kind, f"not {verb}", f"what it {'refuses' if verb == 'added' else 'refused'}"
            )
            return
        if len(old.negated) != len(new.negated):
            yield Difference(place, Kind.UNDECIDED, "not, several times, changed")
            return
        for one, other in zip(old.negated, new.negated, strict=True):
            for found in self._apart().compare((one,), (other,), place):
                kind = (
                    found.kind
                    if found.kind in (Kind.DOCUMENTS, Kind.UNDECIDED)
                    else _OPPOSITE.get(found.kind, Kind.UNDECIDED)
                )
                yield replace(found, kind=kind, what=f"not: {found.what}")

    def _unions(self, old: View, new: View, place: Place) -> Iterator[Difference]:
        """Every union must hold, so one more narrows the schema and one less widens it."""
        before, now = [*old.unions], [*new.unions]
        if len(before) != len(now):
            for one in old.unions:
                if (same := next((other for other in now if self._is_same(one, other)), None)) is not None:
                    before.remove(one)
                    now.remove(same)
        if len(before) == len(now):
            for one, other in zip(before, now, strict=True):
                yield from self._alternatives(one, other, place)
        elif before and now:
            yield Difference(place, Kind.UNDECIDED, "the alternatives are combined differently")
        for union in before if not now else ():
            yield _lone_union(union, place, Kind.WIDER)
        for union in now if not before else ():
            yield _lone_union(union, place, Kind.NARROWER)

    def _is_same(self, old: Union, new: Union) -> bool:
        pairs = zip(old.branches, new.branches, strict=False)
        is_alike = (old.keyword, len(old.branches)) == (new.keyword, len(new.branches))
        return is_alike and all(self._is_equal(one, other) for one, other in pairs)

    def _became(self, old: View, new: View, place: Place) -> Iterator[Difference]:
        """A schema became one alternative of a union, or the other way round: it is compared with the one that it can be."""
        is_union = bool(new.unions)
        (union,) = new.unions if is_union else old.unions
        mine, theirs = (old, self._all.new) if is_union else (new, self._all.old)
        meeting = [branch for branch in union.branches if not disjoint(mine, theirs.view((branch,)))]
        if len(meeting) != 1:
            yield from self._restricted(old, new, union, place)
            return
        if is_union:
            yield from self._apart().compare(old.parts, (*new.without_unions(), meeting[0]), place)
        else:
            yield from self._apart().compare((*old.without_unions(), meeting[0]), new.parts, place)
        for branch in union.branches:
            if branch is not meeting[0]:
                name = self._label(branch, theirs)
                kind, verb = (Kind.WIDER, "added") if is_union else (Kind.NARROWER, "removed")
                yield Difference(place, kind, f"{name} {verb}", name)

    def _restricted(self, old: View, new: View, union: Union, place: Place) -> Iterator[Difference]:
        """A union came or went beside everything else: if that stayed as it was, the change is plain."""
        kind = Kind.NARROWER if new.unions else Kind.WIDER
        rest = [*self._apart().compare(old.without_unions(), new.without_unions(), place)]
        if {found.kind for found in rest} <= {Kind.DOCUMENTS}:
            yield _lone_union(union, place, kind)
            yield from rest
        else:
            verb = "added" if new.unions else "removed"
            yield Difference(place, Kind.UNDECIDED, f"{union.keyword} {verb}, with other changes")

    def _alternatives(self, old: Union, new: Union, place: Place) -> Iterator[Difference]:
        old_views = [self._all.old.view((branch,)) for branch in old.branches]
        new_views = [self._all.new.view((branch,)) for branch in new.branches]
        tag = new.tag if new.tag == old.tag else ""
        pairs = paired(
            Branches(old.branches, old_views, [self._all.old.name_of((b,)) for b in old.branches], tag),
            Branches(new.branches, new_views, [self._all.new.name_of((b,)) for b in new.branches], tag),
            self._is_equal,
        )
        yield from self._exclusiveness(old, new, old_views, new_views, place)
        views = (old_views, new_views)
        may_overlap = "oneOf" in (old.keyword, new.keyword) and not all(map(_are_apart, views))
        if may_overlap and not all(
            self._is_equal(old.branches[m], new.branches[n]) for m, n, _ in pairs.both
        ):
            overlap = "alternatives of which only one may fit changed, and may overlap"
            yield Difference(place, Kind.UNDECIDED, overlap)
        for mine, theirs, label in pairs.both:
            one, other = (old.branches[mine],), (new.branches[theirs],)
            self._into(one, other, place, Branch(label))
        if pairs.is_confused:
            yield Difference(place, Kind.UNDECIDED, "several alternatives without a name changed")
            return
        for number, label in pairs.removed:
            if old.keyword == "oneOf" and _overlaps(number, old_views):
                yield Difference(
                    place, Kind.UNDECIDED, f"{label} removed, which may overlap with another alternative"
                )
            elif not any(self._is_within(old.branches[number], branch) for branch in new.branches):
                yield Difference(place, Kind.NARROWER, f"{label} removed", label)
        for number, label in pairs.added:
            if new.keyword == "oneOf" and _overlaps(number, new_views):
                yield Difference(
                    place, Kind.UNDECIDED, f"{label} added, which may overlap with another alternative"
                )
            elif not any(self._is_around(branch, new.branches[number]) for branch in old.branches):
                yield Difference(place, Kind.WIDER, f"{label} added", label)

    def _exclusiveness(
        self, old: Union, new: Union, old_views: list[View], new_views: list[View], place: Place
    ) -> Iterator[Difference]:
        if old.keyword == new.keyword or _are_apart(old_views if new.keyword == "anyOf" else new_views):
            return
        kind = Kind.WIDER if new.keyword == "anyOf" else Kind.NARROWER
        yield Difference(place, kind, f"{old.keyword} -> {new.keyword}", "what fits several alternatives")

    def _is_equal(self, old: Schema, new: Schema) -> bool:
        return self._kinds(old, new) <= {Kind.DOCUMENTS}

    def _is_within(self, old: Schema, new: Schema) -> bool:
        """Whether every value of the old schema satisfies the new one."""
        return self._kinds(old, new) <= {Kind.DOCUMENTS, Kind.WIDER, Kind.LOST_MEMBER}

    def _is_around(self, old: Schema, new: Schema) -> bool:
        return self._kinds(old, new) <= {Kind.DOCUMENTS, Kind.NARROWER}

    def _kinds(self, old: Schema, new: Schema) -> set[Kind]:
        return self._all.kinds(old, new, self._apart())

    def _apart(self) -> _Walk:
        """A comparison whose visits do not count for this one."""
        return _Walk(self._all)

    def _label(self, branch: Schema, document: Document) -> str:
        view = document.view((branch,))
        titles = " or ".join(map(text_of, view.values("title")))
        return document.name_of((branch,)) or titles or f"a value of type {shown_types(view.types)}"

    def _unread(self, old: View, new: View, place: Place) -> Iterator[Difference]:
        """Keywords that no rule understands: when one differs, or refers to what differs, nobody can tell what that means."""
        mine, theirs = old.unread, new.unread
        for name in sorted({*mine, *theirs}):
            if canonical(list(mine.get(name, []))) != canonical(list(theirs.get(name, []))):
                yield Difference(place, Kind.UNDECIDED, f"{name} changed")
                continue
            for one, other in zip(_references_in(mine[name]), _references_in(theirs[name]), strict=True):
                if not self._is_equal({"$ref": one}, {"$ref": other}):
                    yield Difference(place, Kind.UNDECIDED, f"{name}, by {one.rpartition('/')[2]}, changed")


def _lone_union(union: Union, place: Place, kind: Kind) -> Difference:
    verb = "added" if kind is Kind.NARROWER else "removed"
    return Difference(
        place, kind, f"{union.keyword} {verb}", f"what fits none of its {len(union.branches)} alternatives"
    )


def _overlaps(number: int, views: list[View]) -> bool:
    return any(not disjoint(views[number], view) for n, view in enumerate(views) if n != number)


def _are_apart(views: list[View]) -> bool:
    return all(disjoint(one, other) for n, one in enumerate(views) for other in views[:n])


def _references_in(value: Json) -> list[str]:
    if isinstance(value, dict):
        own = [text_of(value["$ref"])] if isinstance(value.get("$ref"), str) else []
        return own + [found for member in value.values() for found in _references_in(member)]
    if isinstance(value, list):
        return [found for item in value for found in _references_in(item)]
    return []


# The rules, each about one keyword of two views: how the schema changed, what changed, which values are lost or gained ------------

_Told = tuple[Kind, str, str]


def _types(old: View, new: View) -> Iterator[_Told]:
    """Types that are lost or gained; of a schema that lists its values, the rule about these speaks."""
    lost = old.types - new.types if new.enum is None else frozenset()
    gained = new.types - old.types if old.enum is None else frozenset()
    what = f"type {shown_types(old.types)} -> {shown_types(new.types)}"
    if lost:
        yield Kind.NARROWER, what, f"a value of type {shown_types(lost)}"
    if gained:
        yield Kind.WIDER, what, f"a value of type {shown_types(gained)}"


def shown_types(types: frozenset[str]) -> str:
    """The types in JSON Schema's words."""
    named = types - {"fraction"} | ({"number"} if "fraction" in types else set())
    if "number" in named:
        named = named - {"integer"}
    return " or ".join(sorted(named)) or "none"


def _enum(old: View, new: View) -> Iterator[_Told]:
    if old.enum is None and new.enum is None:
        return
    if old.enum is None or new.enum is None:
        listed = new.enum if old.enum is None else old.enum
        words = _listed(listed or {})
        if old.enum is None:
            yield Kind.NARROWER, f"only {words}", "another value"
        else:
            yield Kind.WIDER, f"no longer only {words}", "another value"
        return
    for kind, verb, gone in (
        (Kind.NARROWER, "removed", [text for text in old.enum if text not in new.enum]),
        (Kind.WIDER, "added", [text for text in new.enum if text not in old.enum]),
    ):
        if gone:
            words = _listed(gone)
            yield kind, f"{words} {verb}", words


def _listed(texts: Iterable[str]) -> str:
    words = ", ".join(text[1:-1] if text.startswith('"') else text for text in texts)
    return _cut(words) or "no value"


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."


def _asserted(keyword: str, values: str) -> Callable[[View, View], Iterator[_Told]]:
    """The rule of a keyword on strings whose values cannot be compared with each other: pattern, format."""

    def rule(old: View, new: View) -> Iterator[_Told]:
        if keyword == "pattern" and "string" not in old.types & new.types:
            return
        before, now = texts_in(old.values(keyword)), texts_in(new.values(keyword))
        lost, gained = (
            [text for text in before if text not in now],
            [text for text in now if text not in before],
        )
        if lost and gained:
            yield Kind.UNDECIDED, f"{keyword} {_cut(' and '.join(lost))} -> {_cut(' and '.join(gained))}", ""
        elif gained:
            words = _cut(" and ".join(gained))
            yield Kind.NARROWER, f"{keyword} {words} added", values
        elif lost:
            words = _cut(" and ".join(lost))
            yield Kind.WIDER, f"{keyword} {words} removed", values

    return rule


def _required(old: View, new: View) -> Iterator[_Told]:
    if "object" not in old.types & new.types:
        return
    for name in sorted(new.required - old.required):
        verb = "is now required" if name in old.members else "added, and required"
        yield Kind.NARROWER, f"{name} {verb}", f"an object without {name}"
    for name in sorted(old.required - new.required):
        verb = "is no longer required" if name in new.members else "removed, which was required"
        yield Kind.WIDER, f"{name} {verb}", f"an object without {name}"


def _unique(old: View, new: View) -> Iterator[_Told]:
    before, now = (True in view.values("uniqueItems") for view in (old, new))
    if before != now and "array" in old.types & new.types:
        kind, verb = (Kind.NARROWER, "added") if now else (Kind.WIDER, "removed")
        yield kind, f"uniqueItems {verb}", "an array with equal items"


def _default(old: View, new: View) -> Iterator[_Told]:
    before, now = (_listed(map(canonical, view.values("default"))) for view in (old, new))
    if before != now:
        yield Kind.UNDECIDED, f"default {before} -> {now}", ""


def _words(old: View, new: View) -> Iterator[_Told]:
    names = sorted(WORDS | {"x-basis", "x-source", "x-refusals", "x-codes", "x-other-names"})
    if changed := [name for name in names if old.values(name) != new.values(name)]:
        yield Kind.DOCUMENTS, f"{', '.join(changed)} changed", ""
    before, now = (
        {word for listed in view.values("x-open-enum") for word in texts_in(listed)} for view in (old, new)
    )
    for verb, words in (("no longer lists", before - now), ("now also lists", now - before)):
        if words:
            yield Kind.DOCUMENTS, f"{verb} {_listed(sorted(words))} among its open values", ""


_RULES: tuple[Callable[[View, View], Iterator[_Told]], ...] = (
    _types,
    _enum,
    bound_changes,
    _asserted("pattern", "a string that does not match it"),
    _asserted("format", "a value that is not in that format"),
    _required,
    _unique,
    _default,
    _words,
)  # fmt: skip
