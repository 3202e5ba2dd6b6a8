"""The sandboxes in use: opened at first use, dropped after a time without use, and limited in number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from refswitch import limits
from refswitch.calls import End
from refswitch.refusals import NoRoom
from refswitch.seats import Seating

from .sandbox import Sandbox

#: The sandbox of a request that names none.
MAIN = ""


class TooManySandboxes(NoRoom):
    """The limit of sandboxes is reached; none is dropped to make room."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(
            f"There is no room for another sandbox: {most} are in use; drop one, or start the server with --sandboxes"
        )


@dataclass(frozen=True)
class Limits:
    """How many sandboxes there may be beside the main one, and after how many seconds without a request one is dropped."""

    most: int = limits.SANDBOXES.default
    idle_seconds: float = limits.SANDBOX_IDLE.default


@dataclass(slots=True)
class Place:
    """A sandbox and its use."""

    sandbox: Sandbox
    used: float
    requests: int = 0
    """Requests in progress: a held poll keeps a sandbox in use."""


class Sandboxes:
    """The main sandbox, which always exists, and the named ones. `now` is real time in seconds."""

    def __init__(
        self,
        make: Callable[[str, Sandbox | None, Seating | None], Sandbox],
        limits: Limits,
        now: Callable[[], float],
    ) -> None:
        self._make = make
        self._limits = limits
        self._now = now
        self._places = {MAIN: Place(make(MAIN, None, None), now())}

    @property
    def main(self) -> Sandbox:
        """The sandbox of a request that names none."""
        return self._places[MAIN].sandbox

    @property
    def are_served(self) -> bool:
        """Whether there may be any besides the main one."""
        return self._limits.most > 0

    def names(self) -> list[str]:
        """The names of the sandboxes in use, without the main one, oldest first."""
        self._drop_idle()
        return [name for name in self._places if name != MAIN]

    def find(self, name: str) -> Sandbox | None:
        """The sandbox with this name if it is open and has been used recently enough, else None."""
        place = self._places.get(name)
        if place is not None and self._is_idle(name, place):
            self.drop(name)
            return None
        return None if place is None else place.sandbox

    def open(self, name: str) -> Sandbox:
        """Open a new sandbox with the server's initial seats. Raises TooManySandboxes."""
        self._drop_idle()
        if len(self._places) > self._limits.most:
            raise TooManySandboxes(self._limits.most)
        place = Place(self._make(name, None, None), self._now())
        self._places[name] = place
        return place.sandbox

    def seat(self, sandbox: Sandbox, seating: Seating) -> None:
        """Replace a sandbox's seats. To its agents it is as if the server had restarted; call ids, clock and journal continue.

        Its snapshots go, because they are of the seats before.
        """
        new = self._make(sandbox.name, sandbox, seating)
        sandbox.close()
        sandbox.snapshots.clear()
        sandbox.become(new)

    def reset(self, sandbox: Sandbox) -> None:
        """Take a sandbox back to its beginning, with its seats as they were last loaded.

        Calls end, and agents are notified of that; then it is to them as if the server had restarted. The clock runs as it did at
        first. Call ids, the clock's time, the journal and the snapshots continue.
        """
        sandbox.switch.apply(End(None))
        new = self._make(sandbox.name, sandbox, sandbox.seating)
        sandbox.close()
        sandbox.clock.start_over()
        sandbox.become(new)

    def drop(self, name: str) -> bool:
        """Delete a sandbox and everything in it; False if there is none with this name. The main sandbox stays."""
        if name == MAIN or name not in self._places:
            return False
        self._places.pop(name).sandbox.close()
        return True

    def begin(self, name: str) -> Place:
        """A request to this sandbox begins; call `end` of the returned value when it is over."""
        place = self._places[name]
        place.requests += 1
        return place

    def end(self, place: Place) -> None:
        """The request is over. The sandbox may have been dropped meanwhile."""
        place.requests -= 1
        place.used = self._now()

    def close(self) -> None:
        """Answer every poll that is held, everywhere."""
        for place in self._places.values():
            place.sandbox.close()

    def _drop_idle(self) -> None:
        for name in [name for name, place in self._places.items() if self._is_idle(name, place)]:
            self.drop(name)

    def _is_idle(self, name: str, place: Place) -> bool:
        if name == MAIN or place.requests:
            return False
        return self._now() - place.used > self._limits.idle_seconds
