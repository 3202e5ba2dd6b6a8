"""What a session asks of a transport: to carry messages, and to hand on whatever comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from callproof.bayeux import Message
from callproof.wire import Delivery

Hear: TypeAlias = Callable[[Delivery], Awaitable[None]]
"""Takes what an answer or a frame brought. It may take its time: nothing more is read meanwhile."""


class Broken(Exception):
    """The messages were not carried, or not answered: the network failed, or what came can be read by no Bayeux client.

    `status` is that of the HTTP answer, if there was one, `exchange_id` the transcript's id of the request.
    """

    def __init__(self, why: str, status: int | None = None, exchange_id: str = "") -> None:
        self.status = status
        self.exchange_id = exchange_id
        super().__init__(why)


class Refused(Broken):
    """This transport does not work at this address, and trying again will not help."""


class Transport(Protocol):
    """Carries messages for one session. Several calls of `carry` may be under way."""

    async def carry(self, messages: Sequence[Message], limit_s: float) -> None:
        """Send the messages in one array; return when what answers them has been heard.

        Raises Broken; a transport that must be opened first has `limit_s` seconds for that, and as many for the answer.
        """

    async def close(self) -> None:
        """Break off what is under way and leave nothing open."""
