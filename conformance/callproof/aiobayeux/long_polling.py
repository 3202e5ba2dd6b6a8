"""Long-polling: each array of messages is a POST, and its answer comes back on it (Bayeux 1.0, The long-polling Transport)."""

from __future__ import annotations

from collections.abc import Sequence

from callproof.bayeux import CONNECT, Message
from callproof.shortening import to_show
from callproof.wire import Delivery, Exchange, HttpAgent, NoAnswer, NotJson, Reason, Traffic

from .transport import Broken, Hear

#: The reasons whose details tell a person what to change.
_EXPLAINED = (Reason.TLS_FAILED, Reason.PROXY_REFUSED, Reason.NOT_SENT)


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
            "POST",
            self._url,
            json=list(messages),
            timeout_s=limit_s,
            traffic=Traffic.BAYEUX,
            held=messages[0]["channel"] == CONNECT,
        )
        if isinstance(outcome, NoAnswer):
            raise Broken(no_answer(outcome), None, outcome.id, outcome.reason)
        if outcome.status != 200:
            raise Broken(f"the answer was {answer_in_words(outcome)}", outcome.status, outcome.id)
        if isinstance(outcome.value, NotJson):
            raise Broken(f"the answer was {outcome.unreadable or 'empty'}", None, outcome.id)
        await self._hear(Delivery(outcome.value, outcome.id, outcome.answer_id, outcome.received))

    async def close(self) -> None:
        """Do nothing: the connections belong to the agent."""


def no_answer(outcome: NoAnswer) -> str:
    """Return a clause that says why the answer is missing."""
    detail = f" ({outcome.told})" if outcome.reason in _EXPLAINED and outcome.detail else ""
    return f"there was no answer: {outcome.reason.value}{detail}"


def answer_in_words(outcome: Exchange) -> str:
    """Return the status with the server's own explanation, if the body is the envelope of the API; an HTML page is called one."""
    if outcome.unreadable.endswith("an HTML page"):
        return outcome.unreadable
    message = outcome.value.get("statusMessage") if isinstance(outcome.value, dict) else None
    return f"HTTP {outcome.status}" + (
        f": {to_show(message, 200, '...')}" if isinstance(message, str) else ""
    )
