"""The run's own calls: the only source of ids for requests that change a call, written so that it survives a crash.

One JSON object per line: `run` (which server, and whether it ends with the run), `intent` (a call is about to be requested), `settled`
(that came to nothing, or its call is known), `leg` (an id is known), `doubtful` (a call that may be the run's), `released`. An `intent` is
on the disk before its request is sent.
A ledger is locked as long as its run goes on.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from callproof import limits
from callproof.json_values import Json, text_of
from callproof.judge.legs import Leg
from callproof.not_written import FileNotWritten
from callproof.runner import locking
from callproof.wire import LineFile


class LedgerNotUsable(Exception):
    """A ledger that cannot be read, or not be gone on with, so no call can be ended by it."""

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


@dataclass(frozen=True)
class Unlearnt:
    """A call that was requested and whose id never became known.

    `at` is when it was requested, in seconds since 1970 by this machine's clock. `before` has the ids of the calls that the agent was heard
    with and that were not the run's; it is None if the run was not alone on its agents, or did not look.
    """

    agent: str
    operation: str
    to: str
    scenario: str
    at: float = 0.0
    before: frozenset[str] | None = None


class Ledger:
    """The calls that the run made, and which of them it has seen end. Without a file, they are only in memory.

    Once the file cannot be written, `failure` says why: no call may be requested any more, and those that are up can still be ended.
    """

    def __init__(self, file: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self.file = file
        #: Whether every agent was found idle, and nobody else has been noticed on them since.
        self.alone = False
        self._now = now
        #: Applied to the ids that a server made, before they are written: a call whose id holds a secret cannot be ended by the file.
        self.mask: Callable[[str], str] = str
        self._lines: LineFile | None = None
        self._legs: dict[Leg, OwnLeg] = {}
        self._doubtful: dict[Leg, OwnLeg] = {}
        self._released: set[Leg] = set()
        self._pending: list[Mapping[str, Json]] = []
        self.base_url = ""
        self.embedded = False
        self.calls = 0
        #: Numbers of lines that were read and make no sense: each may have named a call.
        self.damaged: tuple[int, ...] = ()

    def claim(self) -> None:
        """Open the file and lock it, once. Raises FileNotWritten, and LedgerNotUsable if another process works with it."""
        if self.file is None or self._lines is not None:
            return
        lines = LineFile(self.file, durable=True)
        if lines.failure is None and not locking.hold(lines.fileno()):
            lines.close()
            raise LedgerNotUsable(self.file, "another process is working with it; wait until that has ended")
        self._lines = lines
        if lines.failure is not None:
            raise lines.failure

    def begin(self, base_url: str, *, embedded: bool = False) -> None:
        """Record which server the ids belong to, and whether it ends with the run. Raises as `claim` does."""
        self.base_url, self.embedded = base_url, embedded
        self.claim()
        self._write({"event": "run", "base_url": base_url, "embedded": embedded})
        if self.failure is not None:
            raise self.failure

    def resume(self) -> None:
        """Continue a ledger that was read, so that it records what is ended from now on. Raises as `claim` does."""
        if self.file is None:
            return
        self.claim()
        try:
            _mend_last_line(self.file)
        except OSError as error:
            self.close()
            raise FileNotWritten(self.file, error) from None

    @property
    def failure(self) -> FileNotWritten | None:
        """Why the file does not hold everything; None if it does, or if there is none."""
        return None if self._lines is None else self._lines.failure

    def intend(
        self, agent: str, operation: str, to: str, scenario: str, before: Collection[str] | None = None
    ) -> None:
        """Record that a call is about to be requested. Returns when the line is on the disk.

        `before` is as in Unlearnt. Raises FileNotWritten if the line is not written; the call must then not be requested.
        """
        line: dict[str, Json] = {"event": "intent", "agent": agent, "operation": operation}
        line |= {"to": to, "scenario": scenario, "at": self._now()}
        line["before"] = (
            None if before is None or not self.alone else [self.mask(id_) for id_ in sorted(before)]
        )
        self._write(line)
        if self.failure is not None:
            raise self.failure
        self.calls += 1
        self._pending.append(line)

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

    def pending_of(self, agent: str) -> tuple[Unlearnt, ...]:
        """The agent's requested calls whose ids never became known."""
        return tuple(_unlearnt(line) for line in self._pending if line.get("agent") == agent)

    def learn(self, leg: OwnLeg) -> None:
        """Record that an id is known, once."""
        if leg.key not in self._legs:
            self._legs[leg.key] = leg
            self._write({"event": "leg", **asdict(leg), "id": self.mask(leg.id)})

    def suspect(self, leg: OwnLeg) -> None:
        """Record a call that may be the run's or somebody else's. It is never ended, and it is reported if it is still up at the end."""
        self.alone = False
        if leg.key not in self._doubtful:
            self._doubtful[leg.key] = leg
            self._write({"event": "doubtful", **asdict(leg), "id": self.mask(leg.id)})

    def release(self, leg: Leg) -> None:
        """Record that the leg was seen Released."""
        if self.is_open(leg) or (leg in self._doubtful and leg not in self._released):
            self._released.add(leg)
            self._write({"event": "released", "agent": leg[0], "id": self.mask(leg[1])})

    @property
    def own(self) -> frozenset[Leg]:
        return frozenset(self._legs)

    def names(self, leg: Leg) -> bool:
        """Whether it names this leg, as the run's or as somebody's who may be someone else."""
        return leg in self._legs or leg in self._doubtful

    @property
    def open_legs(self) -> tuple[OwnLeg, ...]:
        """Legs not seen Released, in the order in which they became known."""
        return tuple(leg for key, leg in self._legs.items() if key not in self._released)

    @property
    def doubtful(self) -> tuple[OwnLeg, ...]:
        """Calls not seen Released that may be the run's or somebody else's."""
        return tuple(leg for key, leg in self._doubtful.items() if key not in self._released)

    def is_open(self, leg: Leg) -> bool:
        return leg in self._legs and leg not in self._released

    @property
    def unlearnt(self) -> tuple[str, ...]:
        """A line for each requested call whose id never became known."""
        return tuple(text for agent in self.waiting for text in self.unlearnt_of(agent))

    def unlearnt_of(self, agent: str) -> tuple[str, ...]:
        """A line for each of the agent's calls whose id never became known."""
        return tuple(
            f"a call of {agent} to {call.to} ({call.operation}) whose id never became known"
            for call in self.pending_of(agent)
        )

    @property
    def may_have_left_calls(self) -> bool:
        """Whether a call that it names, or may have named, can still be up."""
        return not self.embedded and bool(self.open_legs or self._pending or self.doubtful or self.damaged)

    def close(self) -> None:
        """Close the file and give up the lock. `failure` stays."""
        if self._lines is not None:
            self._lines.close()

    def _write(self, line: Mapping[str, Json]) -> None:
        if self._lines is not None:
            self._lines.write(json.dumps(dict(line)))

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
                case "leg" | "doubtful" as event:
                    legs = self._legs if event == "leg" else self._doubtful
                    legs[leg] = OwnLeg(*leg, text_of(line.get("scenario")), line.get("attributed") is True)
                case "released":
                    self._released.add(leg)


def read_ledger(file: Path) -> Ledger:
    """Read the ledger of an earlier run. Raises LedgerNotUsable.

    A last line that a crash cut off is passed over, because its request was never sent or its fact can be asked for. Any other line that
    cannot be read may have named a call: its number goes to `damaged`. An empty ledger is that of a run that never began.
    """
    try:
        with file.open("rb") as stream:
            whole = stream.read(limits.LEDGER_BYTES.default + 1)
    except OSError as error:
        raise LedgerNotUsable(file, error.strerror or "it cannot be read") from None
    if len(whole) > limits.LEDGER_BYTES.default:
        raise LedgerNotUsable(file, f"it is larger than {limits.LEDGER_BYTES.default} bytes")
    texts = whole.split(b"\n")
    cut_off = texts.pop()  # empty if the last line is whole
    entries = {number: _entry(text) for number, text in enumerate(texts, start=1)}
    lines = [entry for entry in entries.values() if entry is not None]
    if (last := _entry(cut_off)) is not None:
        lines.append(last)
    if not any(entry.get("event") == "run" for entry in lines) and texts:
        raise LedgerNotUsable(file, "no line of it names a server")
    ledger = Ledger()
    ledger._replay(lines)
    ledger.damaged = tuple(number for number, entry in entries.items() if entry is None)
    ledger.file = file
    return ledger


def _unlearnt(line: Mapping[str, Json]) -> Unlearnt:
    at, before = line.get("at"), line.get("before")
    return Unlearnt(
        text_of(line.get("agent")),
        text_of(line.get("operation")),
        text_of(line.get("to")),
        text_of(line.get("scenario")),
        at=float(at) if isinstance(at, int | float) else 0.0,
        before=frozenset(map(text_of, before)) if isinstance(before, list) else None,
    )


def _entry(text: bytes) -> Mapping[str, Json] | None:
    """A line's entry; None if it is not one."""
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("event"), str) else None


def _mend_last_line(file: Path) -> None:
    """Remove a line that a crash cut off, or end it; either would spoil the next line."""
    whole = file.read_bytes()
    last = whole[whole.rfind(b"\n") + 1 :]
    if _entry(last) is None:
        os.truncate(file, len(whole) - len(last))
    else:
        with file.open("ab") as stream:
            stream.write(b"\n")
