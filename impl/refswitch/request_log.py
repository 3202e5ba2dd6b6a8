"""One line for each request, of REST and of Bayeux alike: who, what, what came of it, how long it took. Never a secret.

Written when the answer has gone, so a held poll is logged at its end. The path stands without its query; header values and bodies
do not appear at all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

Scope: TypeAlias = Mapping[str, Any]  # ASGI 3.0: its values are of many types, checked where they are read
Event: TypeAlias = MutableMapping[str, Any]  # as above
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
LogFormat = Literal["text", "json"]

_KEY = "refswitch.record"
_LONGEST_PATH = 300


@dataclass(slots=True)
class Record:
    """What the rooms inside learn about a request: they fill it in as they do."""

    agent: str | None = None
    operation: str | None = None
    status_code: int | None = None


def record_of(scope: Scope) -> Record:
    """The record of this request; one that nobody reads when there is no log."""
    record = scope.get(_KEY)
    return record if isinstance(record, Record) else Record()


def recorded(scope: Scope) -> tuple[Scope, Record]:
    """The scope with a record in it, and the record: the one that is there, or a new one."""
    record = scope.get(_KEY)
    if isinstance(record, Record):
        return scope, record
    record = Record()
    return {**scope, _KEY: record}, record


_OPENED = "websocket.accept"
_SWITCHING_PROTOCOLS = 101


class RequestLog:
    """An ASGI application around another: hands `write` one line for each HTTP request at its end, and for each WebSocket when it opens."""

    def __init__(
        self,
        application: Application,
        write: Callable[[str], None],
        form: LogFormat = "text",
        *,
        time_of_day: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._application = application
        self._write = write
        self._line = _as_json if form == "json" else _as_text
        self._time_of_day = time_of_day
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        scope, record = recorded(scope)
        began, status = self._seconds(), 0

        def note() -> None:
            milliseconds = round((self._seconds() - began) * 1000, 1)
            self._write(self._line(self._facts(scope, record, status, milliseconds)))

        async def watched(event: Event) -> None:
            nonlocal status
            status = _status(event) or status
            await send(event)
            if event["type"] == _OPENED:
                note()  # it may stay open for hours

        try:
            await self._application(scope, receive, watched)
        finally:
            if status != _SWITCHING_PROTOCOLS:
                note()

    def _facts(self, scope: Scope, record: Record, status: int, milliseconds: float) -> dict[str, object]:
        return {
            "time": self._time_of_day().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "agent": record.agent,
            "method": scope.get("method", "GET"),
            "path": quote(scope["path"], safe="/~:@!$&'()*+,;=-._")[:_LONGEST_PATH],
            "operation": record.operation,
            "status": status or None,
            "statusCode": record.status_code,
            "ms": milliseconds,
        }


def _status(event: Event) -> int | None:
    """The status that this event is the beginning of: a WebSocket that is accepted switches protocols."""
    if event["type"] in ("http.response.start", "websocket.http.response.start"):
        return int(event["status"])
    return _SWITCHING_PROTOCOLS if event["type"] == _OPENED else None


def _as_json(facts: Mapping[str, object]) -> str:
    return json.dumps({name: value for name, value in facts.items() if value is not None})


def _as_text(facts: Mapping[str, object]) -> str:
    shown = {name: "-" if value is None else str(value) for name, value in facts.items()}
    return (
        f"{shown['time']} {shown['agent']} {shown['method']} {shown['path']} {shown['operation']} "
        f"{shown['status']} statusCode={shown['statusCode']} {shown['ms']} ms"
    )
