"""No telemetry, and no network but the target: a run, with its server, and a check reach for no address but loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from callproof.contract.bundles import load_contract
from callproof.versions import DIRTY, versions

ROOT = Path(__file__).parents[2]
GUARD = ROOT / "conformance" / "tests" / "network"
HELD = ROOT / "asyncapi" / "examples" / "InitiateConference" / "1-held.json"
_NAMESPACE = ["unshare", "--user", "--map-root-user", "--net"]
#: Seconds after which a command must be hanging, however busy the machine is.
PATIENCE_S = 300.0


@dataclass(frozen=True)
class Outcome:
    """How a command ended, what it said, which of its processes were guarded, and what they reached for.

    `unroutable` is how many messages the kernel found no route for; None if nobody counted.
    """

    code: int
    said: str
    guarded: tuple[str, ...]
    refused: tuple[str, ...]
    unroutable: int | None


@cache
def has_namespaces() -> bool:
    """Whether this user may have a network of their own, in which nothing but loopback exists."""
    if shutil.which("unshare") is None:
        return False
    done = subprocess.run(
        [*_NAMESPACE, sys.executable, str(GUARD / "alone.py"), os.devnull, "true"],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def alone(folder: Path, *words: str) -> Outcome:
    """Run this Python with the words, guarded, and in a network of its own if the system allows that."""
    folder.mkdir()
    log, counted = folder / "log", folder / "counted"
    log.touch()
    path = os.pathsep.join(map(str, (GUARD, ROOT / "conformance", ROOT / "impl")))
    command = [sys.executable, *words]
    if has_namespaces():
        command = [*_NAMESPACE, sys.executable, "-S", str(GUARD / "alone.py"), str(counted), *command]
    done = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": path, "CALLPROOF_TEST_NETWORK_LOG": str(log)},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    lines = log.read_text().splitlines()
    return Outcome(
        done.returncode,
        done.stdout,
        tuple(line.removeprefix("guarded ") for line in lines if line.startswith("guarded ")),
        tuple(line for line in lines if line.startswith("refused ")),
        int(counted.read_text()) if has_namespaces() else None,
    )


@pytest.mark.slow
def test_a_run_and_its_server_reach_for_no_address_but_loopback(tmp_path: Path) -> None:
    found = alone(tmp_path / "run", "-m", "callproof", "run", "--out", "results")
    assert (found.code, found.refused) == (0, ()), found.said
    assert {"-m callproof", "-m refswitch"} <= set(found.guarded), "suite and server were both guarded"
    assert found.unroutable in (0, None)
    # The same run shows that its reports say what judged, and by what.
    made_from = versions(load_contract())
    suite = json.loads((tmp_path / "run" / "results" / "result.json").read_text(encoding="utf-8"))["suite"]
    assert (suite["version"], suite["contract_version"]) == (made_from.product, made_from.contract)
    assert suite["commit"].removesuffix(DIRTY) == made_from.commit.removesuffix(DIRTY)
    assert f"callproof {made_from.product}, contract {made_from.contract}, commit " in found.said


def test_a_check_reaches_for_no_address(tmp_path: Path) -> None:
    found = alone(tmp_path / "check", "-m", "callproof", "check", str(HELD))
    assert (found.code, found.refused) == (0, ()), found.said
    assert "-m callproof" in found.guarded
    assert found.unroutable in (0, None)


@pytest.mark.parametrize(
    ("program", "refused"),
    [
        (
            "import socket; socket.create_connection(('192.0.2.1', 80))",
            "refused socket.getaddrinfo '192.0.2.1'",
        ),
        (
            "import socket; socket.socket().connect(('192.0.2.1', 80))",
            "refused socket.connect ('192.0.2.1', 80)",
        ),
        (
            "import socket; socket.getaddrinfo('telemetry.example', 443)",
            "refused socket.getaddrinfo 'telemetry.example'",
        ),
        (
            "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
            "refused socket.sendto ('192.0.2.1', 53)",
        ),
        ("import socket; socket.socket().bind(('0.0.0.0', 0))", "refused socket.bind ('0.0.0.0', 0)"),
    ],
)
def test_the_guard_sees_what_reaches_further(tmp_path: Path, program: str, refused: str) -> None:
    found = alone(tmp_path / "it", "-c", program)
    assert (found.code, found.refused) == (1, (refused,))


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.socket().connect_ex(('192.0.2.1', 80))",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).connect_ex(('192.0.2.1', 53))",
        "import socket; socket.socket(socket.AF_INET6).connect_ex(('2001:db8::1', 80))",
    ],
)
def test_the_kernel_counts_what_no_guard_sees(tmp_path: Path, program: str) -> None:
    """As a compiled library would do it: without Python's audit events."""
    if not has_namespaces():
        pytest.skip("this system gives no user a network namespace; the guard alone was tested")
    found = alone(tmp_path / "it", "-S", "-c", program)
    assert (found.refused, found.unroutable) == ((), 1)
