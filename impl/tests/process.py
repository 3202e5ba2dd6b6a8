"""refswitch as other programs see it: a process with its own port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: CometD sessions follow the machine's clock: none may end because a busy machine made its client wait.
STEADY = ("--max-interval", "3600", "--poll-timeout", "600")


@contextmanager
def kept_port() -> Iterator[str]:
    """A port for servers that listen on it one after the other; no other program gets it meanwhile."""
    with socket.socket() as keeper:
        keeper.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the servers do, or they could not listen
        keeper.bind(("127.0.0.1", 0))
        yield str(keeper.getsockname()[1])


@contextmanager
def serving(*options: str, log: list[str] | None = None) -> Iterator[str]:
    """Start refswitch, yield its address, stop it. No CometD session ends for lack of a connect. `log` receives its log lines."""
    command = [sys.executable, "-m", "refswitch", "serve", "--port", "0", *STEADY, *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "impl")}
    with tempfile.TemporaryFile("w+") as lines:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=lines, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline().split()[-1]
            finally:
                process.terminate()
                assert process.wait(60) == 0, "SIGTERM stops refswitch cleanly"
        if log is not None:
            lines.seek(0)
            log.extend(lines.read().splitlines())
