"""What is wrong with the suite's own files: each mistake with its place, the rule that it breaks and a remedy. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callproof.strict_yaml import Mistake


class BadCatalogue(Exception):
    """Requirements or scenarios that cannot be used; `mistakes` has all of them, in the order of their places."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


def listed(words: Sequence[str]) -> str:
    """Words for the end of a remedy."""
    return ", ".join(words) or "none"
