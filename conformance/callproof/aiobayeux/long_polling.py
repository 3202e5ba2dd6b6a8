"""Long-polling: each array of messages is a POST, and its answer comes back on it (Bayeux 1.0, The long-polling Transport)."""

from __future__ import annotations

from collections.abc import Sequence

from callproof.bayeux import Message
from callproof.wire import Delivery, Exchange, HttpAgent, NoAnswer, NotJson, Traffic

from .transport import Broken, Hear


class LongPolling:
    """Posts to one URL as it is given, without a suffix for the message type.

    A request with a held connect does not delay another: each takes a connection of its own from the agent's pool.
    """

    def __init__(self, agent: HttpAgent, url: str, hear: Hear) -> None:
        self._agent = agent
        self._url = url
        self._hear = hear

    async def carry(self, messages: Sequence[Message], limit_s: float) -> None:
        """Send and hear. Raises Broken for every status but 200: CometD clients read no other."""
        outcome = await self._agent.request(
            "POST", self._url, json=list(messages), timeout_s=limit_s, traffic=Traffic.BAYEUX
        )
        if isinstance(outcome, NoAnswer):
            raise Broken(no_answer(outcome), None, outcome.id)
        if outcome.status != 200:
            why = f"the answer was HTTP {outcome.status}{_said(outcome)}"
            raise Broken(why, outcome.status, outcome.id)
        if isinstance(outcome.value, NotJson):
            raise Broken(f"the answer was no JSON: {outcome.value.reason}", None, outcome.id)
        await self._hear(Delivery(outcome.value, outcome.id, outcome.answer_id, outcome.received))

    async def close(self) -> None:
        """Nothing is open between requests but what belongs to the agent."""


def no_answer(outcome: NoAnswer) -> str:
    """Say in a clause why there was no answer."""
    return f"there was no answer: {outcome.reason.value}"


def _said(outcome: Exchange) -> str:
    """What the server says of it, if that is the envelope of the API."""
    message = outcome.value.get("statusMessage") if isinstance(outcome.value, dict) else None
    return f": {message[:200]}" if isinstance(message, str) else ""
