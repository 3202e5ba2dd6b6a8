"""Deadlines: one moment per key, and the next of them at once."""

import heapq
from math import inf


class Deadlines:
    """A moment for each key. Moving one later costs nothing, which is what happens with every message."""

    def __init__(self) -> None:
        self._moments: dict[str, float] = {}
        self._entries: list[tuple[float, str]] = []  # a heap; each known key has one at or before its moment
        self._earliest: dict[str, float] = {}  # which entry of the heap speaks for the key; others are stale

    def set(self, key: str, moment: float) -> None:
        self._moments[key] = moment
        if moment < self._earliest.get(key, inf):
            self._push(key, moment)

    def drop(self, key: str) -> None:
        """Forget the key's moment, if it has one."""
        self._moments.pop(key, None)

    def next(self) -> float | None:
        """The earliest moment, or None."""
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
        """The keys whose moment has come, in order. They are forgotten."""
        keys = []
        while (moment := self.next()) is not None and moment <= now:
            key = self._entries[0][1]
            self.drop(key)
            keys.append(key)
        return keys

    def _push(self, key: str, moment: float) -> None:
        heapq.heappush(self._entries, (moment, key))
        self._earliest[key] = moment
