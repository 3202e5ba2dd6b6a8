"""SetCallDisposition over HTTP, posted to the call as the page has it and to the device as a client program has it."""

from __future__ import annotations

from typing import Any

import pytest

from ..house import ALICE, BOB, CAROL, DEVICES, FIRST, SECOND, House, visit  # noqa: TID252  # the whole house is one floor up

PLACES = {
    "call": f"/me/calls/{FIRST}",
    "device": f"/me/devices/{DEVICES[ALICE]}",
    "its deviceUri": f"/devices/{DEVICES[ALICE]}",
}


def disposition(call: str = FIRST, **more: object) -> dict[str, Any]:
    """The request of the page (CallsSetCallDisposition, HTCC 8.5.2), whose callUri has no /me."""
    return {
        "operationName": "SetCallDisposition",
        "callUri": f"http://127.0.0.1:8080/api/v2/calls/{call}",
        "callUuid": call,
        "disposition": "Referred",
        "dispositionKey": "DispositionCode",
        **more,
    }


async def talking(house: House) -> None:
    await house.dial(BOB)
    await house.operate(FIRST, "Answer", agent=BOB)
    await house.listen(ALICE)
    await house.listen(BOB)


@pytest.mark.parametrize("place", PLACES)
def test_the_disposition_of_a_live_call_is_attached_and_both_agents_are_notified(place: str) -> None:
    async def story(house: House) -> None:
        await talking(house)
        assert (await house.post(PLACES[place], disposition(userData={"Case": "7"}))).body == {
            "statusCode": 0
        }
        for agent in (ALICE, BOB):
            (message,) = await house.told(agent)
            data = message["data"]
            assert (data["notificationType"], data["call"]["userData"]) == (
                "AttachedDataChanged",
                {"DispositionCode": "Referred"},
            )
            assert "extensions" not in data

    visit(story)


@pytest.mark.parametrize("place", PLACES)
def test_the_disposition_of_a_released_call_is_accepted_and_nobody_is_notified(place: str) -> None:
    async def story(house: House) -> None:
        await talking(house)
        await house.operate(FIRST, "Hangup")
        await house.told()
        assert (await house.post(PLACES[place], disposition())).body == {"statusCode": 0}
        assert await house.told() == []

    visit(story)


@pytest.mark.parametrize(("agent", "path", "body", "code"), [
    (ALICE, PLACES["call"], disposition(SECOND), (400, 2)),
    (ALICE, f"/me/calls/{SECOND}", disposition(SECOND), (404, 6)),
    (ALICE, PLACES["device"], disposition(SECOND), (404, 6)),
    (ALICE, PLACES["device"], disposition(callUri="http://x/api/v2/me/calls/other"), (400, 2)),
    (ALICE, f"/me/devices/{DEVICES[BOB]}", disposition(), (404, 6)),
    (CAROL, PLACES["call"], disposition(), (404, 6)),
    (CAROL, f"/me/devices/{DEVICES[CAROL]}", disposition(), (404, 6)),
    (ALICE, PLACES["call"], {"operationName": "SetCallDisposition"}, (400, 1)),
    (ALICE, PLACES["device"], disposition(disposition=5), (400, 10)),
])  # fmt: skip
def test_a_disposition_that_cannot_be_set_is_refused_and_nothing_changes(
    agent: str, path: str, body: Any, code: tuple[int, int]
) -> None:
    async def story(house: House) -> None:
        await talking(house)
        assert (await house.post(path, body, agent=agent)).code == code
        assert await house.told() == []

    visit(story)
