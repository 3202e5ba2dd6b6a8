"""The agents' sessions as a scenario needs them: requests out, notifications in, and what silence means.

`AgentSessions` is all that playing a scenario asks of the network, so a scripted server in virtual time is one class in a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from callproof.bayeux import LONG_POLLING
from callproof.json_values import Json
from callproof.judge.notification import Notification
from callproof.judge.played import Reply


@dataclass(frozen=True)
class Request:
    """An HTTP request of the API. `path` is below the base; of `body` and `text` at most one is there."""

    method: str
    path: str
    body: Json = None
    text: str | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    credentials: str = "own"


@dataclass(frozen=True)
class Batch:
    """Bayeux messages, or any text, in one request to the CometD end-point. `path` is added to its address.

    With `over` websocket the messages are a frame, on a WebSocket that is opened for it and closed after the replies.
    """

    messages: tuple[Mapping[str, Json], ...] = ()
    text: str | None = None
    credentials: str = "own"
    path: str = ""
    limit_s: float | None = None
    over: str = LONG_POLLING


class AgentSessions(Protocol):
    """One session for each agent, and the time."""

    @property
    def agents(self) -> Sequence[str]:
        """The agents that have a session."""

    def now(self) -> float:
        """Seconds since some moment."""

    async def request(self, agent: str, request: Request) -> Reply:
        """Send a request of the API; return what came of it, never raise for a bad network."""

    async def exchange(self, agent: str, batch: Batch) -> Reply:
        """Send Bayeux messages beside the agent's own session."""

    def log(self, agent: str) -> Sequence[Notification]:
        """Everything the agent's session was told on the calls' channel; the position is the place in this list."""

    async def changed(self, seen: Mapping[str, int], until: float) -> None:
        """Come back when some agent's log is longer than what was seen, or at this moment."""

    async def alive(self, agent: str, since: float) -> bool:
        """Whether the agent's session gave a sign of life since then; the server is asked if it did not."""

    def interrupted(self, agent: str, since: float) -> bool:
        """Whether the session had to be made anew since then."""


def log_ends(sessions: AgentSessions) -> dict[str, int]:
    """How long each agent's log is now: a mark, for what comes after."""
    return {agent: len(sessions.log(agent)) for agent in sessions.agents}
