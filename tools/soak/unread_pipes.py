"""Output that nobody reads stops neither refswitch nor `run` nor `listen`, and each ends when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tools.soak.evidence import Evidence
from tools.soak.killed_suite import SECRETS, write_target
from tools.soak.server import ENVIRONMENT, ROOT, SEATS, Server, refswitch, until

_LONGEST_S = 120.0
_ANSWER_S = 20.0
#: Longer than a server gives its last answers and its last log lines.
_END_S = 30.0


def prove(requests: int) -> Evidence:
    """Send so many requests to a server, and so many notifications to `listen`, whose output nobody reads; play a run that nobody reads."""
    answered, faults = _of_refswitch(requests)
    with refswitch() as server:
        faults += _of_listen(server, requests) + _of_run(server)
        faults += server.trouble() + server.why_not_alive()
    done = f"{requests:,} requests and notifications with output that nobody reads"
    return Evidence(done, {"requests answered": answered}, faults)


def _of_refswitch(requests: int) -> tuple[int, list[str]]:
    with _unread("refswitch", "serve", "--port", "0") as process:
        assert process.stdout is not None
        address = process.stdout.readline().decode().split()[-1]
        answered = 0
        with (
            httpx.Client(base_url=address, auth=(SEATS[0], SEATS[0]), timeout=_ANSWER_S) as client,
            suppress(httpx.HTTPError),
        ):
            for _ in range(requests):
                answered += client.get("/api/v2/me").status_code == 200
        faults = _told_to_end("refswitch", process)
    if answered < requests:
        faults.append(f"refswitch stopped after {answered} of {requests} requests")
    return answered, faults


def _of_listen(server: Server, notifications: int) -> list[str]:
    with _unread("callproof", "listen", server.address, "--user", SEATS[0], "--json") as process:
        until(lambda: any(one["subscriptions"] for one in server.sessions()))
        told = {"agent": SEATS[0], "channel": "/v2/me/calls", "data": {"padding": "x" * 500}}
        for _ in range(notifications):
            server.admin.post("/publish", json=told)
        return _told_to_end("listen", process)


def _of_run(server: Server) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        target = write_target(server, Path(name))
        with _unread("callproof", "run", "--target", str(target), "--out", f"{name}/results") as process:
            try:
                code = process.wait(_LONGEST_S)
            except subprocess.TimeoutExpired:
                return ["run does not end"]
    return ([] if code == 0 else [f"run ended with {code}"]) + (["run left calls"] if server.calls() else [])


@contextmanager
def _unread(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command whose output and errors go to pipes; they are full after 64 KB."""
    with subprocess.Popen(
        [sys.executable, "-m", *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=ROOT, env=ENVIRONMENT | SECRETS | {"CALLPROOF_PASSWORD": SEATS[0]},
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def _told_to_end(name: str, process: subprocess.Popen[bytes]) -> list[str]:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        return [f"{name} does not end within {_END_S:g} s of SIGTERM"]
    return []
