"""A session that stays alive: the client says what to do next, transports carry the messages, events come out.

Iterate over a session, or give it an observer. This is the only driver: it can also report how opening went and ask for a sign of life,
and its observer learns which exchange delivered a message.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Protocol, Self

from callproof import limits
from callproof.bayeux import (
    CONNECT,
    LONG_POLLING,
    WEBSOCKET,
    Action,
    Client,
    ConnectDone,
    Event,
    Message,
    NextStep,
    State,
)
from callproof.wire import Basic, Delivery, HttpAgent, Reason

from .long_polling import LongPolling
from .opening import Happening, NotReady, Trouble, why_not_ready
from .transport import Broken, Hear, Refused, Transport
from .web_socket import WebSocket

#: Failures of the way to the server. No transport does better there, and trying another would spend the preferred one.
_OF_THE_WAY = (
    Reason.CONNECTION_REFUSED,
    Reason.HOST_NOT_FOUND,
    Reason.TLS_FAILED,
    Reason.NOT_SENT,
)

_MAKERS: Mapping[str, Callable[[HttpAgent, str, Hear], Transport]] = {
    LONG_POLLING: LongPolling,
    WEBSOCKET: WebSocket,
}


class Observer(Protocol):
    """Receives what happens to a session, in order."""

    def received(self, delivery: Delivery, events: Sequence[Event]) -> None:
        """An answer or a frame arrived, and these are its events."""

    def broke(self, why: str, exchange_id: str) -> None:
        """Messages were not transported, or not answered."""

    def stopped(self) -> None:
        """The session has stopped."""


class Session:
    """Stays connected to a CometD server while it is entered. Iterate over it to receive what happens.

    * `channels` are subscribed to in every session;
    * `login` is a user and a password, sent with every request as HTTP Basic; cookies are kept and returned;
    * `connection_types` are tried in order: the next is used after a transport's first opening fails or is not answered, and after a
      server refuses it. When all have failed, the first is tried again;
    * `acknowledge` has lost answers resent, if the server supports that;
    * `hold_ms` asks the server to hold connects no longer than that, which it should do (Bayeux 1.0, timeout advice field);
    * `most_waiting` limits the happenings that wait to be iterated over; when it is reached, reading pauses;
    * `tls` checks `https` servers, by default against the usual authorities;
    * `agent` carries the messages instead of the session's own, with its login, limits, clock and transcript;
    * `observer` receives everything; iterating then yields nothing.

    Raises ValueError for an unknown connection type.
    """

    def __init__(
        self,
        url: str,
        channels: Sequence[str] = (),
        *,
        login: tuple[str, str] | None = None,
        connection_types: Sequence[str] = (LONG_POLLING,),
        acknowledge: bool = True,
        hold_ms: int | None = None,
        timeout_s: float = limits.ANSWER.default,
        backoff_increment_s: float = limits.PAUSE.default,
        backoff_limit_s: float = limits.LONGEST_PAUSE.default,
        most_waiting: int = limits.WAITING_EVENTS.default,
        tls: ssl.SSLContext | None = None,
        agent: HttpAgent | None = None,
        observer: Observer | None = None,
    ) -> None:
        if unknown := [one for one in connection_types if one not in _MAKERS]:
            raise ValueError(
                f"no transport for {', '.join(unknown)}; the transports are {', '.join(_MAKERS)}"
            )
        self.client = Client(
            channels,
            connection_types=connection_types,
            acknowledge=acknowledge,
            network_allowance_s=timeout_s,
            backoff_increment_s=backoff_increment_s,
            backoff_limit_s=backoff_limit_s,
        )
        url = _with_plain_scheme(url)
        credentials = None if login is None else Basic(*login)
        self._agent = HttpAgent("", url, credentials=credentials, tls=tls) if agent is None else agent
        self._agent_is_own = agent is None
        self._timeout_s = timeout_s
        self._hold_ms = hold_ms
        self._observer = observer
        self._attempt: list[Happening] | None = None  # what has happened to a step of `open`
        self._happenings: asyncio.Queue[Happening | None] = asyncio.Queue(most_waiting)
        self._transports = {name: _MAKERS[name](self._agent, url, self._hear) for name in connection_types}
        self._answered: set[str] = set()  # the transports that have carried an answer
        self._begun: dict[Action, float] = {}  # when each kind of step was last begun
        self._side = asyncio.Lock()
        self._is_holding = False
        self._running: asyncio.Task[None] | None = None
        self._is_over = False

    async def __aenter__(self) -> Self:
        self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Happening:
        """The next happening; stops when the session is over for good."""
        if self._is_over and self._happenings.empty():
            raise StopAsyncIteration
        happening = await self._happenings.get()
        if happening is None:
            if self._running is not None and self._running.done() and not self._running.cancelled():
                self._running.result()  # raises what ended it, if anything did
            raise StopAsyncIteration
        return happening

    async def open(self) -> None:
        """Handshake, subscribe and let one connect complete; then stay connected in the background, until `leave`.

        It makes one attempt over each transport, in order, until one works. Raises NotReady; the session has stopped then.
        """
        tried: set[str] = set()
        while (step := self.client.next_step()).action is not Action.STOP:
            transport, self._attempt = self.client.connection_type, []
            tried.add(transport)
            await self._wait_for(step)
            await self._take(step)
            happenings, self._attempt = self._attempt, None
            if (why := why_not_ready(happenings)) and self.client.connection_type in tried:
                await self.leave()
                raise NotReady(why)
            if any(isinstance(happening, ConnectDone) for happening in happenings):
                self._begin()
                return
        await self.leave()
        raise NotReady("the server advises not to connect at all")

    async def subscribe(self, channel: str, *more: str) -> bool:
        """Subscribe to these channels in this session and in later ones; return whether all are subscribed to already.

        Each has a message of its own, so that a refused one does not take the others with it. If the session is not connected, the
        next one subscribes, and this returns False.
        """
        self.client.want(channel, *more)
        if self.client.state in (State.CONNECTING, State.CONNECTED):
            await self._carry([self.client.subscribe(one) for one in (channel, *more)])
        return {channel, *more} <= set(self.client.subscriptions)

    async def unsubscribe(self, channel: str, *more: str) -> None:
        """Unsubscribe from these channels. Events that were already sent may still arrive."""
        self.client.want_no_more(channel, *more)
        if self.client.state in (State.CONNECTING, State.CONNECTED):
            await self._carry([self.client.unsubscribe(channel, *more)])

    async def send(self, *messages: Message) -> None:
        """Send messages made with `client` in one array: a batch."""
        await self._carry(messages)

    async def ask_for_sign_of_life(self) -> None:
        """Ask the server, beside the held connect, whether it still knows the session; its answer arrives like any other.

        The request repeats a subscription, which changes nothing (CometD: subscribing twice is idempotent). If the session is not
        connected, nothing is sent.
        """
        if self.client.state is State.CONNECTED and self.client.subscriptions:
            await self._carry([self.client.subscribe(self.client.subscriptions[0])])

    async def leave(self, limit_s: float = limits.FAREWELL.default) -> None:
        """Disconnect if connected, let the held connect end, and stop; wait at most `limit_s` for each of the two.

        Nothing stays running, and a second call does nothing. An error in this library that stopped the session is raised here.
        """
        self._is_over = True  # what still arrives need not be read
        if self.client.state in (State.CONNECTING, State.CONNECTED):
            with suppress(TimeoutError):
                async with asyncio.timeout(limit_s):
                    await self._carry([self.client.disconnect()])
        running, self._running = self._running, None
        if running is not None:
            if self._is_holding:
                await asyncio.wait([running], timeout=limit_s)
            running.cancel()
            await asyncio.wait([running])
        for transport in self._transports.values():
            await transport.close()
        if self._agent_is_own:
            await self._agent.aclose()
        if running is not None and not running.cancelled():
            running.result()

    def _begin(self) -> None:
        self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        """Do what the client says comes next, until it says stop."""
        try:
            while (step := self.client.next_step()).action is not Action.STOP:
                await self._wait_for(step)
                if self.client.next_step().action is step.action:
                    await self._take(step)
        finally:
            self._is_over = True
            with suppress(asyncio.QueueFull):
                self._happenings.put_nowait(None)
            if self._observer is not None:
                self._observer.stopped()

    async def _wait_for(self, step: NextStep) -> None:
        """Wait out the client's pause, the server's advice and the spacing of rounds, whichever is longest."""
        begun = self._begun.get(step.action)
        apart_s = 0.0 if begun is None else begun + step.spacing_s - self._agent.clock.monotonic()
        await self._agent.clock.sleep(max(step.after_s, apart_s))

    async def _take(self, step: NextStep) -> None:
        self._begun[step.action] = self._agent.clock.monotonic()
        match step.action:
            case Action.HANDSHAKE:
                await self._carry([self.client.handshake()])
            case Action.SUBSCRIBE:
                await self._carry([self.client.subscribe(channel) for channel in step.channels])
            case Action.CONNECT:
                message = self.client.connect(hold_ms=self._hold_ms)
                await self._carry([message], self.client.held_connect_limit_s)
            case _:
                await self._agent.clock.sleep(self._timeout_s)  # a connect that was sent by hand is under way

    async def _carry(self, messages: Sequence[Message], limit_s: float = 0.0) -> None:
        """Send over the session's transport; the client learns the outcome in any case.

        A held connect has its own connection; everything else is sent in turn beside it (Bayeux 1.0, Two connection operation).
        """
        broken: Broken | None = None
        async with self._holding() if messages[0]["channel"] == CONNECT else self._side:
            transport = self.client.connection_type
            try:
                await self._transports[transport].carry(messages, self._patience_s(transport, limit_s))
            except Broken as error:
                broken = error
        lost = self.client.over(messages)
        if self._does_not_work(transport, broken, answered=not lost):
            self.client.give_up(transport)
        if broken is not None:
            if self._observer is not None:
                self._observer.broke(str(broken), broken.exchange_id)
            fallback = "" if transport in self.client.connection_types else self.client.connection_type
            await self._tell(Trouble(str(broken), tuple(messages), broken.status, broken.reason, fallback))
        for event in lost:
            await self._tell(event)

    def _patience_s(self, transport: str, limit_s: float) -> float:
        """A transport that has never worked gets less time while another one is left to try."""
        patience_s = limit_s or self._timeout_s
        if transport in self._answered or len(self.client.connection_types) == 1:
            return patience_s
        return min(patience_s, limits.OPENING.default)

    def _does_not_work(self, transport: str, broken: Broken | None, *, answered: bool) -> bool:
        """Whether to give a transport up: the server refuses it, or has never answered anything over it.

        The official JavaScript client leaves the WebSocket in the same way, and returns to one that has worked.
        """
        if broken is None and answered:
            self._answered.add(transport)
        if isinstance(broken, Refused):
            return True
        if transport in self._answered or answered:
            return False
        return broken is None or broken.reason not in _OF_THE_WAY

    @asynccontextmanager
    async def _holding(self) -> AsyncIterator[None]:
        self._is_holding = True
        try:
            yield
        finally:
            self._is_holding = False

    async def _hear(self, delivery: Delivery) -> None:
        events = self.client.receive(delivery.value)
        if self._observer is not None:
            self._observer.received(delivery, events)
        for event in events:
            await self._tell(event)

    async def _tell(self, happening: Happening) -> None:
        if self._attempt is not None:
            self._attempt.append(happening)
        if self._observer is None and not self._is_over:
            await self._happenings.put(happening)


def _with_plain_scheme(url: str) -> str:
    """The URL with its scheme in lower case, which is the same URL (RFC 3986, 3.1)."""
    scheme, separator, rest = url.partition("://")
    return scheme.lower() + separator + rest
