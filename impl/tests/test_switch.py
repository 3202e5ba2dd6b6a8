"""The switch: what it publishes, to whom, and that notifications agree with what can be read."""

from __future__ import annotations

import pytest

from refswitch.calls import Dialled, FarEnd, LegKey, NoSuchCall, NotPossible
from refswitch.devices import Devices
from refswitch.identities import counting_identities, seeded_identities
from refswitch.render import Render
from refswitch.switch import CALLS_CHANNEL, Switch

from .calls.commands import dial, operate
from .calls.model_fixture import ALICE, BOB, DEVICE_TABLE, TABLE

DEVICES = {ALICE: "device-a", BOB: "device-b"}


class House:
    """A switch whose callbacks record their calls."""

    def __init__(self) -> None:
        self.now = 0.0
        self.published: list[tuple[str, str, object]] = []
        self.deliveries: list[int] = []
        self.dialled: list[Dialled] = []
        self.switch = Switch(
            TABLE,
            {ALICE: frozenset(), BOB: frozenset()},
            Render("http://gws.example", DEVICES),
            Devices("http://gws.example", DEVICES, DEVICE_TABLE),
            now=lambda: self.now,
            new_identity=counting_identities("0" * 26, "007102719818", first=9),
            publish=lambda agent, channel, data: self.published.append((agent, channel, data)),
            deliver=lambda: self.deliveries.append(len(self.published)),
            dialled=lambda switch, dialled: self.dialled.append(dialled),
            note=lambda command, step: None,
        )


CALL = "0" * 26 + "000009"


def test_a_turn_is_published_completely_and_then_delivered_once() -> None:
    house = House()
    house.switch.apply(dial(ALICE, BOB))
    assert [(agent, channel) for agent, channel, _ in house.published] == [
        (ALICE, CALLS_CHANNEL),
        (BOB, CALLS_CHANNEL),
    ]
    assert house.deliveries == [2]


def test_the_last_notification_is_what_can_be_read() -> None:
    house = House()
    house.switch.apply(dial(ALICE, BOB, {"Ticket": "7"}))
    house.switch.apply(operate("Answer", LegKey(BOB, CALL)))
    told = house.published[-1][2]
    assert isinstance(told, dict)
    assert house.switch.calls(ALICE) == [told["call"]]
    assert house.switch.call(ALICE, CALL) == told["call"]


def test_a_leg_is_shown_with_the_links_and_the_shapes_of_the_documented_call_resource() -> None:
    house = House()
    house.switch.apply(dial(ALICE, BOB, {"Ticket": "7"}))
    house.now = 31.9
    assert house.switch.call(ALICE, CALL) == {
        "id": CALL,
        "state": "Dialing",
        "callUuid": CALL,
        "connId": "0071027198180009",
        "deviceUri": "http://gws.example/api/v2/devices/device-a",
        "participants": [{"e164Number": "", "formattedPhoneNumber": BOB, "phoneNumber": BOB, "digits": BOB}],
        "dnis": BOB,
        "callType": "Internal",
        "capabilities": [
            "AttachUserData",
            "DeleteUserData",
            "DeleteUserDataPair",
            "Hangup",
            "SendDtmf",
            "UpdateUserData",
        ],
        "userData": {"Ticket": "7"},
        "duration": "31",
        "mute": "Off",
        "supervisorListeningIn": False,
        "monitoredUserMuted": False,
        "monitoring": False,
        "uri": f"http://gws.example/api/v2/me/calls/{CALL}",
        "path": f"/calls/{CALL}",
    }


def test_an_ended_call_cannot_be_read() -> None:
    house = House()
    house.switch.apply(dial(ALICE, BOB))
    house.switch.apply(operate("Hangup", LegKey(ALICE, CALL)))
    assert house.switch.calls(ALICE) == []
    with pytest.raises(NoSuchCall):
        house.switch.call(ALICE, CALL)


def test_a_refusal_publishes_nothing() -> None:
    house = House()
    house.switch.apply(dial(ALICE, BOB))
    published = list(house.published)
    with pytest.raises(NotPossible):
        house.switch.apply(operate("Hold", LegKey(ALICE, CALL)))
    assert house.published == published


def test_a_number_that_is_not_a_seat_is_handed_over_after_the_dialing_notification() -> None:
    house = House()
    house.switch.apply(dial(ALICE, "70001"))
    assert house.dialled == [Dialled(CALL, "70001")]
    house.switch.apply(FarEnd(CALL, "70001", "answers"))
    assert house.switch.call(ALICE, CALL)["state"] == "Established"


def test_the_same_seed_gives_the_same_identities_and_another_seed_gives_others() -> None:
    first, again, other = (seeded_identities(seed) for seed in (7, 7, 8))
    one, two = first(), first()
    assert one == again()
    assert one.call_id not in (two.call_id, other().call_id)
    assert (len(one.call_id), len(one.conn_id)) == (32, 16)


def test_identities_count_in_the_documented_bases() -> None:
    """InitiateConference, HTCC 8.5.2: ...000009 and ...0009 are followed by ...00000A and ...000a."""
    identity = counting_identities("01RCC3N118B1V0SL8O7GK2LAES", "007102719818", first=9)
    assert [(one.call_id, one.conn_id) for one in (identity(), identity())] == [
        ("01RCC3N118B1V0SL8O7GK2LAES000009", "0071027198180009"),
        ("01RCC3N118B1V0SL8O7GK2LAES00000A", "007102719818000a"),
    ]
