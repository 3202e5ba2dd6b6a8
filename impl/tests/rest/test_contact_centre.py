"""The contact centre's resources: version, features, services, agent states."""

from __future__ import annotations

import pytest

from refswitch.devices import SWITCH_ID

from ..house import ALICE, DEVICES, House, visit  # noqa: TID252  # the whole house is one floor up

API = "http://switch.example:8080/api/v2"
VOICE = {
    "id": "api-voice",
    "displayName": "Voice API",
    "description": "API for Voice",
    "autoAssignOnContactCenterCreate": True,
    "uri": f"{API}/features/api-voice",
    "path": "/features/api-voice",
}
SWITCH = {
    "id": SWITCH_ID,
    "name": "refswitch",
    "type": "Voice",
    "state": "Active",
    "uri": f"{API}/services/{SWITCH_ID}",
    "path": f"/services/{SWITCH_ID}",
}


def test_the_version_is_the_one_of_the_api_that_is_served() -> None:
    async def story(house: House) -> None:
        assert (await house.get("/diagnostics/version")).body == {"statusCode": 0, "version": "8.5.202.96"}

    visit(story)


def test_features_are_as_captured_and_only_those_that_are_served() -> None:
    async def story(house: House) -> None:
        features = (await house.get("/features?fields=*")).body["features"]
        assert features[0] == VOICE
        assert (await house.get("/me?subresources=features")).body["user"]["features"] == features
        assert (await house.get("/features")).body["uris"] == [feature["uri"] for feature in features]
        assert (await house.get("/features/api-voice")).body == {"statusCode": 0, "feature": VOICE}
        some = (await house.get("/features?fields=id")).body["features"]
        assert some == [{"id": feature["id"]} for feature in features]

    visit(story)


def test_the_switch_is_the_service_that_every_device_belongs_to() -> None:
    async def story(house: House) -> None:
        assert (await house.get("/services")).body == {"statusCode": 0, "uris": [SWITCH["uri"]]}
        assert (await house.get("/services?fields=*")).body == {"statusCode": 0, "services": [SWITCH]}
        assert (await house.get(f"/services/{SWITCH_ID}")).body == {"statusCode": 0, "service": SWITCH}
        device = (await house.get(f"/me/devices/{DEVICES[ALICE]}")).body["device"]
        assert device["voiceEnvironmentUri"] == f"{API}/voice-environments/{SWITCH_ID}"

    visit(story)


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/contacts", {"contacts": [], "totalCount": 0}),
        ("/groups", {"groups": []}),
        ("/me/groups", {"groups": []}),
    ],
)
def test_contacts_and_groups_are_empty_collections_however_they_are_asked_for(
    path: str, listed: dict[str, object]
) -> None:
    async def story(house: House) -> None:
        assert (await house.get(path)).body == {"statusCode": 0, "uris": []}
        assert (await house.get(f"{path}/?fields=*")).body == {"statusCode": 0, **listed}
        # As client programs and pages write it; paging is not described, and other parameters are ignored.
        asked = "type=User&name=a,b&phoneNumber=*&channel=voice&filterName=F&filterParameters=1,2&limit=5&offset=5"
        assert (await house.get(f"{path}?fields=id,name&{asked}")).body == {"statusCode": 0, **listed}
        assert (await house.get(f"{path}?type=BusinessUnit&fields=*")).body == {"statusCode": 0, **listed}
        # As elsewhere, fields is any text: a name that nothing has selects nothing.
        assert (await house.get(f"{path}?fields=")).body == {"statusCode": 0, **listed}
        assert (await house.get(f"{path}/3f65")).code == (404, 6)
        assert (await house.post(path, {})).status == 405

    visit(story)


@pytest.mark.parametrize("path", ["/features/api-voice-outbound", "/services/ON_PREMISE_ENVIRONMENT"])
def test_what_the_contact_centre_does_not_have_is_not_found(path: str) -> None:
    async def story(house: House) -> None:
        assert (await house.get(path)).code == (404, 6)

    visit(story)


def test_the_agent_states_of_every_contact_centre_are_listed_as_they_are_known() -> None:
    async def story(house: House) -> None:
        listed = (await house.get("/settings/agent-states")).body["settings"]
        assert listed == [
            {
                "id": "9430250E-0A1B-421F-B372-F29E69366DED",
                "operationName": "Ready",
                "displayName": "Ready",
                "state": "Ready",
            },
            {
                "id": "900D55CC-2BB0-431F-8BF9-D3525B383BE6",
                "operationName": "NotReady",
                "displayName": "Not Ready",
                "state": "NotReady",
            },
            {
                "id": "2B36138D-C564-4562-A8CB-3C32D564F296",
                "operationName": "AuxWork",
                "displayName": "AuxWork",
                "state": "NotReady",
                "workMode": "AuxWork",
            },
            {
                "id": "D3663509-3D82-4DD3-A82E-2EA8EFA02AEF",
                "operationName": "AfterCallWork",
                "displayName": "AfterCallWork",
                "state": "NotReady",
                "workMode": "AfterCallWork",
            },
            {
                "id": "0F7F5003-EF26-4D13-A6Ef-D0C7EC819BEB",
                "operationName": "Offline",
                "displayName": "Offline",
                "state": "Logout",
            },
        ]

    visit(story)


@pytest.mark.parametrize(
    "path",
    [
        "/settings/agent-states/",
        "/features/",
        "/services/?fields=*",
        "/diagnostics/version/",
        "/me/channels/",
    ],
)
def test_a_trailing_slash_is_accepted_here_too(path: str) -> None:
    async def story(house: House) -> None:
        assert (await house.get(path)).code == (200, 0)

    visit(story)
