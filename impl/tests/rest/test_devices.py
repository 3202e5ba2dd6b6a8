"""Devices and agent states over HTTP, and their notifications: compared with the documented samples, value for value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refswitch.calls import AgentState, Arrive, UserState
from refswitch.devices import SWITCH_ID
from refswitch.seats import Seating, new_seat

from ..house import ALICE, BOB, CAROL, DEVICES, FIRST, SEATING, SECOND, House, visit  # noqa: TID252  # the whole house is one floor up

ROOT = Path(__file__).parents[3]
BASE = "http://127.0.0.1:8080"
#: The userState of an agent without a session, as captured.
OFFLINE = {"id": "0F7F5003-EF26-4D13-A6Ef-D0C7EC819BEB", "displayName": "Offline", "state": "LoggedOut"}
START = {"operationName": "StartContactCenterSession", "channels": ["voice"]}
HERE = f"/me/devices/{DEVICES[ALICE]}"
#: Also offered to supervisors; this file does not test what a supervisor can do to a device.
OF_SUPERVISORS = {"ListenIn", "Coach", "BargeIn", "CancelSupervisorMonitoring"}


def documented(half: str, name: str) -> Any:
    return json.loads((ROOT / half / "examples" / name).read_text())


def as_here(message: Any) -> Any:
    """The documented notification as this switch sends it: with its own service, internal numbers, and the additions of captures."""
    (device,) = message["data"]["devices"]
    here = {
        **device,
        "e164Number": "",
        "voiceEnvironmentUri": f"{BASE}/api/v2/voice-environments/{SWITCH_ID}",
        "capabilities": set(device["capabilities"]) - OF_SUPERVISORS,
        "description": "",
        "channels": ["voice"],
        "dynamicPhoneNumber": "",
    }
    return {**message, "data": {**message["data"], "devices": [here]}}


def with_sets(message: Any) -> Any:
    devices = [
        {**device, "capabilities": set(device["capabilities"])} for device in message["data"]["devices"]
    ]
    return {**message, "data": {**message["data"], "devices": devices}}


def seat_of(message: Any) -> tuple[str, str]:
    """Number and device id of a sample's agent."""
    (device,) = message["data"]["devices"]
    return device["phoneNumber"], device["id"]


@pytest.mark.parametrize("state", ["Ready", "NotReady", "AuxWork"])
def test_the_notification_of_an_agent_state_is_as_on_its_page(state: str) -> None:
    sample = documented("asyncapi", f"{state}/1-device.json")
    number, device_id = seat_of(sample)

    async def story(house: House) -> None:
        await house.post("/me", START, agent=number)
        await house.listen(number, "/v2/me/devices")
        told = await house.post(
            "/me/channels/voice", documented("openapi", f"{state}/request.json"), agent=number
        )
        assert told.body == {"statusCode": 0}
        expected = as_here(sample)
        expected["data"]["devices"][0]["capabilities"] |= {"DoNotDisturbOn"}  # the page's switch had none
        assert [with_sets(message) for message in await house.told(number)] == [expected]

    visit(story, seating=Seating((new_seat(number, device_id=device_id),)), public_base=BASE)


@pytest.mark.parametrize(
    ("operation", "switched_back"),
    [("DoNotDisturbOn", "DoNotDisturbOff"), ("ForwardCallsOn", "ForwardCallsOff")],
)
@pytest.mark.parametrize("address", ["/me/devices", "/devices"])
def test_the_notification_of_a_device_operation_is_as_on_its_page(
    operation: str, switched_back: str, address: str
) -> None:
    sample = documented("asyncapi", f"{operation}/1-device.json")
    number, device_id = seat_of(sample)

    async def story(house: House) -> None:
        await house.post("/me", START, agent=number)
        await house.post("/me", {"operationName": "Ready"}, agent=number)
        before = (await house.get(f"/me/devices/{device_id}", agent=number)).body
        await house.listen(number, "/v2/me/devices")
        request = documented("openapi", f"{operation}/request.json")
        path = f"{address}/{device_id}"
        assert (await house.post(path, request, agent=number)).body == {"statusCode": 0}
        (message,) = await house.told(number)
        assert with_sets(message) == as_here(sample)
        read = (await house.get(path, agent=number)).body
        assert read == {"statusCode": 0, "device": message["data"]["devices"][0]}
        again = await house.post(path, request, agent=number)
        assert again.code == (400, 2)
        assert again.body["statusMessage"].startswith(f"{operation} is not possible: device 5005 offers ")
        assert (await house.get(path, agent=number)).body == read
        assert (await house.post(path, {"operationName": switched_back}, agent=number)).code == (200, 0)
        assert (await house.get(path, agent=number)).body == before

    visit(story, seating=Seating((new_seat(number, device_id=device_id),)), public_base=BASE)


def test_the_notification_of_a_session_start_is_as_captured() -> None:
    sample = documented("asyncapi", "StartContactCenterSession/1-device.json")
    number, device_id = seat_of(sample)

    async def story(house: House) -> None:
        await house.listen(number, "/v2/me/devices")
        await house.post("/me", START, agent=number)
        (device,) = sample["data"]["devices"]
        device["voiceEnvironmentUri"] = f"{BASE}/api/v2/voice-environments/{SWITCH_ID}"
        assert await house.told(number) == [sample]

    visit(story, seating=Seating((new_seat(number, device_id=device_id),)), public_base=BASE)


def test_the_device_before_a_session_is_as_captured() -> None:
    (sample,) = documented("openapi", "me-before-a-session.json")["user"]["devices"]
    number, device_id = sample["phoneNumber"], sample["id"]

    async def story(house: House) -> None:
        user = (await house.get("/me?subresources=features,devices,channels", agent=number)).body["user"]
        environment = {"voiceEnvironmentUri": f"{BASE}/api/v2/voice-environments/{SWITCH_ID}"}
        assert user["devices"] == [{**sample, **environment}]
        assert user["devices"] == (await house.get("/me/devices?fields=*", agent=number)).body["devices"]

    visit(story, seating=Seating((new_seat(number, device_id=device_id),)), public_base=BASE)


@pytest.mark.parametrize("path", ["/me/channels/voice", "/me", "/me/"])
def test_an_agent_state_without_a_session_fails_with_the_captured_notification(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    sample = documented("asyncapi", "NotReady/3-not-registered.json")
    device_id = sample["data"]["devicePath"].rpartition("/")[2]

    async def story(house: House) -> None:
        await house.listen("5001", "/v2/me/*")
        told = await house.post(path, {"operationName": "NotReady"}, agent="5001")
        assert (told.status, told.body) == (500, documented("openapi", "NotReady/not-registered.json"))
        assert await house.told("5001") == [sample]

    visit(story, seating=Seating((new_seat("5001", device_id=device_id),)), public_base=BASE)
    assert caplog.text == "", "a failure that is meant is nobody's bug"


@pytest.mark.parametrize("path", ["/me", "/me/channels/voice"])
@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (
            "AfterCallWork",
            {
                "id": "D3663509-3D82-4DD3-A82E-2EA8EFA02AEF",
                "displayName": "AfterCallWork",
                "state": "NotReady",
                "workMode": "AfterCallWork",
            },
        ),
        ("Offline", OFFLINE),
    ],
)
def test_a_state_is_on_the_device_and_on_the_channel(path: str, state: str, shown: dict[str, str]) -> None:
    async def story(house: House) -> None:
        await house.post("/me", START)
        await house.listen(ALICE, "/v2/me/channels")
        assert (await house.post(path, {"operationName": state, "wrapUpTime": "0"})).body == {"statusCode": 0}
        device = (await house.get(HERE)).body["device"]
        assert (device["deviceState"], device["userState"]) == ("Active", shown)
        channel = {"channel": "voice", "dndState": "Off", "userState": shown}
        assert (await house.get("/me/channels/voice")).body == {"statusCode": 0, "channel": channel}
        user = (await house.get("/me?subresources=channels")).body["user"]
        assert user["channels"] == user["channelStates"] == [channel]
        data = {"messageType": "ChannelStateChangeMessageV2", "channels": [channel]}
        assert await house.told() == [{"channel": "/v2/me/channels", "data": data}]

    visit(story)


def test_a_custom_agent_state_is_set_by_its_name_and_listed() -> None:
    lunch = AgentState(
        "OutToLunch", UserState("NotReady", "L", "Out to Lunch", "AuxWork", "Lunch"), "NotReady"
    )
    seating = Seating(SEATING.seats, agent_states=(lunch,))

    async def story(house: House) -> None:
        await house.post("/me", START)
        for path in ("/me", "/me/channels/voice"):
            assert (await house.post(path, {"operationName": "OutToLunch"})).body == {"statusCode": 0}
        assert (await house.get(HERE)).body["device"]["userState"] == {
            "id": "L",
            "displayName": "Out to Lunch",
            "state": "NotReady",
            "workMode": "AuxWork",
            "reason": "Lunch",
        }
        listed = (await house.get("/settings/agent-states")).body["settings"]
        assert [setting["operationName"] for setting in listed] == [
            "Ready",
            "NotReady",
            "AuxWork",
            "AfterCallWork",
            "Offline",
            "OutToLunch",
        ]
        assert listed[-2]["state"] == "Logout"
        assert listed[-1] == {
            "id": "L",
            "operationName": "OutToLunch",
            "displayName": "Out to Lunch",
            "state": "NotReady",
            "workMode": "AuxWork",
            "reason": "Lunch",
        }

    visit(story, seating=seating)


@pytest.mark.parametrize("path", ["/me", "/me/channels/voice"])
@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("OutToLunch", 'but is "OutToLunch"'),
        ("Redy", 'but is "Redy"; did you mean Ready?'),
        ("not a name", 'but is "not a name"'),
        ("", "must have 1 or more characters"),
        ("Hold", "Hold is not for this resource; post it to /me/calls/{id}"),
    ],
)
def test_a_name_that_is_not_an_agent_state_is_refused(path: str, name: str, ending: str) -> None:
    async def story(house: House) -> None:
        told = await house.post(path, {"operationName": name})
        assert told.code == (400, 10)
        assert ending in told.body["statusMessage"], told.body

    visit(story)


def test_do_not_disturb_for_all_devices_is_posted_to_me_and_shows_on_the_channel() -> None:
    async def story(house: House) -> None:
        await house.post("/me", START)
        await house.listen(ALICE, "/v2/me/*")
        assert (await house.post("/me", {"operationName": "DoNotDisturbOn"})).body == {"statusCode": 0}
        channels = [message["channel"] for message in await house.told()]
        assert channels == ["/v2/me/devices", "/v2/me/channels"]
        assert (await house.get("/me/channels?fields=dndState")).body["channels"] == [{"dndState": "On"}]
        await house.post("/me", {"operationName": "DoNotDisturbOff"})
        assert (await house.get(f"{HERE}?fields=doNotDisturb")).body["device"] == {"doNotDisturb": "Off"}

    visit(story)


def test_a_caller_of_an_agent_with_do_not_disturb_is_notified_of_the_failure() -> None:
    async def story(house: House) -> None:
        await house.post(f"/me/devices/{DEVICES[BOB]}", {"operationName": "DoNotDisturbOn"}, agent=BOB)
        await house.listen(ALICE)
        await house.listen(BOB, "/**")
        assert (await house.dial(BOB)).body == {"statusCode": 0}
        await house.turn()
        assert await house.heard() == [f"StatusChange Dialing {FIRST}", f"StatusChange Released {FIRST}"]
        assert await house.told(BOB) == []

    visit(story)


def test_a_forwarded_call_rings_elsewhere_and_keeps_the_number_dialled() -> None:
    async def story(house: House) -> None:
        forward = {"operationName": "ForwardCallsOn", "destination": CAROL}
        await house.post(f"/me/devices/{DEVICES[BOB]}", forward, agent=BOB)
        await house.dial(BOB)
        assert await house.states(BOB) == {}
        (call,) = (await house.get("/me/calls?fields=*", agent=CAROL)).body["calls"]
        assert (call["state"], call["dnis"]) == ("Ringing", BOB)
        await house.operate(FIRST, "Answer", agent=CAROL)
        (call,) = (await house.get("/me/calls?fields=*")).body["calls"]
        assert [party["phoneNumber"] for party in call["participants"]] == [CAROL]

    visit(story)


def test_a_call_may_be_forwarded_to_a_simulated_number() -> None:
    async def story(house: House) -> None:
        forward = {"operationName": "ForwardCallsOn", "destination": "70001"}
        await house.post(f"/me/devices/{DEVICES[BOB]}", forward, agent=BOB)
        await house.dial(BOB)
        house.clock.advance(1)
        assert await house.states() == {FIRST: "Established"}

    visit(story)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me/devices/{}"),
        ("GET", "/devices/{}"),
        ("GET", "/me/devices/{}/settings/tserver"),
        ("GET", "/devices/{}/settings/tserver"),
        ("POST", "/me/devices/{}"),
        ("POST", "/devices/{}"),
    ],
)
def test_another_agents_device_is_not_found(method: str, path: str) -> None:
    async def story(house: House) -> None:
        body = {"operationName": "DoNotDisturbOn"} if method == "POST" else None
        told = await house.ask(method, path.format(DEVICES[BOB]), body)
        assert (told.code, told.body["statusMessage"]) == (
            (404, 6),
            f"There is no device {DEVICES[BOB]} of yours",
        )
        assert (await house.get(f"/devices/{DEVICES[BOB]}", agent=BOB)).body["device"][
            "doNotDisturb"
        ] == "Off"

    visit(story)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"operationName": "ForwardCallsOn"}, 1, "$.destination is required"),
        (
            {"operationName": "ForwardCallsOn", "destination": {"phoneNumber": "15001"}},
            10,
            '$.destination must be of type string, but is {"phoneNumber": "15001"}',
        ),
        (
            {"operationName": "Dial", "destination": {"phoneNumber": "15001"}},
            10,
            "$.operationName Dial is not for this resource; post it to /me/devices/{id}/calls",
        ),
        (
            {"operationName": "ForwardCallsOff"},
            2,
            "ForwardCallsOff is not possible: device 15000 offers DoNotDisturbOn, ForwardCallsOn",
        ),
    ],
)
def test_a_bad_device_operation_is_refused_by_place_and_rule(
    body: dict[str, Any], code: int, message: str
) -> None:
    async def story(house: House) -> None:
        told = await house.post(HERE, body)
        assert (told.code, told.body["statusMessage"]) == ((400, code), message)

    visit(story)


def test_calls_are_placed_at_the_older_address_too() -> None:
    async def story(house: House) -> None:
        body = {"operationName": "Dial", "destination": {"phoneNumber": BOB}}
        assert (await house.post(f"/devices/{DEVICES[ALICE]}/calls", body)).body == {"statusCode": 0}
        assert await house.states(BOB) == {FIRST: "Ringing"}

    visit(story)


def test_a_device_has_no_configuration() -> None:
    async def story(house: House) -> None:
        for path in (f"{HERE}/settings/tserver", f"/devices/{DEVICES[ALICE]}/settings/tserver"):
            assert (await house.get(path)).body == {"statusCode": 0, "settings": [], "key": "name"}

    visit(story)


def test_channels_are_those_of_the_session() -> None:
    async def story(house: House) -> None:
        assert (await house.get("/me/channels")).body == {"statusCode": 0, "uris": []}
        assert (await house.get("/me/channels/voice")).code == (404, 6)
        await house.post("/me", START)
        uris = ["http://switch.example:8080/api/v2/me/channels/voice"]
        assert (await house.get("/me/channels")).body == {"statusCode": 0, "uris": uris}
        logged_in = {"channel": "voice", "dndState": "Off", "userState": {"state": "LoggedIn"}}
        assert (await house.get("/me/channels?fields=*")).body == {"statusCode": 0, "channels": [logged_in]}
        for told in (
            await house.get("/me/channels/chat"),
            await house.post("/me/channels/chat", {"operationName": "Ready"}),
        ):
            assert (told.code, told.body["statusMessage"]) == ((404, 6), "There is no channel chat of yours")

    visit(story)


def test_an_agent_who_becomes_ready_gets_the_waiting_caller() -> None:
    async def story(house: House) -> None:
        for agent in (ALICE, BOB, CAROL):
            await house.post("/me", START, agent=agent)
        house.app.switch.apply(Arrive("+15550100", queue="9000"))
        assert [await house.states(agent) for agent in (ALICE, BOB, CAROL)] == [{}, {}, {}]
        await house.listen(BOB, "/v2/me/*")
        await house.post("/me/channels/voice", {"operationName": "Ready"}, agent=BOB)
        assert [message["channel"] for message in await house.told(BOB)] == [
            "/v2/me/devices",
            "/v2/me/channels",
            "/v2/me/calls",
        ]
        assert list((await house.states(BOB)).values()) == ["Ringing"]

    visit(story)


CAROLS = f"/devices/{DEVICES[CAROL]}"
SUPERVISING = {"BargeIn", "Coach", "DoNotDisturbOn", "ForwardCallsOn", "ListenIn"}


def of_bob(operation: str, **more: str) -> dict[str, str]:
    return {
        "operationName": operation,
        "targetDeviceUri": f"http://switch.example:8080/api/v2/devices/{DEVICES[BOB]}",
        **more,
    }


def test_a_supervision_shows_on_the_supervisors_device_and_in_a_notification() -> None:
    async def story(house: House) -> None:
        await house.listen(CAROL, "/v2/me/devices")
        body = of_bob("Coach", supervisorMonitoringMode="NextCall")
        assert (await house.post(CAROLS, body, agent=CAROL)).code == (200, 0)
        device = (await house.get(CAROLS, agent=CAROL)).body["device"]
        assert device["supervisorMonitoringState"] == {
            "state": "Coach",
            "mode": "NextCall",
            "scope": "Call",
            "targetDeviceUri": f"http://switch.example:8080/api/v2/devices/{DEVICES[BOB]}",
        }
        assert set(device["capabilities"]) == {*SUPERVISING, "CancelSupervisorMonitoring"}
        data = {"messageType": "DeviceStateChangeMessage", "devices": [device]}
        assert await house.told(CAROL) == [{"channel": "/v2/me/devices", "data": data}]
        cancel = {"operationName": "CancelSupervisorMonitoring"}
        assert (await house.post(CAROLS, cancel, agent=CAROL)).code == (200, 0)
        device = (await house.get(CAROLS, agent=CAROL)).body["device"]
        assert "supervisorMonitoringState" not in device
        assert set(device["capabilities"]) == SUPERVISING
        assert (await house.post(CAROLS, cancel, agent=CAROL)).code == (400, 2)

    visit(story)


def test_a_supervisor_hears_the_next_call_and_barges_in() -> None:
    async def story(house: House) -> None:
        await house.listen(CAROL)
        await house.post(CAROLS, of_bob("ListenIn"), agent=CAROL)
        await house.dial(BOB)
        await house.operate(FIRST, "Answer", agent=BOB)
        assert await house.heard(CAROL) == [f"StatusChange Established {SECOND}"]
        call = (await house.get(f"/me/calls/{SECOND}", agent=CAROL)).body["call"]
        shown = ("mute", "supervisorListeningIn", "monitoredUserMuted", "monitoring", "callType", "dnis")
        assert {name: call.get(name) for name in shown} == {
            "mute": "On",
            "supervisorListeningIn": False,
            "monitoredUserMuted": False,
            "monitoring": None,
            "callType": "Internal",
            "dnis": BOB,
        }
        assert [one["phoneNumber"] for one in call["participants"]] == [ALICE, BOB]
        assert (await house.get(f"/me/calls/{FIRST}", agent=BOB)).body["call"][
            "supervisorListeningIn"
        ] is True
        assert (await house.operate(SECOND, "SwitchToBargeIn", agent=CAROL)).code == (200, 0)
        assert (await house.operate(SECOND, "MuteMonitoredUser", agent=CAROL)).code == (200, 0)
        assert await house.heard(CAROL) == [
            f"StatusChange Established {SECOND}",
            f"MonitoredUserMutedStateChange Established {SECOND}",
        ]
        call = (await house.get(f"/me/calls/{FIRST}")).body["call"]
        assert [one["phoneNumber"] for one in call["participants"]] == [BOB, CAROL]

    visit(story)


def test_only_supervisors_can_supervise_and_nobody_can_supervise_their_own_calls() -> None:
    async def story(house: House) -> None:
        assert (await house.post(HERE, of_bob("ListenIn"))).code == (400, 2)
        own = {**of_bob("ListenIn"), "targetDeviceUri": f"http://switch.example/api/v2{CAROLS}"}
        assert (await house.post(CAROLS, own, agent=CAROL)).code == (400, 2)
        unknown = {**of_bob("ListenIn"), "targetDeviceUri": "http://switch.example/api/v2/devices/none"}
        told = await house.post(CAROLS, unknown, agent=CAROL)
        assert told.code == (400, 10)
        assert told.body["statusMessage"] == "$.targetDeviceUri names no device of this contact centre"

    visit(story)


def test_an_agent_who_dials_their_own_forwarded_number_reaches_the_forwarding_target() -> None:
    async def story(house: House) -> None:
        forward = {"operationName": "ForwardCallsOn", "destination": CAROL}
        await house.post(f"/me/devices/{DEVICES[ALICE]}", forward)
        await house.dial(ALICE)
        assert (await house.operate(FIRST, "Answer", agent=CAROL)).code == (200, 0)
        for agent, other in ((ALICE, CAROL), (CAROL, ALICE)):
            (call,) = (await house.get("/me/calls?fields=*", agent=agent)).body["calls"]
            numbers = [one["phoneNumber"] for one in call["participants"]]
            assert (call["state"], numbers) == ("Established", [other])

    visit(story)
