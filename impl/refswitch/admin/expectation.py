"""What a test expects of a journal: entries that must be there, each described by some of its members."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class Expectation:
    """Patterns. An object must equal the pattern in the members that the pattern names; a list must equal it in every element."""

    def __init__(self, patterns: Sequence[Any], *, is_ordered: bool, no_others: bool) -> None:
        self._patterns = patterns
        self._is_ordered = is_ordered
        self._no_others = no_others

    def match(self, entries: Sequence[Mapping[str, Any]]) -> tuple[list[int], str]:
        """The entry matched by each pattern, as an index, and what is wrong: empty if nothing is."""
        matched = self._in_order(entries) if self._is_ordered else self._in_any_order(entries)
        if len(matched) < len(self._patterns):
            return matched, self._miss(len(matched), matched, entries)
        others = [entry for index, entry in enumerate(entries) if index not in matched]
        if self._no_others and others:
            return matched, f"entry {others[0]['number']} was not expected: {_shown(others[0])}"
        return matched, ""

    def _in_order(self, entries: Sequence[Mapping[str, Any]]) -> list[int]:
        matched: list[int] = []
        for pattern in self._patterns:
            first = matched[-1] + 1 if matched else 0
            found = next((at for at in range(first, len(entries)) if _fits(pattern, entries[at])), None)
            if found is None:
                break
            matched.append(found)
        return matched

    def _in_any_order(self, entries: Sequence[Mapping[str, Any]]) -> list[int]:
        """Assigns each pattern an entry of its own, if any assignment can (augmenting paths)."""
        fitting = [
            [at for at, entry in enumerate(entries) if _fits(pattern, entry)] for pattern in self._patterns
        ]
        taken: dict[int, int] = {}

        def place(pattern: int, seen: set[int]) -> bool:
            for at in fitting[pattern]:
                if at not in seen:
                    seen.add(at)
                    if at not in taken or place(taken[at], seen):
                        taken[at] = pattern
                        return True
            return False

        for index in range(len(self._patterns)):
            if not place(index, set()):
                break
        by_pattern = {pattern: at for at, pattern in taken.items()}
        return [by_pattern[index] for index in sorted(by_pattern)]

    def _miss(self, index: int, matched: Sequence[int], entries: Sequence[Mapping[str, Any]]) -> str:
        """The first pattern without an entry, and the entry that comes nearest to it."""
        first = matched[-1] + 1 if self._is_ordered and matched else 0
        left = [entry for at, entry in enumerate(entries) if at >= first and at not in matched]
        after = f" after entry {entries[first - 1]['number']}" if first else ""
        sentence = f"expect[{index}] was not found{after}"
        if not left:
            return f"{sentence}; there is no entry to compare it with"
        nearest = min(left, key=lambda entry: len(list(_differences(self._patterns[index], entry))))
        differences = "; ".join(_differences(self._patterns[index], nearest))
        return f"{sentence}; entry {nearest['number']} comes nearest, and {differences}"


def _fits(pattern: Any, value: Any) -> bool:
    return next(_differences(pattern, value), None) is None


def _differences(pattern: Any, value: Any, place: str = "$") -> Iterator[str]:
    """Every difference between the value and the pattern, with its place."""
    if isinstance(pattern, dict) and isinstance(value, dict):
        for name, expected in pattern.items():
            if name in value:
                yield from _differences(expected, value[name], f"{place}.{name}")
            else:
                yield f"{place}.{name} is missing"
    elif isinstance(pattern, list) and isinstance(value, list) and len(pattern) == len(value):
        for index, expected in enumerate(pattern):
            yield from _differences(expected, value[index], f"{place}[{index}]")
    elif not _is_equal(pattern, value):
        yield f"{place} is {_shown(value)}, not {_shown(pattern)}"


def _is_equal(one: Any, other: Any) -> bool:
    """Compares as JSON does: true is not a number."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 200 else text[:197] + "..."
