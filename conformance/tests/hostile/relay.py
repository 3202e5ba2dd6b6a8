"""A relay in front of refswitch that is honest but for one kind of hostility: `python -m conformance.tests.hostile.relay KIND BACKEND`.

It reads raw HTTP and writes raw bytes, because no HTTP library sends what these kinds send. It prints its port and ends with its
standard input, so that nothing of it stays.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

#: What a kind of hostility spoils: a connection before its first request, every answer, or the answers to some requests.
WHERE = ("open", "answer", "operation", "handshake", "subscribe", "connect", "cometd", "upgrade")

Header = tuple[bytes, bytes]
_LONGEST_HEAD = 2**20
_OF_THE_CONNECTION = (b"connection", b"content-length", b"transfer-encoding", b"accept-encoding")


@dataclass(frozen=True)
class Asked:
    """A request as it came: its first line, its headers, its body, what it is for, and whom to answer."""

    first: bytes
    headers: tuple[Header, ...]
    body: bytes
    what: str
    writer: asyncio.StreamWriter
    backend: int

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The Bayeux messages of the body."""
        return list(json.loads(self.body))

    async def send(self, *pieces: bytes) -> None:
        """Write bytes as they are."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def answer(self, body: bytes, *headers: bytes, status: bytes = b"200 OK") -> None:
        """Write a whole answer; a header of the caller's replaces the usual one of its name."""
        await self.send(head(*headers, length=len(body), status=status) + body)

    async def relayed(self) -> Answer:
        """What the real server answers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.backend)
        try:
            kept = [(name, value) for name, value in self.headers if name.lower() not in _OF_THE_CONNECTION]
            kept += [(b"Connection", b"close"), (b"Content-Length", str(len(self.body)).encode())]
            writer.write(self.first + b"\r\n" + lines(kept) + b"\r\n" + self.body)
            status, headers, body = await read_message(reader)
        finally:
            writer.close()
        return Answer(
            status, tuple(pair for pair in headers if pair[0].lower() not in _OF_THE_CONNECTION), body
        )


@dataclass(frozen=True)
class Answer:
    """An answer of the real server."""

    status: bytes
    headers: tuple[Header, ...]
    body: bytes

    @property
    def replies(self) -> list[dict[str, Any]]:
        """The Bayeux messages of the body."""
        value = json.loads(self.body)
        return value if isinstance(value, list) else []

    def bytes_with(self, body: bytes) -> bytes:
        """The answer with another body."""
        length = (b"Content-Length", str(len(body)).encode())
        return self.status + b"\r\n" + lines([*self.headers, length]) + b"\r\n" + body


#: How a kind answers. It returns whether the connection may go on.
Spoil = Callable[[Asked], Awaitable[bool]]


def head(*headers: bytes, length: int | None = None, status: bytes = b"200 OK") -> bytes:
    """The head of an answer in JSON; a header of the caller's replaces the usual one of its name."""
    given = {line.split(b":")[0].lower() for line in headers}
    usual = [b"Content-Type: application/json"]
    if length is not None and not given & {b"content-length", b"transfer-encoding"}:
        usual.append(b"Content-Length: " + str(length).encode())
    kept = [line for line in usual if line.split(b":")[0].lower() not in given]
    return b"HTTP/1.1 " + status + b"\r\n" + b"".join(line + b"\r\n" for line in [*kept, *headers]) + b"\r\n"


def lines(headers: Iterable[Header]) -> bytes:
    """Header lines."""
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers)


async def read_message(reader: asyncio.StreamReader) -> tuple[bytes, tuple[Header, ...], bytes]:
    """A request or an answer: its first line, its headers, its body. Raises IncompleteReadError at the end of the stream."""
    first, *rest = (await reader.readuntil(b"\r\n\r\n")).removesuffix(b"\r\n\r\n").split(b"\r\n")
    pairs = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(b":") for line in rest))
    known = {name.lower(): value for name, value in pairs}
    if known.get(b"transfer-encoding", b"").lower() != b"chunked":
        return first, pairs, await reader.readexactly(int(known.get(b"content-length", b"0")))
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readline()
    return first, pairs, body


class Relay:
    """Serves one kind of hostility; everything else it relays."""

    def __init__(self, where: str, spoil: Spoil, backend: int) -> None:
        self._where = where
        self._spoil = spoil
        self._backend = backend
        self._serving: set[asyncio.Task[None] | None] = set()  # the loop itself keeps only weak references

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends or is spoilt for good."""
        self._serving.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            if self._where == "open":
                await self._spoil(Asked(b"", (), b"", "open", writer, self._backend))
                await reader.read()
            while await self._turn(reader, writer):
                pass
        writer.close()

    async def _turn(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, headers, body = await read_message(reader)
        what = _purpose(first, headers, body)
        asked = Asked(first, headers, body, what, writer, self._backend)
        if what == self._where or (self._where, what) in _PARTS:
            return await self._spoil(asked)
        if what == "upgrade":
            await self._pipe(asked, reader)
            return False
        answer = await asked.relayed()
        await asked.send(answer.bytes_with(answer.body))
        return True

    async def _pipe(self, asked: Asked, reader: asyncio.StreamReader) -> None:
        """Relay a WebSocket as it is."""
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", asked.backend)
        back_writer.write(asked.first + b"\r\n" + lines(asked.headers) + b"\r\n")
        ways = [_copy(reader, back_writer), _copy(back_reader, asked.writer)]
        await asyncio.wait([asyncio.ensure_future(way) for way in ways], return_when=asyncio.FIRST_COMPLETED)
        back_writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()


#: A place that a kind names, and the purposes that belong to it.
_CHANNELS = ("handshake", "subscribe", "connect")
_PARTS = frozenset(
    {("cometd", part) for part in _CHANNELS}
    | {("answer", part) for part in ("rest", "operation", "cometd", *_CHANNELS)}
)


def _purpose(first: bytes, headers: Iterable[Header], body: bytes) -> str:
    if any(name.lower() == b"upgrade" for name, _ in headers):
        return "upgrade"
    if b"/notifications" not in first:
        return "operation" if first.startswith(b"POST") else "rest"
    with suppress(ValueError, TypeError, AttributeError, IndexError):
        channel = json.loads(body)[0]["channel"]
        if (part := str(channel).removeprefix("/meta/")) in _CHANNELS:
            return part
    return "cometd"


async def main(kind: str, backend: int) -> None:
    """Serve until standard input ends."""
    from conformance.tests.hostile.kinds import KINDS  # the kinds are made with what stands above

    chosen = KINDS[kind]
    relay = Relay(chosen.where, chosen.spoil, backend)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0, limit=_LONGEST_HEAD)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1], int(sys.argv[2])))
