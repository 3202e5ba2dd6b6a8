"""What a proof returns, and its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

#: A figure's name with its unit, and its value.
Figures = Mapping[str, int | float | str]


class Evidence(NamedTuple):
    """What a proof did and saw."""

    #: What was done, with its numbers.
    done: str
    figures: Figures
    #: What broke the promise, as sentences that say where; empty if it was kept.
    faults: Sequence[str]


class Proof(NamedTuple):
    """A row of the table of proofs."""

    name: str
    #: The promise, as a sentence that could stand in the documentation.
    promise: str
    prove: Callable[[int], Evidence]
    #: How much of it `make soak` does, and how much CI does.
    whole: int
    share: int
