"""The second proof: the official CometD JavaScript client, on three seats, through the whole conference, over a real port."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..process import ROOT, serving  # noqa: TID252  # one floor up, as the house is

FLOW = Path(__file__).with_name("conference.mjs")


@pytest.fixture
def address() -> Iterator[str]:
    with serving() as address:
        yield address


def require_node() -> None:
    """The clients are npm packages. If CI is set they must be installed; elsewhere the test is skipped with a reason."""
    if shutil.which("node") and (ROOT / "node_modules" / "cometd").is_dir():
        return
    if os.environ.get("CI"):
        pytest.fail("node or the npm packages are missing: run npm ci")
    pytest.skip("node or the npm packages are missing: run npm ci")


def told(heard: list[dict[str, Any]]) -> list[str]:
    """A seat's notifications, as `notificationType callType state others`."""
    lines = []
    for data in heard:
        call = data["call"]
        others = "+".join(party["phoneNumber"] for party in call["participants"])
        lines.append(f"{data['notificationType']} {call['callType']} {call['state']} {others}")
    return lines


def test_the_official_client_hears_a_whole_conference_on_three_seats(address: str) -> None:
    require_node()
    played = subprocess.run(
        ["node", FLOW, address], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert played.returncode == 0, played.stderr
    assert {number: told(heard) for number, heard in json.loads(played.stdout).items()} == {
        "15000": [
            "StatusChange Internal Dialing 15001",
            "StatusChange Internal Established 15001",
            "StatusChange Internal Held 15001",
            "StatusChange Consult Dialing 15002",
            "StatusChange Consult Established 15002",
            "StatusChange Consult Released 15002",
            "StatusChange Internal Established 15001+15002",
            "ParticipantsUpdated Internal Established 15001+15002",
            "StatusChange Internal Released 15001+15002",
        ],
        "15001": [
            "StatusChange Internal Ringing 15000",
            "StatusChange Internal Established 15000",
            "ParticipantsUpdated Internal Established 15000+15002",
            "ParticipantsUpdated Internal Established 15002",
            "StatusChange Internal Released 15002",
        ],
        "15002": [
            "StatusChange Internal Ringing 15000",
            "StatusChange Internal Established 15000",
            "ParticipantsUpdated Internal Established 15000+15001",
            "ParticipantsUpdated Internal Established 15001",
            "StatusChange Internal Released 15001",
        ],
    }


TALKED = ["StatusChange Internal Dialing 15001", "StatusChange Internal Established 15001"]
ASKED = [
    *TALKED,
    "StatusChange Internal Held 15001",
    "StatusChange Consult Dialing 15002",
    "StatusChange Consult Established 15002",
]
CALLED = ["StatusChange Internal Ringing 15000", "StatusChange Internal Established 15000"]
LOGGED_IN = "/v2/me/devices LoggedIn"
RINGS = "StatusChange Internal Ringing 15001"
CONFERENCE = {
    "15000": [
        *ASKED,
        "StatusChange Consult Released 15002",
        "StatusChange Internal Established 15001+15002",
        "ParticipantsUpdated Internal Established 15001+15002",
    ],
    "15001": [*CALLED, "ParticipantsUpdated Internal Established 15000+15002"],
    "15002": [*CALLED, "ParticipantsUpdated Internal Established 15000+15001"],
}
TRANSFER = {
    "15000": [*ASKED, "StatusChange Internal Released 15001", "StatusChange Consult Released 15002"],
    "15001": [*CALLED, "ParticipantsUpdated Internal Established 15002"],
    "15002": [*CALLED, "ParticipantsUpdated Internal Established 15001"],
}
#: The known sequences of public client programs, and every notification in each.
SEQUENCES = {
    "GET /me, then a handshake whose listener subscribes, then the session": {
        "15000": [LOGGED_IN, "/v2/me/devices Ready", RINGS, "StatusChange Internal Established 15001"]
    },
    "CometD first, then GET /me and everything that it has": {"15000": [LOGGED_IN]},
    "five subscriptions, which must all succeed": {"15000": [RINGS]},
    "a subscription to /v2/me/*": {"15000": [RINGS]},
    "a subscription to everything, which is one's own only": {"15000": [RINGS]},
    "Hangup on a ringing leg": {
        "15000": [TALKED[0], "StatusChange Internal Released 15001"],
        "15001": [CALLED[0], "StatusChange Internal Released 15000"],
    },
    "InitiateTransfer, CompleteConference on the consult call": CONFERENCE,
    "InitiateTransfer, CompleteConference on the first call": CONFERENCE,
    "InitiateTransfer, CompleteTransfer on the consult call": TRANSFER,
    "InitiateTransfer, CompleteTransfer on the first call": TRANSFER,
    "SwapCalls as a hold button": {
        "15000": [
            *ASKED,
            "StatusChange Internal Established 15001",
            "StatusChange Consult Held 15002",
            "StatusChange Consult Established 15002",
            "StatusChange Internal Held 15001",
        ]
    },
    "a client that sends the CSRF token with REST and CometD": {"15000": [LOGGED_IN]},
    "disconnect before EndContactCenterSession": {"15000": [LOGGED_IN]},
    "disconnect after EndContactCenterSession": {"15000": [LOGGED_IN, "/v2/me/devices LoggedOut"]},
}


def test_every_known_sequence_of_client_programs_works_and_causes_the_expected_notifications() -> None:
    require_node()
    with serving() as plain, serving("--csrf") as guarded:
        played = subprocess.run(
            ["node", FLOW.with_name("sequences.mjs"), plain, guarded],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert played.returncode == 0, played.stderr
    assert json.loads(played.stdout) == SEQUENCES


def test_a_client_that_acknowledges_gets_everything_once_and_in_order_even_if_an_answer_is_lost(
    address: str,
) -> None:
    """CometD, Acknowledge. The client without it shows that the answer was really lost."""
    require_node()
    played = subprocess.run(
        ["node", FLOW.with_name("acknowledgement.mjs"), address],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stdout + played.stderr
    heard = json.loads(played.stdout)
    assert heard["synchronised"] is True
    assert heard["15000"] == list(range(1, 201))
    assert heard["15001"] == sorted(set(heard["15001"]))
    assert 0 < len(heard["15001"]) < 200
