"""One command against one hostile server, within bounds of time, memory and output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from conformance.tests.hostile.kinds import KINDS

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "conformance", ROOT / "impl"))),
}
#: What a command may take of the machine. It ends by itself long before; these bounds end a trial that has failed.
LONGEST_S = 180.0
MOST_ADDRESSES = 4 * 2**30
#: What a command may have taken when it ends: the suite itself, its transcript of the trial and one answer at its bound.
MOST_MEMORY_MB = 600
MOST_OUTPUT_BYTES = 1_000_000
#: Options of the real server behind the relay: polls are short, so that a client that waits for one does not wait long.
BACKEND = ("--poll-timeout", "2")
#: How long `listen` listens.
LISTENING_S = 3.0

_TARGET = """\
version: 1
target:
  product: Hostile
  base_url: http://127.0.0.1:{port}/api/v2
  cometd_url: http://127.0.0.1:{port}/api/v2/notifications
  public_base: http://127.0.0.1:{backend}
agents:
  alice: {{number: "15000", user_env: HOSTILE_ALICE, password_env: HOSTILE_ALICE_PASSWORD}}
  bob: {{number: "15001", user_env: HOSTILE_BOB, password_env: HOSTILE_BOB_PASSWORD}}
  carol: {{number: "15002", user_env: HOSTILE_CAROL, password_env: HOSTILE_CAROL_PASSWORD}}
cometd: {{transport: {transport}}}
timing: {{event_timeout_s: 1, quiet_min_s: 0.2, http_timeout_s: 2}}
limits: {{requests_per_s: 200, calls_total: 50}}
"""
#: Enough scenarios to place calls, listen and be refused.
_SELECTED = ("notify/connecting", "initiate-conference/holds-then-dials", "notify/batches")
#: Plays a command, whose whole output goes to standard error, and prints its largest resident set in KB. A process is born with that of
#: its parent, so the parent must be small.
_MEASURING = """\
import resource, subprocess, sys
most = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (most, most))
code = subprocess.call(sys.argv[2:], stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


class Ending(NamedTuple):
    """How a command ended."""

    code: int
    seconds: float
    #: The largest resident set, in MB.
    memory_mb: int
    output: str

    def faults(self, allowed: Collection[int]) -> list[str]:
        """What no server may make a command do, as sentences; empty if nothing of it happened."""
        found = []
        if self.seconds >= LONGEST_S:
            found.append(f"it did not end within {LONGEST_S:g} s")
        elif self.code not in allowed:
            found.append(f"exit code {self.code}, expected one of {sorted(allowed)}")
        if "Traceback (most recent call last)" in self.output:
            found.append("it printed a traceback")
        if self.memory_mb > MOST_MEMORY_MB:
            found.append(f"it took {self.memory_mb} MB")
        if len(self.output) > MOST_OUTPUT_BYTES:
            found.append(f"it printed {len(self.output):,} characters")
        return found


def faults_of(kind: str, backend: int, folder: Path) -> list[str]:
    """Try `run`, and `listen` if it meets this kind, at the same time. Return what went wrong, as sentences that say where."""
    commands: dict[str, Callable[[int], Ending]] = {"run": lambda port: run(kind, port, backend, folder)}
    if KINDS[kind].where != "operation":
        commands["listen"] = lambda port: listen(kind, port)
    allowed = {"run": KINDS[kind].run, "listen": KINDS[kind].listen}
    with hostile_server(kind, backend) as port, ThreadPoolExecutor(len(commands)) as pool:
        endings = {name: pool.submit(command, port) for name, command in commands.items()}
        found = {name: ending.result() for name, ending in endings.items()}
    for name, ending in found.items():
        (folder / f"{name}.txt").write_text(ending.output, encoding="utf-8")
    return [
        f"{kind}: {name}: {fault} (code {ending.code}, {ending.seconds:.0f} s, {ending.memory_mb} MB)"
        for name, ending in found.items()
        for fault in ending.faults(allowed[name])
    ]


@contextmanager
def hostile_server(kind: str, backend: int) -> Iterator[int]:
    """Start the relay of this kind in front of a real server; yield its port."""
    command = [sys.executable, "-m", "conformance.tests.hostile.relay", kind, str(backend)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def run(kind: str, port: int, backend: int, folder: Path) -> Ending:
    """`callproof run` against the relay at this port. The agents are those of a sandbox named after the kind."""
    target = folder / "target.yaml"
    transport = "auto" if _is_about_sockets(kind) else "long-polling"
    target.write_text(_TARGET.format(port=port, backend=backend, transport=transport), encoding="utf-8")
    selected = [word for name in _SELECTED for word in ("--select", name)]
    arguments = ["run", "--target", str(target), "--out", str(folder / "results"), *selected]
    agents = {"ALICE": "15000", "BOB": "15001", "CAROL": "15002"}
    secrets = {f"HOSTILE_{name}": f"{number}@{kind}" for name, number in agents.items()}
    secrets |= {f"HOSTILE_{name}_PASSWORD": number for name, number in agents.items()}
    return end_of(arguments, secrets)


def listen(kind: str, port: int) -> Ending:
    """`callproof listen` at the relay at this port, for some seconds."""
    address = f"http://127.0.0.1:{port}/api/v2/notifications"
    transport = "auto" if _is_about_sockets(kind) else "long-polling"
    arguments = ["listen", address, "--user", f"15000@{kind}-heard", "--for", f"{LISTENING_S:g}"]
    return end_of([*arguments, "--transport", transport], {"CALLPROOF_PASSWORD": "15000"})


def end_of(arguments: Sequence[str], secrets: dict[str, str]) -> Ending:
    """Run a command of callproof to its end, or to the end of our patience."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-c", _MEASURING, str(MOST_ADDRESSES), sys.executable, "-m", "callproof", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=output, cwd=ROOT, env=ENVIRONMENT | secrets,
            start_new_session=True,
        )  # fmt: skip
        patience = threading.Timer(LONGEST_S, os.killpg, (process.pid, signal.SIGKILL))
        patience.start()
        try:
            memory, _ = process.communicate()
        finally:
            patience.cancel()
        seconds = time.monotonic() - began
        output.seek(0)
        return Ending(
            process.returncode, seconds, int(memory or 0) // 1024, output.read(4 * MOST_OUTPUT_BYTES)
        )


def _is_about_sockets(kind: str) -> bool:
    return KINDS[kind].where == "upgrade"
