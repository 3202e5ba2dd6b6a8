"""The plugin behind `make quick` finds out by itself which tests are pure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = """\
import asyncio, socket, subprocess, sys, threading
import pytest

def test_pure():
    socket.AF_INET

def test_with_an_event_loop_of_its_own():
    with asyncio.Runner() as runner:
        runner.run(asyncio.sleep(0))

def test_process():
    subprocess.run([sys.executable, "-c", ""])

def test_process_whose_failure_is_handled():
    try:
        subprocess.run([sys.executable, "-c", ""])
    except Exception:
        pass

@pytest.fixture(scope="module")
def server():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        yield process

def test_first_of_a_fixture(server):
    pass

def test_second_of_a_fixture(server):
    pass

def test_port():
    with socket.create_server(("127.0.0.1", 0)):
        pass

def test_port_in_a_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(socket.socket().close()))
    thread.start()
    thread.join()
    assert found

def test_loop():
    asyncio.run(asyncio.sleep(0))

@pytest.mark.slow
def test_slow():
    pass
"""


def played(folder: Path, *options: str, tests: str = TESTS) -> tuple[int, list[str]]:
    """Exit code and lines of pytest with the plugin."""
    (folder / "test_it.py").write_text(tests, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = slow\nfilterwarnings = error\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tools.pure_tests", *options],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()


def test_what_leaves_its_process_is_left_out_and_counted_by_kind(tmp_path: Path) -> None:
    code, lines = played(tmp_path, "--pure")
    assert code == 0, lines
    assert lines[-2] == (
        "8 tests were left out: 4 that start a process, 2 that open a port or look up a host, "
        "1 that run on an event loop with a real clock, 1 that take long. `make test` runs everything."
    )
    assert lines[-1].startswith("2 passed, 8 left out in ")


def test_the_same_holds_in_several_processes(tmp_path: Path) -> None:
    code, lines = played(tmp_path, "--pure", "-n", "2")
    assert code == 0, lines
    assert lines[-2].startswith("8 tests were left out: 4 that start a process, 2 that open a port")


def test_a_pure_test_that_fails_fails(tmp_path: Path) -> None:
    code, lines = played(tmp_path, "--pure", tests=TESTS + "\ndef test_wrong():\n    assert 1 == 2\n")
    assert code == 1
    assert lines[-1].startswith("1 failed, 2 passed, 8 left out in ")


def test_what_used_a_process_or_a_port_can_be_listed_and_run_by_itself(tmp_path: Path) -> None:
    code, lines = played(tmp_path, "--list-outside", "outside.txt")
    assert (code, lines[-1].partition(" in ")[0]) == (0, "10 passed")
    names = ["process", "process_whose_failure_is_handled", "first_of_a_fixture", "port", "port_in_a_thread"]
    assert (tmp_path / "outside.txt").read_text().splitlines() == [
        f"test_it.py::test_{name}" for name in names
    ]
    code, lines = played(tmp_path, "@outside.txt")
    assert (code, lines[-1].partition(" in ")[0]) == (0, "5 passed")
