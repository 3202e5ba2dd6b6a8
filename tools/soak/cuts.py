"""With acknowledgement, a cut connection loses no notification and delivers none twice; a killed client costs the others nothing."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

import httpx

from callproof.aiobayeux import Session
from callproof.bayeux import Delivered, Subscribed
from tools.soak.evidence import Evidence
from tools.soak.server import ENVIRONMENT, PATIENCE_S, ROOT, SEATS, Server, refswitch

_CHANNEL = "/v2/me/calls"
_SEAT = SEATS[0]
#: No session may end because a busy machine kept its client waiting.
_OPTIONS = ("--max-interval", "3600", "--poll-timeout", "2")
_PER_CUT = 10
#: Our client and the official one for JavaScript, each over each transport.
_CLIENTS = (
    ("callproof", "long-polling"),
    ("callproof", "websocket"),
    ("cometd", "long-polling"),
    ("cometd", "websocket"),
)


class CuttingLine:
    """A line between client and server that is cut in the midst of what the server sends."""

    def __init__(self, backend: int, seed: int) -> None:
        self._backend = backend
        self._chance = random.Random(seed)
        self._left: int | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.cuts = 0

    def cut_soon(self) -> None:
        """Let some bytes more through from the server, then cut every connection, whatever they carry."""
        self._left = self._chance.choice((0, 1, 40, 150, 300, 600))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Listen; yield the port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self._backend)
        pair = {writer, back_writer}
        self._open |= pair
        ways = [
            asyncio.create_task(self._copy(reader, back_writer, counts=False)),
            asyncio.create_task(self._copy(back_reader, writer, counts=True)),
        ]
        with suppress(
            asyncio.CancelledError
        ):  # the streams of Python 3.11 report a cancelled connection as an error
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for one in pair:
            one.close()
        self._open -= pair

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counts: bool
    ) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(65_536):
                if counts and self._left is not None:
                    piece, self._left = piece[: self._left], self._left - len(piece)
                    if self._left <= 0:
                        writer.write(piece)
                        self._cut()
                        return
                writer.write(piece)
                await writer.drain()

    def _cut(self) -> None:
        self._left = None
        self.cuts += 1
        for writer in self._open:
            writer.close()


def prove(cuts: int) -> Evidence:
    """Cut each client's connections so many times, and kill a client beside another."""
    faults: list[str] = []
    figures: dict[str, int | float | str] = {}
    played = [one for one in _CLIENTS if one[0] != "cometd" or shutil.which("node")]
    for kind, transport in played:
        with refswitch(*_OPTIONS) as server:
            made, heard, sent = asyncio.run(_through_cuts(server, kind, transport, cuts))
            faults += [f"{kind} over {transport}: {fault}" for fault in _compared(heard, sent)]
            figures[f"{kind} over {transport}"] = f"heard {len(heard)} of {sent} through {made} cuts"
            faults += server.trouble() + server.why_not_alive()
    with refswitch("--max-interval", "1", "--poll-timeout", "2") as server:
        faults += asyncio.run(_beside_a_killed_client(server))
        faults += server.trouble()
    done = f"{cuts} cuts for each of {len(played)} clients, {_PER_CUT} notifications around each; one client killed beside another"
    if len(played) < len(_CLIENTS):
        done += "; NOT PLAYED: the JavaScript client, because node is not here"
    return Evidence(done, figures, faults)


def _compared(heard: Sequence[int], sent: int) -> list[str]:
    lost = sorted(set(range(sent)) - set(heard))
    twice = sorted({number for number in heard if heard.count(number) > 1})
    found = [f"lost {lost[:10]}"] if lost else []
    found += [f"delivered twice {twice[:10]}"] if twice else []
    if not found and list(heard) != sorted(heard):
        found.append("delivered out of order")
    return found


async def _through_cuts(server: Server, kind: str, transport: str, cuts: int) -> tuple[int, list[int], int]:
    line = CuttingLine(server.port, seed=cuts)
    heard: list[int] = []
    last = cuts * _PER_CUT
    async with (
        line.listening() as port,
        httpx.AsyncClient(base_url=server.address, timeout=PATIENCE_S) as admin,
    ):
        publishing: asyncio.Task[None] | None = None
        happenings = _HEARERS[kind](f"http://127.0.0.1:{port}/api/v2/notifications", transport)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S + cuts * 5), aclosing(happenings):
                async for number in happenings:
                    if number is not None:
                        heard.append(number)
                    elif publishing is None:
                        publishing = asyncio.create_task(_publish(admin, line, cuts))
                    if number == last:
                        break
        if publishing is not None:
            publishing.cancel()
    return line.cuts, heard, last + 1


async def _of_callproof(url: str, transport: str) -> AsyncGenerator[int | None, None]:
    """The numbers that our client hears; None when it has subscribed."""
    session = Session(
        url, [_CHANNEL], login=(_SEAT, _SEAT), connection_types=[transport], acknowledge=True, backoff_increment_s=0.02,
        backoff_limit_s=0.2,
    )  # fmt: skip
    async with session:
        async for happening in session:
            if isinstance(happening, Subscribed):
                yield None
            elif isinstance(happening, Delivered):
                yield _number(happening)


async def _of_cometd(url: str, transport: str) -> AsyncGenerator[int | None, None]:
    """The same of the official client for JavaScript."""
    command = ["node", "impl/tests/clients/driver.mjs", "cometd", transport, url, _SEAT, "ack"]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(
            b'{"do": "begin"}\n' + json.dumps({"do": "subscribe", "channel": _CHANNEL}).encode() + b"\n"
        )
        async for line in process.stdout:
            happening = json.loads(line)
            if happening["is"] == "subscribed" and happening["successful"]:
                yield None
            elif happening["is"] == "heard":
                yield int(happening["data"]["number"])
    finally:
        process.kill()
        await process.wait()


_HEARERS: Mapping[str, Callable[[str, str], AsyncGenerator[int | None, None]]] = {
    "callproof": _of_callproof,
    "cometd": _of_cometd,
}


async def _publish(admin: httpx.AsyncClient, line: CuttingLine, cuts: int) -> None:
    """Publish numbers; a cut falls among each ten of them. The last number comes when no cut does."""
    for number in range(cuts * _PER_CUT):
        if number % _PER_CUT == _PER_CUT // 2:
            line.cut_soon()
        await _publish_one(admin, number)
        if number % _PER_CUT == _PER_CUT - 1:
            made = number // _PER_CUT + 1
            while line.cuts < made:
                await asyncio.sleep(0.02)
    await _publish_one(admin, cuts * _PER_CUT)


async def _publish_one(admin: httpx.AsyncClient, number: int) -> None:
    told = {"agent": _SEAT, "channel": _CHANNEL, "data": {"number": number}}
    (await admin.post("/__admin/v1/publish", json=told)).raise_for_status()


async def _beside_a_killed_client(server: Server) -> list[str]:
    """Two clients of one agent; one of them is killed. The other hears everything once, and the server drops the killed one's session."""
    program = (
        "import asyncio, sys\nfrom callproof.aiobayeux import Session\nfrom callproof.bayeux import Delivered\n"
        "async def main():\n"
        f"    async with Session({server.cometd!r}, [{_CHANNEL!r}], login=({_SEAT!r}, {_SEAT!r})) as session:\n"
        "        async for one in session:\n"
        "            if isinstance(one, Delivered): print(one.data['number'], flush=True)\n"
        "asyncio.run(main())\n"
    )
    numbers, heard = 50, []
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT
    ) as victim:
        assert victim.stdout is not None
        async with (
            asyncio.timeout(PATIENCE_S),
            httpx.AsyncClient(base_url=server.address, timeout=PATIENCE_S) as admin,
            Session(server.cometd, [_CHANNEL], login=(_SEAT, _SEAT)) as session,
        ):
            while sum(bool(one["subscriptions"]) for one in await _sessions(admin)) < 2:
                await asyncio.sleep(0.05)
            for number in range(numbers):
                if number == numbers // 2:
                    await asyncio.to_thread(victim.stdout.readline)
                    victim.kill()
                await _publish_one(admin, number)
            async for happening in session:
                if isinstance(happening, Delivered):
                    heard.append(_number(happening))
                if heard and heard[-1] == numbers - 1:
                    break
            while len(await _sessions(admin)) > 1:
                await asyncio.sleep(0.05)
    return [f"beside a killed client: {fault}" for fault in _compared(heard, numbers)]


def _number(delivered: Delivered) -> int:
    data: Any = delivered.data
    return int(data["number"])


async def _sessions(admin: httpx.AsyncClient) -> list[Any]:
    return list((await admin.get("/__admin/v1/sessions")).json()["sessions"])
