"""A full disk: each command says so in a sentence, and `run` still ends its calls."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.soak.evidence import Evidence
from tools.soak.killed_suite import SECRETS, write_target
from tools.soak.server import ENVIRONMENT, ROOT, SEATS, Server, refswitch

_LONGEST_S = 120.0
_TRACEBACK = "Traceback (most recent call last)"
#: Where the disk is full: after so many bytes of a file. Ledger, transcript and reports reach each of them at another moment.
_ROOM = (200, 500_000, 0, 2_000, 20_000, 100_000, 1_500_000)
_SUITE_FAILED, _CALLS_LEFT = 6, 7
#: A bound on the size of files makes every further write fail, as a full disk does, and is inherited by what this program becomes.
_WITH_ROOM = """\
import os, resource, sys
size = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
os.execv(sys.argv[2], sys.argv[2:])
"""
#: Commands that print; `ADDRESS` stands for the server's.
_PRINTING: Sequence[Sequence[str]] = (
    ("callproof", "list"),
    ("callproof", "explain", "OPS-INITCONF-002"),
    ("callproof", "check", "impl/refswitch/numbers.schema.json"),
    ("callproof", "run", "--list-only"),
    ("callproof", "--help"),
    ("callproof", "listen", "ADDRESS", "--user", "15000", "--for", "2"),
    ("refswitch", "serve", "--port", "0", "--stop-with-stdin"),
    ("refswitch", "--version"),
)
#: Exit codes that claim success or a finding. 120 is Python's own, for output that was lost when it ended.
_AS_IF_PRINTED = (0, 1, 120)


def prove(sizes: int) -> Evidence:
    """`run` with room for so many bytes in each file, for each of so many sizes; then each command with a full device for its output."""
    faults: list[str] = []
    with refswitch() as server, tempfile.TemporaryDirectory() as name:
        target = write_target(server, Path(name))
        for room in _ROOM[:sizes]:
            code, said = _run_with_room(target, Path(name) / f"room-{room}", room)
            found = _faults_of_run(code, said)
            if server.calls():
                found.append(f"calls were left, exit code {code}: {said[-300:]!r}")
                server.admin.post("/reset")
            faults += [f"room for {room} bytes: {fault}" for fault in found]
        faults += [f"{words} > /dev/full: {fault}" for words, fault in _with_full_device(server)]
        faults += server.trouble() + server.why_not_alive()
    rooms = ", ".join(f"{room:,}" for room in _ROOM[:sizes])
    return Evidence(f"run with room for {rooms} bytes; {len(_PRINTING)} commands into /dev/full", {}, faults)


def _run_with_room(target: Path, out: Path, room: int) -> tuple[int, str]:
    command = [sys.executable, "-m", "callproof", "run", "--target", str(target), "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", _WITH_ROOM, str(room), *command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        cwd=ROOT, env=ENVIRONMENT | SECRETS | {"PYTHONDONTWRITEBYTECODE": "1"}, timeout=_LONGEST_S, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def _faults_of_run(code: int, said: str) -> list[str]:
    found = []
    if _TRACEBACK in said:
        found.append(f"a traceback: {said.strip().splitlines()[-1]!r}")
    if code not in (_SUITE_FAILED, _CALLS_LEFT):
        found.append(f"exit code {code}, expected {_SUITE_FAILED} or {_CALLS_LEFT}: {said[-300:]!r}")
    if code == _CALLS_LEFT and "callproof cleanup" not in said:
        found.append("calls may be left, and it does not print the command that ends them")
    return found


def _with_full_device(server: Server) -> Iterator[tuple[str, str]]:
    for words in _PRINTING:
        command = [server.address if word == "ADDRESS" else word for word in words]
        with Path("/dev/full").open("w") as full, tempfile.TemporaryFile("w+") as errors:
            try:
                done = subprocess.run(
                    [sys.executable, "-m", *command], stdin=subprocess.DEVNULL, stdout=full, stderr=errors, cwd=ROOT,
                    env=ENVIRONMENT | {"CALLPROOF_PASSWORD": SEATS[0]}, timeout=_LONGEST_S, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                yield " ".join(words), "it does not end"
                continue
            errors.seek(0)
            said = errors.read().strip()
        has_printed = words[1] != "listen"  # it prints notifications only, and none comes
        if _TRACEBACK in said or "Exception ignored" in said:
            yield " ".join(words), f"a traceback, exit code {done.returncode}: {said.splitlines()[-1]!r}"
        elif has_printed and done.returncode in _AS_IF_PRINTED:
            yield " ".join(words), f"exit code {done.returncode}, as if all had been printed"
