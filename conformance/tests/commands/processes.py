"""A reference server and runs of the suite against it, as processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from callproof.commands.init import TEMPLATE

ROOT = Path(__file__).parents[3]
NUMBERS = {"alice": "15000", "bob": "15001", "carol": "15002"}
SECRETS = {f"{n.upper()}_{kind}": number for n, number in NUMBERS.items() for kind in ("USER", "PASSWORD")}
ENVIRONMENT = os.environ | SECRETS | {"PYTHONPATH": f"{ROOT / 'conformance'}{os.pathsep}{ROOT / 'impl'}"}
LIMIT_S = 240
NONE: dict[str, list[str]] = {name: [] for name in NUMBERS}


@contextmanager
def server() -> Iterator[str]:
    """The address of a reference server that ends with the context."""
    command = [sys.executable, "-m", "refswitch", "serve", "--port", "0", "--stop-with-stdin"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout)
        yield next(address[0] for address in found if address)
        process.stdin.close()
        process.stdout.read()


@contextmanager
def target_in(folder: Path, base: str) -> Iterator[Path]:
    """A folder with a quick target file for this server, which has no call afterwards, whatever happened."""
    text = TEMPLATE.replace("https://cti.example.test", base).replace(
        "requests_per_s: 5", "requests_per_s: 500"
    )
    (folder / "target.yaml").write_text(text.replace("quiet_min_s: 1 ", "quiet_min_s: 0.2 "))
    yield folder
    httpx.post(f"{base}/__admin/v1/reset")


def calls(base: str) -> dict[str, list[str]]:
    """The ids of the calls that each agent has."""
    return {
        name: [
            call["id"]
            for call in httpx.get(f"{base}/api/v2/me/calls?fields=*", auth=(number, number)).json()["calls"]
        ]
        for name, number in NUMBERS.items()
    }


@contextmanager
def running(
    folder: Path, *options: str, out: str = "out"
) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    """A run, and its transcript as it grows."""
    (folder / out).mkdir(exist_ok=True)
    os.mkfifo(folder / out / "transcript.jsonl")
    command = [sys.executable, "-m", "callproof", "run", "--target", "target.yaml", "--out", out, *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=ENVIRONMENT
    ) as process:
        try:
            with (folder / out / "transcript.jsonl").open() as transcript:
                yield process, transcript
        finally:
            process.kill()
            (folder / out / "transcript.jsonl").unlink()


def until(transcript: Iterator[str], *words: str) -> None:
    """Read until a line has all these words."""
    next(line for line in transcript if all(word in line for word in words))


def drained(process: subprocess.Popen[str], transcript: Iterator[str]) -> tuple[str, str]:
    """Read the transcript and the streams to their ends."""
    for _ in transcript:
        pass
    return process.communicate(timeout=LIMIT_S)


def callproof(
    folder: Path, *arguments: str, before: Callable[[], None] | None = None, **streams: Any
) -> subprocess.CompletedProcess[str]:
    """The command, to its end. `before` is called in its process before it starts."""
    command = [sys.executable, "-m", "callproof", *arguments]
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    return subprocess.run(
        command,
        text=True,
        cwd=folder,
        env=ENVIRONMENT,
        timeout=LIMIT_S,
        check=False,
        preexec_fn=before,
        **kept,
    )
