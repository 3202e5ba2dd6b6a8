"""More samples from the documentation, value for value: what refswitch sends on /v2/me/calls in their situations.

Capabilities are compared as sets, because their order carries no meaning.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from refswitch.calls import Identity, LegKey
from refswitch.contract import load_contract
from refswitch.seats import Seating, new_seat
from refswitch.settings import Settings

from .calls import commands
from .house import House

EXAMPLES = Path(__file__).parents[2] / "asyncapi" / "examples"
BASE = "http://127.0.0.1:8080"
SUPERVISOR, DEVICE = "efe1ab32-53f9-43ce-b65e-5768c61f7d4a", "631608b3-ceb1-472b-ba05-2ae39555b0d1"
MONITORED = Identity("011DJV5JI898NB2L04000VTAES00000I", "007102385535e00e")
SWAPPED = Identity("01RCC3N118B1V0SL8O7GK2LAES00000P", "0071027198180019")
RECORDED = Identity("01RCC3N118B1V0SL8O7GK2LAES00000V", "007102719818001f")
OTHER = Identity("0" * 31 + "1", "0" * 16)


def documented(name: str) -> Any:
    return comparable(json.loads((EXAMPLES / name).read_text()))


def comparable(message: Any) -> Any:
    call = message["data"]["call"]
    data = {**message["data"], "call": {**call, "capabilities": set(call["capabilities"])}}
    return {**message, "data": data}


class Desk:
    """A switch with the seats, devices and identities of a page, and the notifications of one of its agents."""

    def __init__(self, devices: dict[str, str], identities: list[Identity], *abilities: str) -> None:
        seats = tuple(
            new_seat(number, device_id=device, abilities=abilities) for number, device in devices.items()
        )
        source = iter(identities)
        settings = Settings(load_contract(), Seating(seats), public_base=BASE)
        self.house = House(settings, identities=lambda: next(source))

    def told(self, agent: str, *steps: Any) -> list[Any]:
        """The agent's notifications of the last of these steps; each step is a function of the house."""

        async def happen() -> list[Any]:
            await self.house.listen(agent)
            for step in steps:
                await self.house.told(agent)
                step(self.house)
            heard = await self.house.told(agent)
            self.house.app.close()
            return [comparable(message) for message in heard]

        return asyncio.run(happen())


def advance(seconds: int) -> Any:
    return lambda house: house.clock.advance(seconds)


def dial(agent: str, number: str) -> Any:
    return lambda house: house.app.switch.apply(commands.dial(agent, number))


def operate(agent: str, identity: Identity, operation: str, **more: Any) -> Any:
    return lambda house: house.app.switch.apply(
        commands.operate(operation, LegKey(agent, identity.call_id), **more)
    )


def test_a_supervisor_who_barges_in_mutes_and_unmutes_gets_the_notifications_of_the_samples() -> None:
    before = (
        lambda house: house.app.switch.apply(commands.supervise("5005", "5001", "ListenIn")),
        dial("5000", "5001"),
        operate("5001", OTHER, "Answer"),
    )
    barge = operate("5005", MONITORED, "SwitchToBargeIn")
    mute = operate("5005", MONITORED, "MuteMonitoredUser")
    unmute = operate("5005", MONITORED, "UnmuteMonitoredUser")
    for seconds, name, steps in (
        (21, "SwitchToBargeIn/1-barged-in.json", (barge,)),
        (348, "MuteMonitoredUser/1-muted.json", (barge, mute)),
        (383, "UnmuteMonitoredUser/1-unmuted.json", (barge, mute, unmute)),
    ):
        desk = Desk({"5000": "", "5001": "", "5005": SUPERVISOR}, [OTHER, MONITORED], "supervise")
        assert desk.told("5005", *before, advance(seconds), *steps) == [documented(name)]


def test_the_notification_of_the_call_retrieved_by_swap_calls_is_as_in_the_sample() -> None:
    desk = Desk({"15000": DEVICE, "15001": "", "15002": ""}, [SWAPPED, OTHER])
    told = desk.told(
        "15000",
        dial("15000", "15001"),
        operate("15001", SWAPPED, "Answer"),
        advance(156),
        operate("15000", SWAPPED, "InitiateTransfer", destination="15002"),
        operate("15002", OTHER, "Answer"),
        operate("15000", OTHER, "SwapCalls", other=SWAPPED.call_id),
    )
    assert told[0] == documented("SwapCalls/1-established.json")
    assert [message["data"]["call"]["state"] for message in told] == ["Established", "Held"]


def test_the_notification_of_a_paused_recording_is_as_in_the_sample_but_for_the_file_name() -> None:
    """The file's name contains the recorder's host and time; a desktop attaches its own keys itself."""
    desk = Desk({"15000": DEVICE, "15001": ""}, [RECORDED], "recording")
    sample = documented("PauseCallRecording/1-paused.json")
    data = sample["data"]["call"]["userData"]
    desktops = {key: data[key] for key in data if key.startswith("IW_")}
    (told,) = desk.told(
        "15000",
        dial("15000", "15001"),
        operate("15001", RECORDED, "Answer"),
        operate("15000", RECORDED, "AttachUserData", user_data=desktops),
        operate("15000", RECORDED, "StartCallRecording"),
        advance(498),
        operate("15000", RECORDED, "PauseCallRecording"),
    )
    file = told["data"]["call"]["userData"].pop("GSIP_REC_FN")
    assert file.startswith(f"{RECORDED.call_id}_15000")
    assert data.pop("GSIP_REC_FN").startswith(f"{RECORDED.call_id}_15000")
    assert told == sample
