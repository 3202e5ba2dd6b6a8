"""What a client may send over a WebSocket that is not WebSocket, on a real socket: a close code and one quiet line."""

from __future__ import annotations

import gc
import logging

import pytest

from .on_a_socket import AUTHORIZATION, HOST, Site, on_a_socket

UPGRADE = (
    b"GET /api/v2/notifications HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + HOST + AUTHORIZATION + b"\r\n"
)
HANDSHAKE = b'[{"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["websocket"]}]'


def frame(payload: bytes, first: int = 0x81) -> bytes:
    """A client's frame, masked with zeros; `first` is its first byte: 0x81 is a whole text (RFC 6455, 5.2)."""
    return bytes((first, 0x80 | len(payload))) + bytes(4) + payload


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (frame(b"\xff"), 1007),
        (frame(b"\xc3", 0x01) + frame(b"(", 0x80), 1007),
        (frame(HANDSHAKE) * 20 + frame(b"\xff"), 1007),
        (frame(b"\xff") + frame(b"\x03\xe8", 0x88), 1000),
        (frame(HANDSHAKE) * 20 + frame(b"", 0x8F), 1002),
        (frame(HANDSHAKE) * 20 + frame(b"x", 0x80), 1002),
        (frame(HANDSHAKE) * 20 + frame(b"\x00", 0x88), 1002),
    ],
    ids=[
        "not UTF-8",
        "not UTF-8, in fragments",
        "replies and not UTF-8",
        "not UTF-8, and the client's own close",
        "no opcode",
        "no beginning",
        "half a code",
    ],
)
def test_a_frame_that_breaks_the_protocol_closes_the_connection_quietly(
    frames: bytes, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    """RFC 6455, 7.4.1 and 8.1. Replies that wait to be written are dropped with the connection."""

    async def test(site: Site) -> None:
        reader, writer = await site.connect()
        writer.write(UPGRADE)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        writer.write(frames)
        told = await reader.read()
        writer.close()
        closing = told[told.rindex(b"\x88") :]
        assert int.from_bytes(closing[2:4], "big") == code
        assert await site.status() == b"HTTP/1.1 200 OK"

    with caplog.at_level(logging.INFO):
        on_a_socket(test)
        gc.collect()  # a task's exception is reported when nobody can ask for it any more
    assert [
        record.getMessage()
        for record in caplog.records
        if record.exc_info or record.levelno >= logging.WARNING
    ] == []
