"""What a session needs of a transport: to carry messages, and to pass on what arrives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from callproof.bayeux import Message
from callproof.wire import Delivery, Reason

Hear: TypeAlias = Callable[[Delivery], Awaitable[None]]
"""Takes the messages of an answer or a frame. Reading pauses until it returns."""


class Broken(Exception):
    """The messages were not transported or not answered: the network failed, or a Bayeux client cannot read the answer.

    `status` is that of the HTTP answer, if there was one, `exchange_id` the transcript's id of the request; `reason` says why there
    was no answer.
    """

    def __init__(
        self, why: str, status: int | None = None, exchange_id: str = "", reason: Reason | None = None
    ) -> None:
        self.status = status
        self.exchange_id = exchange_id
        self.reason = reason
        super().__init__(why)


class Refused(Broken):
    """The server does not offer this transport at this address, so the session leaves it."""


class Transport(Protocol):
    """Carries messages for one session. Several calls of `carry` may be under way."""

    async def carry(self, messages: Sequence[Message], limit_s: float) -> None:
        """Send the messages in one array; return when their answers have been passed on.

        Raises Broken; a transport that must be opened first has `limit_s` seconds for that, and as many for the answer.
        """

    async def close(self) -> None:
        """End all open requests and close everything."""
