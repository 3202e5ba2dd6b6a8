"""Deadlines: the next one is always right, however they were moved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from refswitch.bayeux.deadlines import Deadlines

KEYS = st.sampled_from("abc")
MOVES = st.lists(st.tuples(KEYS, st.one_of(st.none(), st.integers(0, 9))), max_size=30)


@given(MOVES)
def test_the_next_deadline_is_the_earliest_one_set(moves: list[tuple[str, int | None]]) -> None:
    deadlines, standing = Deadlines(), dict[str, int]()
    for key, moment in moves:
        if moment is None:
            deadlines.drop(key)
            standing.pop(key, None)
        else:
            deadlines.set(key, moment)
            standing[key] = moment
        assert deadlines.next() == min(standing.values(), default=None)


@given(MOVES, st.integers(0, 9))
def test_a_deadline_that_has_passed_is_named_once_and_forgotten(
    moves: list[tuple[str, int | None]], now: int
) -> None:
    deadlines, standing = Deadlines(), dict[str, int]()
    for key, moment in moves:
        if moment is not None:
            deadlines.set(key, moment)
            standing[key] = moment
    due = deadlines.due(now)
    assert sorted(due) == sorted(key for key, moment in standing.items() if moment <= now)
    assert [standing[key] for key in due] == sorted(standing[key] for key in due)
    assert deadlines.due(now) == []


def test_moving_a_deadline_later_again_and_again_leaves_nothing_behind() -> None:
    deadlines = Deadlines()
    for moment in range(1000):
        deadlines.set("a", moment)
    assert len(deadlines._entries) == 1
