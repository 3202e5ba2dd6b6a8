"""Before anything is judged: a mistake in the target file is told, and no server is accused of it; a faulty server is let through."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from callproof.catalogue.planning import Plan, plan
from callproof.json_values import Json
from callproof.judge.played import Reply
from callproof.runner.agent_sessions import Batch, Request
from callproof.runner.preflight import NotReady, ready
from callproof.runner.stage import People
from callproof.target.target import Agent, Target
from callproof.wire import Reason
from conformance.tests.performing import TARGET, suite
from conformance.tests.switchboard import Switchboard

ADDRESS = "http://switch.test/api/v2"
WITH_CALLS = plan(suite().scenarios, suite().flows, select=["initiate-conference/holds-then-dials"])
NOTIFICATIONS = plan(suite().scenarios, suite().flows, select=["notify/subscribing"])
PLAIN = plan(suite().scenarios, suite().flows, select=["http/login"])


def answered(body: Json, status: int = 200, kind: str = "application/json") -> Reply:
    value: dict[str, Json] = {"answered": True, "status": status, "headers": {"content-type": kind}}
    return Reply(value if body is None else {**value, "body": body})


def silent(reason: Reason) -> Reply:
    return Reply({"answered": False, "reason": reason.value}, answered=False, why=f"GET /me: {reason.value}")


PAGE = answered(None, 404, "text/html; charset=utf-8")


class Odd(Switchboard):
    """A switch that answers some paths otherwise; `bayeux` is what the CometD end-point answers."""

    def __init__(self, answers: Mapping[str, Reply] | None = None, bayeux: Reply | None = None) -> None:
        super().__init__()
        self.batches: list[Batch] = []
        self._answers = dict(answers or {})
        self._bayeux = bayeux

    async def request(self, agent: str, request: Request) -> Reply:
        usual = await super().request(agent, request)
        return self._answers.get(f"{agent} {request.path}", self._answers.get(request.path, usual))

    async def exchange(self, agent: str, batch: Batch) -> Reply:
        self.batches.append(batch)
        return await super().exchange(agent, batch) if self._bayeux is None else self._bayeux


def prepared(switch: Switchboard, target: Target = TARGET, what: Plan = WITH_CALLS) -> People:
    return asyncio.run(ready(switch, what, target))


def refusal(switch: Switchboard, target: Target = TARGET, what: Plan = WITH_CALLS) -> str:
    with pytest.raises(NotReady) as caught:
        prepared(switch, target, what)
    return str(caught.value)


def alice(**members: Any) -> Target:
    return replace(TARGET, agents={**TARGET.agents, "alice": replace(TARGET.agents["alice"], **members)})


# The API ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("me", "seen"),
    [
        (PAGE, "HTTP 404 text/html"),
        (answered({"statusCode": 6, "statusMessage": "Nothing here"}, 404), "HTTP 404 application/json"),
        (answered(None, 200, "text/html"), "HTTP 200 text/html"),
        (answered({"hello": "world"}), "HTTP 200 application/json"),
        (answered([]), "HTTP 200 application/json"),
    ],
)
def test_an_address_where_no_such_api_answers_is_the_files_mistake(me: Reply, seen: str) -> None:
    wrong = replace(TARGET, base_url="http://switch.test")

    assert refusal(Odd({"/me": me}), wrong) == (
        f"target.base_url http://switch.test: this API does not answer there (GET http://switch.test/me: {seen}); "
        "is /api/v2 missing from target.base_url?"
    )
    assert refusal(Odd({"/me": me})).endswith("; is that the address of the API?")


@pytest.mark.parametrize(
    "me",
    [
        answered({"statusCode": 0}),
        answered({"statusCode": 0, "agent": {"id": "7"}}),
        answered({"user": {"id": "7"}}),
        answered({"statusCode": 200, "user": None}),
        answered({"statusCode": 4, "statusMessage": "broken"}, 500),
    ],
)
def test_a_wrong_answer_that_is_one_of_this_api_is_left_to_the_run(me: Reply) -> None:
    assert prepared(Odd({"alice /me": me})) == prepared(Switchboard())


def test_an_unreachable_server_and_a_refused_login_are_reported_with_the_key() -> None:
    assert refusal(Odd({"/me": silent(Reason.CONNECTION_REFUSED)})) == (
        f"target.base_url {ADDRESS} cannot be reached: GET /me: connection refused"
    )
    assert refusal(Odd({"bob /me": answered({"statusCode": 20}, 403)})) == (
        "the login of bob was refused (HTTP 403, statusCode 20): check agents.bob.user_env and agents.bob.password_env"
    )


def test_two_agents_who_are_the_same_user_are_reported() -> None:
    same = answered({"statusCode": 0, "user": {"id": "u1", "userName": "anna"}})

    assert refusal(Odd({"alice /me": same, "bob /me": same})) == (
        "alice and bob log in as the same user: check agents.alice.user_env and agents.bob.user_env"
    )


def test_users_that_only_look_alike_are_left_to_the_run() -> None:
    nameless = answered({"statusCode": 0, "user": {"userName": ""}})
    first = answered({"statusCode": 0, "user": {"id": "u1", "userName": "anna"}})
    second = answered({"statusCode": 0, "user": {"id": "u1", "userName": "bert"}})

    assert prepared(Odd({"/me": nameless})) == prepared(Switchboard())
    assert prepared(Odd({"alice /me": first, "bob /me": second})) == prepared(Switchboard())


# CometD ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "seen"),
    [
        (PAGE, "HTTP 404 text/html"),
        (answered({"statusCode": 6}, 404), "HTTP 404 application/json"),
        (answered({"statusCode": 0}), "HTTP 200 application/json"),
        (answered({"statusCode": 1}, 400), "HTTP 400 application/json"),
        (answered(None, 302, ""), "HTTP 302"),
        (answered(None, 501, "text/html"), "HTTP 501 text/html"),
        (answered([]), "HTTP 200 application/json"),
    ],
)
@pytest.mark.parametrize("what", [WITH_CALLS, NOTIFICATIONS])
def test_an_address_where_no_bayeux_answers_is_the_files_mistake(reply: Reply, seen: str, what: Plan) -> None:
    assert refusal(Odd(bayeux=reply), what=what) == (
        f"target.cometd_url {ADDRESS}/notifications: no Bayeux server answers there ({seen}); "
        "write the address of the CometD end-point"
    )


@pytest.mark.parametrize(
    "reply",
    [
        answered([{"channel": "/meta/handshake", "successful": False}]),
        answered({"channel": "/meta/handshake", "successful": True, "clientId": "c"}),
        answered([{"successful": "yes"}]),
        answered([{"channel": "/meta/handshake"}], 404),
        answered({"statusCode": 4}, 500),
        answered({"statusCode": 20}, 403),
        answered(None, 401),
        silent(Reason.TIMED_OUT),
        silent(Reason.CONNECTION_LOST),
    ],
)
def test_a_bayeux_server_that_answers_wrongly_or_late_is_left_to_the_run(reply: Reply) -> None:
    assert prepared(Odd(bayeux=reply)) == prepared(Switchboard())


def test_an_end_point_without_a_server_is_reported() -> None:
    assert refusal(Odd(bayeux=silent(Reason.HOST_NOT_FOUND))) == (
        f"target.cometd_url {ADDRESS}/notifications cannot be reached: GET /me: host not found"
    )


def test_what_the_handshake_opened_is_closed_again() -> None:
    switch = Odd()

    prepared(switch)

    assert [(message["channel"], message.get("clientId")) for batch in switch.batches for message in batch.messages] == [
        ("/meta/handshake", None), ("/meta/disconnect", "of alice"),
    ]  # fmt: skip


def test_without_notifications_in_the_plan_no_handshake_is_sent() -> None:
    switch = Odd(bayeux=PAGE)

    prepared(switch, what=PLAIN)

    assert switch.batches == []


# Devices ---------------------------------------------------------------------------------------------------------------


def test_a_number_that_is_not_the_devices_is_the_files_mistake() -> None:
    assert refusal(Switchboard(), alice(number="15009")) == (
        "agents.alice.number is 15009, but the device of alice has the number 15000: correct it, "
        "add 15000 to agents.alice.also_seen_as, or name another device with agents.alice.device"
    )


def test_a_number_in_another_form_is_taken_once_the_file_names_it() -> None:
    people = prepared(Switchboard(), alice(number="+3115000", also_seen_as=("15000",)))

    assert people.numbers["alice"] == {"+3115000", "15000"}


def test_a_device_that_the_agent_does_not_have_is_the_files_mistake() -> None:
    assert refusal(Switchboard(), alice(device="nobodys")) == (
        "agents.alice.device is nobodys, but alice has no such device: GET /me/devices lists device-alice"
    )


def test_the_named_device_is_the_one_that_is_looked_at() -> None:
    two: Json = [{"id": "d1", "phoneNumber": "1"}, {"id": "d2", "phoneNumber": "15000"}]
    switch = Odd({"alice /me/devices?fields=*": answered({"statusCode": 0, "devices": two})})

    assert prepared(switch, alice(device="d2")).devices["alice"] == "d2"
    assert "has the number 1:" in refusal(switch)


@pytest.mark.parametrize(
    "devices",
    [
        answered({"statusCode": 0}),
        answered({"statusCode": 0, "devices": "none"}),
        answered({"statusCode": 0, "devices": []}),
        answered({"statusCode": 0, "devices": [{"id": 7}]}),
        answered({"statusCode": 0, "devices": [{"deviceId": "d", "phoneNumber": 15009}]}),
        answered(None, 500, "text/html"),
    ],
)
def test_a_wrong_list_of_devices_is_left_to_the_run(devices: Reply) -> None:
    switch = Odd({"alice /me/devices?fields=*": devices})

    assert prepared(switch, alice(device="d")).devices == {
        "alice": "d",
        "bob": "device-bob",
        "carol": "device-carol",
    }
    assert "alice" not in prepared(switch).devices


# How to listen ---------------------------------------------------------------------------------------------------------


def shaken(**members: Any) -> Reply:
    done = {"channel": "/meta/handshake", "successful": True, "clientId": "c1", **members}
    return answered([done])


POLLING_ONLY = shaken(supportedConnectionTypes=["long-polling", "callback-polling"])
EVERYTHING = shaken(supportedConnectionTypes=["websocket", "long-polling"], ext={"ack": True})
WEBSOCKET, ACKNOWLEDGING = replace(TARGET, transport="websocket"), replace(TARGET, acknowledge=True)


def test_a_server_without_websocket_is_not_judged_when_websocket_is_asked_for() -> None:
    assert refusal(Odd(bayeux=POLLING_ONLY), WEBSOCKET) == (
        "cometd.transport (--transport) is websocket, but the server offers long-polling, callback-polling; "
        "with auto it is judged over what it offers"
    )


def test_a_server_that_cannot_acknowledge_is_not_judged_when_that_is_asked_for() -> None:
    assert refusal(Odd(bayeux=POLLING_ONLY), ACKNOWLEDGING) == (
        "cometd.acknowledge (--acknowledge) is on, but the server does not offer acknowledgement"
    )


@pytest.mark.parametrize(
    ("target", "offer"),
    [
        (WEBSOCKET, EVERYTHING),
        (ACKNOWLEDGING, EVERYTHING),
        (ACKNOWLEDGING, shaken(ext={"ack": {"enabled": True}})),
        (replace(TARGET, transport="auto"), POLLING_ONLY),
        (WEBSOCKET, shaken()),
        (WEBSOCKET, answered([{"channel": "/meta/handshake", "successful": False}])),
    ],
    ids=["websocket", "acknowledges", "in the newer form", "auto", "says nothing", "refuses"],
)
def test_a_server_that_offers_what_is_asked_for_or_is_faulty_is_let_through(
    target: Target, offer: Reply
) -> None:
    prepared(Odd(bayeux=offer), target)


def test_the_handshake_before_a_run_asks_for_what_the_run_will_ask_for() -> None:
    switch = Odd(bayeux=EVERYTHING)
    prepared(switch, replace(WEBSOCKET, acknowledge=True))

    [asked] = switch.batches[0].messages
    assert (asked["supportedConnectionTypes"], asked["ext"]) == (["websocket", "long-polling"], {"ack": True})


def test_where_no_call_is_placed_nobodys_device_is_asked_for() -> None:
    switch = Switchboard()
    agent = Agent("alice", "15009", "login", "password")

    assert prepared(switch, replace(TARGET, agents={"alice": agent}), NOTIFICATIONS).devices == {}


def test_an_agent_with_a_call_is_reported_with_the_way_to_end_it() -> None:
    switch = Switchboard()
    body: Json = {"operationName": "Dial", "destination": {"phoneNumber": "15001"}}
    asyncio.run(switch.request("alice", Request("POST", "/me/devices/device-alice/calls", body)))

    assert refusal(switch) == (
        f"alice has a call ({switch.legs[0].id}, Dialing): end it first; if an earlier run left it: "
        "callproof cleanup --out DIR --target FILE, with the folder of that run"
    )
