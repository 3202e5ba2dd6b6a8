"""Keeps one agent's Bayeux session alive and writes down everything that comes over it.

The protocol is the client's, the transport the carrier's; here is what waits: for the next step, for an
answer, for something to be heard.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from callproof.bayeux import (
    CONNECT,
    Action,
    Client,
    ConnectDone,
    ConnectFailed,
    Delivered,
    Disconnected,
    Event,
    HandshakeDone,
    HandshakeFailed,
    Json,
    Message,
    NextStep,
    NotPossibleNow,
    Oddity,
    ProtocolFault,
    State,
    Subscribed,
    SubscribeRefused,
    Unanswered,
    UnknownClient,
)

from .exchange import Exchange, Identity, NoAnswer
from .heard import FactKind, NotReady, Ready
from .http import HttpAgent
from .journal import Journal
from .long_polling import Carried, Carrier, LongPolling, NotCarried

__all__ = ["Recorder"]


class Recorder(Journal):
    """One agent's ears: `open`, then read the journal and wait on it, then `close`.

    `hold_ms` asks the server to hold connects no longer than that, so that a session shows signs of life
    while nothing happens; a server should heed it (Bayeux 1.0, timeout advice field).
    """

    def __init__(
        self,
        agent: HttpAgent,
        cometd_url: str,
        channels: Sequence[str],
        *,
        carrier: Carrier | None = None,
        hold_ms: int | None = None,
        network_allowance_s: float = 10.0,
        backoff_increment_s: float = 1.0,
        backoff_limit_s: float = 10.0,
    ) -> None:
        super().__init__(agent.name, agent.clock, agent.transcript)
        self.agent = agent
        self._carrier = LongPolling(agent, cometd_url) if carrier is None else carrier
        self._channels = tuple(channels)
        self._network_allowance_s = network_allowance_s
        self._backoff_increment_s = backoff_increment_s
        self._backoff_limit_s = backoff_limit_s
        self._hold_ms = hold_ms
        self._client = self._new_client()
        self._side = asyncio.Lock()
        self._is_holding = False
        self._loop: asyncio.Task[None] | None = None

    def _new_client(self) -> Client:
        return Client(
            self._channels,
            connection_types=[self._carrier.connection_type],
            network_allowance_s=self._network_allowance_s,
            backoff_increment_s=self._backoff_increment_s,
            backoff_limit_s=self._backoff_limit_s,
        )

    @property
    def client_id(self) -> str | None:
        """The id of the session, for messages made by hand."""
        return self._client.client_id

    @property
    def state(self) -> State:
        return self._client.state

    def new_id(self) -> str:
        """Return a message id that is free, for a message made by hand."""
        return self._client.new_id()

    async def open(self) -> Ready | NotReady:
        """Handshake, subscribe, let one connect complete; then go on connecting in the background.

        One attempt is made: whatever fails is told, and nothing runs on. A recorder that was closed, or did
        not get ready, may be opened again; its journal goes on.
        """
        if self._loop is not None:
            raise RuntimeError(f"the recorder of {self.agent.name} is open")
        self._client = self._new_client()
        while (step := self._client.next_step()).action is not Action.STOP:
            await self._clock.sleep(step.after_s)
            carried, events = await self._take_step(step)
            trouble = next((text for event in events if (text := _trouble(event))), None)
            if trouble is not None:
                await self.close()
                why = f": {carried.why}" if isinstance(carried, NotCarried) else ""
                return NotReady(trouble + why, carried.exchange)
            client_id = self._client.client_id
            if client_id is not None and any(isinstance(event, ConnectDone) for event in events):
                self._loop = asyncio.create_task(
                    self._keep_connected(), name=f"connects of {self.agent.name}"
                )
                return Ready(self._session_number, client_id)
        await self.close()
        return NotReady("the server advises not to connect at all", None)

    async def close(self, limit_s: float = 5.0) -> None:
        """Disconnect, let the held connect end, and stop; wait no longer than this for either.

        Nothing is left running, whether the server answers or not. An error of ours that stopped the
        background work is raised here.
        """
        try:
            farewell = [self._client.disconnect()]
            await self._carry(farewell, limit_s)
        except NotPossibleNow:
            pass  # there is no session to end
        loop, self._loop = self._loop, None
        if loop is None:
            return
        if self._is_holding:
            await asyncio.wait({loop}, timeout=limit_s)
        loop.cancel()
        await asyncio.wait({loop})
        if not loop.cancelled():
            loop.result()

    async def raw_exchange(
        self, messages: Json, *, identity: Identity | None = None, limit_s: float | None = None
    ) -> Exchange | NoAnswer:
        """Send messages made by hand, or any JSON value, beside the session; return what came of it.

        `identity` sends them as somebody else. Events that come with the answer to a message of this
        session are heard as always; its replies are the caller's.
        """
        limit = self.agent.timeout_s if limit_s is None else limit_s
        outcome = await self._carrier.carry(messages, limit, identity=identity)
        if isinstance(outcome, Carried) and self._is_ours(messages):
            self._keep(outcome, self._client.overhear(outcome.value), only_events=True)
            await self._announce()
        return outcome.exchange

    async def subscribe(self, channel: str, *more: str) -> Exchange | NoAnswer:
        """Subscribe this session, and those after it, to more channels; several travel as one array."""
        carried, _ = await self._carry([self._client.subscribe(channel, *more)], self.agent.timeout_s)
        return carried.exchange

    async def unsubscribe(self, channel: str, *more: str) -> Exchange | NoAnswer:
        """Unsubscribe from channels, in this session and those after it."""
        carried, _ = await self._carry([self._client.unsubscribe(channel, *more)], self.agent.timeout_s)
        return carried.exchange

    async def prove_alive(self, limit_s: float | None = None) -> bool:
        """Ask the server, beside the held connect, whether it still knows the session; say whether it does.

        It is asked to subscribe to what is subscribed to already, which changes nothing on a server that
        keeps one copy per session (CometD: subscribing twice is idempotent).
        """
        if not self._client.subscriptions or self._client.state is not State.CONNECTED:
            return False
        message = [self._client.subscribe(self._client.subscriptions[0])]
        carried, events = await self._carry(message, self.agent.timeout_s if limit_s is None else limit_s)
        known = any(isinstance(event, Subscribed) for event in events)
        if known:
            self._learn(FactKind.CONFIRMED, carried.exchange)
            await self._announce()
        return known

    async def _keep_connected(self) -> None:
        try:
            while (step := self._client.next_step()).action is not Action.STOP:
                await self._clock.sleep(step.after_s)
                if self._client.next_step().action is step.action:
                    await self._take_step(step)
        finally:
            self._stop()
            await self._announce()

    async def _take_step(self, step: NextStep) -> tuple[Carried | NotCarried, list[Event]]:
        messages: list[Message]
        limit_s = self.agent.timeout_s
        match step.action:
            case Action.HANDSHAKE:
                messages = [self._client.handshake()]
            case Action.SUBSCRIBE:
                messages = [self._client.subscribe(channel) for channel in step.channels]
            case Action.CONNECT:
                messages = [self._client.connect(hold_ms=self._hold_ms)]
                limit_s = self._client.held_connect_limit_s
            case Action.WAIT | Action.STOP:
                raise RuntimeError(f"nothing can be sent now: {step.action.value}")
        return await self._carry(messages, limit_s)

    async def _carry(
        self, messages: Sequence[Message], limit_s: float
    ) -> tuple[Carried | NotCarried, list[Event]]:
        """Send messages of the client and tell it what came of them.

        A held connect has its own way; all else goes one request after the other beside it.
        """
        async with self._holding() if messages[0]["channel"] == CONNECT else self._side:
            carried = await self._carrier.carry(list(messages), limit_s)
        events: list[Event] = []
        if isinstance(carried, Carried):
            events += self._client.receive(carried.value)
        events += self._client.over(messages)
        self._keep(carried, events)
        await self._announce()
        return carried, events

    @contextlib.asynccontextmanager
    async def _holding(self) -> AsyncIterator[None]:
        self._is_holding = True
        try:
            yield
        finally:
            self._is_holding = False

    def _keep(
        self, carried: Carried | NotCarried, events: Sequence[Event], *, only_events: bool = False
    ) -> None:
        exchange = carried.exchange
        if isinstance(carried, NotCarried):
            self._learn(FactKind.TRANSPORT_ERROR, exchange, carried.why)
        if any(isinstance(event, HandshakeDone) for event in events):
            self._begin_session()
        if isinstance(carried, Carried):
            delivered = {event.index for event in events if isinstance(event, Delivered)}
            self._hear(carried.exchange, carried.value, delivered, only_events=only_events)
        for event in events:
            if isinstance(event, Oddity | ProtocolFault):
                self._remark(exchange, event)
            elif (fact := _fact_of(event)) is not None:
                self._learn(fact[0], exchange, fact[1])

    def _is_ours(self, messages: Json) -> bool:
        sent = messages if isinstance(messages, list) else [messages]
        ours = self._client.client_id
        return ours is not None and any(isinstance(one, dict) and one.get("clientId") == ours for one in sent)


def _fact_of(event: Event) -> tuple[FactKind, str] | None:
    match event:
        case HandshakeDone():
            return FactKind.SESSION_BEGUN, ""
        case Subscribed(channels=channels):
            return FactKind.SUBSCRIBED, ", ".join(channels)
        case ConnectDone():
            return FactKind.CONNECT_COMPLETED, ""
        case ConnectFailed(error=error):
            return FactKind.CONNECT_FAILED, str(error)
        case UnknownClient(error=error):
            return FactKind.SESSION_LOST, "" if error is None else str(error)
        case Disconnected(by_server=True):
            return FactKind.SESSION_LOST, "the server ended the session"
    return None


def _trouble(event: Event) -> str | None:
    """Say in a clause why this event keeps a session from getting ready, if it does."""
    match event:
        case HandshakeFailed(error=error):
            return f"the handshake was refused ({error})"
        case SubscribeRefused(channels=channels, error=error):
            return f"the subscription to {', '.join(channels)} was refused ({error})"
        case ConnectFailed(error=error):
            return f"the connect was refused ({error})"
        case UnknownClient():
            return "the server does not know the session it has just made"
        case Disconnected():
            return "the server ended the session"
        case Unanswered(channel=channel):
            return f"there was no reply on {channel}"
    return None
