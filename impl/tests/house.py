"""The whole server, the house, in one process on a stopped clock: most tests of the server visit it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from refswitch.app import App, build_app
from refswitch.calls import Identity
from refswitch.clock import Clock
from refswitch.contract import Contract, load_contract
from refswitch.identities import counting_identities
from refswitch.request_log import LogFormat
from refswitch.seats import Seating, load_seating
from refswitch.settings import Settings

from .contract_observer import ContractObserver

ALICE, BOB, CAROL = "15000", "15001", "15002"
CONTRACT: Contract = load_contract()
SEATING: Seating = load_seating()
OBSERVER = ContractObserver(CONTRACT)
DEVICES = {seat.number: seat.device_id for seat in SEATING.seats}
FIRST, SECOND = "01RCC3N118B1V0SL8O7GK2LAES000001", "01RCC3N118B1V0SL8O7GK2LAES000002"


@dataclass(frozen=True)
class Told:
    """An answer of the server."""

    status: int
    body: Any
    headers: httpx.Headers

    @property
    def code(self) -> tuple[int, int]:
        """HTTP status and statusCode."""
        return self.status, self.body["statusCode"]


class House:
    """A visit. An observer outside the server checks every answer against the contract. An agent's password is their number."""

    def __init__(
        self,
        settings: Settings,
        log: Callable[[str], None] | None = None,
        log_format: LogFormat = "text",
        identities: Callable[[], Identity] | None = None,
    ) -> None:
        self.app: App = build_app(
            settings,
            new_clock=lambda: Clock(0),
            identities=identities or counting_identities("01RCC3N118B1V0SL8O7GK2LAES", "007102719818"),
            log=log,
            log_format=log_format,
        )
        self.clock = self.app.clock
        self._observer = OBSERVER if settings.contract is CONTRACT else ContractObserver(settings.contract)
        self._clients: dict[str, str] = {}

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        agent: str | None = ALICE,
        content: bytes | AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        sandbox: str = "",
    ) -> Told:
        """Send one request under /api/v2. `body` is sent as JSON, `content` unchanged; no cookies are kept.

        `agent` is the login name, and the part before an @ is the password; `sandbox` is the prefix of the path.
        """
        sent = dict(headers or {})
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        credentials = httpx.BasicAuth(agent, agent.partition("@")[0]) if agent else None
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(
            transport=transport,
            base_url="http://anywhere.invalid",
            event_hooks={"response": [self._observer]},
        ) as client:
            answer = await client.request(
                method,
                sandbox + "/api/v2" + path,
                content=content,
                headers=sent,
                auth=credentials,
                follow_redirects=False,
            )
        return Told(answer.status_code, answer.json() if answer.content else None, answer.headers)

    async def get(self, path: str, *, agent: str | None = ALICE) -> Told:
        return await self.ask("GET", path, agent=agent)

    async def post(self, path: str, body: object, *, agent: str | None = ALICE) -> Told:
        return await self.ask("POST", path, body, agent=agent)

    async def dial(self, number: str, *, agent: str = ALICE, **more: object) -> Told:
        body = {"operationName": "Dial", "destination": {"phoneNumber": number}, **more}
        return await self.post(f"/me/devices/{DEVICES[agent]}/calls", body, agent=agent)

    async def operate(self, call: str, operation: str, *, agent: str = ALICE, **more: object) -> Told:
        return await self.post(f"/me/calls/{call}", {"operationName": operation, **more}, agent=agent)

    async def states(self, agent: str = ALICE) -> dict[str, str]:
        """The agent's legs as id -> state."""
        calls = (await self.get("/me/calls?fields=id,state", agent=agent)).body["calls"]
        return {call["id"]: call["state"] for call in calls}

    async def listen(self, agent: str = ALICE, subscription: str = "/v2/me/calls") -> None:
        """Shake hands and subscribe, on a session that receives events from now on."""
        shaken = await self.bayeux(
            {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]},
            agent,
        )
        self._clients[agent] = shaken[0]["clientId"]
        subscribed = await self.bayeux({"channel": "/meta/subscribe", "subscription": subscription}, agent)
        assert subscribed[0]["successful"], subscribed

    async def told(self, agent: str = ALICE) -> list[dict[str, Any]]:
        """The complete messages since the last time, without the reply to the connect."""
        messages = await self.bayeux(
            {"channel": "/meta/connect", "connectionType": "long-polling", "advice": {"timeout": 0}}, agent
        )
        return [message for message in messages if message["channel"] != "/meta/connect"]

    async def heard(self, agent: str = ALICE) -> list[str]:
        """The notifications since the last time, each as notificationType, state and id of the call."""
        messages = await self.told(agent)
        events = [message["data"] for message in messages if message["channel"] == "/v2/me/calls"]
        return [f"{data['notificationType']} {data['call']['state']} {data['call']['id']}" for data in events]

    def client_id(self, agent: str = ALICE) -> str:
        """The clientId of the agent's session."""
        return self._clients[agent]

    async def turn(self) -> None:
        """Let the event loop do what is due at once."""
        await asyncio.sleep(0)

    async def bayeux(self, message: dict[str, object], agent: str) -> Any:
        """Send one Bayeux message on the agent's session."""
        if agent in self._clients:
            message["clientId"] = self._clients[agent]
        return (await self.post("/notifications", [message], agent=agent)).body


def visit(
    story: Callable[[House], Awaitable[None]],
    *,
    seating: Seating = SEATING,
    contract: Contract = CONTRACT,
    public_base: str = "http://switch.example:8080",
    log: Callable[[str], None] | None = None,
    log_format: LogFormat = "text",
    csrf: bool = False,
    cors: tuple[str, ...] = (),
    settings: Settings | None = None,
) -> None:
    """Open the house, run the story, close the house. `settings` replace those made from the other arguments."""
    settings = settings or Settings(contract, seating, public_base=public_base, csrf=csrf, cors=cors)

    async def happen() -> None:
        house = House(settings, log, log_format)
        try:
            await story(house)
        finally:
            house.app.close()

    asyncio.run(happen())


def without(contract: Contract, operation: str) -> Contract:
    """The contract without one operationName of the calls."""
    openapi: Any = json.loads(json.dumps(contract.openapi))
    del openapi["components"]["schemas"]["CallOperation"]["discriminator"]["mapping"][operation]
    return replace(contract, openapi=openapi)
