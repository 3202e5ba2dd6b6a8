"""Invariants over HTTP and CometD: three agents who rely on notifications alone compare them with GET after every request.

The call core has its own machine (calls/test_invariants.py); this one knows nothing but the contract, its bundles and the two addresses.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jsonschema_rs
import pytest

from refswitch.seats import Seating, new_seat
from refswitch.settings import Settings

from .house import ALICE, BOB, CAROL, CONTRACT, House

SEATS = (ALICE, BOB, CAROL)
FAR = ("70000", "70001", "70100", "+15550100")
ABILITIES = ("mute", "recording", "clear-call", "supervise")
WALKS, STEPS = 40, 60
MOST_CALLS = 10
OPENAPI: Any = CONTRACT.openapi
ASYNCAPI: Any = CONTRACT.asyncapi
MODEL: Any = CONTRACT.call_model
CALL_OPERATIONS = sorted(OPENAPI["components"]["schemas"]["CallOperation"]["discriminator"]["mapping"])
DEVICE_OPERATIONS = sorted(OPENAPI["components"]["schemas"]["DeviceOperation"]["discriminator"]["mapping"])
ME_OPERATIONS = sorted(OPENAPI["components"]["schemas"]["MeOperation"]["discriminator"]["mapping"])
#: Operations that may be refused although they are offered: the party that is called, named or removed may be the wrong one.
OF_PARAMETERS = {name for name in CALL_OPERATIONS if "Conference" in name or "Transfer" in name}
OF_PARAMETERS |= {"SwapCalls", "DeleteUserDataPair"}
#: Operations that a page describes or client programs send although no sample offers them: they may be accepted without an offer.
UNOFFERED = {row["operation"] for row in MODEL["operations"] if row.get("offered") is False}
#: Refusals that are not faults of the server; 500 with 4 is how a real one answers an agent state without a session.
REFUSED = {(400, 1), (400, 2), (400, 10), (403, 3), (404, 6), (500, 4)}


def notification_schemas() -> Mapping[str, jsonschema_rs.Draft202012Validator]:
    """One validator for each channel, which accepts any message that the contract defines there."""
    found = {}
    for channel in ASYNCAPI["channels"].values():
        messages = [message["$ref"] for message in channel.get("messages", {}).values()]
        payloads = [_payload(reference) for reference in messages]
        if channel["address"].startswith("/v2/"):
            schema = {**ASYNCAPI, "anyOf": payloads}
            found[channel["address"]] = jsonschema_rs.Draft202012Validator(schema)
    return found


def _payload(reference: str) -> Any:
    message = ASYNCAPI
    for step in reference.removeprefix("#/").split("/"):
        message = message[step]
    payload = message if "$ref" not in message else None
    return payload["payload"] if payload is not None else _payload(message["$ref"])


SCHEMAS = notification_schemas()


@dataclass
class Agent:
    """What one agent knows: their calls as last notified, and the ids that must never appear again."""

    number: str
    device: str
    client_id: str = ""
    calls: dict[str, Any] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)

    def hear(self, message: Any) -> None:
        assert SCHEMAS[message["channel"]].is_valid(message), message
        data = message["data"]
        if message["channel"] != "/v2/me/calls":
            return
        call = data["call"]
        assert data["phoneNumber"] == self.number, "agents are notified of their own calls only"
        assert call["deviceUri"].endswith(self.device)
        assert call["id"] not in self.released, "such a state is final, and no id is used twice"
        if call["state"] in ("Released", "PreviewCancelled"):
            assert call["capabilities"] == []
            self.calls.pop(call["id"], None)
            self.released.add(call["id"])
        else:
            self.calls[call["id"]] = call


class Walk:
    """A walk through all possible requests, mostly where they have an effect; the same for the same seed."""

    def __init__(self, seed: int, accepted: Counter[str]) -> None:
        """`accepted` counts successful operations, here and in other walks: the rarest are tried more often."""
        self.random = random.Random(seed)
        self.accepted = accepted
        self.requests = 0
        self.asked: deque[str] = deque(maxlen=12)
        self.runner = asyncio.Runner()
        seats = tuple(new_seat(number, abilities=ABILITIES) for number in SEATS)
        self.house = House(Settings(CONTRACT, Seating(seats)))
        self.agents = {seat.number: Agent(seat.number, seat.device_id) for seat in seats}
        for agent in self.agents.values():
            shake = {
                "channel": "/meta/handshake",
                "version": "1.0",
                "supportedConnectionTypes": ["long-polling"],
            }
            agent.client_id = self.bayeux(agent, shake)[0]["clientId"]
            self.bayeux(agent, {"channel": "/meta/subscribe", "subscription": "/v2/me/**"})
        self.last = self.read()

    def close(self) -> None:
        self.house.app.close()
        self.runner.close()

    # --- the wire ---

    def ask(
        self, method: str, path: str, body: object = None, agent: str = ALICE
    ) -> tuple[tuple[int, int], Any]:
        """Send one request; return its status, statusCode and answer, which must be in the envelope."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = [(b"content-type", b"application/json"), (b"host", b"127.0.0.1")]
        if path.startswith("/api/"):
            headers.append((b"authorization", b"Basic " + base64.b64encode(f"{agent}:{agent}".encode())))
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path.partition("?")[0],
            "raw_path": path.partition("?")[0].encode(), "query_string": path.partition("?")[2].encode(), "root_path": "",
            "headers": headers, "client": ("127.0.0.1", 40000), "server": ("127.0.0.1", 8080),
        }  # fmt: skip
        events: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(event: Any) -> None:
            events.append(event)

        self.runner.run(self.house.app(scope, receive, send))
        start, *rest = events
        answer = json.loads(b"".join(event["body"] for event in rest))
        self.requests += 1
        if isinstance(answer, list) or path.startswith("/__admin"):
            return (start["status"], 0), answer
        code = (start["status"], answer["statusCode"])
        assert (code[1] == 0) == ("statusMessage" not in answer) or code[1] == 7
        assert code in REFUSED or start["status"] == 200, (method, path, body, answer)
        return code, answer

    def bayeux(self, agent: Agent, message: dict[str, object]) -> list[Any]:
        if agent.client_id:
            message = {**message, "clientId": agent.client_id}
        _, answer = self.ask("POST", "/api/v2/notifications", [message], agent.number)
        replies: list[Any] = answer
        assert replies[-1]["successful"], replies
        return replies

    def listened(self) -> int:
        """Let all agents read their notifications; return how many there were."""
        heard = 0
        for agent in self.agents.values():
            connect = {"channel": "/meta/connect", "connectionType": "long-polling", "advice": {"timeout": 0}}
            *events, _ = self.bayeux(agent, connect)
            for event in events:
                agent.hear(event)
            heard += len(events)
        return heard

    def read(self) -> dict[str, dict[str, Any]]:
        """Every agent's calls, as GET returns them."""
        return {
            number: {
                call["id"]: call
                for call in self.ask("GET", "/api/v2/me/calls?fields=*", agent=number)[1]["calls"]
            }
            for number in SEATS
        }

    def judge(self) -> int:
        """An agent who only listens knows what GET returns. Returns the number of notifications."""
        heard = self.listened()
        known = {number: agent.calls for number, agent in self.agents.items()}
        self.last = self.read()
        assert _timeless(known) == _timeless(self.last)
        return heard

    def operate(self, agent: str, path: str, body: dict[str, Any], offered: bool | None) -> None:
        """Post one operation: it is accepted if offered and refused if not, and a refusal changes nothing."""
        before = self.last
        self.asked.append(f"{agent} {path} {json.dumps(body)}")
        code, answer = self.ask("POST", path, body, agent)
        name = body["operationName"]
        heard = self.judge()
        if code[1] in (0, 7):
            assert offered is not False or name in UNOFFERED, f"{name} was not offered"
            self.accepted[name] += 1
        else:
            assert not offered or name in OF_PARAMETERS, (body, answer)
            assert heard == 0 or code == (500, 4), "a refusal causes no notification"
            assert self.last == before

    # --- the requests ---

    def dial(self) -> None:
        agent, number = self.pick(SEATS), self.pick(SEATS + FAR)
        body: dict[str, Any] = {"operationName": "Dial", "destination": {"phoneNumber": number}}
        if self.random.random() < 0.3:
            body["userData"] = {"Case": "7"}
        if self.live() < MOST_CALLS:
            path = f"/api/v2/me/devices/{self.agents[agent].device}/calls"
            self.operate(agent, path, body, None)

    def operate_on_a_call(self) -> None:
        """Usually an operation that is offered, and often the rarest one so far."""
        legs = [(agent, call) for agent in self.agents.values() for call in agent.calls.values()]
        offers = [(agent, call, name) for agent, call in legs for name in sorted(call["capabilities"])]
        agent, call, name = self.pick(offers)
        chance = self.random.random()
        if chance < 0.4:
            agent, call, name = min(offers, key=lambda offer: self.accepted[offer[2]])
        elif chance > 0.8:
            name = self.pick([self.pick(CALL_OPERATIONS), self.rare(sorted(UNOFFERED))])
        path = f"/api/v2/me/calls/{call['id']}"
        self.operate(agent.number, path, self.body(name, call), name in call["capabilities"])

    def body(self, name: str, call: Any) -> dict[str, Any]:
        """A body that the contract accepts: its required parameters, and sometimes user data."""
        numbers = [one["phoneNumber"] for one in call["participants"]] or ["1"]
        others = sorted(other for agent in self.agents.values() for other in agent.calls)
        values: dict[str, Any] = {
            "destination": {"phoneNumber": self.pick(SEATS + FAR)},
            "userData": {self.pick(["Case", "Name"]): self.pick(["7", {"a": 1}])},
            "key": "Case",
            "digits": "12#",
            "participant": self.pick(numbers),
            "otherCallUri": f"http://x/api/v2/me/calls/{self.pick(others)}",
            "callUri": f"http://x/api/v2/calls/{call['id']}",
            "callUuid": call["id"],
            "disposition": "Referred",
        }
        pointer = OPENAPI["components"]["schemas"]["CallOperation"]["discriminator"]["mapping"][name]
        schema = OPENAPI["components"]["schemas"][pointer.rpartition("/")[2]]
        named = {member for member in schema["required"] if member != "operationName"}
        if "userData" in schema["properties"] and self.random.random() < 0.3:
            named.add("userData")
        return {"operationName": name, **{member: values[member] for member in sorted(named)}}

    def operate_on_somebody_elses_call(self) -> None:
        agent, owner = self.pick([(one, two) for one in SEATS for two in SEATS if one != two])
        strange = sorted(set(self.agents[owner].calls) - set(self.agents[agent].calls))
        if strange:
            call = self.pick(strange)
            body = self.body(self.pick(CALL_OPERATIONS), {"id": call, "participants": []})
            self.operate(agent, f"/api/v2/me/calls/{call}", body, False)

    def operate_on_a_device(self) -> None:
        agent, other = self.pick(SEATS), self.pick(SEATS)
        name = self.rare(DEVICE_OPERATIONS)
        call = self.pick(
            sorted(self.agents[agent].calls) or sorted(self.agents[agent].released) or ["0" * 32]
        )
        members = {
            "destination": other,
            "targetDeviceUri": f"http://x/api/v2/devices/{self.agents[other].device}",
            "supervisorMonitoringMode": self.pick(["AllCalls", "NextCall"]),
            "supervisorMonitoringScope": self.pick(["Agent", "Call"]),
            "callUri": f"http://x/api/v2/calls/{call}",
            "callUuid": call,
            "disposition": "Referred",
        }
        schema = OPENAPI["components"]["schemas"][name]
        known = {key: value for key, value in members.items() if key in schema["properties"]}
        self.operate(
            agent, f"/api/v2/me/devices/{self.agents[agent].device}", {"operationName": name, **known}, None
        )

    def let_everybody_be_reached(self) -> None:
        """Otherwise nobody would be after a while."""
        for number, agent in self.agents.items():
            for name in ("DoNotDisturbOff", "ForwardCallsOff", "CancelSupervisorMonitoring"):
                self.operate(number, f"/api/v2/me/devices/{agent.device}", {"operationName": name}, None)

    def operate_on_himself(self) -> None:
        name = self.rare(ME_OPERATIONS)
        more = {"channels": ["voice"]} if name == "StartContactCenterSession" else {}
        self.operate(self.pick(SEATS), "/api/v2/me", {"operationName": name, **more}, None)

    def whoever_is_called_answers(self) -> None:
        for number, agent in self.agents.items():
            for call in [one["id"] for one in agent.calls.values() if one["state"] == "Ringing"]:
                self.operate(number, f"/api/v2/me/calls/{call}", {"operationName": "Answer"}, None)

    # --- the outside world ---

    def a_call_comes_in(self) -> None:
        where = self.pick([{"queue": "8000"}, *({"to": number} for number in SEATS)])
        if self.live() < MOST_CALLS:
            self.ask("POST", "/__admin/v1/inbound", {"from": "+15550101", "userData": {"Case": "1"}, **where})
            self.judge()

    def a_preview_is_offered(self) -> None:
        agent, number = self.pick(SEATS), self.pick(SEATS + FAR)
        if self.live() < MOST_CALLS:
            self.ask("POST", "/__admin/v1/preview", {"agent": agent, "number": number})
            self.judge()

    def the_far_end_acts(self) -> None:
        calls = self.ask("GET", "/__admin/v1/calls")[1]["calls"]
        far = sorted(
            {(call["id"], number) for call in calls for number in call["parties"] if number not in SEATS}
        )
        if far:
            call, number = self.pick(far)
            event = self.pick(["answer", "answer", "busy", "hangup", "hold", "resume"])
            self.ask("POST", f"/__admin/v1/calls/{call}/remote", {"event": event, "number": number})
            self.judge()

    def time_passes(self) -> None:
        self.ask("POST", "/__admin/v1/clock", {"advance": self.pick([0.5, 1, 60])})
        self.judge()

    def everything_ends(self) -> None:
        self.ask("DELETE", "/__admin/v1/calls")
        self.judge()
        assert self.live() == 0

    #: What may happen -> its relative frequency.
    HAPPENINGS: ClassVar[Mapping[str, int]] = {
        "dial": 6,
        "operate_on_a_call": 30,
        "operate_on_somebody_elses_call": 2,
        "operate_on_a_device": 4,
        "let_everybody_be_reached": 2,
        "operate_on_himself": 3,
        "whoever_is_called_answers": 8,
        "a_call_comes_in": 3,
        "a_preview_is_offered": 2,
        "the_far_end_acts": 3,
        "time_passes": 3,
        "everything_ends": 1,
    }

    def begin(self) -> None:
        """Situations that chance rarely produces: agents who have logged in, and a supervisor who hears a call and mutes its agent."""
        for number in SEATS:
            start = {"operationName": "StartContactCenterSession", "channels": ["voice"]}
            self.operate(number, "/api/v2/me", start, None)
        target = f"http://x/api/v2/devices/{self.agents[ALICE].device}"
        listen = {"operationName": self.rare(["BargeIn", "Coach", "ListenIn"]), "targetDeviceUri": target}
        self.operate(CAROL, f"/api/v2/me/devices/{self.agents[CAROL].device}", listen, None)
        dial = {"operationName": "Dial", "destination": {"phoneNumber": BOB}}
        self.operate(ALICE, f"/api/v2/me/devices/{self.agents[ALICE].device}/calls", dial, None)
        self.whoever_is_called_answers()
        for call in sorted(self.agents[CAROL].calls):
            for name in ("MuteMonitoredUser", "UnmuteMonitoredUser"):
                self.operate(CAROL, f"/api/v2/me/calls/{call}", {"operationName": name}, False)

    def go(self, steps: int) -> None:
        names, weights = list(self.HAPPENINGS), list(self.HAPPENINGS.values())
        for name in self.random.choices(names, weights, k=steps):
            if name != "operate_on_a_call" or self.live():
                getattr(self, name)()

    def pick(self, values: Sequence[Any]) -> Any:
        return self.random.choice(values)

    def rare(self, names: Sequence[str]) -> str:
        """Any of them, or the rarest so far."""
        return (
            self.pick(names)
            if self.random.random() < 0.5
            else min(names, key=lambda name: self.accepted[name])
        )

    def live(self) -> int:
        return sum(len(agent.calls) for agent in self.agents.values())


def _timeless(known: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The call without what changes with time alone: agents get no notification of each second of a call."""
    return {
        number: {
            key: {**call, "duration": "", "capabilities": sorted(call["capabilities"])}
            for key, call in calls.items()
        }
        for number, calls in known.items()
    }


@pytest.mark.slow
def test_every_invariant_holds_whatever_is_requested_over_http_and_cometd() -> None:
    accepted: Counter[str] = Counter()
    requests = 0
    for seed in range(WALKS):
        walk = Walk(seed, accepted)
        try:
            if seed % 2:
                walk.begin()
            walk.go(STEPS)
        except AssertionError as error:
            raise AssertionError(f"in walk {seed}, after {walk.asked}") from error
        finally:
            walk.close()
        requests += walk.requests
    assert set(CALL_OPERATIONS + DEVICE_OPERATIONS + ME_OPERATIONS) - set(accepted) == set()
    assert requests > 10_000
