"""What is wrong with the suite's own files: each mistake with its place, the rule that it breaks and a remedy. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from callproof.strict_yaml import Place


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in a file. `rule` is stable and machine readable; `problem` and `remedy` are words for people."""

    place: Place
    rule: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {'; '.join(filter(None, (self.problem, self.remedy)))} [{self.rule}]"


class BadCatalogue(Exception):
    """Requirements or scenarios that cannot be used; `mistakes` has all of them, in the order of their places."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


def listed(words: Sequence[str]) -> str:
    """Words for the end of a remedy."""
    return ", ".join(words) or "none"
