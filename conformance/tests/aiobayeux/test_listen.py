"""`callproof listen`, as a process: its first user is whoever waits for a notification and wants to know whether it is right."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from callproof.cli import main
from callproof.commands.exits import OF_LISTEN

from .stage import CALLS, SEAT, Stage, staged


class Listener:
    """The command under way."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> str:
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().rstrip("\n")

    async def told(self) -> str:
        """The next line about the connection."""
        assert self.process.stderr is not None
        return (await self.process.stderr.readline()).decode().rstrip("\n")

    async def rest(self) -> list[str]:
        """All further lines about the connection."""
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode().splitlines()

    async def end(self) -> int:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        return await self.process.wait()


#: Runs the command as on Windows, whose event loops have no signal handlers.
WITHOUT_HANDLERS = """
import asyncio, sys
def none(*_): raise NotImplementedError
asyncio.SelectorEventLoop.add_signal_handler = asyncio.SelectorEventLoop.remove_signal_handler = none
from callproof.cli import main
from callproof.commands.exits import OF_LISTEN
sys.exit(main())
"""


@asynccontextmanager
async def listening(
    stage: Stage, *options: str, password: str = SEAT, python: Sequence[str] = ("-m", "callproof"),
    stdout: int = asyncio.subprocess.PIPE,
) -> AsyncIterator[Listener]:  # fmt: skip
    command = [sys.executable, *python, "listen", stage.url, "--user", SEAT, *options]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "CALLPROOF_PASSWORD": password}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=stdout, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield Listener(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def timeless(line: str) -> str:
    """The line without the time and without the call's id."""
    return re.sub(r"id=\w+", "id=...", re.sub(r"^\d\d:\d\d:\d\d\.\d{3} ", "", line))


@staged()
async def test_each_notification_is_a_line_with_a_verdict_and_the_exit_code_sums_them_up(
    stage: Stage,
) -> None:
    async with listening(stage, "--count", "2") as listener:
        await stage.until_held()
        await stage.dial("15001")
        await stage.dial("70320")
        assert (
            timeless(await listener.line())
            == "ok     /v2/me/calls StatusChange Internal Dialing 15001 id=..."
        )
        assert timeless(await listener.line()) == (
            'BROKEN /v2/me/calls StatusChange Internal Dialing 70320 id=... - $.data.call lacks the member "duration"'
        )
        assert await listener.process.wait() == 1


@staged()
async def test_what_agrees_with_the_contract_ends_with_0_by_an_interrupt(stage: Stage) -> None:
    async with listening(stage, "--transport", "long-polling") as listener:
        await stage.until_held()
        assert await listener.told() == "connected over long-polling"
        await stage.dial("15001")
        assert timeless(await listener.line()).startswith("ok ")
        assert await listener.end() == 0


@staged()
async def test_json_leaves_nothing_of_a_notification_out(stage: Stage) -> None:
    async with listening(stage, "--json", "--count", "1", "--channel", "/v2/me/*") as listener:
        await stage.until_held()
        await stage.publish(1)
        line: dict[str, Any] = json.loads(await listener.line())
        assert set(line) == {"time", "channel", "verdict", "findings", "data"}
        assert (line["channel"], line["verdict"], line["data"]) == (CALLS, "broken", {"number": 1})
        assert line["findings"][0] == {
            "path": "$.data",
            "rule": "required",
            "severity": "error",
            "message": 'lacks the member "messageType"',
        }


@staged()
async def test_it_starts_a_new_session_when_the_server_has_forgotten_it(stage: Stage) -> None:
    async with listening(stage, "--count", "1") as listener:
        await stage.until_held()
        await stage.dial("70304")
        assert await listener.told() == "connected over websocket"
        assert await listener.told() == (
            "the server no longer knows the session (402::Unknown client); starting a new one; notifications may be missing"
        )
        assert await listener.told() == "connected over websocket"
        await stage.until_held()
        await stage.publish(1)
        assert "BROKEN" in await listener.line()


@staged()
async def test_a_run_without_a_notification_is_not_green(stage: Stage) -> None:
    async with listening(stage, "--for", "0.5") as listener:
        assert await listener.process.wait() == 2
        *_, last = await listener.rest()
        assert last == "callproof listen: no notification arrived, so nothing was judged"


@staged()
async def test_a_refused_login_is_reported_at_once(stage: Stage) -> None:
    async with listening(stage, password="wrong") as listener:  # that is the point
        assert await listener.told() == (
            "the upgrade was answered with HTTP 403: Access denied; trying long-polling"
        )
        assert await listener.told() == (
            "callproof listen: the server refused the login of 15000: the answer was HTTP 403: Access denied"
        )
        assert await listener.process.wait() == 5


@staged()
async def test_without_signal_handlers_it_listens_and_an_interrupt_ends_it_cleanly(stage: Stage) -> None:
    """Windows has none; asyncio itself cancels what runs at Ctrl-C."""
    async with listening(stage, python=("-c", WITHOUT_HANDLERS)) as listener:
        await stage.until_held()
        assert await listener.told() == "connected over websocket"
        await stage.dial("15001")
        assert timeless(await listener.line()).startswith("ok ")
        assert await listener.end() == 0
        assert await listener.rest() == []
        assert await stage.sessions() == []


@contextmanager
def full_pipe() -> Iterator[int]:
    """The writing end of a pipe that is full and that nobody reads."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"x")
    os.set_blocking(writing, True)
    try:
        yield writing
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.skipif(sys.platform == "win32", reason="the pipe is filled without waiting")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@staged()
async def test_an_interrupt_ends_it_although_nobody_reads_its_output(
    stage: Stage, number: signal.Signals
) -> None:
    """It says that a line was not written, and its exit code is not green."""
    with full_pipe() as pipe:
        async with listening(stage, "--json", stdout=pipe) as listener:
            assert await listener.told() == "connected over websocket"
            await stage.until_held()
            for _ in range(3):
                await stage.dial("15001")
            listener.process.send_signal(number)
            async with asyncio.timeout(60):
                assert await listener.process.wait() == 6
            said = "callproof listen: nobody reads the output, so its last line was not written"
            assert await listener.rest() == [said]


@pytest.mark.parametrize(
    ("password", "code", "said"),
    [
        (
            "",
            4,
            "callproof listen: the password of 1 is missing: set the environment variable CALLPROOF_PASSWORD\n",
        ),
        ("CALLPROOF_PASSWORD=1 ", 2, "callproof listen: no notification arrived, so nothing was judged\n"),
    ],
)
def test_a_closed_standard_input_is_one_sentence(password: str, code: int, said: str) -> None:
    command = f"{password}{sys.executable} -m callproof listen http://127.0.0.1:1 --user 1 --for 0.1 <&-"
    environment = {name: value for name, value in os.environ.items() if name != "CALLPROOF_PASSWORD"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)

    ended = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr.replace("there was no answer: connection refused; trying again\n", "") == said


def test_its_exit_codes_are_the_same_in_the_help_and_in_the_documentation(capsys: Any) -> None:
    page = (Path(__file__).parents[3] / "docs" / "bayeux-libraries.md").read_text(encoding="utf-8")
    assert main(["listen", "--help"]) == 0

    assert "".join(f"| {code} | {meaning} |\n" for code, meaning in OF_LISTEN.items()) in page
    assert (
        "".join(f"  {code:3}  {meaning}\n" for code, meaning in OF_LISTEN.items()) in capsys.readouterr().out
    )


def test_bad_usage_names_the_place_and_the_remedy(capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.delenv("CALLPROOF_PASSWORD", raising=False)
    url = "http://127.0.0.1:1"
    for arguments, words in [
        (
            ["ftp://x", "--user", "1"],
            "is not a URL; write it like http://127.0.0.1:8080/api/v2/notifications",
        ),
        (["http://", "--user", "1"], "is not a URL; write it like"),
        (["http://[::1", "--user", "1"], "is not a URL: "),
        (["http://host:99999", "--user", "1"], "is not a URL: Port out of range"),
        (["http://a b/", "--user", "1"], "is not a URL: "),
        (["http://a\x00b/", "--user", "1"], "is not a URL: "),
        (["http://a..b/", "--user", "1"], "is not a URL: "),
        (["http://" + "a" * 64 + ".test/", "--user", "1"], "is not a URL: "),
        (["http://a/\u20ac\udc80", "--user", "1"], "is not a URL: "),
        (["http://a:b@c", "--user", "1"], "must not hold credentials; use --user"),
        ([url], "--user NAME is missing, or --token-env VARIABLE"),
        ([url, "--user", "1", "--count", "0"], "0 is not a number from 1 up"),
        ([url, "--user", "1", "--for", "x"], "x is not a number of seconds above 0"),
        ([url, "--user", "1", "--ca-file", "/none"], "--ca-file: /none cannot be read"),
        ([url, "--user", "1"], "set the environment variable CALLPROOF_PASSWORD"),
    ]:
        assert main(["listen", *arguments]) == 4
        assert words in capsys.readouterr().err
