"""Sandboxes: separate switches in one server, named by a path or a login name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from refswitch.sandboxes import Limits, Sandbox, Sandboxes, TooManySandboxes
from refswitch.seats import Seating, new_seat
from refswitch.settings import Settings

from .house import ALICE, BOB, CONTRACT, DEVICES, SEATING, House, Told, visit

SETTINGS = Settings(CONTRACT, SEATING, public_base="http://switch.example/gws")
DIAL = {"operationName": "Dial", "destination": {"phoneNumber": BOB}}


async def dial(house: House, agent: str, sandbox: str = "") -> Told:
    path = f"/me/devices/{DEVICES[agent.partition('@')[0]]}/calls"
    return await house.ask("POST", path, DIAL, agent=agent, sandbox=sandbox)


async def calls(house: House, agent: str, sandbox: str = "") -> list[Any]:
    body = (await house.ask("GET", "/me/calls?fields=*", agent=agent, sandbox=sandbox)).body
    found: list[Any] = body["calls"]
    return found


def test_two_sandboxes_and_the_main_one_see_nothing_of_each_other() -> None:
    async def story(house: House) -> None:
        assert (await dial(house, ALICE)).code == (200, 0)
        assert (await dial(house, f"{ALICE}@one")).code == (200, 0)
        assert await calls(house, f"{ALICE}@two") == []
        (main,), (one,) = await calls(house, ALICE), await calls(house, f"{ALICE}@one")
        assert main["id"] != one["id"]
        hangup = {"operationName": "Hangup"}
        told = await house.ask("POST", f"/me/calls/{main['id']}", hangup, agent=f"{ALICE}@one")
        assert told.code == (404, 6)
        assert await calls(house, ALICE) == [main]

    visit(story, settings=SETTINGS)


def test_a_path_and_a_login_name_lead_to_the_same_sandbox() -> None:
    async def story(house: House) -> None:
        await dial(house, f"{ALICE}@build-4711")
        by_login = await calls(house, f"{BOB}@build-4711")
        assert [call["state"] for call in by_login] == ["Ringing"]
        assert await calls(house, BOB, "/s/build-4711") == by_login
        assert await calls(house, f"{BOB}@build-4711", "/s/build-4711") == by_login

    visit(story, settings=SETTINGS)


def test_every_link_of_a_sandbox_leads_back_into_it() -> None:
    async def story(house: House) -> None:
        await dial(house, f"{ALICE}@one")
        (call,) = await calls(house, f"{ALICE}@one")
        base = "http://switch.example/gws/s/one/api/v2"
        assert call["uri"] == f"{base}/me/calls/{call['id']}"
        assert call["deviceUri"] == f"{base}/devices/{DEVICES[ALICE]}"
        path = "/me/calls/" + call["id"]
        assert (await house.ask("GET", path, sandbox="/s/one")).body["call"] == call

    visit(story, settings=SETTINGS)


def test_notifications_stay_in_their_sandbox() -> None:
    async def story(house: House) -> None:
        await house.listen(BOB)
        shake = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
        sandbox = {"agent": BOB, "sandbox": "/s/one"}
        (reply,) = (await house.ask("POST", "/notifications", [shake], **sandbox)).body  # type: ignore[arg-type]
        client = {"clientId": reply["clientId"]}
        subscribe = {"channel": "/meta/subscribe", "subscription": "/v2/me/calls", **client}
        await house.ask("POST", "/notifications", [subscribe], **sandbox)  # type: ignore[arg-type]
        await dial(house, f"{ALICE}@one")
        connect = {"channel": "/meta/connect", "connectionType": "long-polling", **client}
        event, _ = (await house.ask("POST", "/notifications", [connect], **sandbox)).body  # type: ignore[arg-type]
        assert event["data"]["call"]["state"] == "Ringing"
        assert await house.told(BOB) == []
        stranger = (await house.ask("POST", "/notifications", [connect], agent=BOB)).body
        assert stranger[0]["error"].startswith("402:"), "a clientId of one sandbox is unknown in another"

    visit(story, settings=SETTINGS)


@pytest.mark.parametrize(
    ("agent", "sandbox"),
    [
        (f"{ALICE}@two", "/s/one"),
        ("nobody@one", ""),
        ("nobody", "/s/one"),
        (None, "/s/one"),
        (f"{ALICE}@", ""),
        (f"{ALICE}@a/b", ""),
        (f"{ALICE}@.hidden", ""),
        (f"{ALICE}@{'x' * 65}", ""),
    ],
)
def test_nobody_is_admitted_and_no_sandbox_opens_without_valid_credentials_and_one_name(
    agent: str | None, sandbox: str
) -> None:
    async def story(house: House) -> None:
        assert (await house.ask("GET", "/me", agent=agent, sandbox=sandbox)).code == (403, 20)
        assert house.app.sandboxes.names() == []

    visit(story, settings=SETTINGS)


@pytest.mark.parametrize(
    ("agent", "sandbox", "path"),
    [(f"{ALICE}@one", "", "/"), (ALICE, "/s/one", "/gws/s/one"), (ALICE, "", "/")],
)
def test_the_session_cookie_alone_leads_into_the_sandbox_that_gave_it(
    agent: str, sandbox: str, path: str
) -> None:
    async def story(house: House) -> None:
        await dial(house, agent, sandbox)
        before = await calls(house, agent, sandbox)
        cookie = (await house.ask("GET", "/me", agent=agent, sandbox=sandbox)).headers["set-cookie"]
        assert f"; Path={path};" in cookie
        headers = {"Cookie": cookie.partition(";")[0]}
        told = await house.ask("GET", "/me/calls?fields=*", agent=None, headers=headers, sandbox=sandbox)
        assert told.body["calls"] == before

    visit(story, settings=SETTINGS)


def test_a_cookie_opens_neither_another_sandbox_nor_a_new_one() -> None:
    async def story(house: House) -> None:
        cookie = (await house.ask("GET", "/me", agent=f"{ALICE}@one")).headers["set-cookie"].partition(";")[0]
        headers = {"Cookie": cookie}
        told = await house.ask("GET", "/me", agent=None, headers=headers, sandbox="/s/two")
        assert told.code == (403, 20)
        assert house.app.sandboxes.drop("one")
        assert (await house.ask("GET", "/me", agent=None, headers=headers)).code == (403, 20)
        assert house.app.sandboxes.names() == []

    visit(story, settings=SETTINGS)


def test_a_login_name_with_an_at_sign_is_a_login_name() -> None:
    async def story(house: House) -> None:
        assert (await house.ask("GET", "/me", agent="ann@example")).body["user"]["userName"] == "ann@example"
        assert house.app.sandboxes.names() == []
        assert (await house.ask("GET", "/me", agent="ann@example@one")).code == (200, 0)
        assert house.app.sandboxes.names() == ["one"]

    seating = Seating((new_seat("1", login="ann@example", password="ann"),))
    visit(story, settings=replace(SETTINGS, seating=seating))


def test_at_the_limit_another_sandbox_is_refused_and_none_is_lost() -> None:
    async def story(house: House) -> None:
        await dial(house, f"{ALICE}@one")
        told = await house.ask("GET", "/me", agent=f"{ALICE}@two")
        assert told.code == (503, 13)
        assert told.body["statusMessage"] == (
            "There is no room for another sandbox: 1 are in use; drop one, or start the server with --sandboxes"
        )
        assert len(await calls(house, f"{ALICE}@one")) == 1

    visit(story, settings=replace(SETTINGS, sandboxes=1))


def test_a_server_without_sandboxes_has_none_at_their_addresses() -> None:
    async def story(house: House) -> None:
        assert (await house.ask("GET", "/me", sandbox="/s/one")).code == (404, 6)
        assert (await house.ask("GET", "/me", agent=f"{ALICE}@one")).code == (403, 20)

    visit(story, settings=replace(SETTINGS, sandboxes=0))


def test_the_log_and_a_refused_page_of_another_origin_are_as_everywhere() -> None:
    lines: list[str] = []

    async def story(house: House) -> None:
        origin = {"Origin": "https://desktop.example"}
        told = await house.ask("GET", "/me", agent=None, sandbox="/s/one", headers=origin)
        assert (told.code, told.headers["access-control-allow-origin"]) == ((403, 20), origin["Origin"])
        preflight = {**origin, "Access-Control-Request-Method": "GET"}
        told = await house.ask("OPTIONS", "/me", agent=None, sandbox="/s/one", headers=preflight)
        assert told.status == 200
        await house.ask("GET", "/me", sandbox="/s/one")

    visit(
        story,
        settings=replace(SETTINGS, cors=("https://desktop.example",)),
        log=lines.append,
        log_format="json",
    )
    facts = [json.loads(line) for line in lines]
    assert [(one["path"], one.get("agent"), one.get("statusCode")) for one in facts] == [
        ("/s/one/api/v2/me", None, 20),
        ("/s/one/api/v2/me", None, None),
        ("/s/one/api/v2/me", ALICE, 0),
    ]


class Keeping:
    """A registry whose time a test moves, and whose sandboxes are just names."""

    def __init__(self, most: int = 2) -> None:
        self.now = 0.0
        self.closed: list[str] = []
        self.sandboxes = Sandboxes(self._make, Limits(most, idle_seconds=60), lambda: self.now)

    def _make(self, name: str, before: Sandbox | None, seating: Seating | None) -> Any:
        closed = self.closed

        class Named:
            def __init__(self) -> None:
                self.name = name

            def close(self) -> None:
                closed.append(name)

        return Named()


def test_a_sandbox_that_nobody_uses_is_dropped_and_the_main_one_never() -> None:
    house = Keeping()
    first = house.sandboxes.open("one")
    house.now = 50
    place = house.sandboxes.begin("one")
    house.now = 1000
    assert house.sandboxes.names() == ["one"], "a request is in progress"
    house.sandboxes.end(place)
    house.now = 1060
    assert house.sandboxes.find("one") is first
    house.now = 1061
    assert house.sandboxes.find("one") is None
    assert house.closed == ["one"]
    assert house.sandboxes.main.name == ""


def test_idle_sandboxes_make_room_and_others_do_not() -> None:
    house = Keeping()
    house.sandboxes.open("one")
    house.now = 30
    house.sandboxes.open("two")
    with pytest.raises(TooManySandboxes):
        house.sandboxes.open("three")
    house.now = 61
    house.sandboxes.open("three")
    assert house.sandboxes.names() == ["two", "three"]


def test_closing_the_server_closes_all_and_the_main_one_cannot_be_dropped() -> None:
    house = Keeping()
    house.sandboxes.open("one")
    assert not house.sandboxes.drop("")
    assert not house.sandboxes.drop("two")
    house.sandboxes.close()
    assert house.closed == ["", "one"]


def test_a_name_may_be_written_with_percent_signs_and_a_slash_in_a_name_is_still_refused() -> None:
    async def story(house: House) -> None:
        assert (await house.ask("GET", "/me", sandbox="/s/%6Fne")).code == (200, 0)
        assert house.app.sandboxes.names() == ["one"]
        assert (await house.ask("GET", "/me%2Fcalls", sandbox="/s/%6Fne")).code == (404, 6)
        assert (await house.ask("GET", "/me", sandbox="/s/a%2Fb")).code == (404, 6)

    visit(story, settings=SETTINGS)
