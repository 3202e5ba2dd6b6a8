"""The reference server in this process on a stopped clock, and its agents; everything that passes between them is taken down.

Nothing here depends on the time of day, on chance or on a port: ids count up from the start of each flow, and links begin with the default
public base. HTTP requests go through the whole server, CometD as long-polling over HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from refswitch.app import App, build_app
from refswitch.bayeux import Settings as BayeuxSettings
from refswitch.calls import Arrive, Identity, Preview
from refswitch.clock import Clock
from refswitch.contract import API_PATH, Contract
from refswitch.identities import counting_identities
from refswitch.seats import load_seating
from refswitch.settings import DEFAULT_PUBLIC_BASE, Settings

ALICE, BOB, CAROL = "15000", "15001", "15002"
#: As the command has it, but CometD sessions outlive any pause: Bayeux follows real time, and a busy machine must not change a recording.
_PATIENT = BayeuxSettings(connection_types=("websocket", "long-polling"), max_interval_ms=3_600_000)
_PREFIX, _CONNECTION = "01RCC3N118B1V0SL8O7GK2LAES", "007102719818"


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. `body` is None without a JSON body; `when` and `summary` are what the flow says about the answer."""

    flow: str
    operation_id: str
    path_values: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    status: int
    answer: Any
    when: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Passed:
    """A Bayeux message on its way: ``request``, ``reply`` or ``event``. `summary` is what the flow says about it."""

    flow: str
    kind: str
    message: Any
    summary: str = ""


class NotAsPlanned(Exception):
    """The server did not do what a flow is there to show."""


class Desk:
    """One server for all flows, as its agents see it. `start` takes it back to the beginning for another flow."""

    def __init__(self, contract: Contract, *, csrf: bool = False) -> None:
        self._ids: Iterator[str] = iter(())
        self._identities: Callable[[], Identity] = counting_identities(_PREFIX, _CONNECTION)
        seating = load_seating()
        self.app: App = build_app(
            Settings(contract, seating, bayeux=_PATIENT, csrf=csrf),
            new_clock=lambda: Clock(0),
            identities=lambda: self._identities(),
            new_client_id=lambda: next(self._ids),
        )
        self.paths = _paths(contract)
        self.devices = {seat.number: seat.device_id for seat in seating.seats}
        self.taken: list[Exchange | Passed] = []
        self.flow = ""
        self._clients = {number: _client(self.app) for number in (*self.devices, "")}  # "" has no credentials
        self.start("")

    def start(self, flow: str) -> None:
        """Begin another flow: no calls, no sessions, nobody logged in, and the first ids again."""
        self.app.sandboxes.reset(self.app.sandboxes.main)
        self._ids = (f"{number:040x}" for number in count(1))
        self._identities = counting_identities(_PREFIX, _CONNECTION)
        for client in self._clients.values():
            client.cookies.clear()
        self.flow = flow
        self.alice, self.bob, self.carol = (Agent(self, number) for number in (ALICE, BOB, CAROL))

    async def close(self) -> None:
        self.app.close()
        for client in self._clients.values():
            await client.aclose()

    def arrive(self, number: str, queue: str) -> None:
        """Let a call arrive from outside, through a queue."""
        self.app.switch.apply(Arrive(number, queue=queue))

    def preview(self, agent: str, number: str) -> None:
        """Let a dialler offer an agent a call to the number."""
        self.app.switch.apply(Preview(agent, number))

    async def send(
        self,
        agent: str,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
        query: Mapping[str, str],
    ) -> tuple[int, Any]:
        """Send any request below /api/v2, from an agent or from nobody; return the HTTP status and the answer."""
        answer = await self._clients[agent].request(
            method,
            API_PATH + path,
            content=content,
            headers=dict(headers),
            params=dict(query),
            auth=httpx.BasicAuth(agent, agent) if agent else None,
        )
        return answer.status_code, answer.json()


class Agent:
    """One agent's client. Where a step is refused, `when` is the sentence of x-refusals, or `because` says why in words of our own."""

    def __init__(self, desk: Desk, number: str) -> None:
        self.desk = desk
        self.number = number
        self.device = desk.devices[number]
        self.api = DEFAULT_PUBLIC_BASE + API_PATH
        self.device_uri = f"{self.api}/devices/{self.device}"
        self.client_id = ""
        self._message = count(1)

    async def ask(
        self,
        operation_id: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        credentials: bool = True,
        when: str = "",
        because: str = "",
        summary: str = "",
        **path_values: str,
    ) -> Any:
        """Perform an operation of the contract and return the answer.

        `content` is sent as it is, instead of `body`.
        Raises NotAsPlanned if the request is refused and the flow gives no reason, or the reverse.
        """
        method, path = self.desk.paths[operation_id]
        sent = dict(headers or {})
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        agent = self.number if credentials else ""
        status, answer = await self.desk.send(
            agent, method, path.format(**path_values), content, sent, query or {}
        )
        is_refused = answer["statusCode"] not in (0, 7)
        if is_refused != bool(when or because):
            raise NotAsPlanned(f"{self.desk.flow}: {operation_id} {body} was answered {status} {answer}")
        taken = Exchange(
            self.desk.flow,
            operation_id,
            path_values,
            query or {},
            body,
            status,
            answer,
            when,
            because or summary,
        )
        self.desk.taken.append(taken)
        return answer

    async def operate(
        self, call: str, operation: str, *, when: str = "", because: str = "", **more: Any
    ) -> Any:
        """Post an operation to a call."""
        body = {"operationName": operation, **more}
        return await self.ask("operateOnCall", body, id=call, when=when, because=because)

    async def dial(self, number: str, **more: Any) -> str:
        """Dial a number and return the id of the new call."""
        before = set(self.calls())
        body = {"operationName": "Dial", "destination": {"phoneNumber": number}, **more}
        await self.ask("dialFromMyDevice", body, id=self.device)
        return next(iter(set(self.calls()) - before))

    async def on_device(self, operation: str, *, when: str = "", because: str = "", **more: Any) -> Any:
        """Post an operation to the agent's device."""
        body = {"operationName": operation, **more}
        return await self.ask("operateOnMyDevice", body, id=self.device, when=when, because=because)

    async def on_channel(self, operation: str, *, when: str = "", because: str = "", **more: Any) -> Any:
        """Post an agent state to the channel voice."""
        body = {"operationName": operation, **more}
        return await self.ask("operateOnChannel", body, channel="voice", when=when, because=because)

    async def on_me(self, operation: str, *, when: str = "", because: str = "", **more: Any) -> Any:
        """Post an operation to /me."""
        return await self.ask("operateOnMe", {"operationName": operation, **more}, when=when, because=because)

    def calls(self) -> dict[str, str]:
        """The agent's calls as id -> state, in the order in which they began."""
        return {str(call["id"]): str(call["state"]) for call in self.desk.app.switch.calls(self.number)}

    def call(self, state: str) -> str:
        """The id of the agent's one call in this state. Raises NotAsPlanned."""
        found = [one for one, is_in in self.calls().items() if is_in == state]
        if len(found) != 1:
            raise NotAsPlanned(
                f"{self.desk.flow}: {self.number} has {self.calls()}, not one call that is {state}"
            )
        return found[0]

    async def listen(self, *channels: str) -> None:
        """Shake hands and subscribe."""
        await self.bayeux("handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        for channel in channels:
            await self.bayeux("subscribe", subscription=channel)

    async def hear(self) -> None:
        """Fetch the notifications that are waiting."""
        await self.bayeux("connect", connectionType="long-polling", advice={"timeout": 0})

    async def bayeux(self, meta: str, *, summary: str = "", client_id: str = "", **more: Any) -> Any:
        """Send a meta message, with a counting id and the session's clientId; return the reply."""
        client = {"clientId": client_id or self.client_id} if meta != "handshake" else {}
        message = {"id": str(next(self._message)), "channel": f"/meta/{meta}", **client, **more}
        content, headers = json.dumps([message]).encode(), {"Content-Type": "application/json"}
        _, answers = await self.desk.send(self.number, "POST", "/notifications", content, headers, {})
        (reply,) = (answer for answer in answers if "successful" in answer)
        if reply["successful"]:
            self._take("request", [message], "")
        self._take("event", [answer for answer in answers if answer is not reply], "")
        self._take("reply", [reply], summary)
        if reply["successful"] is False and not summary:
            raise NotAsPlanned(f"{self.desk.flow}: {message} was answered {reply}")
        if meta == "handshake" and reply["successful"]:
            self.client_id = reply["clientId"]
        return reply

    def _take(self, kind: str, messages: Sequence[Any], summary: str) -> None:
        self.desk.taken += [Passed(self.desk.flow, kind, message, summary) for message in messages]


def _client(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=DEFAULT_PUBLIC_BASE)


def _paths(contract: Contract) -> Mapping[str, tuple[str, str]]:
    """operationId -> method and path."""
    paths: Any = contract.openapi["paths"]
    return {
        operation["operationId"]: (method.upper(), path)
        for path, item in paths.items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }
