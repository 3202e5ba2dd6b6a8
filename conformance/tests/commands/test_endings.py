"""However a run ends, by a signal, a kill or a full disk, no call of it is forgotten. Real processes, a real server, real full disks."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callproof.commands.exits import CALLS_LEFT, CLEAN, CONFIGURATION, INTERRUPTED, NOT_READY, SUITE_ERROR
from conformance.tests.commands.processes import (
    LIMIT_S,
    NONE,
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

TALK = "initiate-conference/two-party-call"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture
def folder(tmp_path: Path, base: str) -> Iterator[Path]:
    with target_in(tmp_path, base) as made:
        yield made


def no_file_beyond(size: int) -> Callable[[], None]:
    """To a process, a limit on the size of files is a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# Interruptions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_interruption_ends_the_calls_and_writes_the_report(
    folder: Path, base: str, number: signal.Signals
) -> None:
    with running(folder, "--profile", "initiate-conference") as (process, transcript):
        until(transcript, '"notification"', "Established")
        process.send_signal(number)
        out, err = drained(process, transcript)
    assert (process.returncode, calls(base)) == (INTERRUPTED, NONE)
    assert err == "\ncallproof run: interrupted, ending the calls; interrupt again to stop at once\n"
    assert "The run was interrupted" in out
    document = json.loads((folder / "out" / "result.json").read_text())
    assert (document["run"]["interrupted"], document["cleanup"]) == (True, {"complete": True, "left": []})


def test_a_run_that_is_interrupted_before_it_judged_anything_says_so(folder: Path, base: str) -> None:
    with running(folder, "--profile", "initiate-conference") as (process, transcript):
        until(transcript, '"method": "GET"', "/me")
        process.send_signal(signal.SIGINT)
        out, err = drained(process, transcript)
    assert (process.returncode, out, calls(base)) == (INTERRUPTED, "", NONE)
    assert err.endswith("callproof run: interrupted before anything was judged\n")


def test_the_second_interruption_ends_the_process_and_says_how_to_end_the_calls(
    folder: Path, base: str
) -> None:
    """The printed command can be pasted: it has whole paths, and it ends the calls."""
    with running(folder, "--profile", "initiate-conference") as (process, transcript):
        until(transcript, '"notification"', "Established")
        process.send_signal(signal.SIGSTOP)  # both arrive before the run can do anything
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        out, err = drained(process, transcript)
    assert (process.returncode, out) == (CALLS_LEFT, "")
    command = f"callproof cleanup --out {folder}/out --target {folder}/target.yaml"
    assert f"callproof run: stopped at once; to end calls that may still be up: {command}" in err
    assert calls(base) != NONE
    done = callproof(Path("/"), *command.split()[1:])
    assert (done.returncode, calls(base)) == (CLEAN, NONE), done.stdout + done.stderr


def test_a_killed_run_and_a_rerun_into_its_folder_hide_no_call(folder: Path, base: str) -> None:
    with running(folder, "--profile", "initiate-conference") as (process, transcript):
        until(transcript, '"notification"', "Established")
        process.kill()
        drained(process, transcript)
    left = calls(base)
    again = callproof(folder, "run", "--target", "target.yaml", "--out", "out")
    assert (again.returncode, calls(base)) == (NOT_READY, left)
    assert f"callproof cleanup --out {folder}/out --target FILE" in again.stderr

    done = callproof(folder, "cleanup", "--out", "out", "--target", "target.yaml")

    assert (done.returncode, calls(base)) == (CLEAN, NONE)
    assert done.stderr == "2 calls in 2 ledgers were open; 0 may still be up\n"
    assert left != NONE
    rest = callproof(folder, "cleanup", "--out", "out", "--target", "target.yaml")
    assert rest.stderr == "0 calls in 2 ledgers were open; 0 may still be up\n"


def test_a_folder_belongs_to_one_run_and_cleanup_leaves_that_run_alone(folder: Path, base: str) -> None:
    with running(folder, "--profile", "initiate-conference") as (process, transcript):
        until(transcript, '"notification"', "Established")
        process.send_signal(signal.SIGSTOP)
        left = calls(base)
        second = callproof(folder, "run", "--target", "target.yaml", "--out", "out")
        cleanup = callproof(folder, "cleanup", "--out", "out", "--target", "target.yaml")
        assert calls(base) == left
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        drained(process, transcript)
    assert second.returncode == CONFIGURATION
    assert "--out out cannot be used: another run is still writing there" in second.stderr
    assert cleanup.returncode == CALLS_LEFT
    assert "is in use: its run still goes on; end it first" in cleanup.stdout
    assert calls(base) == NONE


# Full disks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 40_000, 250_000])
def test_a_disk_that_fills_up_is_one_sentence_and_the_calls_are_ended(
    folder: Path, base: str, size: int
) -> None:
    """However far the run comes: the ledger, the transcript, or a report is the first file that does not fit."""
    done = callproof(
        folder,
        "run",
        "--target",
        "target.yaml",
        "--out",
        "out",
        "--profile",
        "initiate-conference",
        before=no_file_beyond(size),
    )
    assert (done.returncode, calls(base)) == (SUITE_ERROR, NONE), done.stderr
    assert re.fullmatch(
        r"callproof run: (out/[^ ,]+(, )?)+ cannot be written: File too large; "
        r"raise the limit on the size of files \(ulimit -f\)\n",
        done.stderr,
    ), done.stderr
    for written in (folder / "out").glob("re*"):  # a report is whole or absent
        assert written.read_text().rstrip()[-1:] in ("}", ">")


@pytest.mark.parametrize("file", ["transcript.jsonl", "report.html", "result.json", "junit.xml"])
def test_each_file_that_cannot_be_written_is_named(folder: Path, base: str, file: str) -> None:
    """A pipe without a reader fails as a disk does, one file at a time."""
    (folder / "out").mkdir()
    with running(folder, "--select", TALK) as (process, transcript):
        until(transcript, '"notification"', "Dialing")
        if file != "transcript.jsonl":
            (folder / "out" / file).mkdir()
        else:
            transcript.close()  # type: ignore[attr-defined]  # it is a file
        out, err = (
            process.communicate(timeout=LIMIT_S)
            if file == "transcript.jsonl"
            else drained(process, transcript)
        )
    assert (process.returncode, calls(base)) == (SUITE_ERROR, NONE), err
    assert err.count("\n") == 1
    assert err.startswith(f"callproof run: out/{file} cannot be written: ")
    assert out.startswith("Verdict: UNDETERMINED")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_terminal_log_on_a_full_disk_costs_the_words_and_not_the_calls(folder: Path, base: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = callproof(folder, "run", "--target", "target.yaml", "--select", TALK, stdout=full)
        silent = callproof(
            folder, "run", "--target", "target.yaml", "--select", TALK, stdout=full, stderr=full
        )
    assert (done.returncode, silent.returncode, calls(base)) == (SUITE_ERROR, SUITE_ERROR, NONE)
    assert done.stderr == "callproof run: standard output cannot be written (No space left on device)\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_cleanup_ends_calls_although_it_cannot_record_that(folder: Path, base: str) -> None:
    with running(folder, "--profile", "initiate-conference") as (process, transcript):
        until(transcript, '"notification"', "Established")
        process.kill()
        drained(process, transcript)
    (ledger,) = (folder / "out").glob("ledger-*.jsonl")
    done = callproof(
        folder,
        "cleanup",
        "--out",
        "out",
        "--target",
        "target.yaml",
        before=no_file_beyond(ledger.stat().st_size),
    )
    assert (done.returncode, calls(base)) == (SUITE_ERROR, NONE)
    assert f"callproof cleanup: out/{ledger.name} cannot be written: File too large" in done.stderr


# A part ---------------------------------------------------------------------------------------------------------------------


def test_a_selected_part_that_is_met_is_code_0_and_no_certificate(folder: Path, base: str) -> None:
    done = callproof(folder, "run", "--target", "target.yaml", "--select", TALK)
    assert (done.returncode, done.stderr) == (CLEAN, "")
    verdict, scope = done.stdout.splitlines()[:2]
    assert verdict.startswith("Verdict: UNDETERMINED")
    assert scope == "Only a part was selected, and it was met; a certificate needs a run without --select."
