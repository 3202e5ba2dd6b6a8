"""Reading: who am I, my devices, my calls."""

from __future__ import annotations

import pytest

from refswitch.devices import SWITCH_ID
from refswitch.rest.me import CONTACT_CENTRE_ID

from ..house import ALICE, BOB, DEVICES, FIRST, House, visit  # noqa: TID252  # the whole house is one floor up

API = "http://switch.example:8080/api/v2"
DEVICE = {
    "id": DEVICES[ALICE],
    "deviceState": "Inactive",
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
        ("*", {"calls", "devices", "features"}),
        ("channels,chats,interactions,settings,unheardOf", set()),
    ],
)
def test_requested_subresources_are_included_if_they_apply(asked: str, members: set[str]) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        user = (await house.get(f"/me/?subresources={asked}")).body["user"]
        assert set(user) - set((await house.get("/me")).body["user"]) == members
        assert user.get("devices", [DEVICE]) == [DEVICE]
        assert [call["id"] for call in user.get("calls", [{"id": FIRST}])] == [FIRST]

    visit(story)


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
