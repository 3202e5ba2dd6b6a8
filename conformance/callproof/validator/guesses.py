"""Suggestions within a budget. Pure.

To compare words takes time, and a file may hold millions of unknown ones. Whatever was compared is remembered, so that ordinary traffic,
which repeats its words, spends next to nothing.
"""

from __future__ import annotations

from callproof import limits
from callproof.suggestions import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = limits.WORD.default  # a longer word is not a slip of the finger


class Guesses:
    """What was probably meant by an unknown word. One of these serves one file; `spent` is true once its budget has run out."""

    __slots__ = ("_budget", "_known", "spent")

    def __init__(self, budget: int = limits.GUESSES.default) -> None:
        self._budget = budget
        self._known: dict[tuple[str, tuple[str, ...]], str] = {}
        self.spent = False

    def closest(self, word: str, known: Iterable[str]) -> str:
        """The known word that was probably meant, or an empty string: none is similar, or the budget has run out."""
        if len(word) > _LONGEST or self.spent:
            return ""
        candidates = self._affordable(known)
        key = word, candidates
        if key in self._known:
            return self._known[key]
        self._budget -= len(candidates)
        self.spent = self._budget < 0
        meant = self._known[key] = "" if self.spent else closest(word, candidates)
        return meant

    def _affordable(self, known: Iterable[str]) -> tuple[str, ...]:
        """The candidates, cut off where the budget ends: a hostile object has millions of names."""
        found: list[str] = []
        for word in known:
            if len(word) <= _LONGEST:
                found.append(word)
                if len(found) > self._budget:
                    break
        return tuple(found)
