"""One line for each request to REST or Bayeux: sender, request, outcome, duration. Never a secret.

The line is written when the answer has been sent, so a held poll is logged at its end. The path appears without its query and
without the values of its parameters; header values and bodies do not appear at all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

from .asgi import Application, Event, Receive, Scope, Send
from .masking import masked_path
from .request import Request, request_of

LogFormat = Literal["text", "json"]

_LONGEST_PATH = 300
_OPENED = "websocket.accept"
_SWITCHING_PROTOCOLS = 101


class RequestLog:
    """An ASGI application around another: passes `write` a line for each HTTP request at its end, and for each WebSocket when it opens."""

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
        began, status = self._seconds(), 0

        async def watched(event: Event) -> None:
            nonlocal status
            status = _status(event) or status
            await send(event)
            if event["type"] == _OPENED:
                self._note(scope, status, began)  # it may stay open for hours

        try:
            await self._application(scope, receive, watched)
        finally:
            if status != _SWITCHING_PROTOCOLS:
                self._note(scope, status, began)

    def _note(self, scope: Scope, status: int, began: float) -> None:
        milliseconds = round((self._seconds() - began) * 1000, 1)
        self._write(self._line(self._facts(request_of(scope), scope["path"], status, milliseconds)))

    def _facts(self, request: Request, path: str, status: int, milliseconds: float) -> dict[str, object]:
        return {
            "time": self._time_of_day().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "agent": request.agent,
            "method": request.method,
            "path": quote(masked_path(path), safe="/~:@!$&'()*+,;=-._")[:_LONGEST_PATH],
            "operation": request.operation,
            "status": status or None,
            "statusCode": request.status_code,
            "ms": milliseconds,
        }


def _status(event: Event) -> int | None:
    """The status of the answer that this event starts; an accepted WebSocket has status 101."""
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
