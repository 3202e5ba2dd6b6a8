"""The embedded server is a process like any other, and nothing of it stays."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from callproof.runner.embedded import NotStarted, embedded_server, local_target


def test_a_server_that_does_not_start_is_reported_with_its_last_output() -> None:
    async def start() -> None:
        async with embedded_server(module="callproof_no_such_server"):
            raise AssertionError("nothing can have started")

    with pytest.raises(
        NotStarted, match=r"ended with code 1; its output was: .*No module named callproof_no_such_server"
    ):
        asyncio.run(start())


def test_the_server_answers_while_it_is_wanted_and_is_gone_afterwards() -> None:
    async def visit() -> tuple[int, str]:
        async with embedded_server() as target:
            alice = target.agents["alice"]
            async with httpx.AsyncClient(timeout=60) as client:
                answer = await client.get(f"{target.base_url}/me", auth=(alice.user, alice.password))
            return answer.status_code, target.base_url

    status, base_url = asyncio.run(visit())

    assert status == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base_url}/me")


def test_the_server_ends_with_a_process_that_is_killed() -> None:
    program = (
        "import asyncio, callproof.runner.embedded as e\n"
        "async def stay():\n"
        "    async with e.embedded_server() as target:\n"
        "        print(target.base_url, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(stay())"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline())
        with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
            process.kill()
            with suppress(ConnectionResetError):  # what it had not accepted yet is reset
                assert connection.recv(1) == b""  # the server closes its connections when it ends
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{address.netloc}/api/v2/me")


def test_the_local_target_may_be_called_at_once() -> None:
    assert local_target(8080).why_no_calls == ""
    assert local_target(8080).has[-1] == "auth:basic"
