"""The cheapest assignment of rows to columns: the Hungarian method, on numbers alone."""

from __future__ import annotations

from collections.abc import Sequence

_INFINITY = 10**18


def cheapest(cost: Sequence[Sequence[int]]) -> list[int]:
    """The column of each row, all different, at the lowest total cost. There must be at least as many columns as rows.

    Idea: rows are added one by one. Row and column 0 stand for "none": a new row starts at column 0 and looks for the cheapest
    path, in reduced costs, that ends at a free column (`_Matching.take_in`, Dijkstra's algorithm on a dense graph); along that path every
    row moves over by one column. Invariant: the potentials never exceed the costs (`row + column <= cost`) and equal them on the
    chosen pairs, so the pairs are the cheapest for the rows added so far. Cost: rows x rows x columns steps.
    """
    matching = _Matching(cost)
    for row in range(1, len(cost) + 1):
        matching.take_in(row)
    chosen = [0] * len(cost)
    for column, row in enumerate(matching.row_of):
        if column and row:
            chosen[row - 1] = column - 1
    return chosen


class _Matching:
    """The rows added so far, each with its column, and the potentials that prove the choice cheapest."""

    def __init__(self, cost: Sequence[Sequence[int]]) -> None:
        self._cost = cost
        self._columns = range(len(cost[0]) + 1) if cost else range(1)
        self._row_potential = [0] * (len(cost) + 1)
        self._column_potential = [0] * len(self._columns)
        self.row_of = [0] * len(self._columns)

    def take_in(self, row: int) -> None:
        """Give one more row a column, moving other rows if necessary."""
        self.row_of[0] = row
        slack, came_from = [_INFINITY] * len(self._columns), [0] * len(self._columns)
        reached, free = [0], list(self._columns[1:])
        while self.row_of[reached[-1]] != 0:
            self._look_from(reached[-1], free, slack, came_from)
            nearest = min(free, key=slack.__getitem__)
            self._raise_potentials(slack[nearest], reached, free, slack)
            free.remove(nearest)
            reached.append(nearest)
        column = reached[-1]
        while column:
            self.row_of[column] = self.row_of[came_from[column]]
            column = came_from[column]

    def _look_from(self, column: int, free: list[int], slack: list[int], came_from: list[int]) -> None:
        """Note which free columns are cheaper to reach through this column's row."""
        row = self.row_of[column]
        costs, potential = self._cost[row - 1], self._row_potential[row]
        for other in free:
            reduced = costs[other - 1] - potential - self._column_potential[other]
            if reduced < slack[other]:
                slack[other], came_from[other] = reduced, column

    def _raise_potentials(self, by: int, reached: list[int], free: list[int], slack: list[int]) -> None:
        """Keep the potentials tight along every path so far."""
        for column in reached:
            self._row_potential[self.row_of[column]] += by
            self._column_potential[column] -= by
        for column in free:
            slack[column] -= by
