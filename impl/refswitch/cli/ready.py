"""What is printed when the server is ready: text for people, or JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from refswitch.contract import API_PATH
from refswitch.settings import Settings

from .exits import CannotServe
from .streams import NO_OUTPUT, forget_standard_output

#: How many seats are listed; the rest are only counted.
_SHOWN = 5


@dataclass(frozen=True)
class Ready:
    """What a person or a program wants to know about a server that is ready."""

    address: str
    settings: Settings
    seats_file: Path

    def text(self) -> str:
        """For a person: the addresses, the seats, and a first request to try."""
        first = self.settings.seating.seats[0]
        password = first.password if first.has_guessable_password else "PASSWORD"
        lines = [f"  {name:<8}{value}" for name, value in self._facts()]
        lines.append(f"  try     curl -u {first.login}:{password} {self.address}{API_PATH}/me")
        return "\n".join((f"refswitch ready {self.address}", "", *lines, ""))

    def line(self) -> str:
        """For a program: one JSON object."""
        return json.dumps(
            {
                "event": "ready",
                "address": self.address,
                "rest": f"{self.address}{API_PATH}",
                "cometd": f"{self.address}{API_PATH}/notifications",
                "publicBase": self.settings.public_base,
                "contract": self.settings.contract.version,
                "seats": [seat.number for seat in self.settings.seating.seats],
            }
        )

    def _facts(self) -> Iterator[tuple[str, str]]:
        settings, rest = self.settings, self.address + API_PATH
        yield "REST", rest
        yield "CometD", f"{rest}/notifications   {', '.join(settings.bayeux.connection_types)}"
        if settings.admin:
            who = "anybody with the token" if settings.admin_token else "this machine"
            yield "admin", f"{self.address}/__admin/v1   for {who}"
        yield "links", f"{settings.public_base}{API_PATH}/..."
        yield "seats", f"{self._seats()}   from {self.seats_file.name}"
        if settings.sandboxes:
            yield "sandbox", "/s/NAME/api/v2 or LOGIN@NAME opens a separate switch"

    def _seats(self) -> str:
        seats = self.settings.seating.seats
        shown = "  ".join(f"{seat.number} ({seat.display_name})" for seat in seats[:_SHOWN])
        return shown + (f"  and {len(seats) - _SHOWN} more" if len(seats) > _SHOWN else "")


class Announcement:
    """Prints that the server is ready. If that fails, the server stops: it is useless if nobody knows its address."""

    def __init__(self, say: Callable[[], str]) -> None:
        self._say = say
        self._problem = ""

    def make(self) -> bool:
        """Print it. False if that failed; then the server should stop."""
        try:
            print(self._say(), flush=True)
        except OSError as error:
            self._problem = error.strerror or str(error)
            forget_standard_output()
        return not self._problem

    def check(self) -> None:
        """Raises CannotServe if printing failed."""
        if self._problem:
            raise CannotServe(NO_OUTPUT.format(self._problem))
