"""Mistakes in the suite's own files, each with its place, the broken rule and a remedy. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callproof.strict_yaml import Mistake


class BadCatalogue(Exception):
    """Requirements or scenarios that cannot be used; `mistakes` has all mistakes, in the order of their places."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


def listed(words: Sequence[str]) -> str:
    """The words as a list in a sentence."""
    return ", ".join(words) or "none"
