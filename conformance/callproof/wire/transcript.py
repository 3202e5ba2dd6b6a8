"""The record of a run: every request, answer and notification in order of time, masked when it is written.

Reports are made from it alone, so a secret that is masked here is masked in every report.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from pathlib import Path

from callproof import limits
from callproof.bayeux import Json
from callproof.not_written import FileNotWritten
from callproof.redaction import Redactor

from .clock import Clock, SystemClock
from .line_file import LineFile

_LEFT_OUT = f"the transcript has reached {limits.TRANSCRIPT_BYTES.option}"


class Kind(StrEnum):
    """The kind of an entry.

    `notification` is one event of a `bayeux-response`. An entry about a frame has `web_socket`, the id
    of the entry of the upgrade.
    """

    REQUEST = "request"
    RESPONSE = "response"
    NOTIFICATION = "notification"
    BAYEUX_REQUEST = "bayeux-request"
    BAYEUX_RESPONSE = "bayeux-response"
    NOTE = "note"


@dataclass(frozen=True)
class Entry:
    """One line of the transcript.

    `ms` counts from the start of the transcript, `wall` is the time of day in UTC.
    """

    id: str
    ms: float
    wall: str
    agent: str
    kind: Kind
    body: Mapping[str, Json]

    def as_json(self) -> dict[str, Json]:
        return {
            "id": self.id,
            "ms": self.ms,
            "wall": self.wall,
            "agent": self.agent,
            "kind": self.kind.value,
            "body": dict(self.body),
        }


class Transcript:
    """An append-only list of entries. If `file` is given, each is also written there at once, as a line.

    Everything passes the redactor before it is kept or written. Recording never raises OSError: `failure` says why the file is not
    whole, and the entries are kept all the same.
    """

    def __init__(self, clock: Clock, redactor: Redactor | None = None, file: Path | None = None) -> None:
        self._clock = clock
        self.redactor = Redactor() if redactor is None else redactor
        self._started = clock.monotonic()
        self._entries: list[Entry] = []
        self._most_bytes = limits.TRANSCRIPT_BYTES.default
        self._bytes = 0
        self._file = None if file is None else LineFile(file, fresh=True)

    def bound(self, most_bytes: int) -> None:
        """Keep no contents beyond this size."""
        self._most_bytes = most_bytes

    @property
    def is_full(self) -> bool:
        """Whether contents have been left out because the transcript has reached its bound."""
        return self._bytes > self._most_bytes

    @property
    def entries(self) -> Sequence[Entry]:
        return tuple(self._entries)

    @property
    def failure(self) -> FileNotWritten | None:
        """Why the file is not whole; None if it is, or if there is none."""
        return None if self._file is None else self._file.failure

    def mark(self) -> int:
        """Return the position of the next entry, for `since`."""
        return len(self._entries)

    def since(self, mark: int) -> Sequence[Entry]:
        return tuple(self._entries[mark:])

    def record(
        self,
        agent: str,
        kind: Kind,
        body: Mapping[str, Json],
        headers: Iterable[tuple[str, str]] | None = None,
    ) -> Entry:
        """Append a masked entry and return it. `headers` become a member of the body."""
        masked: dict[str, Json] = {} if headers is None else {"headers": self.redactor.headers(headers)}
        content = self.redactor.value(dict(body))
        assert isinstance(content, dict)
        content = self._within_bound({**content, **masked})
        entry = Entry(
            id=f"t{len(self._entries) + 1:04d}",
            ms=round((self._clock.monotonic() - self._started) * 1000, 3),
            wall=self._clock.now().astimezone(UTC).isoformat(timespec="milliseconds"),
            agent=agent,
            kind=kind,
            body=content,
        )
        self._entries.append(entry)
        if self._file is not None:
            self._file.write(json.dumps(entry.as_json()))
        return entry

    def _within_bound(self, content: dict[str, Json]) -> dict[str, Json]:
        """The content, or what is left of it when the transcript is full."""
        if not self.is_full:
            self._bytes += len(json.dumps(content))
        return {"left_out": _LEFT_OUT} if self.is_full else content

    def note(self, agent: str, text: str) -> Entry:
        """Append a remark of the suite's own."""
        return self.record(agent, Kind.NOTE, {"text": text})

    def close(self) -> None:
        """Close the file, if there is one. The entries stay."""
        if self._file is not None:
            self._file.close()


class Unrecorded(Transcript):
    """A transcript that keeps nothing, for a program that may listen for weeks. Its redactor learns secrets all the same."""

    def __init__(self, redactor: Redactor | None = None) -> None:
        super().__init__(SystemClock(), redactor)

    def record(
        self,
        agent: str,
        kind: Kind,
        body: Mapping[str, Json],
        headers: Iterable[tuple[str, str]] | None = None,
    ) -> Entry:
        return Entry("", 0.0, "", agent, kind, {})
