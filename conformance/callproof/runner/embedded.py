"""Starts the reference server as a process and leaves nothing of it behind.

The suite knows only that server's command line and its three default seats.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence

from callproof import limits
from callproof.target.target import Agent, Target

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
#: Simulated numbers that the server has without a seats file.
_NUMBERS = {"nonexistent": "70102", "busy": "70100", "unanswered": "70000"}
_START_S = limits.EMBEDDED_START.default
_STOP_S = limits.EMBEDDED_STOP.default


class NotStarted(Exception):
    """The embedded server did not start; the message contains its output."""


@contextlib.asynccontextmanager
async def embedded_server(arguments: Sequence[str] = (), module: str = "refswitch") -> AsyncIterator[Target]:
    """Run `refswitch serve` on a free port of this machine and yield it as a target. Raises NotStarted.

    Its standard input is a pipe that stays empty: however this process ends, the pipe closes and the server stops.
    """
    command = [sys.executable, "-m", module, "serve", "--port", "0", "--stop-with-stdin", *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, stdin=asyncio.subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    said: list[str] = []
    reader: asyncio.Task[None] | None = None
    try:
        port = await _port(process, said)
        reader = asyncio.create_task(_drain(process))
        yield local_target(port)
    finally:
        await _stop(process)
        if reader is not None:
            await reader


def local_target(port: int, numbers: Mapping[str, str] | None = None) -> Target:
    """The server with its default seats, whose login names and passwords are their numbers.

    The quiet window can be short: on one machine everything arrives within it, it starts only after the release that is the barrier,
    and it grows with the largest delay seen.
    """
    base = f"http://127.0.0.1:{port}"
    seats = {"alice": "15000", "bob": "15001", "carol": "15002"}
    return Target(
        product="refswitch",
        base_url=f"{base}/api/v2",
        cometd_url=f"{base}/api/v2/notifications",
        agents={name: Agent(name, number, number, number) for name, number in seats.items()},
        numbers=dict(_NUMBERS if numbers is None else numbers),
        quiet_min_s=0.25,
    )


async def _port(process: asyncio.subprocess.Process, said: list[str]) -> int:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_START_S):
            while line := await process.stdout.readline():
                said.append(line.decode(errors="replace").rstrip())
                if found := _ADDRESS.search(said[-1]):
                    return int(found[1])
    except TimeoutError:
        raise NotStarted(
            f"the embedded server gave no address within {_START_S:g} s; its output was: {_end(said)}"
        ) from None
    code = await process.wait()
    raise NotStarted(f"the embedded server ended with code {code}; its output was: {_end(said)}")


async def _drain(process: asyncio.subprocess.Process) -> None:
    """Keep reading, so that a full pipe never stops the server."""
    assert process.stdout is not None
    while await process.stdout.read(65536):
        pass


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _end(said: Sequence[str]) -> str:
    return " | ".join(said[-5:]) or "nothing"
