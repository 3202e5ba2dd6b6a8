"""The agents' sessions as a scenario needs them: requests out, notifications in, and what silence means.

Playing a scenario needs nothing else of the network, so one class of a test can be a scripted server in virtual time.
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
    """An HTTP request of the API. `path` is relative to the base; at most one of `body` and `text` is set."""

    method: str
    path: str
    body: Json = None
    text: str | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    credentials: str = "own"


@dataclass(frozen=True)
class Batch:
    """Bayeux messages, or any text, in one request to the CometD end-point. `path` is appended to its address.

    If `over` is websocket, the messages are one frame on a WebSocket that is opened for it and closed after the replies.
    """

    messages: tuple[Mapping[str, Json], ...] = ()
    text: str | None = None
    credentials: str = "own"
    path: str = ""
    limit_s: float | None = None
    over: str = LONG_POLLING


class AgentSessions(Protocol):
    """One session per agent, and the time."""

    @property
    def agents(self) -> Sequence[str]:
        """The agents that have a session."""

    def now(self) -> float:
        """Seconds since some moment."""

    async def request(self, agent: str, request: Request) -> Reply:
        """Send a request of the API and return the reply. A network failure is a reply too; it never raises."""

    async def exchange(self, agent: str, batch: Batch) -> Reply:
        """Send Bayeux messages beside the agent's own session."""

    def log(self, agent: str) -> Sequence[Notification]:
        """All notifications of the agent's session on the calls' channel; a position is an index of this list."""

    async def changed(self, seen: Mapping[str, int], until: float) -> None:
        """Return when an agent's log has become longer than `seen` says, or at the moment `until`."""

    async def alive(self, agent: str, since: float) -> bool:
        """Whether the agent's session has shown a sign of life since then; if not, the server is asked for one."""

    def interrupted(self, agent: str, since: float) -> bool:
        """Whether a new session had to be started since then."""

    def latency_s(self) -> float:
        """How many seconds an answer takes, as measured so far; 0 before the first."""

    def begin_scenario(self) -> None:
        """Count each agent's messages anew."""

    def flooded(self, agent: str) -> bool:
        """Whether more messages arrived during this scenario than are kept."""


def log_ends(sessions: AgentSessions) -> dict[str, int]:
    """The length of each agent's log: a mark, for what arrives later."""
    return {agent: len(sessions.log(agent)) for agent in sessions.agents}
