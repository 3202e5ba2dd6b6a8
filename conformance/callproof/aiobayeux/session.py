"""A session that is kept alive: the client says what to do next, transports carry it, events come out."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias

import httpx

from callproof.bayeux import Action, Client, Event, Json, Message, State

from .long_polling import CONNECTION_TYPE as LONG_POLLING
from .long_polling import LongPolling
from .transport import Broken, Hear, Refused, Transport
from .web_socket import CONNECTION_TYPE as WEBSOCKET
from .web_socket import WebSocket

_FAREWELL_S = 2.0


@dataclass(frozen=True)
class Trouble:
    """Messages were not carried. What is to be done about it is being done; `why` is a clause for a person.

    `status` is that of the HTTP answer that was no Bayeux answer, if there was one.
    """

    why: str
    messages: tuple[Message, ...]
    status: int | None = None


Happening: TypeAlias = Event | Trouble

_MAKERS: Mapping[str, Callable[[httpx.AsyncClient, str, Hear, ssl.SSLContext | None], Transport]] = {
    LONG_POLLING: lambda http, url, hear, _: LongPolling(http, url, hear),
    WEBSOCKET: lambda http, url, hear, tls: WebSocket(http, url, hear, tls=tls),
}


class Session:
    """Stays connected to a CometD server while it is entered. Iterate over it to hear what happens.

    * `channels` are subscribed to in every session, from the first to the last;
    * `login` is a user and a password, sent with every request as HTTP Basic; cookies are kept and sent back;
    * `connection_types` are tried in their order: a transport that is refused is given up for the next;
    * `acknowledge` has lost answers sent again, where the server can;
    * `most_waiting` happenings wait for whoever iterates: then nothing more is read until he does;
    * `tls` is what `https` servers are checked against, by default the usual authorities.

    Raises ValueError for a connection type that there is not.
    """

    def __init__(
        self,
        url: str,
        channels: Sequence[str] = (),
        *,
        login: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        connection_types: Sequence[str] = (LONG_POLLING,),
        acknowledge: bool = True,
        timeout_s: float = 10.0,
        backoff_increment_s: float = 1.0,
        backoff_limit_s: float = 60.0,
        most_waiting: int = 1_000,
        tls: ssl.SSLContext | None = None,
        http_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if unknown := [one for one in connection_types if one not in _MAKERS]:
            raise ValueError(f"no transport for {', '.join(unknown)}; there are {', '.join(_MAKERS)}")
        self.client = Client(
            channels,
            connection_types=connection_types,
            acknowledge=acknowledge,
            network_allowance_s=timeout_s,
            backoff_increment_s=backoff_increment_s,
            backoff_limit_s=backoff_limit_s,
        )
        self._timeout_s = timeout_s
        self._happenings: asyncio.Queue[Happening | None] = asyncio.Queue(most_waiting)
        known = {} if login is None else {"authorization": _basic(*login)}
        self._http = httpx.AsyncClient(
            headers={**known, **(headers or {})},
            verify=True if tls is None else tls,
            transport=http_transport,
            trust_env=False,
        )
        self._transports = {
            name: _MAKERS[name](self._http, url, self._hear, tls) for name in connection_types
        }
        self._running: asyncio.Task[None] | None = None
        self._is_over = False

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Happening:
        """The next happening; the end when the session is over for good."""
        if self._is_over and self._happenings.empty():
            raise StopAsyncIteration
        happening = await self._happenings.get()
        if happening is None:
            if self._running is not None and self._running.done() and not self._running.cancelled():
                self._running.result()  # raises what ended it, if anything did
            raise StopAsyncIteration
        return happening

    async def subscribe(self, channel: str, *more: str) -> bool:
        """Hear these channels from now on, in this session and in those after it. Whether the server has agreed already.

        Not connected, it is done with the next session, and this is False.
        """
        self.client.want(channel, *more)
        if self.client.state in (State.CONNECTING, State.CONNECTED):
            await self._carry([self.client.subscribe(channel, *more)])
        return {channel, *more} <= set(self.client.subscriptions)

    async def unsubscribe(self, channel: str, *more: str) -> None:
        """Hear these channels no longer. What is under way may still come."""
        self.client.want_no_more(channel, *more)
        if self.client.state in (State.CONNECTING, State.CONNECTED):
            await self._carry([self.client.unsubscribe(channel, *more)])

    async def send(self, *messages: Message) -> None:
        """Send messages made with `client` in one array: a batch."""
        await self._carry(messages)

    async def leave(self) -> None:
        """Say good-bye if there is somebody to say it to, and stop. Nothing happens the second time."""
        if self._running is None:
            return
        running, self._running = self._running, None
        if self.client.state in (State.CONNECTING, State.CONNECTED):
            with suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL_S):
                    self._is_over = True  # nobody has to read what still comes
                    await self._carry([self.client.disconnect()])
        running.cancel()
        await asyncio.wait([running])
        for transport in self._transports.values():
            await transport.close()
        await self._http.aclose()

    async def _run(self) -> None:
        """Do what the client says comes next, until it says stop."""
        try:
            while (step := self.client.next_step()).action is not Action.STOP:
                await asyncio.sleep(step.after_s)  # as the client's backoff and the server's advice have it
                if step.after_s and self.client.next_step().action is not step.action:
                    continue
                match step.action:
                    case Action.HANDSHAKE:
                        await self._carry([self.client.handshake()])
                    case Action.SUBSCRIBE:
                        await self._carry([self.client.subscribe(*step.channels)])
                    case Action.CONNECT:
                        await self._carry([self.client.connect()], self.client.held_connect_limit_s)
                    case _:
                        await asyncio.sleep(self._timeout_s)  # a connect that was sent by hand is under way
        finally:
            self._is_over = True
            with suppress(asyncio.QueueFull):
                self._happenings.put_nowait(None)

    async def _carry(self, messages: Sequence[Message], limit_s: float = 0.0) -> None:
        """Carry, over the transport that the session uses; whatever becomes of it, the client is told."""
        connection_type = self.client.connection_type
        broken: Broken | None = None
        try:
            await self._transports[connection_type].carry(messages, limit_s or self._timeout_s)
        except Broken as error:
            broken = error
        lost = self.client.over(messages)
        if isinstance(broken, Refused):
            self.client.give_up(connection_type)
        if broken is not None:
            await self._tell(Trouble(str(broken), tuple(messages), broken.status))
        for event in lost:
            await self._tell(event)

    async def _hear(self, value: Json) -> None:
        for event in self.client.receive(value):
            await self._tell(event)

    async def _tell(self, happening: Happening) -> None:
        if not self._is_over:
            await self._happenings.put(happening)


def _basic(user: str, password: str) -> str:
    """The value of an Authorization header (RFC 7617)."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")
