"""WebSocket: arrays of messages in text frames, both ways at any time (CometD, JavaScript library, transports)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from callproof.bayeux import Json, Message
from callproof.wire import Exchange, HttpAgent, NoAnswer, SocketClosed
from callproof.wire import WebSocket as Socket

from .long_polling import answer_in_words, no_answer
from .transport import Broken, Hear, Refused


class WebSocket:
    """One WebSocket to one URL, opened for the first messages and again after it has broken."""

    def __init__(self, agent: HttpAgent, url: str, hear: Hear) -> None:
        self._agent = agent
        self._url = url
        self._hear = hear
        self._opening = asyncio.Lock()
        self._socket: Socket | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[None]] = {}  # by message id

    async def carry(self, messages: Sequence[Message], limit_s: float) -> None:
        """Send a frame; return when each of its messages has been answered, in whichever frames.

        Raises Refused if the server refuses the upgrade, else Broken.
        """
        socket = await self._opened(limit_s)
        replies = {str(message["id"]): asyncio.get_running_loop().create_future() for message in messages}
        self._waiting |= replies
        try:
            async with asyncio.timeout(limit_s):
                await socket.send(list(messages))
                await asyncio.gather(*replies.values())
        except TimeoutError:
            raise Broken(f"no answer within {limit_s:g} s", None, socket.upgrade.id) from None
        except SocketClosed as error:
            raise Broken(str(error), None, socket.upgrade.id) from error
        finally:
            for message_id, reply in replies.items():
                self._waiting.pop(message_id, None)
                reply.cancel()

    async def close(self) -> None:
        """Close the socket, if one is open."""
        socket, reader = self._socket, self._reader
        if reader is not None:
            reader.cancel()
            await asyncio.wait([reader])
        if socket is not None:
            await socket.close()

    async def _opened(self, limit_s: float) -> Socket:
        async with self._opening:
            if self._socket is None:
                outcome = await self._agent.upgrade(self._url, timeout_s=limit_s)
                if isinstance(outcome, NoAnswer):
                    raise Broken(no_answer(outcome), None, outcome.id, outcome.reason)
                if isinstance(outcome, Exchange):
                    kind = Refused if outcome.status < 500 else Broken
                    why = f"the upgrade was answered with {answer_in_words(outcome)}"
                    raise kind(why, outcome.status, outcome.id)
                self._socket = outcome
                self._reader = asyncio.create_task(self._read(outcome))
                self._reader.add_done_callback(self._let_go)
            return self._socket

    async def _read(self, socket: Socket) -> None:
        """Pass on every frame. Ends by raising SocketClosed."""
        while True:
            delivery = await socket.receive()
            await self._hear(delivery)
            self._answered(delivery.value)

    def _let_go(self, reader: asyncio.Task[None]) -> None:
        """Reading has stopped: raise the reason wherever an answer is still awaited."""
        self._socket = None
        error = SocketClosed("closed") if reader.cancelled() else reader.exception()
        for reply in self._waiting.values():
            if error is not None and not reply.done():
                reply.set_exception(error)

    def _answered(self, value: Json) -> None:
        for message in value if isinstance(value, list) else [value]:
            if isinstance(message, dict) and "data" not in message:
                reply = self._waiting.get(str(message.get("id")))
                if reply is not None and not reply.done():
                    reply.set_result(None)
