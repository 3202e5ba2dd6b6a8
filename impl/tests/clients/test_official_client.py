"""The second proof: the official CometD JavaScript client, on three seats, through the whole conference, over a real port."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
FLOW = Path(__file__).with_name("conference.mjs")


@pytest.fixture
def address() -> Iterator[str]:
    """A refswitch of its own, as a process, on a free port."""
    command = [sys.executable, "-m", "refswitch", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "impl")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
            assert process.wait(10) == 0, "SIGTERM stops refswitch cleanly"


def require_node() -> None:
    """The clients are npm packages; where CI is set they must be there, elsewhere their absence is said."""
    if shutil.which("node") and (ROOT / "node_modules" / "cometd").is_dir():
        return
    if os.environ.get("CI"):
        pytest.fail("node or the npm packages are missing: run npm ci")
    pytest.skip("node or the npm packages are missing: run npm ci")


def told(heard: list[dict[str, Any]]) -> list[str]:
    """What a seat was told, as `notificationType callType state others`."""
    lines = []
    for data in heard:
        call = data["call"]
        others = "+".join(party["phoneNumber"] for party in call["participants"])
        lines.append(f"{data['notificationType']} {call['callType']} {call['state']} {others}")
    return lines


def test_the_official_client_hears_a_whole_conference_on_three_seats(address: str) -> None:
    require_node()
    played = subprocess.run(
        ["node", FLOW, address], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
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
