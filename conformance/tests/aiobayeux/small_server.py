"""A small Bayeux server to talk to, with switches to make it misbehave, and an agent's session that listens to it."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from callproof.aiobayeux import Session as ClientSession
from callproof.bayeux import Json, Message
from callproof.wire import Basic, Clock, FactKind, HttpAgent, Received, Recorder, Redactor, Transcript

Play = Callable[[Coroutine[None, None, None]], None]

CALLS = "/v2/me/calls"
URL = "http://server.test/api/v2/notifications"
HOLD_S = 30.0


@dataclass
class Session:
    client_id: str
    subscriptions: list[str] = field(default_factory=list)
    queue: list[Json] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    connects: int = 0


class SmallServer:
    """Enough of a CometD server to talk to, and switches to make it misbehave."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.sessions: dict[str, Session] = {}
        self.made = 0
        self.asked: list[tuple[float, str, Message]] = []
        self.is_away = False
        self.lets_go = True
        self.hold_s = HOLD_S
        self.slow_s = 0.0
        self.under_way = 0
        self.most_under_way = 0
        self.status = 200
        self.changed_replies: dict[str, Message] = {}
        self.beside_subscribe: list[Json] = []
        self.beside_connect: list[Json] = []
        self.knows_for: int | None = None  # connects, after which a session is unknown

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("nobody there")
        if self.status != 200:
            return httpx.Response(self.status, text="out of order")
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            return await self.response(request)
        finally:
            self.under_way -= 1

    async def response(self, request: httpx.Request) -> httpx.Response:
        await self.clock.sleep(self.slow_s)
        answers: list[Json] = []
        for message in json.loads(request.content):
            self.asked.append((self.clock.monotonic(), str(message["channel"]), message))
            answers += await self.answer(message)
        if self.is_away:
            raise httpx.ReadError("gone while holding")
        return httpx.Response(200, json=answers, headers={"Set-Cookie": "JSESSIONID=planted-cookie; Path=/"})

    async def answer(self, message: Message) -> list[Json]:
        channel = str(message["channel"])
        reply: Message = {"id": message["id"], "channel": channel, "successful": True}
        session = self.sessions.get(str(message.get("clientId")))
        if channel == "/meta/handshake":
            self.made += 1
            session = Session(f"planted-client-{self.made}")
            self.sessions[session.client_id] = session
            types: list[Json] = ["long-polling"]
            reply |= {"clientId": session.client_id, "version": "1.0", "supportedConnectionTypes": types}
            reply["advice"] = {"reconnect": "retry", "interval": 0, "timeout": HOLD_S * 1000}
        elif session is None:
            reply |= {"successful": False, "error": f"402:{message.get('clientId')}:Unknown client"}
            if channel == "/meta/connect":
                reply["advice"] = {"reconnect": "handshake", "interval": 0}
        elif channel == "/meta/connect":
            session.connects += 1
            if session.connects == self.knows_for:
                del self.sessions[session.client_id]
            return [
                *self.beside_connect,
                *await self.held(session, message),
                {**reply, **self.changed_replies.get(channel, {})},
            ]
        elif channel == "/meta/subscribe":
            session.subscriptions.append(str(message["subscription"]))
            reply["subscription"] = message["subscription"]
        elif channel == "/meta/disconnect":
            del self.sessions[session.client_id]
            if self.lets_go:
                session.woken.set()
        beside = self.beside_subscribe if channel == "/meta/subscribe" else []
        return [*beside, {**reply, **self.changed_replies.get(channel, {})}]

    async def held(self, session: Session, message: Message) -> list[Json]:
        advice = message.get("advice")
        asked = advice.get("timeout") if isinstance(advice, dict) else None
        limit_s = asked / 1000 if isinstance(asked, int) else self.hold_s
        session.woken.clear()
        if not session.queue and limit_s:
            waking = asyncio.create_task(session.woken.wait())
            sleeping = asyncio.create_task(self.clock.sleep(limit_s))
            try:
                await asyncio.wait({waking, sleeping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waking.cancel()
                sleeping.cancel()
        events, session.queue = session.queue, []
        return events

    def publish(self, *events: Json) -> None:
        for session in self.sessions.values():
            session.queue += [{"channel": CALLS, "data": event} for event in events]
            session.woken.set()

    def forget(self) -> None:
        """Lose every session, as after a restart; what is held is let go."""
        for session in self.sessions.values():
            session.woken.set()
        self.sessions.clear()

    def moments(self, channel: str) -> list[float]:
        """When messages on this channel arrived."""
        return [round(moment, 3) for moment, asked, _ in self.asked if asked == channel]

    def channels_asked(self) -> list[str]:
        return [channel for _, channel, _ in self.asked]


def agent_for(server: SmallServer, *, file: Path | None = None) -> HttpAgent:
    transcript = Transcript(server.clock, Redactor(), file)
    return HttpAgent(
        "alice",
        "http://server.test/api/v2",
        transcript,
        credentials=Basic("planted-user", "planted-password"),
        clock=server.clock,
        transport=httpx.MockTransport(server),
    )


class Alice:
    """An agent with a session that is not open yet, and the recorder that observes it."""

    def __init__(self, server: SmallServer, *, hold_ms: int | None = None, file: Path | None = None) -> None:
        self.agent = agent_for(server, file=file)
        self.recorder = Recorder("alice", server.clock, self.agent.transcript)
        self.session = self.another_session(hold_ms=hold_ms)

    def another_session(self, hold_ms: int | None = None) -> ClientSession:
        return ClientSession(
            URL,
            [CALLS],
            acknowledge=False,
            hold_ms=hold_ms,
            backoff_limit_s=10,
            agent=self.agent,
            observer=self.recorder,
        )

    def mark(self) -> int:
        return len(self.recorder.log)

    def events_since(self, mark: int) -> list[Received]:
        return [heard for heard in self.recorder.received_since(mark) if heard.is_event]

    async def told(self, mark: int, count: int, within_s: float = 5) -> list[Json]:
        """The data of the events after this mark, once there are so many or time is up."""
        deadline = self.agent.clock.monotonic() + within_s
        await self.recorder.wait_until(lambda: len(self.events_since(mark)) >= count, deadline)
        return [heard.data for heard in self.events_since(mark)]

    def moments(self, kind: FactKind) -> list[float]:
        return [fact.at for fact in self.recorder.facts if fact.kind is kind]


async def opened(server: SmallServer, hold_ms: int | None = None) -> Alice:
    alice = Alice(server, hold_ms=hold_ms)
    await alice.session.open()
    return alice
