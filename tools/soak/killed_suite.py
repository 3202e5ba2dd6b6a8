"""A killed suite: after `callproof cleanup` no call of the run is up."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.soak.evidence import Evidence
from tools.soak.server import ENVIRONMENT, ROOT, Server, refswitch

_TARGET = """\
version: 1
target: {{product: refswitch, base_url: "{address}/api/v2", cometd_url: "{address}/api/v2/notifications"}}
agents:
  alice: {{number: "15000", user_env: SOAK_ALICE, password_env: SOAK_ALICE}}
  bob: {{number: "15001", user_env: SOAK_BOB, password_env: SOAK_BOB}}
  carol: {{number: "15002", user_env: SOAK_CAROL, password_env: SOAK_CAROL}}
numbers: {{nonexistent: "70102"}}
timing: {{event_timeout_s: 5, quiet_min_s: 0.25, http_timeout_s: 10}}
limits: {{requests_per_s: 60, calls_total: 150}}
"""
SECRETS = {"SOAK_ALICE": "15000", "SOAK_BOB": "15001", "SOAK_CAROL": "15002"}
_LONGEST_RUN_S = 12.0
_LONGEST_S = 120.0
_SEED = 20261128


def write_target(server: Server, folder: Path) -> Path:
    """A target file for this server."""
    target = folder / "target.yaml"
    target.write_text(_TARGET.format(address=server.address), encoding="utf-8")
    return target


def prove(kills: int) -> Evidence:
    """Kill so many runs at random moments, every second one while a call is up, and clean up after each."""
    chance, faults, were_up = random.Random(_SEED), [], 0
    with refswitch() as server, tempfile.TemporaryDirectory() as name:
        target = write_target(server, Path(name))
        for number in range(kills):
            out = Path(name) / f"results-{number}"
            moment = chance.uniform(0.3, _LONGEST_RUN_S)
            _killed(server, target, out, moment, while_a_call_is_up=number % 2 == 0)
            were_up += bool(server.calls())
            code, said = _cleaned(target, out)
            if left := server.calls():
                faults.append(
                    f"kill {number}: {len(left)} legs were left; cleanup ended with {code} and said {said!r}"
                )
                server.admin.post("/reset")
        if not were_up:
            faults.append("no run was killed while a call was up, so nothing was proved")
        faults += server.trouble()
    return Evidence(
        f"{kills} runs killed (SIGKILL) at random moments", {"kills with calls up": were_up}, faults
    )


def _killed(server: Server, target: Path, out: Path, moment: float, *, while_a_call_is_up: bool) -> None:
    command = [sys.executable, "-m", "callproof", "run", "--target", str(target), "--out", str(out)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
        env=ENVIRONMENT | SECRETS,
    ) as process:  # fmt: skip
        deadline = time.monotonic() + moment
        while time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.005)
        while while_a_call_is_up and process.poll() is None and not server.calls():
            pass
        process.kill()


def _cleaned(target: Path, out: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "callproof", "cleanup", "--out", str(out), "--target", str(target)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT | SECRETS,
        timeout=_LONGEST_S, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr.strip()[-300:]
