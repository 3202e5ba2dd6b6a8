"""Deadlines: one per key, with fast access to the next."""

import heapq
from math import inf


class Deadlines:
    """A deadline for each key. Moving one later, as every message does, costs next to nothing."""

    def __init__(self) -> None:
        self._moments: dict[str, float] = {}
        self._entries: list[
            tuple[float, str]
        ] = []  # a heap; each known key has one at or before its deadline
        self._earliest: dict[str, float] = {}  # which entry of the heap is the key's; others are stale

    def set(self, key: str, moment: float) -> None:
        self._moments[key] = moment
        if moment < self._earliest.get(key, inf):
            self._push(key, moment)

    def drop(self, key: str) -> None:
        """Forget the key's deadline, if it has one."""
        self._moments.pop(key, None)

    def next(self) -> float | None:
        """The earliest deadline, or None."""
        while self._entries:
            moment, key = self._entries[0]
            if self._earliest.get(key) == moment and self._moments.get(key) == moment:
                return moment
            heapq.heappop(self._entries)
            if self._earliest.get(key) == moment:
                del self._earliest[key]
                if key in self._moments:
                    self._push(key, self._moments[key])
        return None

    def due(self, now: float) -> list[str]:
        """The keys whose deadline has passed, in order. Their deadlines are forgotten."""
        keys = []
        while (moment := self.next()) is not None and moment <= now:
            key = self._entries[0][1]
            self.drop(key)
            keys.append(key)
        return keys

    def _push(self, key: str, moment: float) -> None:
        heapq.heappush(self._entries, (moment, key))
        self._earliest[key] = moment
