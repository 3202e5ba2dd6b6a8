"""What can go wrong between the switch and a client: lost, late or defective notifications, and forgotten sessions.

It is done on purpose, to the notifications that one operation causes for the agent who requested it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .bayeux import Cause
from .clock import Clock
from .numbers import Outcome
from .transports import Courier

_LATE_SECONDS = 5.0
_ONE_BY_ONE_SECONDS = 1.0
_HANDSHAKE_LATE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class _Notification:
    """A notification, and how many seconds of the model's clock it is delayed."""

    channel: str
    data: Mapping[str, object]
    after: float = 0.0


@dataclass(slots=True)
class _Affected:
    agent: str
    events: list[_Notification] = field(default_factory=list)


class FaultInjection:
    """Sits between the switch and the courier, and passes everything on while nothing is to go wrong."""

    def __init__(self, courier: Courier, clock: Clock) -> None:
        self._courier = courier
        self._clock = clock
        self._affected: _Affected | None = None

    def publish(self, agent: str, channel: str, data: Mapping[str, object]) -> None:
        if self._affected is not None and self._affected.agent == agent:
            self._affected.events.append(_Notification(channel, data))
        else:
            self._courier.publish(agent, channel, data)

    def deliver(self) -> None:
        self._courier.deliver()

    @contextmanager
    def injecting(self, agent: str, outcome: Outcome) -> Iterator[None]:
        """Collects the agent's notifications, and sends them at the end as the outcome says, or unchanged if the block fails."""
        self._affected = affected = _Affected(agent)
        try:
            yield
            if outcome.session is not None:
                SESSIONS[outcome.session](self._courier, self._clock, agent)
            affected.events = EVENTS[outcome.events](affected.events) if outcome.events else affected.events
            if outcome.defect is not None:
                affected.events[-1:] = [_spoilt(event, outcome.defect) for event in affected.events[-1:]]
        finally:
            self._affected = None
            for event in affected.events:
                self._send(agent, event)
            self._courier.deliver()

    def _send(self, agent: str, event: _Notification) -> None:
        if not event.after:
            self._courier.publish(agent, event.channel, event.data)
            return

        def later() -> None:
            self._courier.publish(agent, event.channel, event.data)
            self._courier.deliver()

        self._clock.call_later(event.after, later)


def _held_back(event: _Notification, seconds: float) -> _Notification:
    return _Notification(event.channel, event.data, seconds)


#: How the notifications of an operation go wrong.
EVENTS: Mapping[str, Callable[[Sequence[_Notification]], list[_Notification]]] = {
    "lost": lambda events: list(events[1:]),
    "twice": lambda events: [event for event in events for _ in range(2)],
    "reversed": lambda events: list(reversed(events)),
    "late": lambda events: [_held_back(event, _LATE_SECONDS) for event in events],
    "one-by-one": lambda events: [
        _held_back(event, number * _ONE_BY_ONE_SECONDS) for number, event in enumerate(events)
    ],
}


_Trouble: TypeAlias = Callable[[Courier, Clock, str], None]


def _forget(cause: Cause) -> _Trouble:
    def forget(courier: Courier, clock: Clock, agent: str) -> None:
        for client in courier.clients():
            if client.owner == agent:
                courier.forget(client.client_id, cause)

    return forget


def _handshake_late(courier: Courier, clock: Clock, agent: str) -> None:
    _forget(Cause.UNKNOWN_CLIENT)(courier, clock, agent)
    courier.hold_back_handshake(agent)
    clock.call_later(_HANDSHAKE_LATE_SECONDS, lambda: courier.let_handshake_go(agent))


def _to_connections(trouble: Callable[[Courier, str], None]) -> _Trouble:
    return lambda courier, clock, agent: trouble(courier, agent)


#: What happens to the agent's sessions and connections before the notifications are sent.
SESSIONS: Mapping[str, _Trouble] = {
    "unknown": _forget(Cause.UNKNOWN_CLIENT),
    "unknown-403": _forget(Cause.UNKNOWN_CLIENT_403),
    "unknown-unadvised": _forget(Cause.UNKNOWN_CLIENT_UNADVISED),
    "cut": _to_connections(Courier.abort),
    "going-away": _to_connections(Courier.go_away),
    "no-stream": _to_connections(Courier.refuse_stream),
    "answer-lost": _to_connections(Courier.lose_answer),
    "handshake-late": _handshake_late,
}


def _spoilt(event: _Notification, defect: Mapping[str, Any]) -> _Notification:
    """A copy of the notification with the one defect; a notification without a call has nothing to damage in the call."""
    data: Any = copy.deepcopy(event.data)
    place = data if defect["in"] == "data" else data.get("call", {})
    if "remove" in defect:
        place.pop(defect["remove"], None)
    elif "set" in defect:
        place.update(copy.deepcopy(defect["set"]))
    else:
        place["userData"] = {**place.get("userData", {}), "long": "x" * defect["long_user_data"]}
    return _Notification(event.channel, data, event.after)
