"""Another run, or a person, on the same agents: noticed, named, and never held against the server. Real processes, a real server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from callproof.commands.exits import CALLS_LEFT, CLEAN, NOT_JUDGED
from conformance.tests.commands.processes import (
    NUMBERS,
    callproof,
    calls,
    drained,
    running,
    server,
    target_in,
    until,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the runs are followed through a named pipe"),
]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture
def folder(tmp_path: Path, base: str) -> Iterator[Path]:
    with target_in(tmp_path, base) as made:
        yield made


def accusations(folder: Path, out: str) -> list[str]:
    """What a result holds against the server."""
    document = json.loads((folder / out / "result.json").read_text())
    checks = [check for played in document["scenarios"] for check in played["checks"]]
    return [f"{check['id']}: {check['message']}" for check in checks if check["verdict"] in ("fail", "warn")]


def doubts(folder: Path, out: str) -> str:
    """Everything that a result could not judge, in its own words."""
    document = json.loads((folder / out / "result.json").read_text())
    checks = [check for played in document["scenarios"] for check in played["checks"]]
    return "\n".join(check["message"] for check in checks if check["verdict"] == "inconclusive")


def dial(base: str, who: str, number: str) -> None:
    with httpx.Client(base_url=f"{base}/api/v2", auth=(NUMBERS[who], NUMBERS[who])) as client:
        device = client.get("/me/devices?fields=*").json()["devices"][0]["id"]
        body: dict[str, Any] = {"operationName": "Dial", "destination": {"phoneNumber": number}}
        assert client.post(f"/me/devices/{device}/calls", json=body).json() == {"statusCode": 0}


def test_two_runs_side_by_side_accuse_nobody(folder: Path, base: str) -> None:
    """Neither forgets a call: what is still up is named by one of them, because nobody can say whose it is."""
    text = (folder / "target.yaml").read_text()
    (folder / "target.yaml").write_text(text.replace("require_idle: true", "require_idle: false"))
    options = ["--profile", "initiate-conference"]
    with running(folder, *options, out="one") as (process, transcript):
        until(transcript, '"notification"', "Dialing")
        with ThreadPoolExecutor() as pool:
            second = pool.submit(
                callproof, folder, "run", "--target", "target.yaml", "--out", "two", *options
            )
            drained(process, transcript)
        codes = {process.returncode, second.result().returncode}
    assert [accusations(folder, out) for out in ("one", "two")] == [[], []]
    assert codes <= {CLEAN, NOT_JUDGED, CALLS_LEFT}
    named = "".join((folder / out / "result.json").read_text() for out in ("one", "two"))
    assert [call for ids in calls(base).values() for call in ids if call not in named] == []


@pytest.mark.parametrize(
    ("who", "number", "codes"),
    [
        ("carol", NUMBERS["alice"], {NOT_JUDGED}),
        ("alice", "70001", {NOT_JUDGED}),
        # If the run has just dialled the same, the call may be its own.
        ("alice", NUMBERS["bob"], {NOT_JUDGED, CALLS_LEFT}),
    ],
)
def test_a_person_who_calls_meanwhile_is_noticed_and_left_alone(
    folder: Path, base: str, who: str, number: str, codes: set[int]
) -> None:
    with running(folder, "--profile", "initiate-conference") as (process, transcript):
        until(transcript, '"notification"', "Established")
        dial(base, who, number)
        out, err = drained(process, transcript)
    assert (process.returncode in codes, accusations(folder, "out")) == (True, []), out + err
    assert "had a call that this run did not make (" in doubts(folder, "out")
    assert [len(ids) for name, ids in calls(base).items() if name == who] == [1]
