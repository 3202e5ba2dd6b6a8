"""data.metrics: on every notification of a server that sends them, with the model's time, and on none otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refswitch.metrics import START_MS, metrics
from refswitch.settings import Settings

from .house import ALICE, BOB, CONTRACT, DEVICES, FIRST, SEATING, House, visit

PLAIN = Settings(CONTRACT, SEATING, public_base="http://switch.example:8080")
START = {"operationName": "StartContactCenterSession", "channels": ["voice"]}


def at(seconds: float) -> dict[str, Any]:
    """The metrics of an event that many seconds after the start."""
    return {
        "eventProcessing": {
            "nodeProcessingTimeNanos": 0,
            "serverGenerationTimestamp": START_MS + round(seconds * 1000),
            "serverProcessingTimeTotalMs": 0,
        }
    }


async def busy(house: House) -> list[dict[str, Any]]:
    """All kinds of notifications: of a failed request about a device, of the device, of the channel, of calls."""
    await house.listen(subscription="/v2/me/*")
    await house.post("/me", {"operationName": "Ready"})
    await house.post("/me", START)
    house.clock.advance(1.5)
    await house.dial(BOB)
    await house.operate(FIRST, "Answer", agent=BOB)
    await house.operate(FIRST, "UpdateUserData", userData={"a": 1})
    await house.post(f"/me/devices/{DEVICES[ALICE]}", {"operationName": "DoNotDisturbOn"})
    house.clock.advance(60)
    await house.operate(FIRST, "Hangup")
    return await house.told()


def test_every_notification_carries_the_model_s_time_of_its_making() -> None:
    heard: list[list[dict[str, Any]]] = []

    async def story(house: House) -> None:
        heard.append(await busy(house))

    visit(story, settings=replace(PLAIN, metrics=True))
    visit(story, settings=PLAIN)
    measured, plain = heard
    kinds = {message["data"]["messageType"] for message in measured}
    assert kinds == {
        "ErrorMessage",
        "DeviceStateChangeMessage",
        "ChannelStateChangeMessageV2",
        "CallStateChangeMessage",
    }
    times = [message["data"].pop("metrics") for message in measured]
    assert measured == plain, "and nothing else differs"
    assert times == [at(0)] * 3 + [at(1.5)] * (len(times) - 4) + [at(61.5)]


def test_a_notification_that_is_late_tells_when_it_was_made() -> None:
    async def story(house: House) -> None:
        await house.listen()
        await house.dial("70303")
        assert await house.told() == []
        house.clock.advance(5)
        data = [message["data"] for message in await house.told()]
        assert {one["call"]["state"]: one["metrics"] for one in data}["Dialing"] == at(0)

    visit(story, settings=replace(PLAIN, metrics=True))


@pytest.mark.parametrize("seconds", [0.0, 0.0004, 12.3456])
def test_the_timestamp_is_whole_milliseconds_since_1970(seconds: float) -> None:
    assert metrics(seconds) == at(seconds)
