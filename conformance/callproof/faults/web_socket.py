"""Carries one client's WebSocket over a faulty line: frames in, frames out, events in their own frames as they become due.

Over a WebSocket a connect is never held back: an event that the line keeps is written when it is due.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from .carrying import Change, Receive, Send
from .line import Line, Sent
from .traffic import Message, Request, as_json, header, is_event


class NotTaken(Exception):
    """The server behind refuses the upgrade with this HTTP status, or does not answer."""

    def __init__(self, status: int | None = None) -> None:
        self.status = status
        super().__init__(f"HTTP {status}")


async def connected(base: str, request: Request) -> ClientConnection:
    """Open a WebSocket to the server behind, as the client that asked for one. Raises NotTaken."""
    known = {name: header(request.headers, name) for name in ("authorization", "cookie", "origin")}
    try:
        return await open_socket(
            "ws" + base.removeprefix("http").rstrip("/") + request.target,
            additional_headers={name: value for name, value in known.items() if value},
            compression=None,
            ping_interval=None,
            max_size=None,
            proxy=None,
        )
    except InvalidStatus as error:
        raise NotTaken(error.response.status_code) from error
    except (OSError, WebSocketException) as error:
        raise NotTaken from error


@dataclass(eq=False)
class Socket:
    """One client's WebSocket, and the server's behind it. `carry` ends with either of them."""

    _line: Line
    _agent: str
    _behind: ClientConnection
    _change: Change
    _now: Callable[[], float]
    _receive: Receive
    _send: Send
    _waiting: dict[str, Sent] = field(default_factory=dict)  # by message id
    _latest: Sent | None = None  # names the session of events that come with no reply
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def carry(self) -> None:
        """Carry frames both ways until the client disconnects or the server closes, which is passed on to the client."""
        reading = self._start(self._from_server())
        listening = self._start(self._from_client())
        self._start(self._write_what_is_due())
        try:
            await asyncio.wait({reading, listening}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.wait(self._under_way)
            for sent in self._waiting.values():
                self._line.holding(sent, -1)
        if not listening.done() or listening.cancelled():
            await self._send({"type": "websocket.close", "code": self._behind.close_code or 1000})

    def _start(self, story: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(story)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    # From the client ----------------------------------------------------------------------------------------------------

    async def _from_client(self) -> None:
        while (event := await self._receive())["type"] == "websocket.receive":
            text = event.get("text") or ""
            batch = _messages(text)
            if batch is None:
                with suppress(ConnectionClosed):
                    await self._behind.send(text)
            else:
                self._start(self._carry(self._line.sent(self._agent, batch, self._now())))

    async def _carry(self, sent: Sent) -> None:
        """Pass on the messages of one frame, and write what the line answers itself."""
        self._change.announce()
        if sent.delay:
            await asyncio.sleep(sent.delay)  # the variant asks for it
        if sent.own:
            await self._write(self._line.received(sent, [], self._now()))
            sent = replace(sent, own=())
        if not sent.onward:
            return
        if any("clientId" in message for message in sent.onward):
            self._latest = sent
        self._waiting |= {str(message.get("id")): sent for message in sent.onward}
        self._line.holding(sent, 1)
        with suppress(ConnectionClosed):  # handled where the server's frames are read
            await self._behind.send(as_json(sent.onward).decode())

    # From the server ----------------------------------------------------------------------------------------------------

    async def _from_server(self) -> None:
        with suppress(ConnectionClosed):
            async for frame in self._behind:
                messages = _messages(frame if isinstance(frame, str) else frame.decode())
                for sent, group in self._grouped(messages or []):
                    replies = self._line.received(sent, group, self._now())
                    await self._write(self._line.compose(sent, replies, self._now()))
                self._change.announce()

    def _grouped(self, messages: Iterable[Message]) -> Iterator[tuple[Sent, list[Message]]]:
        """Pair the messages of a frame with what they answer: a reply and the events before it, lone events with the latest request."""
        group: list[Message] = []
        for message in messages:
            group.append(message)
            if is_event(message):
                continue
            sent = self._waiting.pop(str(message.get("id")), None)
            if sent is not None:
                self._line.holding(sent, -1)
            if (sent := sent or self._latest) is not None:
                yield sent, group
            group = []
        if group and self._latest is not None:
            yield self._latest, group

    async def _write_what_is_due(self) -> None:
        while True:
            change, sent = self._change.next(), self._latest
            due = None
            if sent is not None:
                while events := self._line.frame(sent, self._now()):
                    await self._write(events)
                due = self._line.next_due(sent)
            patience = None if due is None else max(0.0, due - self._now())
            await asyncio.wait({change}, timeout=patience)

    async def _write(self, messages: list[Message]) -> None:
        if messages:
            await self._send({"type": "websocket.send", "text": as_json(messages).decode()})


def _messages(text: str) -> list[Message] | None:
    """The Bayeux messages of a frame; None when it holds anything else."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    whole = isinstance(value, list) and all(isinstance(message, dict) for message in value)
    return value if whole else None
