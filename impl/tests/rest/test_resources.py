"""Reading: who am I, my devices, my calls."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from refswitch.devices import SWITCH_ID
from refswitch.rest.me import CONTACT_CENTRE_ID

from ..house import (  # noqa: TID252  # the whole house is one floor up
    ALICE,
    BOB,
    CONTRACT,
    DEVICES,
    FIRST,
    SEATING,
    House,
    visit,
)

API = "http://switch.example:8080/api/v2"
DEVICE = {
    "id": DEVICES[ALICE],
    "deviceState": "Active",
    "userState": {
        "id": "0F7F5003-EF26-4D13-A6Ef-D0C7EC819BEB",
        "displayName": "Offline",
        "state": "LoggedOut",
    },
    "phoneNumber": ALICE,
    "description": "",
    "e164Number": "",
    "telephonyNetwork": "Private",
    "doNotDisturb": "Off",
    "voiceEnvironmentUri": f"{API}/voice-environments/{SWITCH_ID}",
    "capabilities": ["DoNotDisturbOn", "ForwardCallsOn"],
    "channels": ["voice"],
    "dynamicPhoneNumber": "",
}
DEVICE_URI = f"{API}/devices/{DEVICES[ALICE]}"


def test_me_is_the_requesting_agent_with_nothing_that_was_not_requested() -> None:
    async def story(house: House) -> None:
        told = await house.get("/me")
        user = told.body["user"]
        assert told.code == (200, 0)
        assert told.headers["content-type"] == "application/json"
        assert user == {
            "id": user["id"],
            "userName": ALICE,
            "firstName": "Alice",
            "lastName": "Adams",
            "emailAddress": "",
            "roles": ["ROLE_AGENT"],
            "enabled": True,
            "changePasswordOnFirstLogin": False,
            "contactCenterId": CONTACT_CENTRE_ID,
            "uri": f"{API}/users/{user['id']}",
            "path": f"/users/{user['id']}",
        }

    visit(story)


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        ("devices", {"devices"}),
        ("calls", {"calls"}),
        ("calls,devices", {"calls", "devices"}),
        ("features", {"features"}),
        ("channels", {"channels", "channelStates"}),
        ("settings", {"settings"}),
        ("*", {"calls", "channels", "channelStates", "devices", "features", "settings"}),
        ("chats,interactions,unheardOf", set()),
    ],
)
def test_requested_subresources_are_included_if_they_apply(asked: str, members: set[str]) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        user = (await house.get(f"/me/?subresources={asked}")).body["user"]
        assert set(user) - set((await house.get("/me")).body["user"]) == members
        assert user.get("devices", [DEVICE]) == [DEVICE]
        assert [call["id"] for call in user.get("calls", [{"id": FIRST}])] == [FIRST]
        assert (user.get("channels", []), user.get("channelStates", []), user.get("settings", {})) == (
            [],
            [],
            {},
        )

    visit(story)


def test_settings_are_the_sections_of_the_seats_file_for_every_agent() -> None:
    sections = {"interaction-workspace": {"login.voice.can-auto-ready": "true"}, "empty": {}}

    async def story(house: House) -> None:
        for agent in (ALICE, BOB):
            told = await house.get("/me?subresources=settings,devices", agent=agent)
            assert told.body["user"]["settings"] == sections
        assert "settings" not in (await house.get("/me")).body["user"]

    visit(story, seating=replace(SEATING, settings=sections))


def test_devices_are_addresses_or_with_fields_resources() -> None:
    async def story(house: House) -> None:
        assert (await house.get("/me/devices")).body == {"statusCode": 0, "uris": [DEVICE_URI]}
        assert (await house.get("/me/devices?fields=*")).body == {"statusCode": 0, "devices": [DEVICE]}
        some = (await house.get("/me/devices?fields=doNotDisturb,id")).body["devices"]
        assert some == [{"id": DEVICES[ALICE], "doNotDisturb": "Off"}]

    visit(story)


def test_calls_are_addresses_or_with_fields_resources_or_the_members_that_were_named() -> None:
    async def story(house: House) -> None:
        assert (await house.get("/me/calls")).body == {"statusCode": 0, "uris": []}
        await house.dial(BOB)
        assert (await house.get("/me/calls")).body == {"statusCode": 0, "uris": [f"{API}/me/calls/{FIRST}"]}
        whole = (await house.get("/me/calls?fields=*")).body["calls"]
        assert (await house.get(f"/me/calls/{FIRST}")).body == {"statusCode": 0, "call": whole[0]}
        assert (await house.get("/me/calls?fields=id,state,nonsense")).body == {
            "statusCode": 0,
            "calls": [{"id": FIRST, "state": "Dialing"}],
        }

    visit(story)


def test_an_ended_call_is_no_longer_found() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Hangup")
        assert (await house.get(f"/me/calls/{FIRST}")).body == {
            "statusCode": 6,
            "statusMessage": f"There is no call {FIRST} of yours",
        }
        assert await house.states() == await house.states(BOB) == {}

    visit(story)


@pytest.mark.parametrize("path", ["/me/", "/me/devices/", "/me/calls/", "/me/calls/?fields=*"])
def test_a_trailing_slash_is_accepted_without_a_redirect(path: str) -> None:
    async def story(house: House) -> None:
        assert (await house.get(path)).code == (200, 0)

    visit(story)


@pytest.mark.parametrize(
    ("prefix", "path"),
    [
        ("", "/me;jsessionid=1F3A"),
        ("", "/me;jsessionid=1F3A;v=1.1?fields=*"),
        ("", "/me/;jsessionid=1F3A"),
        ("/s/b7", "/me;jsessionid=1F3A"),
        ("/s/b7;v=1", "/me;jsessionid=1F3A"),
    ],
)
def test_parameters_of_a_path_are_ignored_and_not_logged(prefix: str, path: str) -> None:
    """Servlet containers carry a session in them, for clients without cookies."""

    async def story(house: House) -> None:
        told = await house.ask("GET", path, sandbox=prefix)
        assert (told.code, told.body["user"]["userName"]) == ((200, 0), ALICE)

    lines: list[str] = []
    visit(story, log=lines.append)
    assert lines
    assert "1F3A" not in "".join(lines)


@pytest.mark.parametrize("path", sorted(CONTRACT.openapi["paths"]))
def test_parameters_are_ignored_in_every_path_of_the_contract(path: str) -> None:
    """openapi.yaml#path-parameters-are-ignored: at the end of the path and after each name in it."""

    async def story(house: House) -> None:
        await house.dial(BOB)
        known = {
            "/me/calls/": FIRST,
            "/me/devices/": DEVICES[ALICE],
            "/devices/": DEVICES[ALICE],
            "/services/": SWITCH_ID,
            "/features/": "api-voice",
            "/me/channels/": "voice",
        }
        before, _, after = path.partition("{")
        plain = before + known.get(before, "") + after.partition("}")[2]
        for method in ("GET", "POST", "DELETE"):
            body = {"operationName": "NoSuchOperation"} if method == "POST" else None
            expected = await house.ask(method, plain, body)
            for written in (f"{plain};jsessionid=1F3A", "/" + plain[1:].replace("/", ";jsessionid=1F3A;v/")):
                told = await house.ask(method, written, body)
                assert (told.status, told.body) == (expected.status, expected.body)

    visit(story)


def test_parameters_are_ignored_in_the_paths_of_operations_cometd_and_the_administration() -> None:
    async def story(house: House) -> None:
        dial = {"operationName": "Dial", "destination": {"phoneNumber": BOB}}
        told = await house.post(f"/me/devices/{DEVICES[ALICE]};jsessionid=1F3A/calls;jsessionid=1F3A", dial)
        assert told.body == {"statusCode": 0}
        told = await house.post(f"/me/calls/{FIRST};jsessionid=1F3A", {"operationName": "Hangup"})
        assert told.body == {"statusCode": 0}
        shake = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
        for address in (
            "/notifications;jsessionid=1F3A",
            "/notifications/;jsessionid=1F3A",
            "/notifications;jsessionid=1F3A/handshake",
        ):
            (reply,) = (await house.post(address, [shake])).body
            assert reply["successful"], address
        transport = httpx.ASGITransport(house.app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
            answer = await client.get("/__admin/v1/health;jsessionid=1F3A")
        assert (answer.status_code, answer.json()) == (200, {"status": "serving"})

    visit(story)


def test_a_semicolon_that_is_escaped_is_part_of_a_name() -> None:
    async def story(house: House) -> None:
        assert (await house.get("/me%3Bjsessionid=1F3A")).code == (404, 6)

    visit(story)


def test_links_never_come_from_the_host_header() -> None:
    async def story(house: House) -> None:
        told = await house.ask("GET", "/me", headers={"Host": "evil.invalid"})
        assert told.body["user"]["uri"].startswith(API)

    visit(story)


def test_a_public_base_may_have_a_path() -> None:
    async def story(house: House) -> None:
        assert (await house.get("/me/devices")).body["uris"] == [
            f"https://gate.example/gws/api/v2/devices/{DEVICES[ALICE]}"
        ]

    visit(story, public_base="https://gate.example/gws/")


def test_a_head_request_is_answered_like_its_get_without_the_body() -> None:
    async def story(house: House) -> None:
        told = await house.ask("HEAD", "/me")
        assert told.status == 200

    visit(story)


def test_a_get_may_carry_any_content_type() -> None:
    async def story(house: House) -> None:
        assert (await house.ask("GET", "/me", headers={"Content-Type": "text/plain"})).code == (200, 0)

    visit(story)
