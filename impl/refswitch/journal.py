"""What happened at one switch, in order: HTTP requests and answers, Bayeux messages, and the result of each command.

Entries are numbered and carry the model's time but no real time, so the same requests with the same seed on a stopped clock make the
same journal. It keeps no headers, hence no credentials, cookie or CSRF token, and replaces each clientId with another name.
"""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from sys import getsizeof
from typing import Any, Literal, NamedTuple

from .calls import Command, DeviceCommand, Refused, Step
from .limits import JOURNAL_ALIASES, JOURNAL_BODY, JOURNAL_BYTES, JOURNAL_ENTRIES
from .request import Request

Kind = Literal["http", "cometd", "state"]
Facts = Mapping[str, object]

MOST_ENTRIES = JOURNAL_ENTRIES.default
MOST_BYTES = JOURNAL_BYTES.default
MOST_BODY = JOURNAL_BODY.default
#: The rough size of an entry without what it describes.
_ENTRY_BYTES = 400


class Entry(NamedTuple):
    """One thing that happened. `tell` returns the members that only this kind has, and is called when the entry is read."""

    number: int
    seconds: float
    kind: Kind
    event: str
    tell: Callable[[], Facts]
    weight: int

    def facts(self) -> dict[str, object]:
        """The whole entry as JSON values."""
        return {
            "number": self.number,
            "seconds": self.seconds,
            "kind": self.kind,
            "event": self.event,
            **self.tell(),
        }


class Journal:
    """The latest entries, limited in number and size. `now` is the model's clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        # The fields of each entry, with the arguments of its `tell`. Most are never read, so entries are made on reading.
        self._entries: deque[tuple[int, float, Kind, str, Callable[..., Facts], tuple[Any, ...], int]] = (
            deque()
        )
        self._bytes = 0
        self._aliases: OrderedDict[str, str] = OrderedDict()
        self._named = 0
        self._number = 0

    @property
    def last(self) -> int:
        """The number of the latest entry; 0 if there is none."""
        return self._number

    def alias(self, client_id: str) -> str:
        """Another name for a clientId; it stays the same for as long as anybody can use it."""
        if client_id not in self._aliases:
            self._named += 1
            self._aliases[client_id] = f"session-{self._named}"
            if len(self._aliases) > JOURNAL_ALIASES.default:
                self._aliases.popitem(last=False)
        return self._aliases[client_id]

    def entries(self, since: int = 0, kind: Kind | None = None) -> Iterator[Entry]:
        """The entries kept after number `since`, oldest first."""
        return (
            Entry(number, seconds, of_kind, event, partial(tell, *arguments), weight)
            for number, seconds, of_kind, event, tell, arguments, weight in tuple(self._entries)
            if number > since and (kind is None or of_kind == kind)
        )

    @property
    def lost(self) -> int:
        """How many entries were dropped to make room."""
        return self._number - len(self._entries)

    def request(self, request: Request, body: bytes) -> None:
        """A request has arrived completely. Its query is kept as sent."""
        asked = {"agent": request.agent, "method": request.method, "path": request.path}
        if request.query:
            asked["query"] = request.query
        self._add(
            "http",
            "request",
            lambda: {**_without_none(asked), **_body(body)},
            len(body) + getsizeof(request.path) + getsizeof(request.query),
        )

    def answer(self, request: Request, status: int, body: bytes) -> None:
        """A request has been answered."""
        told = {
            "agent": request.agent,
            "operation": request.operation,
            "status": status,
            "statusCode": request.status_code,
        }
        self._add("http", "answer", lambda: {**_without_none(told), **_body(body)}, len(body))

    def received(self, agent: str, messages: Sequence[Mapping[str, object]], body: bytes) -> None:
        """Bayeux messages have arrived from a client of the agent, in this body."""
        for index, message in enumerate(messages):
            alias = self._alias_of(message)
            self._add("cometd", "in", _received, len(body) // len(messages), agent, body, index, alias)

    def sent(self, agent: str, text: str) -> None:
        """A Bayeux message, as JSON text, goes to a client of the agent."""
        alias = None
        if '"clientId"' in text:
            message = json.loads(text)
            if message.get("channel") == "/meta/handshake" and isinstance(message.get("clientId"), str):
                self.alias(message["clientId"])
            alias = self._alias_of(message)
        self._add("cometd", "out", _sent, len(text), agent, text, alias)

    def carried_out(self, command: Command | DeviceCommand, step: Step | Refused) -> None:
        """The result of a command: what changed for whom, or why nothing did."""
        if isinstance(step, Refused):
            told: Facts = {"refused": str(step)}
        else:
            legs = [(change.view.leg, change.notification_type) for change in step.changes]
            changes = [
                {"agent": leg.key.agent, "id": leg.key.call_id, "state": leg.state.value, "told": kind}
                for leg, kind in legs
            ]
            told = {"changes": changes} | ({"devices": list(step.devices)} if step.devices else {})
        self._add(
            "state",
            type(command).__name__,
            lambda: {"command": _plain(command), **told},
            _weight(command) + _weight(told),
        )

    def happened(self, event: str, **facts: object) -> None:
        """Something other than a command happened, for example to the clock."""
        self._add("state", event, lambda: {"facts": facts}, _weight(facts))

    def _add(
        self, kind: Kind, event: str, tell: Callable[..., Facts], weight: int, *arguments: object
    ) -> None:
        weight += _ENTRY_BYTES
        self._number += 1
        self._entries.append((self._number, self._now(), kind, event, tell, arguments, weight))
        self._bytes += weight
        while self._bytes > MOST_BYTES or len(self._entries) > MOST_ENTRIES:
            if len(self._entries) == 1:
                return
            self._bytes -= self._entries.popleft()[6]

    def _alias_of(self, message: Mapping[str, object]) -> str | None:
        """The name that replaces the message's clientId, if it has one: anybody who knows a clientId can take its messages."""
        if "clientId" not in message:
            return None
        client_id = message["clientId"]
        known = self._aliases.get(client_id) if isinstance(client_id, str) else None
        return known or "unknown"


def _weight(value: Any) -> int:
    """The bytes of memory that a command, or facts about one, take up. What several values share is counted for each of them."""
    weight, found = 0, [value]
    while found:
        one = found.pop()
        weight += getsizeof(one)
        if isinstance(one, Mapping):
            found.extend(one.keys())
            found.extend(one.values())
        elif isinstance(one, (tuple, list)):
            found.extend(one)
        elif is_dataclass(one):
            found.extend(getattr(one, field.name) for field in fields(one))
    return weight


def _received(agent: str, body: bytes, index: int, alias: str | None) -> Facts:
    value = json.loads(body)
    return {"agent": agent, "message": _masked(value[index] if isinstance(value, list) else value, alias)}


def _sent(agent: str, text: str, alias: str | None) -> Facts:
    return {"agent": agent, "message": _masked(json.loads(text), alias)}


def _masked(message: Mapping[str, object], alias: str | None) -> Mapping[str, object]:
    return message if alias is None else {**message, "clientId": alias}


def _body(body: bytes) -> Facts:
    """The parsed body if it is JSON; otherwise its text."""
    if not body:
        return {}
    try:
        return {"body": json.loads(body)}
    except (ValueError, RecursionError):
        return {"text": body.decode("utf-8", "backslashreplace")}


def _without_none(facts: Mapping[str, object]) -> Facts:
    return {name: value for name, value in facts.items() if value is not None}


def _plain(value: Any) -> Any:
    """A value of the call core as JSON; a dataclass becomes an object of the fields that were given."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: _plain(one) for name, one in said.items() if one not in (None, "", (), {}, False)}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (tuple, list)) else value
