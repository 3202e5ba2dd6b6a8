"""Servers and proxies made of bare sockets: they answer whatever a test wants, however odd."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias

Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes


async def asked(reader: asyncio.StreamReader) -> Asked:
    """Read one request. Raises IncompleteReadError if there is none."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *lines = head[:-4].split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
    return Asked(line, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


def answer(body: bytes = b"{}", *headers: str, status: str = "200 OK") -> bytes:
    """An answer of HTTP/1.1 as bytes."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[str]:
    """Serve until the block ends; yields the address."""

    talks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await serve(reader, writer)
        finally:
            await close(writer)
            talks.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for talk in (await asyncio.wait(talks, timeout=10))[1] if talks else ():
            talk.cancel()  # the client has gone, so only a test that hangs comes here


async def close(writer: asyncio.StreamWriter) -> None:
    """Close a connection and wait until it is closed."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def tunnel(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    there: asyncio.StreamReader,
    back: asyncio.StreamWriter,
) -> None:
    """Copy both ways until one side ends; then both are closed."""
    pumps = [asyncio.create_task(_pump(reader, back)), asyncio.create_task(_pump(there, writer))]
    await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    await close(writer)
    await close(back)
    await asyncio.wait(pumps)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
