"""The run's own calls: the only source of ids for requests that change a call, written so that it survives a crash.

One JSON object per line: `run` (which server, and whether it ends with the run), `intent` (a call is about to be requested), `settled`
(that came to nothing, or its call is known), `leg` (an id is known), `released`. An `intent` is on the disk before its request is sent.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from callproof.json_values import Json, text_of
from callproof.judge.legs import Leg
from callproof.private_files import make_private_folder, open_private


class LedgerNotUsable(Exception):
    """A ledger that cannot be read or written, so no call can be ended by it."""

    def __init__(self, file: Path, problem: str) -> None:
        self.file = file
        super().__init__(f"the ledger {file} cannot be used: {problem}")


@dataclass(frozen=True)
class OwnLeg:
    """A leg that this run made, or that one of its calls led to. `attributed`: no step asked for it."""

    agent: str
    id: str
    scenario: str
    attributed: bool = False

    @property
    def key(self) -> Leg:
        return (self.agent, self.id)


class Ledger:
    """The calls that the run made, and which of them it has seen end. Without a file, they are only in memory.

    `mask` is applied to the ids that a server made before they are written: a call whose id holds a secret cannot be ended by the file.
    """

    def __init__(self, file: Path | None = None, mask: Callable[[str], str] = str) -> None:
        self.file = file
        self._mask = mask
        self._stream: TextIO | None = None
        self._legs: dict[Leg, OwnLeg] = {}
        self._released: set[Leg] = set()
        self._pending: list[Mapping[str, Json]] = []
        self.base_url = ""
        self.embedded = False
        self.calls = 0

    def begin(self, base_url: str, *, embedded: bool = False) -> None:
        """Record which server the ids belong to, and whether it ends with the run. Raises LedgerNotUsable."""
        self.base_url, self.embedded = base_url, embedded
        if self.file is not None:
            try:
                make_private_folder(self.file.parent)
                self._stream = open_private(self.file, "a")
            except OSError as error:
                raise LedgerNotUsable(self.file, error.strerror or "it cannot be written") from None
        self._write({"event": "run", "base_url": base_url, "embedded": embedded})

    def resume(self) -> None:
        """Continue a ledger that was read, so that it records what is ended from now on. Raises LedgerNotUsable."""
        if self.file is None:
            return
        try:
            _mend_last_line(self.file)
            self._stream = open_private(self.file, "a")
        except OSError as error:
            problem = f"it cannot record which calls were ended ({error.strerror})"
            raise LedgerNotUsable(self.file, problem) from None

    def intend(self, agent: str, operation: str, to: str, scenario: str) -> None:
        """Record that a call is about to be requested. Returns when the line is on the disk."""
        self.calls += 1
        line: dict[str, Json] = {"event": "intent", "agent": agent, "operation": operation}
        line |= {"to": to, "scenario": scenario}
        self._pending.append(line)
        self._write(line)

    def settle(self, agent: str) -> None:
        """Record that the agent's last intent came to nothing, or that its call is known."""
        own = [line for line in self._pending if line.get("agent") == agent]
        if own:
            self._pending.remove(own[-1])
            self._write({"event": "settled", "agent": agent})

    @property
    def waiting(self) -> tuple[str, ...]:
        """Agents with a requested call whose id never became known."""
        return tuple(dict.fromkeys(text_of(line.get("agent")) for line in self._pending))

    def learn(self, leg: OwnLeg) -> None:
        """Record that an id is known, once."""
        if leg.key not in self._legs:
            self._legs[leg.key] = leg
            self._write({"event": "leg", **asdict(leg), "id": self._mask(leg.id)})

    def release(self, leg: Leg) -> None:
        """Record that the leg was seen Released."""
        if self.is_open(leg):
            self._released.add(leg)
            self._write({"event": "released", "agent": leg[0], "id": self._mask(leg[1])})

    @property
    def own(self) -> frozenset[Leg]:
        return frozenset(self._legs)

    @property
    def open_legs(self) -> tuple[OwnLeg, ...]:
        """Legs not seen Released, in the order in which they became known."""
        return tuple(leg for key, leg in self._legs.items() if key not in self._released)

    def is_open(self, leg: Leg) -> bool:
        return leg in self._legs and leg not in self._released

    @property
    def unlearnt(self) -> tuple[str, ...]:
        """Requested calls whose ids never became known; they cannot be ended by guessing."""
        return tuple(text for agent in self.waiting for text in self.unlearnt_of(agent))

    def unlearnt_of(self, agent: str) -> tuple[str, ...]:
        """The agent's calls whose ids never became known."""
        return tuple(
            f"a call of {agent} to {text_of(line.get('to'))} ({text_of(line.get('operation'))}) whose id never became known"
            for line in self._pending
            if line.get("agent") == agent
        )

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _write(self, line: Mapping[str, Json]) -> None:
        if self._stream is not None:
            self._stream.write(json.dumps(dict(line)) + "\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def _replay(self, lines: Iterable[Mapping[str, Json]]) -> None:
        for line in lines:
            leg = (text_of(line.get("agent")), text_of(line.get("id")))
            match line.get("event"):
                case "run":
                    self.base_url = text_of(line.get("base_url"))
                    self.embedded = line.get("embedded") is True
                case "intent":
                    self._pending.append(line)
                case "settled":
                    self.settle(leg[0])
                case "leg":
                    self._legs[leg] = OwnLeg(
                        *leg, text_of(line.get("scenario")), line.get("attributed") is True
                    )
                case "released":
                    self._released.add(leg)


def read_ledger(file: Path) -> Ledger:
    """Read the ledger of an earlier run, except for a last line that a crash cut off. Raises LedgerNotUsable."""
    try:
        texts = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LedgerNotUsable(file, error.strerror or "it cannot be read") from None
    except UnicodeDecodeError:
        raise LedgerNotUsable(file, "it is not UTF-8") from None
    lines: list[Mapping[str, Json]] = []
    for number, text in enumerate(texts, start=1):
        try:
            value: Json = json.loads(text)
        except json.JSONDecodeError:
            if number == len(texts):
                break
            raise LedgerNotUsable(file, f"line {number} is not JSON") from None
        if not isinstance(value, dict) or "event" not in value:
            raise LedgerNotUsable(file, f"line {number} is not an entry of a ledger")
        lines.append(value)
    if not lines or lines[0].get("event") != "run":
        raise LedgerNotUsable(file, "its first line does not name a server")
    ledger = Ledger()
    ledger._replay(lines)
    ledger.file = file
    return ledger


def _mend_last_line(file: Path) -> None:
    """Remove a line that a crash cut off, or end it; either would spoil the next line."""
    whole = file.read_bytes()
    last = whole[whole.rfind(b"\n") + 1 :]
    try:
        json.loads(last or b"{}")
    except ValueError:
        os.truncate(file, len(whole) - len(last))
    else:
        if last:
            file.write_bytes(whole + b"\n")
