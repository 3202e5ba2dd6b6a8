"""The small language of expectations: paths into a message, rules about the values there, names that stand for values.

Pure. A path is member names joined by dots; it enters a list by an index, by `*` for every element, or by `[member=value]`.
A rule of `RULES` is a question about the values at a path; a predicate holds if the answer is yes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from callproof.catalogue.scenario import Predicate
from callproof.json_values import Json, as_list, as_object, objects_in, text_of
from callproof.judge.findings import Difference
from callproof.judge.sentences import Said, Sentence, say
from callproof.shortening import to_show

_LONGEST_SHOWN = 200  # characters of a value in a message
_NAME = re.compile(r"\{([^{}]+)\}")
_SELECTOR = re.compile(r"(\w*)\[(\w+)=([^\]]*)\]")
_JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}


@dataclass(frozen=True)
class Unbound(Exception):
    """An expectation refers to something that has not happened, so it is neither met nor unmet."""

    name: str

    @property
    def said(self) -> Said:
        return say(Sentence.UNKNOWN_NAME, name=self.name)

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True)
class Scope:
    """What names stand for, and the numbers that may be shown for each agent."""

    names: Mapping[str, Json] = field(default_factory=dict)
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def with_names(self, more: Mapping[str, Json]) -> Scope:
        return Scope({**self.names, **more}, self.numbers)

    def numbers_of(self, agent: Json) -> frozenset[str]:
        return self.numbers.get(str(agent), frozenset())

    def resolve(self, value: Json) -> Json:
        """The value with every `{name}` replaced; a name on its own keeps the type of its value. Raises Unbound."""
        if isinstance(value, str):
            if whole := _NAME.fullmatch(value):
                return self._named(whole[1])
            return _NAME.sub(lambda found: str(self._named(found[1])), value)
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        return value

    def _named(self, name: str) -> Json:
        if name not in self.names:
            raise Unbound(name)
        return self.names[name]


#: No names are bound.
NO_SCOPE = Scope()


def lookup(value: Json, path: str) -> tuple[Json, ...]:
    """Every value at the path; empty if there is none."""
    found: list[Json] = [value]
    for segment in _segments(path):
        found = [inner for outer in found for inner in _enter(outer, segment)]
    return tuple(found)


def _segments(path: str) -> list[str]:
    """Split at dots, but not inside a selector: `calls[id=a.b].state` has two segments."""
    return re.findall(r"(?:[^.\[]|\[[^\]]*\])+", path)


def _enter(value: Json, segment: str) -> Sequence[Json]:
    if selector := _SELECTOR.fullmatch(segment):
        name, member, wanted = selector.groups()
        items = objects_in(as_object(value).get(name) if name else value)
        return [item for item in items if str(item.get(member)) == wanted]
    if isinstance(value, dict):
        return [value[segment]] if segment in value else ()
    if segment == "*":
        return as_list(value)
    return as_list(value)[int(segment) :][:1] if segment.isdigit() else ()


#: (values found, wanted, scope) -> whether the predicate holds
_Rule: TypeAlias = Callable[[tuple[Json, ...], Json, Scope], bool]


def _each(question: Callable[[Json, Json], bool]) -> _Rule:
    """A rule about single values: at least one must be found, and the rule must hold for every one of them."""
    return lambda found, wanted, scope: bool(found) and all(question(value, wanted) for value in found)


def same(left: Json, right: Json) -> bool:
    """JSON equality: unlike Python's, true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right


def _contains(value: Json, wanted: Json) -> bool:
    if isinstance(value, dict) and isinstance(wanted, dict):
        return all(key in value and same(value[key], item) for key, item in wanted.items())
    if isinstance(value, str):
        return isinstance(wanted, str) and wanted in value
    items = wanted if isinstance(wanted, list) else [wanted]
    return isinstance(value, list) and all(any(same(item, inner) for inner in value) for item in items)


def _lacks(value: Json, unwanted: Json) -> bool:
    items = unwanted if isinstance(unwanted, list) else [unwanted]
    return isinstance(value, list) and not any(_contains(value, item) for item in items)


def _is_type(value: Json, wanted: Json) -> bool:
    if isinstance(value, bool):
        return wanted == "boolean"
    return isinstance(value, _JSON_TYPES.get(text_of(wanted), ()))


def _fits(item: Json, wanted: Json) -> bool:
    """Whether an item is of this type, or has these members of these types."""
    if isinstance(wanted, dict):
        return isinstance(item, dict) and all(_is_type(item.get(name), of) for name, of in wanted.items())
    return _is_type(item, wanted)


def _is_unique(value: Json) -> bool:
    items = as_list(value)
    return not any(same(item, other) for index, item in enumerate(items) for other in items[:index])


def _text(question: Callable[[str, str], bool]) -> _Rule:
    return _each(lambda value, wanted: isinstance(value, str) and question(value, str(wanted)))


def party_numbers(participants: Json) -> frozenset[frozenset[str]]:
    """The numbers shown for each participant, one set for each."""
    members = ("phoneNumber", "digits", "e164Number")
    shown = ({str(item[m]) for m in members if item.get(m)} for item in objects_in(participants))
    return frozenset(map(frozenset, shown))


def are_parties(participants: Json, agents: Sequence[str], numbers: Mapping[str, frozenset[str]]) -> bool:
    """Whether the participants are exactly these agents, each shown with any of their numbers."""
    shown = party_numbers(participants)
    known = [numbers.get(agent, frozenset()) for agent in agents]
    if not isinstance(participants, list) or len(participants) != len(known):
        return False
    return all(any(party & names for party in shown) for names in known) and all(
        any(party & names for names in known) for party in shown
    )


def _number_of(found: tuple[Json, ...], agent: Json, scope: Scope) -> bool:
    return bool(found) and all(text_of(value) in scope.numbers_of(agent) for value in found)


def _numbers_of(found: tuple[Json, ...], agents: Json, scope: Scope) -> bool:
    names = [str(agent) for agent in agents] if isinstance(agents, list) else [str(agents)]
    return bool(found) and all(are_parties(value, names, scope.numbers) for value in found)


def _nobody_is(found: tuple[Json, ...], agent: Json, scope: Scope) -> bool:
    return not any(party & scope.numbers_of(agent) for value in found for party in party_numbers(value))


#: The rules by their names in scenarios, which are published in scenarios/README.md.
RULES: Mapping[str, _Rule] = {
    "is": _each(same),
    "is not": lambda found, wanted, scope: all(not same(value, wanted) for value in found),
    "one of": _each(lambda value, wanted: any(same(value, item) for item in as_list(wanted))),
    "matches": _text(lambda value, pattern: re.search(pattern, value) is not None),
    "starts with": _text(str.startswith),
    "ends with": _text(str.endswith),
    "contains": _each(_contains),
    "lacks": _each(_lacks),
    "same set": _each(lambda value, wanted: _contains(value, wanted) and _contains(wanted, value)),
    "type": _each(_is_type),
    "at least": _each(
        lambda value, least: _is_type(value, "number") and float(str(value)) >= float(str(least))
    ),
    "below": _each(lambda value, most: _is_type(value, "number") and float(str(value)) < float(str(most))),
    "only": _each(
        lambda value, names: isinstance(value, dict) and value.keys() <= {*map(str, as_list(names))}
    ),
    "every": _each(
        lambda value, wanted: isinstance(value, list) and all(_fits(item, wanted) for item in value)
    ),
    "unique": lambda found, wanted, scope: all(map(_is_unique, found)),
    "empty": _each(lambda value, wanted: (value in ("", [], {})) is bool(wanted)),
    "present": lambda found, wanted, scope: bool(found) is bool(wanted),
    "absent": lambda found, wanted, scope: (not found) is bool(wanted),
    "number of": _number_of,
    "numbers of": _numbers_of,
    "nobody is": _nobody_is,
}


def differences(predicates: Sequence[Predicate], value: Json, scope: Scope) -> Iterator[Difference]:
    """The predicates that are not true of the value, one by one, each with what was there instead.

    Raises Unbound at a predicate that refers to an unknown name.
    """
    for predicate in predicates:
        path, wanted = str(scope.resolve(predicate.path)), scope.resolve(predicate.value)
        found = lookup(value, path)
        if not RULES[predicate.kind](found, wanted, scope):
            yield Difference(path, _wanted(Predicate(path, predicate.kind, wanted)), _got(found))


def _wanted(predicate: Predicate) -> str:
    if predicate.kind in ("present", "absent", "empty"):
        return predicate.kind if predicate.value else f"not {predicate.kind}"
    return predicate.in_words().removeprefix(f"{predicate.path} ").removeprefix("is ")


def _got(found: tuple[Json, ...]) -> str:
    if not found:
        return "nothing"
    text = ", ".join(str(value) if isinstance(value, str) else json.dumps(value) for value in found)
    return to_show(text, _LONGEST_SHOWN, "...")
