"""Long-polling: each array of messages is a POST, and its answer comes back on it (Bayeux 1.0, The long-polling Transport)."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from callproof.bayeux import Message
from callproof.wire.exchange import NotJson, read_json
from callproof.wire.reasons import reason_of

from .transport import Broken, Hear

CONNECTION_TYPE = "long-polling"


class LongPolling:
    """Posts to one URL, without a suffix for the message type. `http` brings credentials and keeps cookies."""

    connection_type = CONNECTION_TYPE

    def __init__(self, http: httpx.AsyncClient, url: str, hear: Hear) -> None:
        self._http = http
        self._url = url
        self._hear = hear

    async def carry(self, messages: Sequence[Message], limit_s: float) -> None:
        """Send and hear. Raises Broken for every status but 200: CometD clients read no other."""
        try:
            answer = await self._http.post(self._url, json=messages, timeout=limit_s)
        except httpx.HTTPError as error:
            raise Broken(f"{reason_of(error).value}: {error or type(error).__name__}") from error
        if answer.status_code != 200:
            raise Broken(f"the answer was HTTP {answer.status_code}{_said(answer)}", answer.status_code)
        value = read_json(answer.content)
        if isinstance(value, NotJson):
            raise Broken(f"the answer was no JSON: {value.reason}")
        await self._hear(value)

    async def close(self) -> None:
        """Nothing is open between requests but what belongs to `http`."""


def _said(answer: httpx.Response) -> str:
    """What the server says of it, if that is the envelope of the API."""
    value = read_json(answer.content)
    message = value.get("statusMessage") if isinstance(value, dict) else None
    return f": {message[:200]}" if isinstance(message, str) else ""
