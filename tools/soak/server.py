"""refswitch as a process whose memory, descriptors and log can be read. Needs Linux, whose /proc has these figures."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "conformance", ROOT / "impl"))),
}
PATIENCE_S = 60.0
SEATS = ("15000", "15001", "15002")
#: What no log may hold: an exception that nobody handled, or a complaint of a library about one.
_TROUBLE = re.compile(
    r"Traceback \(most recent call last\)|Exception in |^\w*(Error|Exception): |^ERROR|\bERROR:|never retrieved|never awaited"
)
_PAGE_KB = resource.getpagesize() // 1024


class Server:
    """A running refswitch."""

    def __init__(self, process: subprocess.Popen[str], address: str, log: Path) -> None:
        self.process = process
        self.address = address
        self.cometd = f"{address}/api/v2/notifications"
        self.log = log
        self.admin = httpx.Client(base_url=f"{address}/__admin/v1", timeout=PATIENCE_S)

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def memory_kb(self) -> int:
        """Its resident memory."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * _PAGE_KB

    def descriptors(self) -> int:
        """How many files and sockets it has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def sessions(self) -> list[Any]:
        """The CometD sessions that it keeps."""
        return list(self.admin.get("/sessions").json()["sessions"])

    def calls(self) -> list[Any]:
        """The calls that are up."""
        return list(self.admin.get("/calls").json()["calls"])

    def trouble(self) -> list[str]:
        """The lines of its log that no log may hold, each once, with how often it is there."""
        with self.log.open(encoding="utf-8", errors="replace") as lines:
            found = Counter(line.strip()[:200] for line in lines if _TROUBLE.search(line))
        return [f"the log says {line!r}, {count} times" for line, count in found.items()] + self._excerpt()

    def _excerpt(self) -> list[str]:
        """The end of the first traceback in the log, in which its cause stands."""
        _, begin, after = self.log.read_text(encoding="utf-8", errors="replace").partition(
            "Traceback (most recent"
        )
        lines = after.splitlines()[1:]
        frames = list(takewhile(lambda line: line.startswith(" "), lines))
        told = [line.strip() for line in (*frames[-5:], *lines[len(frames) : len(frames) + 1])]
        return [f"the first traceback ends: {' | '.join(told)}"] if begin else []

    def why_not_alive(self) -> list[str]:
        """Whether it answers still: nothing, or a sentence."""
        try:
            answer = httpx.get(f"{self.address}/api/v2/me", auth=(SEATS[0], SEATS[0]), timeout=PATIENCE_S)
        except httpx.HTTPError as error:
            return [f"the server no longer answers: {error!r}"]
        return [] if answer.status_code == 200 else [f"the server answers {answer.status_code}"]


@contextmanager
def refswitch(*options: str, port: int = 0, files: int | None = None) -> Iterator[Server]:
    """Start refswitch, with at most so many open `files`; kill it at the end if it still runs."""
    command = [sys.executable, "-m", "refswitch", "serve", "--port", str(port), *options]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with (
            log.open("w") as lines,
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=lines,
                text=True,
                env=ENVIRONMENT,
            ) as process,
        ):
            assert process.stdout is not None
            try:
                if files is not None:
                    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (files, files))
                server = Server(process, process.stdout.readline().split()[-1], log)
                with server.admin:
                    yield server
            finally:
                process.kill()


def until(is_so: Any, patience_s: float = PATIENCE_S) -> bool:
    """Ask again and again; return whether it became so in time."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False
