"""The commands that calls take. All are frozen; a request's body is kept as it was posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from refswitch.stubs import bodies

from .model import LegKey, Supervision
from .user_data import UserData


@dataclass(frozen=True, slots=True)
class Operate:
    """An agent requests an operation on one of their legs. `body` is the request's validated body.

    `is_simulated`: the party at the destination is to be simulated, even if it is a seat.
    """

    leg: LegKey
    body: bodies.CallOperation
    is_simulated: bool = False

    @property
    def operation(self) -> str:
        """The operationName."""
        return self.body["operationName"]


@dataclass(frozen=True, slots=True)
class Dial:
    """An agent places a call from their device: like Operate, but there is no leg yet."""

    agent: str
    body: bodies.DiallingOperation
    is_simulated: bool = False

    @property
    def operation(self) -> str:
        """The operationName."""
        return self.body["operationName"]


@dataclass(frozen=True, slots=True)
class Arrive:
    """A call arrives from outside, directly at a seat or through a queue. Without `to`, the queue finds an agent."""

    caller: str
    to: str | None = None
    dnis: str | None = None
    user_data: UserData = field(default_factory=dict)
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A dialler offers an agent an outbound call to `number` before it dials."""

    agent: str
    number: str
    user_data: UserData = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FarEnd:
    """A party that is not a seat acts. `call_id` is the one under which it was dialled or called in."""

    call_id: str
    number: str
    event: Literal["answers", "fails", "hangs-up", "holds", "resumes"]


@dataclass(frozen=True, slots=True)
class Supervise:
    """A supervisor asks, on their device, to hear another agent's calls; None asks to stop hearing them."""

    supervisor: str
    supervision: Supervision | None

    @property
    def operation(self) -> str:
        """The operationName that was posted."""
        return "CancelSupervisorMonitoring" if self.supervision is None else self.supervision.how


@dataclass(frozen=True, slots=True)
class End:
    """The administrator ends a conversation, named by the call id under which it began; None means all of them."""

    conversation: str | None = None


Command = Operate | Dial | Arrive | Preview | FarEnd | Supervise | End
