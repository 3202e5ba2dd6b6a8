"""The ledger: what may be ended, and nothing else, also after a crash."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from callproof.json_values import Json
from callproof.runner.agent_sessions import Request
from callproof.runner.ledger import Ledger, LedgerNotUsable, OwnLeg, read_ledger
from callproof.runner.teardown import clean_up
from conformance.tests.switchboard import Switchboard

BASE = "http://switch.test/api/v2"


def written(file: Path) -> Ledger:
    ledger = Ledger(file)
    ledger.begin(BASE)
    ledger.intend("alice", "Dial", "bob", "a/b")
    ledger.learn(OwnLeg("alice", "A", "a/b"))
    ledger.settle("alice")
    ledger.learn(OwnLeg("bob", "A", "a/b", attributed=True))
    return ledger


def test_an_intent_is_on_the_disk_before_the_call_is_asked_for(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.begin(BASE)

    ledger.intend("alice", "Dial", "bob", "a/b")

    found = read_ledger(tmp_path / "ledger.jsonl").unlearnt
    ledger.close()
    assert found == ("a call of alice to bob (Dial) whose id never became known",)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    ledger = written(tmp_path / "ledger.jsonl")
    ledger.release(("bob", "A"))
    ledger.close()

    again = read_ledger(tmp_path / "ledger.jsonl")

    assert (again.base_url, again.open_legs, again.unlearnt) == (BASE, (OwnLeg("alice", "A", "a/b"),), ())


def test_a_last_line_that_a_crash_cut_off_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    written(file).close()
    file.write_text(file.read_text() + '{"event": "le')

    assert len(read_ledger(file).open_legs) == 2


@pytest.mark.parametrize("end", ["", '{"event": "le', '{"event": "settled", "agent": "carol"}'])
def test_a_ledger_that_is_gone_on_with_stays_readable(tmp_path: Path, end: str) -> None:
    file = tmp_path / "ledger.jsonl"
    written(file).close()
    file.write_text(file.read_text() + end)

    again = read_ledger(file)
    again.resume()
    again.release(("bob", "A"))
    again.close()

    assert read_ledger(file).open_legs == (OwnLeg("alice", "A", "a/b"),)


def test_a_ledger_that_takes_no_more_ends_nothing(tmp_path: Path) -> None:
    ledger = written(tmp_path / "ledger.jsonl")
    ledger.close()
    ledger.file = tmp_path

    with pytest.raises(LedgerNotUsable, match="it cannot record which calls were ended"):
        ledger.resume()


def test_a_ledger_says_whether_its_server_ended_with_the_run(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.begin(BASE, embedded=True)
    ledger.close()

    written(tmp_path / "other.jsonl").close()

    assert read_ledger(tmp_path / "ledger.jsonl").embedded
    assert not read_ledger(tmp_path / "other.jsonl").embedded


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "its first line does not name a server"),
        ('nonsense\n{"event": "run"}\n', "line 1 is not JSON"),
        ('{"event": "run"}\n[]\n', "line 2 is not an entry of a ledger"),
    ],
)
def test_a_broken_ledger_ends_nothing(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    file.write_text(text)

    with pytest.raises(LedgerNotUsable, match=told):
        read_ledger(file)


def test_a_missing_ledger_is_reported(tmp_path: Path) -> None:
    with pytest.raises(LedgerNotUsable, match="No such file"):
        read_ledger(tmp_path / "none.jsonl")


def test_cleaning_up_ends_own_calls_and_touches_no_other() -> None:
    switch = Switchboard()
    dial: Json = {"operationName": "Dial", "destination": {"phoneNumber": "15001"}}
    other: Json = {"operationName": "Dial", "destination": {"phoneNumber": "15002"}}
    asyncio.run(switch.request("alice", Request("POST", "/me/devices/d/calls", dial)))
    asyncio.run(switch.request("bob", Request("POST", "/me/devices/d/calls", other)))
    ledger = Ledger()
    ledger.learn(OwnLeg("alice", switch.legs[0].id, "a/b"))

    left = asyncio.run(clean_up(switch, ledger))

    assert left == ()
    assert [(leg.agent, leg.state) for leg in switch.legs] == [
        ("alice", "Released"), ("bob", "Released"), ("bob", "Dialing"), ("carol", "Ringing"),
    ]  # fmt: skip


def test_a_call_that_does_not_end_is_reported() -> None:
    switch = Switchboard(refuse={"Hangup": 2})
    dial: Json = {"operationName": "Dial", "destination": {"phoneNumber": "15001"}}
    asyncio.run(switch.request("alice", Request("POST", "/me/devices/d/calls", dial)))
    ledger = Ledger()
    ledger.learn(OwnLeg("alice", switch.legs[0].id, "a/b"))

    assert asyncio.run(clean_up(switch, ledger)) == (
        f"the call {switch.legs[0].id} of alice (a/b): Hangup was answered with statusCode 2",
    )
