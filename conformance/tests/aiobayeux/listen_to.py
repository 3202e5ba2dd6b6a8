"""Running `callproof listen` in this process against a server with one bad habit."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

import pytest

from callproof.cli import main

from .hostile_server import Habit, HostileServer, hostile

#: Seconds after which the command ends if it hangs: a thread cannot be cancelled.
LIMIT_S = "60"

Heard = tuple[int, list[str], list[str], HostileServer]


class Listen:
    """The command, ready to run. Its outputs are those of the process, so one runs at a time."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(
        self,
        habit: Habit,
        *options: str,
        user: str = "15000",
        tls: ssl.SSLContext | None = None,
        change_url: Callable[[str], str] = str,
    ) -> Heard:
        """Listen until the command ends; return its exit code, both outputs as lines, and the server."""

        async def story() -> tuple[int, HostileServer]:
            async with asyncio.timeout(120), hostile(habit, tls) as server:
                words = ["listen", change_url(server.url), "--for", LIMIT_S, *options]
                words += ["--user", user] if user else []
                return await asyncio.to_thread(main, words), server

        code, server = asyncio.run(story())
        written = self._capsys.readouterr()
        return code, written.out.splitlines(), written.err.splitlines(), server
