"""The agents' sessions over the network: HTTP requests, observed Bayeux sessions, and messages made by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from callproof import limits
from callproof.aiobayeux import NotReady, Session
from callproof.bayeux import CONNECT, WEBSOCKET
from callproof.json_values import Json, as_object, objects_in
from callproof.judge.notification import Notification
from callproof.judge.played import Reply
from callproof.runner.agent_sessions import Batch, Request
from callproof.runner.timing import latency_of
from callproof.wire import (
    ABSENT,
    NOBODY,
    Basic,
    Bearer,
    Clock,
    Exchange,
    HttpAgent,
    Identity,
    NoAnswer,
    NotJson,
    Reason,
    Received,
    Recorder,
    SocketClosed,
    Traffic,
    WebSocket,
    wait_for_change,
)

CHANNEL = "/v2/me/calls"
#: A password and a token that no agent has.
_WRONG = "callproof-wrong-password"
#: The latency is that of so many requests, so that it follows the server.
_MEASURED = 40
#: With a body that is not the API's: a gateway could not reach the server (RFC 9110, 15.6.3 to 15.6.5).
_OF_GATEWAYS = (502, 503, 504)


class NetworkSessions:
    """One HTTP client, one Bayeux session and one recorder per agent."""

    def __init__(
        self,
        http: Mapping[str, HttpAgent],
        sessions: Mapping[str, Session],
        recorders: Mapping[str, Recorder],
        cometd_url: str,
        clock: Clock,
    ) -> None:
        self._http = http
        self._elsewhere = {agent: one.elsewhere() for agent, one in http.items()}
        self._sessions = sessions
        self._recorders = recorders
        self._cometd_url = cometd_url
        self._clock = clock
        self._logs: dict[str, list[Notification]] = {agent: [] for agent in http}
        self._read: dict[str, int] = dict.fromkeys(http, 0)
        self._elapsed: list[float] = []
        self.is_open = False

    @property
    def agents(self) -> Sequence[str]:
        return tuple(self._http)

    def now(self) -> float:
        return self._clock.monotonic()

    async def open(self, agents: Sequence[str]) -> str:
        """Open these agents' sessions; return why one could not be opened, or an empty text."""
        self.is_open = True
        for agent in agents:
            try:
                await self._sessions[agent].open()
            except NotReady as error:
                return f"{agent}: {error}"
        return ""

    @property
    def connection_types(self) -> tuple[str, ...]:
        """The connection types that the handshakes so far agreed on."""
        return tuple(sorted(frozenset().union(*(one.connection_types for one in self._recorders.values()))))

    async def close(self, limit_s: float = limits.RUN_FAREWELL.default) -> None:
        """End all sessions at the same time, then all connections. A session gets `limit_s` for each of its two farewells.

        Raises the error that stopped a session, if one did.
        """
        leaving = (session.leave(limit_s) for session in self._sessions.values())
        ended = await asyncio.gather(*leaving, return_exceptions=True)
        for agent in self._http.values():
            await agent.aclose()
        for error in ended:
            if error is not None:
                raise error

    async def request(self, agent: str, request: Request) -> Reply:
        outcome = await self._sender(agent, request.credentials).request(
            request.method,
            request.path,
            json=ABSENT if request.body is None else request.body,
            content=request.text.encode() if isinstance(request.text, str) else request.text,
            headers=dict(request.headers),
            identity=self._identity(agent, request.credentials),
        )
        return self._measured(outcome)

    def _measured(self, outcome: Exchange | NoAnswer) -> Reply:
        """The reply. From now on, a request may take three times as long as those so far."""
        if isinstance(outcome, Exchange):
            self._elapsed.append(outcome.elapsed)
            for agent in (*self._http.values(), *self._elsewhere.values()):
                agent.timeout_s = max(agent.timeout_s, 3 * self.latency_s())
        return reply_of(outcome)

    async def exchange(self, agent: str, batch: Batch) -> Reply:
        before = len(self._elapsed)
        limit_s = None if batch.limit_s is None else batch.limit_s + 3 * self.latency_s()
        reply = await self._exchanged(agent, replace(batch, limit_s=limit_s))
        # Claims about time allow for the journeys of this exchange, and of the requests that were sent meanwhile.
        allowance = (2 + len(self._elapsed) - before) * self.latency_s()
        return replace(reply, value={**reply.value, "allowance": allowance})

    async def _exchanged(self, agent: str, batch: Batch) -> Reply:
        url, identity = self._cometd_url + batch.path, self._identity(agent, batch.credentials)
        messages: list[Json] = [dict(message) for message in batch.messages]
        sender = self._sender(agent, batch.credentials)
        if batch.over == WEBSOCKET:
            reply = await _in_a_frame(sender, url, messages, identity, batch.limit_s)
            return with_replies(reply, batch.messages)
        outcome = await sender.request(
            "POST",
            url,
            json=messages if batch.text is None else ABSENT,
            content=None if batch.text is None else batch.text.encode(),
            identity=identity,
            timeout_s=batch.limit_s,
            traffic=Traffic.BAYEUX,
            held=any(message.get("channel") == CONNECT for message in batch.messages),
        )
        return with_replies(reply_of(outcome), batch.messages)

    def log(self, agent: str) -> Sequence[Notification]:
        log, heard = self._logs[agent], self._recorders[agent].received_since(self._read[agent])
        self._read[agent] += len(heard)
        for one in heard:
            if one.is_event:
                log.append(_as_notification(one, len(log)))
        return log

    async def changed(self, seen: Mapping[str, int], until: float) -> None:
        def is_news(agent: str) -> bool:
            return len(self.log(agent)) > seen.get(agent, 0)

        recorders = tuple(self._recorders.values())
        await wait_for_change(recorders, lambda: any(map(is_news, self._recorders)), until, self._clock)

    async def alive(self, agent: str, since: float) -> bool:
        recorder = self._recorders[agent]
        if not recorder.alive_since(since):
            await self._sessions[agent].ask_for_sign_of_life()
        return recorder.alive_since(since)

    def interrupted(self, agent: str, since: float) -> bool:
        return self._recorders[agent].rehandshakes_since(since) > 0

    def latency_s(self) -> float:
        return latency_of(self._elapsed[-_MEASURED:])

    def begin_scenario(self) -> None:
        for recorder in self._recorders.values():
            recorder.count_anew()

    def flooded(self, agent: str) -> bool:
        return self._recorders[agent].is_flooded

    def _sender(self, agent: str, credentials: str) -> HttpAgent:
        """Who sends a request: the agent at the machine of their session, or at another one."""
        return (self._elsewhere if credentials == "elsewhere" else self._http)[agent]

    def _identity(self, agent: str, credentials: str) -> Identity | None:
        """As whom a request is sent; None is the agent, with their login, cookies and CSRF token."""
        match credentials:
            case "own" | "elsewhere":
                return None
            case "none":
                return NOBODY
            case "cookies":
                return self._http[agent].cookies_only()
            case "wrong":
                own = self._http[agent].fresh_identity().credentials
                user = own.user if isinstance(own, Basic) else agent
                return Identity(Bearer(_WRONG) if isinstance(own, Bearer) else Basic(user, _WRONG))
        return self._http[credentials].fresh_identity()


def reply_of(outcome: Exchange | NoAnswer) -> Reply:
    """The outcome of a request as claims see it: status, headers in lower case, body if it is JSON, text, elapsed seconds."""
    if isinstance(outcome, NoAnswer):
        return Reply(
            {"answered": False, "elapsed": outcome.elapsed, "reason": outcome.reason.value},
            answered=False,
            why=str(outcome),
            evidence=(outcome.id, outcome.answer_id),
        )
    value: dict[str, Json] = {
        "answered": True,
        "status": outcome.status,
        "headers": {name.lower(): text for name, text in outcome.headers},
        "text": outcome.text,
        "elapsed": outcome.elapsed,
    }
    if not isinstance(outcome.value, NotJson):
        value["body"] = outcome.value
    elif outcome.unreadable:
        value["unreadable"] = outcome.unreadable
        if outcome.status in _OF_GATEWAYS:
            why = f"{outcome.method} {outcome.url}: {Reason.GATEWAY} ({outcome.unreadable})"
            missing: dict[str, Json] = {"answered": False, "reason": Reason.GATEWAY.value}
            return Reply(
                {**value, **missing}, answered=False, why=why, evidence=(outcome.id, outcome.answer_id)
            )
    return Reply(value, evidence=(outcome.id, outcome.answer_id))


async def _in_a_frame(
    agent: HttpAgent, url: str, messages: list[Json], identity: Identity | None, limit_s: float | None
) -> Reply:
    """Send the messages over a WebSocket of their own; the reply is that of the upgrade, with all messages received as its body.

    It counts as answered when there are as many replies as messages; events that arrive meanwhile are in the body too.
    """
    limit = agent.timeout_s if limit_s is None else limit_s
    socket = await agent.upgrade(url, identity=identity, timeout_s=limit)
    if not isinstance(socket, WebSocket):
        return reply_of(socket)
    upgraded, body, began = reply_of(socket.upgrade), list[Json](), agent.clock.monotonic()
    evidence, missing = [*upgraded.evidence], dict[str, Json]()
    try:
        async with asyncio.timeout(limit):
            await socket.send(messages)
            while sum(1 for item in body if isinstance(item, dict) and "data" not in item) < len(messages):
                delivery = await socket.receive()
                evidence.append(delivery.entry_id)
                body += delivery.value if isinstance(delivery.value, list) else [delivery.value]
    except TimeoutError:
        missing = {"answered": False, "reason": Reason.TIMED_OUT.value}
    except SocketClosed as closed:
        missing = {"answered": False, "reason": str(closed)}
    finally:
        await socket.close()
    received = agent.clock.monotonic()
    value = {**upgraded.value, "body": body, "elapsed": received - began, **missing}
    why = f"the frame to {url} was not answered: {missing['reason']}" if missing else ""
    return Reply(value, not missing, why, tuple(evidence))


def with_replies(reply: Reply, messages: Sequence[Mapping[str, Json]]) -> Reply:
    """The reply with each Bayeux reply under the id of its request, and the events that came with it under `events`.

    A reply without an id belongs to the request on its channel, if there is only one.
    """
    body = reply.value.get("body")
    # Another claim requires an array; the others accept a single message.
    items = objects_in(body if isinstance(body, list) else [body])
    events: list[Json] = [item for item in items if "data" in item and "successful" not in item]
    found: dict[str, Json] = {"events": events}
    for message in messages:
        name, channel = message.get("id"), message.get("channel")
        if not isinstance(name, str):
            continue
        answers = [item for item in items if item not in events and item.get("id") == name]
        if not answers and [m.get("channel") for m in messages].count(channel) == 1:
            answers = [item for item in items if item not in events and item.get("channel") == channel]
        if answers:
            found[name] = answers[0]
    return replace(reply, value={**reply.value, **found})


def _as_notification(one: Received, position: int) -> Notification:
    return Notification(
        one.agent, position, as_object(one.value), one.received, one.session_number, one.entry_id
    )
