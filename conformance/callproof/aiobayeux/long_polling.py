"""Long-polling: each array of messages is a POST, and its answer comes back on it (Bayeux 1.0, The long-polling Transport)."""

from __future__ import annotations

from collections.abc import Sequence

from callproof.bayeux import Message
from callproof.shortening import to_show
from callproof.wire import Delivery, Exchange, HttpAgent, NoAnswer, NotJson, Traffic

from .transport import Broken, Hear


class LongPolling:
    """Posts to one URL, without a suffix for the message type.

    A held connect does not delay other requests: each takes its own connection from the agent's pool.
    """

    def __init__(self, agent: HttpAgent, url: str, hear: Hear) -> None:
        self._agent = agent
        self._url = url
        self._hear = hear

    async def carry(self, messages: Sequence[Message], limit_s: float) -> None:
        """Send, and pass the answer on. Raises Broken for every status except 200, the only one that CometD clients read."""
        outcome = await self._agent.request(
            "POST", self._url, json=list(messages), timeout_s=limit_s, traffic=Traffic.BAYEUX
        )
        if isinstance(outcome, NoAnswer):
            raise Broken(no_answer(outcome), None, outcome.id)
        if outcome.status != 200:
            why = f"the answer was HTTP {outcome.status}{_said(outcome)}"
            raise Broken(why, outcome.status, outcome.id)
        if isinstance(outcome.value, NotJson):
            raise Broken(f"the answer was not JSON: {outcome.value.reason}", None, outcome.id)
        await self._hear(Delivery(outcome.value, outcome.id, outcome.answer_id, outcome.received))

    async def close(self) -> None:
        """Do nothing: the connections belong to the agent."""


def no_answer(outcome: NoAnswer) -> str:
    """Return a clause that says why the answer is missing."""
    return f"there was no answer: {outcome.reason.value}"


def _said(outcome: Exchange) -> str:
    """The server's own explanation, if the body is the envelope of the API."""
    message = outcome.value.get("statusMessage") if isinstance(outcome.value, dict) else None
    return f": {to_show(message, 200, '...')}" if isinstance(message, str) else ""
