"""The administration interface: the time, the seats and the sandboxes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ..house import ALICE, BOB, CAROL, DEVICES, FIRST, SECOND, House, visit  # noqa: TID252  # the whole house is one floor up
from .administration import Admin


def test_moving_the_clock_does_what_falls_due_before_the_answer() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.listen()
        await house.dial("70005")
        told = await admin.ask("POST", "/clock", {"advance": 4.5})
        assert told.body == {"seconds": 4.5, "rate": 0}
        assert await house.states() == {FIRST: "Dialing"}
        await admin.ask("POST", "/clock", {"advance": 0.5})
        assert await house.heard() == [f"StatusChange Dialing {FIRST}", f"StatusChange Established {FIRST}"]

    visit(story)


@pytest.mark.parametrize(
    ("body", "rate"),
    [
        ({"run": True}, 1),
        ({"rate": 10}, 10),
        ({"freeze": True}, 0),
        ({"freeze": True, "advance": 3}, 0),
        ({"freeze": False}, 2.5),
    ],
)
def test_the_clock_runs_at_the_requested_rate(body: Any, rate: float) -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await admin.ask("POST", "/clock", {"rate": 2.5})
        assert (await admin.ask("POST", "/clock", body)).body["rate"] == rate
        assert (await admin.get("/clock"))["rate"] == rate

    visit(story)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "$ must"),
        ({"rate": 0}, "$.rate must"),
        ({"advance": -1}, "$.advance must"),
        ({"advance": "1s"}, "$.advance must be of type number"),
        ({"freeze": 0}, "$.freeze must be"),
        ({"run": False}, "$.run must be"),
        ({"freeze": True, "run": True}, "$.run cannot be combined with freeze"),
        ({"back": 1}, "$.back is not known here"),
    ],
)
def test_an_impossible_change_of_the_clock_is_refused(body: Any, problem: str) -> None:
    async def story(house: House) -> None:
        told = await Admin(house).ask("POST", "/clock", body)
        assert told.code == (400, 10)
        assert told.body["statusMessage"].startswith(problem)
        assert house.clock.now() == 0

    visit(story)


def test_a_stopped_clock_runs_on_at_the_rate_that_it_had() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        assert (await admin.ask("POST", "/clock", {"freeze": False})).body["rate"] == 1, "it never ran before"
        for body in ({"rate": 60}, {"freeze": True}, {"freeze": True, "advance": 5}, {"freeze": False}):
            told = await admin.ask("POST", "/clock", body)
        assert told.body["rate"] == 60

    visit(story)


def test_each_sandbox_has_its_own_time() -> None:
    async def story(house: House) -> None:
        one = Admin(house, sandbox="/s/one")
        await one.ask("POST", "/clock", {"advance": 60})
        assert await one.get("/clock") == {"seconds": 60, "rate": 0}
        assert await Admin(house).get("/clock") == {"seconds": 0, "rate": 0}

    visit(story)


def test_agents_are_listed_with_what_they_do_and_without_their_passwords() -> None:
    async def story(house: House) -> None:
        await house.listen()
        await house.dial(BOB)
        first, second, third = (await Admin(house).get("/agents"))["agents"]
        assert first == {
            "number": ALICE,
            "login": ALICE,
            "displayName": "Alice Adams",
            "deviceId": DEVICES[ALICE],
            "abilities": ["clear-call", "mute", "recording"],
            "state": "LoggedOut",
            "calls": [FIRST],
            "listens": True,
        }
        assert (second["calls"], second["listens"], third["calls"]) == ([FIRST], False, [])

    visit(story)


def test_loading_other_seats_is_like_restarting_the_server_with_them() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.listen()
        await house.dial(BOB)
        seats = {"seats": [{"number": ALICE}, {"number": "4000", "display_name": "Dora Dean"}]}
        assert (await admin.ask("PUT", "/agents", seats)).body == {"statusCode": 0}
        assert [agent["number"] for agent in (await admin.get("/agents"))["agents"]] == [ALICE, "4000"]
        connect = {"channel": "/meta/connect", "connectionType": "long-polling"}
        assert (await house.bayeux(dict(connect), ALICE))[0]["error"].startswith("402:")
        assert (await house.get("/me", agent=CAROL)).code == (403, 20)
        assert await house.states() == {}
        assert (await house.dial("4000")).code == (200, 0)
        assert await house.states("4000") == {SECOND: "Ringing"}, "no id is used twice"

    visit(story)


def test_loading_other_seats_keeps_the_journal_and_drops_the_snapshots() -> None:
    """A snapshot is of the seats before; its name never means another one."""

    async def story(house: House) -> None:
        admin = Admin(house)
        await house.dial(BOB)
        before = (await admin.get("/journal"))["entries"]
        kept = (await admin.ask("POST", "/snapshots")).body["id"]
        await admin.ask("PUT", "/agents", {"seats": [{"number": ALICE}]})
        assert (await admin.get("/journal"))["entries"][: len(before)] == before
        assert (await admin.ask("POST", "/snapshots")).body["id"] != kept
        assert (await admin.ask("POST", f"/snapshots/{kept}/restore")).code == (404, 6)

    visit(story)


def test_the_late_answer_of_a_sandbox_that_is_dropped_comes_at_once() -> None:
    """Nobody can move the clock of a sandbox that is gone."""

    async def story(house: House) -> None:
        one = Admin(house, sandbox="/s/one")
        await one.ask("POST", "/clock", {"freeze": True})  # opens it
        dial = {"operationName": "Dial", "destination": {"phoneNumber": "70204"}}
        path = f"/me/devices/{DEVICES[ALICE]}/calls"
        late = asyncio.create_task(house.ask("POST", path, dial, sandbox="/s/one"))
        while not late.done() and not (await one.get("/calls"))["calls"]:
            await house.turn()
        assert not late.done()
        assert (await Admin(house).ask("DELETE", "/sandboxes/one")).code == (200, 0)
        assert (await late).code == (200, 0)

    visit(story)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "$ cannot be used as seats: "),
        ({"seats": [{"number": ALICE}, {"number": ALICE}]}, "$ cannot be used as seats: "),
        ({"seats": [{"number": ALICE, "password_env": "HOME"}]}, "$ cannot be used as seats: "),
        ([], "$ must be of type object"),
    ],
)
def test_seats_that_cannot_be_used_change_nothing(body: Any, problem: str) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        told = await Admin(house).ask("PUT", "/agents", body)
        assert told.code == (400, 10)
        assert told.body["statusMessage"].startswith(problem)
        assert await house.states() == {FIRST: "Dialing"}

    visit(story)


def test_sandboxes_are_listed_and_dropped_only_at_the_servers_own_address() -> None:
    async def story(house: House) -> None:
        admin, one = Admin(house), Admin(house, sandbox="/s/one")
        assert (await one.ask("GET", "/info")).code == (404, 6), "what reads creates nothing"
        assert await admin.get("/sandboxes") == {"sandboxes": []}
        assert (await one.ask("POST", "/clock", {"freeze": True})).status == 200
        assert (await one.get("/info"))["sandbox"] == "one", "an administrator opens one too"
        assert await admin.get("/sandboxes") == {"sandboxes": ["one"]}
        assert (await one.ask("GET", "/sandboxes")).code == (404, 6)
        assert (await one.ask("DELETE", "/sandboxes/one")).code == (404, 6)
        assert (await admin.ask("DELETE", "/sandboxes/one")).body == {"statusCode": 0}
        assert (await admin.ask("DELETE", "/sandboxes/one")).code == (404, 6)
        assert await admin.get("/sandboxes") == {"sandboxes": []}

    visit(story)


def test_a_client_that_may_not_administer_opens_no_sandbox() -> None:
    async def story(house: House) -> None:
        assert (await Admin(house, "192.0.2.7", "/s/one").ask("GET", "/info")).code == (403, 3)
        assert house.app.sandboxes.names() == []

    visit(story)
