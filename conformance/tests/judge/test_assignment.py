"""The cheapest assignment, compared with trying all of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from callproof.judge.assignment import cheapest

SHAPES = st.integers(0, 4).flatmap(lambda rows: st.tuples(st.just(rows), st.integers(max(rows, 1), 5)))
TABLES = SHAPES.flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 9), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@given(TABLES)
def test_no_other_assignment_is_cheaper(cost: list[list[int]]) -> None:
    def total(chosen: Sequence[int]) -> int:
        return sum(row[column] for row, column in zip(cost, chosen, strict=True))

    chosen = cheapest(cost)

    every = itertools.permutations(range(len(cost[0]) if cost else 0), len(cost))
    assert len(set(chosen)) == len(cost)
    assert total(chosen) == min(total(each) for each in every)
