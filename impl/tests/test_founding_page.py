"""The proof: given the founding page's seats, ids and device, and a stopped clock, refswitch answers like the page, value for value.

InitiateConference, HTCC 8.5.2, 2016-03-25: the request, the response and exactly the two notifications. Capabilities are compared as sets,
because their order carries no meaning.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from refswitch.app import build_app
from refswitch.clock import Clock
from refswitch.contract import load_contract
from refswitch.identities import counting_identities
from refswitch.seats import Seating, new_seat
from refswitch.settings import Settings

ROOT = Path(__file__).parents[2]
BASE = "http://127.0.0.1:8080"
CALL = "01RCC3N118B1V0SL8O7GK2LAES000009"
DEVICE = "631608b3-ceb1-472b-ba05-2ae39555b0d1"
SECONDS_UNTIL_THE_REQUEST = 31


def documented(half: str, name: str) -> Any:
    return json.loads((ROOT / half / "examples" / "InitiateConference" / name).read_text())


def with_capabilities_as_a_set(message: dict[str, Any]) -> dict[str, Any]:
    call = message["data"]["call"]
    assert len(call["capabilities"]) == len(set(call["capabilities"]))
    data = {**message["data"], "call": {**call, "capabilities": set(call["capabilities"])}}
    return {**message, "data": data}


class Agent:
    """One seat's HTTP and Bayeux, written by hand, so that nothing comes between the test and the wire."""

    def __init__(self, application: Any, number: str) -> None:
        transport = httpx.ASGITransport(app=application)
        self.http = httpx.AsyncClient(transport=transport, base_url=BASE, auth=(number, number))
        self.client_id = ""

    async def post(self, path: str, body: Any) -> Any:
        response = await self.http.post("/api/v2" + path, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    async def listen(self) -> None:
        shake = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
        (reply,) = await self.post("/notifications", [shake])
        self.client_id = reply["clientId"]
        subscribe = {"channel": "/meta/subscribe", "subscription": "/v2/me/calls", "clientId": self.client_id}
        (reply,) = await self.post("/notifications", [subscribe])
        assert reply["successful"] is True

    async def hear(self) -> list[Any]:
        """Everything that is waiting, without the reply to the connect."""
        connect = {
            "channel": "/meta/connect",
            "connectionType": "long-polling",
            "clientId": self.client_id,
            "advice": {"timeout": 0},
        }
        answer: list[Any] = await self.post("/notifications", [connect])
        *notifications, reply = answer
        assert reply["successful"] is True
        return notifications


async def play() -> tuple[Any, list[Any]]:
    """Act up to the documented moment and send the documented request; return its answer and its agent's notifications."""
    clock = Clock(0)
    seats = tuple(
        new_seat(number, device_id=DEVICE if number == "15000" else "", abilities=())
        for number in ("15000", "15001", "15002")
    )
    settings = Settings(load_contract(), Seating(seats), public_base=BASE)
    identities = counting_identities("01RCC3N118B1V0SL8O7GK2LAES", "007102719818", first=9)
    application = build_app(settings, new_clock=lambda: clock, identities=identities)
    alice, bob = Agent(application, "15000"), Agent(application, "15001")

    await alice.listen()
    await alice.post(
        f"/me/devices/{DEVICE}/calls", {"operationName": "Dial", "destination": {"phoneNumber": "15001"}}
    )
    await bob.post(f"/me/calls/{CALL}", {"operationName": "Answer"})
    assert [message["data"]["call"]["state"] for message in await alice.hear()] == ["Dialing", "Established"]

    clock.advance(SECONDS_UNTIL_THE_REQUEST)
    answer = await alice.post(f"/me/calls/{CALL}", documented("openapi", "request.json"))
    return answer, await alice.hear()


def test_the_documented_request_gets_the_documented_response_and_exactly_the_two_documented_notifications() -> (
    None
):
    answer, notifications = asyncio.run(play())
    assert answer == documented("openapi", "response.json")
    assert [with_capabilities_as_a_set(message) for message in notifications] == [
        with_capabilities_as_a_set(documented("asyncapi", name)) for name in ("1-held.json", "2-dialing.json")
    ]
