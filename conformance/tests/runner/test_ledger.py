"""The ledger: what may be ended, and nothing else, also after a crash."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from callproof.json_values import Json
from callproof.not_written import FileNotWritten
from callproof.runner import locking
from callproof.runner.agent_sessions import Request
from callproof.runner.ledger import Ledger, LedgerNotUsable, OwnLeg, read_ledger
from callproof.runner.teardown import clean_up
from conformance.tests.switchboard import Switchboard

BASE = "http://switch.test/api/v2"


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """While this is entered, no file grows beyond this size: to a program, that is a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


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


def test_a_full_disk_stops_the_next_call_and_nothing_else(tmp_path: Path) -> None:
    """No call is requested that is not on the disk; what is up can still be learnt and released."""
    ledger = written(tmp_path / "ledger.jsonl")

    with largest_file((tmp_path / "ledger.jsonl").stat().st_size + 10):
        ledger.learn(OwnLeg("carol", "B", "a/b"))
        ledger.release(("carol", "B"))
        with pytest.raises(FileNotWritten) as stopped:
            ledger.intend("alice", "Dial", "carol", "a/b")
    ledger.close()

    assert str(stopped.value) == (
        f"{tmp_path}/ledger.jsonl cannot be written: File too large; raise the limit on the size of files (ulimit -f)"
    )
    assert (ledger.calls, ledger.waiting) == (1, ())
    assert [leg.id for leg in ledger.open_legs] == ["A", "A"]
    again = read_ledger(tmp_path / "ledger.jsonl")
    assert (again.open_legs, again.damaged) == (ledger.open_legs, ())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_disk_that_is_full_at_the_start_lets_no_run_begin() -> None:
    with pytest.raises(
        FileNotWritten, match=r"^/dev/full cannot be written: No space left on device; free some"
    ):
        Ledger(Path("/dev/full")).begin(BASE)


def test_a_ledger_belongs_to_one_process_at_a_time(tmp_path: Path) -> None:
    ledger = written(tmp_path / "ledger.jsonl")
    assert locking.is_held(tmp_path / "ledger.jsonl")

    with pytest.raises(LedgerNotUsable, match="another process is working with it"):
        read_ledger(tmp_path / "ledger.jsonl").resume()

    ledger.close()
    assert not locking.is_held(tmp_path / "ledger.jsonl")


@pytest.mark.parametrize("damage", [b"\0\0\0\0", b"nonsense", b"[]", b"\xff", b"{}", b"[" * 100_000])
def test_a_line_that_cannot_be_read_is_counted_and_hides_no_other(damage: bytes, tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    written(file).close()
    sound = read_ledger(file)
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join([*lines[:3], damage, *lines[3:], b""]))

    again = read_ledger(file)

    assert (again.damaged, again.open_legs) == ((4,), sound.open_legs)
    assert again.may_have_left_calls


@pytest.mark.parametrize("text", ["", '{"event": "ru'])
def test_a_run_that_never_began_left_no_call(text: str, tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").write_text(text)
    assert not read_ledger(tmp_path / "ledger.jsonl").may_have_left_calls


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
        ("nonsense\n", "no line of it names a server"),
        ('{"event": "leg", "agent": "alice", "id": "A"}\n', "no line of it names a server"),
        ("\n" * (16 * 1024 * 1024 + 1), "it is larger than 16777216 bytes"),
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
