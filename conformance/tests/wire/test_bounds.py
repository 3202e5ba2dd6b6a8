"""What a server may send: each bound ends the request in a sentence, in fixed memory, over real ports."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import re
import tracemalloc
import zlib
from contextlib import suppress
from itertools import repeat

import pytest
from websockets.asyncio.server import ServerConnection, serve

from callproof.wire import (
    Bounds,
    Exchange,
    HttpAgent,
    Kind,
    NoAnswer,
    Reason,
    SocketClosed,
    SystemClock,
    Traffic,
    Transcript,
    WebSocket,
)

from .raw_server import Serve, answer, asked, serving

SMALL = Bounds(answer_bytes=100_000, head_bytes=100_000, headers=20, messages_per_delivery=3)
JSON = "Content-Type: application/json"


def endless(head: bytes, piece: bytes) -> Serve:
    """Answer with a head and then with the same piece for ever."""

    async def serve_it(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(head)
        for each in repeat(piece):
            writer.write(each)
            await writer.drain()

    return serve_it


def always(data: bytes) -> Serve:
    """Answer every request with these bytes."""

    async def serve_it(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while await asked(reader):
                writer.write(data)
                await writer.drain()

    return serve_it


def outcome(server: Serve, traffic: Traffic = Traffic.CALLS, bounds: Bounds = SMALL) -> Exchange | NoAnswer:
    async def story() -> Exchange | NoAnswer:
        async with serving(server) as url, HttpAgent("alice", url, bounds=bounds, timeout_s=30) as agent:
            return await agent.request("GET", "/me", traffic=traffic)

    return asyncio.run(story())


def told(found: Exchange | NoAnswer) -> tuple[Reason, str]:
    assert isinstance(found, NoAnswer), found
    return found.reason, found.detail


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNK = b"1000\r\n" + b" " * 4096 + b"\r\n"


@pytest.mark.parametrize(
    "server",
    [
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK),
        endless(HEAD + b"Content-Length: 999999999999\r\n\r\n", b" " * 4096),
        endless(HEAD + b"Connection: close\r\n\r\n", b" " * 4096),
    ],
    ids=["chunked", "length", "close"],
)
def test_a_body_without_end_is_not_read_to_its_end(server: Serve) -> None:
    assert told(outcome(server)) == (
        Reason.TOO_LARGE,
        "its body is longer than 100000 bytes; set limits.answer_bytes if that is right",
    )


def test_a_small_gzip_never_becomes_gigabytes() -> None:
    """Two layers of gzip turn a few kilobytes into a gigabyte; only what fits the bound is made."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    inner = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
    server = always(answer(gzip.compress(inner), JSON, "Content-Encoding: gzip, gzip"))

    tracemalloc.start()
    found = outcome(server)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert told(found) == (
        Reason.TOO_LARGE,
        "its body, decompressed, is longer than 100000 bytes; set limits.answer_bytes if that is right",
    )
    assert most < 16 * 2**20


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"a": 1}', mtime=0)),
        ("x-gzip", gzip.compress(b'{"a": 1}', mtime=0)),
        ("deflate", zlib.compress(b'{"a": 1}')),
        ("deflate", zlib.compress(b'{"a": 1}')[2:-4]),
        ("identity", b'{"a": 1}'),
        ("", b'{"a": 1}'),
        ("deflate, gzip", gzip.compress(zlib.compress(b'{"a": 1}'), mtime=0)),
    ],
)
def test_a_compressed_body_is_read(encoding: str, body: bytes) -> None:
    found = outcome(always(answer(body, JSON, f"Content-Encoding: {encoding}")))

    assert isinstance(found, Exchange)
    assert found.value == {"a": 1}


@pytest.mark.parametrize(
    ("encoding", "body", "why"),
    [
        ("br", b"x", "it says Content-Encoding: br, which the suite did not ask for and does not read"),
        ("gzip", b"{}", "it says Content-Encoding: gzip, and is not (Error -3 while decompressing data: incorrect header check)"),
        ("gzip", gzip.compress(b"{}" * 100, mtime=0)[:-9], "its compressed body (gzip) breaks off"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_decompressed_is_said_to_be_so(encoding: str, body: bytes, why: str) -> None:
    found = outcome(always(answer(body, JSON, f"Content-Encoding: {encoding}")))

    assert told(found) == (Reason.UNREADABLE, why)


def test_an_answer_without_a_body_may_name_an_encoding() -> None:
    found = outcome(always(b"HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n"))

    assert isinstance(found, Exchange)


@pytest.mark.parametrize(
    "server",
    [
        endless(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 4096),
        endless(b"HTTP/1.1 200 OK\r\n", b"X: a\r\n" * 1000),
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100),
    ],
    ids=["long-header", "many-headers", "interim-answers"],
)
def test_a_head_without_end_is_not_read_to_its_end(server: Serve) -> None:
    reason, detail = told(outcome(server))

    assert (reason, detail) in {
        (Reason.TOO_LARGE, "its head is longer than 100000 bytes; set limits.head_bytes if that is right"),
        (Reason.NOT_HTTP, "Receive buffer too long"),  # the parser's own bound, 100 KiB for one head
    }


def test_more_headers_than_anybody_sends_are_refused() -> None:
    found = outcome(always(answer(b"{}", *("X: y" for _ in range(30)))))

    assert told(found) == (Reason.TOO_LARGE, "it has 31 headers, and 20 are read")


DEEP, TOO_DEEP = "[" * 201 + "]" * 201, "it is nested deeper than 200 levels, and no more are read"
LONG, TOO_LONG = "[" + "9" * 4301 + "]", "it has a number of 4301 digits, and more than 4300 are not read"


@pytest.mark.parametrize(("body", "why"), [(DEEP, TOO_DEEP), (LONG, TOO_LONG)], ids=["levels", "digits"])
def test_what_is_only_beyond_our_bounds_is_not_said_to_be_broken_json(body: str, why: str) -> None:
    """It may be valid JSON, so it counts as no answer; a body that is not JSON would count against the server."""
    assert told(outcome(always(answer(body.encode(), JSON)))) == (Reason.TOO_LARGE, why)


def test_more_messages_at_once_than_are_read_are_refused() -> None:
    found = outcome(always(answer(b"[1, 2, 3, 4]")), Traffic.BAYEUX)
    enough = outcome(always(answer(b"[1, 2, 3]")), Traffic.BAYEUX)

    assert told(found) == (
        Reason.TOO_LARGE,
        "4 messages came at once, and 3 are read; set limits.messages_per_delivery if that is right",
    )
    assert isinstance(enough, Exchange)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (
            "[1, 2, 3, 4]",
            "4 messages came at once, and 3 are read; set limits.messages_per_delivery if that is right",
        ),
        (
            '["' + "a" * 200_000 + '"]',
            "a frame was too large (frame with 200004 bytes exceeds limit of 100000 bytes); "
            "set limits.answer_bytes if that is right",
        ),
        (DEEP, f"a frame was too large: {TOO_DEEP}"),
        (LONG, f"a frame was too large: {TOO_LONG}"),
    ],
    ids=["messages", "bytes", "levels", "digits"],
)
def test_a_frame_has_the_same_bounds(frame: str, why: str) -> None:
    async def send(connection: ServerConnection) -> None:
        await connection.send(frame)
        await connection.wait_closed()

    async def story() -> None:
        async with serve(send, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            async with HttpAgent("alice", url, bounds=SMALL) as agent:
                opened = await agent.upgrade(url)
                assert isinstance(opened, WebSocket)
                with pytest.raises(SocketClosed) as caught:
                    await opened.receive()
                assert str(caught.value) == why

    asyncio.run(story())


def test_a_server_that_pings_and_never_reads_is_left_and_takes_no_memory() -> None:
    """Each ping wants a pong (RFC 6455, 5.5.2), and pongs that nobody reads would pile up."""

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        key = next(line for line in (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n") if b"-Key:" in line)
        writer.write(accepting(key.partition(b": ")[2]))
        with suppress(ConnectionError):
            for pings in repeat((b"\x89\x7d" + b"x" * 125) * 500):
                writer.write(pings)
                await writer.drain()

    async def story() -> str:
        async with serving(flood) as url, HttpAgent("alice", url) as agent:
            opened = await agent.upgrade(url)
            assert isinstance(opened, WebSocket)
            with pytest.raises(SocketClosed) as caught:
                await opened.receive()
            await opened.close()
            return str(caught.value)

    why = asyncio.run(asyncio.wait_for(story(), 60))
    assert re.fullmatch(r"the server reads nothing and left \d+ bytes unread, with its pings", why)


def accepting(key: bytes) -> bytes:
    """The head of a WebSocket's answer (RFC 6455, 4.2.2)."""
    proof = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return head + b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n"


# Odd, and not the end of a run --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "Set-Cookie: JSESSIONID=a\xe4\xffb; Path=/",
        "Set-Cookie: \xe4=b",
        "Set-Cookie: =; ; =",
        "Set-Cookie: a=b; Max-Age=never; Domain=elsewhere.test",
        "X-CSRF-HEADER: X-\xe4\r\nX-CSRF-TOKEN: a",
        "X-CSRF-HEADER: X Y\r\nX-CSRF-TOKEN: a",
        "X-CSRF-HEADER: X-Token\r\nX-CSRF-TOKEN: a\xe4",
        "Content-Encoding: \xe4",
        "Content-Type: \xe4; charset=\xff",
        "Retry-After: " + "9" * 5000,
        "Location: http://[",
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "503 Away", "302 Found"])
def test_no_header_of_an_answer_ends_a_run(header: str, status: str) -> None:
    """The second request carries what the first answer has set, and is sent and answered."""

    async def story() -> None:
        server = always(answer(b"{}", header, status=status))
        async with serving(server) as url, HttpAgent("alice", url, Transcript(SystemClock())) as agent:
            for _ in range(2):
                found = await agent.request("GET", "/me")
                if header.startswith("Content-Encoding"):
                    assert isinstance(found, NoAnswer)
                    assert found.reason is Reason.UNREADABLE
                else:
                    assert isinstance(found, Exchange), found
            await agent.upgrade(url)

    asyncio.run(story())


def test_a_cookie_goes_back_as_the_bytes_that_came() -> None:
    came: list[str] = []

    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            came.append((await asked(reader)).headers.get("cookie", ""))
            writer.write(answer(b"{}", "Set-Cookie: JSESSIONID=a\xe4b"))

    async def story() -> None:
        async with serving(server) as url, HttpAgent("alice", url) as agent:
            await agent.request("GET", "/me")
            await agent.request("GET", "/me")
            await agent.request("GET", "/me", identity=agent.cookies_only())

    asyncio.run(story())
    assert came == ["", "JSESSIONID=a\xe4b", "JSESSIONID=a\xe4b"]


# Connections that the server closes ----------------------------------------------------------------------------------------


class Closing:
    """Answers the first request of each connection; the next one finds the connection closed without a byte of an answer."""

    def __init__(self, instead: bytes = b"") -> None:
        self.seen: list[str] = []
        self._instead = instead

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen.append((await asked(reader)).line)
        writer.write(answer(b"{}"))
        self.seen.append((await asked(reader)).line)
        writer.write(self._instead)


def after_two(server: Serve, *, held: bool = False) -> tuple[Exchange | NoAnswer, list[str]]:
    """The outcome of the second request over a kept connection, and the notes of the transcript."""

    async def story() -> tuple[Exchange | NoAnswer, list[str]]:
        transcript = Transcript(SystemClock())
        async with serving(server) as url, HttpAgent("alice", url, transcript) as agent:
            await agent.request("POST", "/one", json={})
            second = await agent.request("POST", "/two", json={}, held=held)
        return second, [str(each.body["text"]) for each in transcript.entries if each.kind is Kind.NOTE]

    return asyncio.run(story())


def test_a_kept_connection_that_is_closed_before_any_answer_is_tried_once_more() -> None:
    server = Closing()
    second, notes = after_two(server)

    assert isinstance(second, Exchange)
    assert server.seen == ["POST /one HTTP/1.1", "POST /two HTTP/1.1", "POST /two HTTP/1.1"]
    assert notes == [
        "the server closed the kept connection of t0003 before any answer; it was sent again over a new one"
    ]


def test_a_request_whose_answer_had_begun_is_never_sent_twice() -> None:
    server = Closing(instead=b"HTTP/1.1 200")
    second, notes = after_two(server)

    assert told(second)[0] is Reason.CONNECTION_LOST
    assert server.seen == ["POST /one HTTP/1.1", "POST /two HTTP/1.1"]
    assert notes == []


def test_a_poll_is_never_sent_twice_and_has_a_connection_of_its_own() -> None:
    """An answer that was lost may have held notifications, so the session must hear of it."""
    server = Closing()
    second, notes = after_two(server, held=True)

    assert isinstance(second, Exchange)
    assert server.seen == ["POST /one HTTP/1.1", "POST /two HTTP/1.1"]
    assert notes == []


def test_a_new_connection_that_is_closed_is_no_reason_to_try_again() -> None:
    seen: list[str] = []

    async def server(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        seen.append((await asked(reader)).line)

    assert told(outcome(server))[0] is Reason.CONNECTION_LOST
    assert seen == ["GET /me HTTP/1.1"]
