"""The clients of the benchmark: `python -m bench.channel.listeners PORT TRANSPORT AGENTS CHANNEL`, one connection and one session each.

They are as thin as possible, so that only the server is measured: requests are prepared bytes, and answers are scanned, not parsed. Every
notification is still checked: the right agent, in order, none missing, none twice.

Prints "held" when every session waits for its notifications. Then each line on standard input ends a stretch, and what arrived in it is
printed as a line of JSON.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sys
import time
from abc import ABC, abstractmethod
from collections import deque
from functools import partial
from typing import ClassVar, cast

PATH = "/api/v2/notifications"
_BENCH = re.compile(rb'"bench":\[(\d+),(\d+),(\d+)\]')
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"set-cookie: *([^;\r]+)", re.IGNORECASE)
_CLIENT_ID = re.compile(rb'"clientId":"([^"]+)"')


class Tally:
    """What has arrived since the last question."""

    def __init__(self) -> None:
        self.waits: list[int] = []  # nanoseconds from publication to receipt
        self.wrong = 0  # for another agent, or out of sequence

    def told(self) -> str:
        waits, self.waits = sorted(self.waits), []
        wrong, self.wrong = self.wrong, 0
        return json.dumps(
            {"count": len(waits), "wrong": wrong, "p50_ms": _at(waits, 0.5), "p99_ms": _at(waits, 0.99)}
        )


def _at(waits: list[int], share: float) -> float:
    """The wait in milliseconds that this share of all waits does not exceed."""
    return waits[min(len(waits) - 1, int(len(waits) * share))] / 1e6 if waits else 0.0


class Listener(asyncio.Protocol, ABC):
    """One agent's client: shakes hands, subscribes, connects, and connects again after every answer."""

    transport_type: ClassVar[str]

    def __init__(self, number: int, channel: str, tally: Tally, held: asyncio.Future[None]) -> None:
        self.number = number
        self.tally = tally
        self.held = held
        self.buffer = b""
        self.next = 0
        self.headers = b"Cookie: a=b"
        login = str(20_000 + number)
        self.basic = base64.b64encode(f"{login}:{login}".encode())
        offer = {"version": "1.0", "supportedConnectionTypes": [self.transport_type]}
        connect = {"channel": "/meta/connect", "connectionType": self.transport_type, "clientId": "?"}
        subscribe = {"channel": "/meta/subscribe", "subscription": channel, "clientId": "?", "id": "2"}
        self.steps = deque(
            json.dumps([message]).encode()
            for message in (
                {"channel": "/meta/handshake", "id": "1", **offer},
                subscribe,
                {**connect, "id": "3", "advice": {"timeout": 0}},
                {**connect, "id": "4"},
            )
        )
        self.connect = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.begin()

    @abstractmethod
    def begin(self) -> None:
        """Send the first bytes of a connection."""

    @abstractmethod
    def framed(self, body: bytes) -> bytes:
        """The bytes that carry these messages."""

    def heard(self, body: bytes) -> None:
        """One answer, or one frame."""
        if self.steps:
            found = _CLIENT_ID.search(body)
            if found:
                self.steps = deque(step.replace(b'"?"', b'"' + found[1] + b'"') for step in self.steps)
            self.step()
            return
        for agent, count, sent in _BENCH.findall(body):
            now = time.monotonic_ns()
            self.tally.waits.append(now - int(sent))
            if int(agent) != self.number or int(count) != self.next:
                self.tally.wrong += 1
            self.next = int(count) + 1
        if b'"/meta/connect"' in body:
            self.transport.write(self.connect)

    def step(self) -> None:
        self.connect = self.framed(self.steps.popleft())
        self.transport.write(self.connect)
        if not self.steps:
            self.held.set_result(None)


class Poller(Listener):
    transport_type = "long-polling"

    def begin(self) -> None:
        self.step()

    def framed(self, body: bytes) -> bytes:
        return b"\r\n".join(
            (
                f"POST {PATH} HTTP/1.1".encode(),
                b"Host: 127.0.0.1",
                b"Authorization: Basic " + self.basic,
                b"Content-Type: application/json",
                self.headers,
                f"Content-Length: {len(body)}".encode(),
                b"",
                body,
            )
        )

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            length = _LENGTH.search(head)
            assert length is not None, head
            whole = end + 4 + int(length[1])
            if len(self.buffer) < whole:
                return
            body, self.buffer = self.buffer[end + 4 : whole], self.buffer[whole:]
            cookies = [
                cookie for cookie in _COOKIE.findall(head) if not cookie.startswith(b"BAYEUX_BROWSER_")
            ]
            if cookies:
                self.headers = b"Cookie: " + b"; ".join(cookies)
            self.heard(body)


class Streamer(Listener):
    transport_type = "websocket"
    is_open = False

    def begin(self) -> None:
        self.transport.write(
            b"\r\n".join(
                (
                    f"GET {PATH} HTTP/1.1".encode(),
                    b"Host: 127.0.0.1",
                    b"Authorization: Basic " + self.basic,
                    b"Upgrade: websocket",
                    b"Connection: Upgrade",
                    b"Sec-WebSocket-Version: 13",
                    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    b"",
                    b"",
                )
            )
        )

    def framed(self, body: bytes, opcode: int = 0x81) -> bytes:
        """A frame masked with zeros, which leave it unchanged."""
        length = bytes([0x80 | len(body)]) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2, "big")
        return bytes([opcode]) + length + b"\0\0\0\0" + body

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.is_open:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            assert b" 101 " in self.buffer[:20], self.buffer
            self.is_open, self.buffer = True, self.buffer[end + 4 :]
            self.step()
        while len(self.buffer) >= 2:
            start, length = 2, self.buffer[1]
            if length == 126:
                start, length = 4, int.from_bytes(self.buffer[2:4], "big")
            elif length == 127:
                start, length = 10, int.from_bytes(self.buffer[2:10], "big")
            if len(self.buffer) < start + length:
                return
            opcode, body = self.buffer[0] & 0x0F, self.buffer[start : start + length]
            self.buffer = self.buffer[start + length :]
            if opcode == 9:
                self.transport.write(self.framed(body, 0x8A))
            elif opcode == 1:
                self.heard(body)


KINDS: dict[str, type[Listener]] = {"long-polling": Poller, "websocket": Streamer}
_AT_ONCE = 50  # clients that connect together, so that no backlog overflows


async def main(port: int, transport: str, agents: int, channel: str) -> None:
    loop = asyncio.get_running_loop()
    tally = Tally()
    for first in range(0, agents, _AT_ONCE):
        held = []
        for number in range(first, min(first + _AT_ONCE, agents)):
            done = loop.create_future()
            held.append(done)
            name = channel.replace("{}", str(number))
            await loop.create_connection(
                partial(KINDS[transport], number, name, tally, done),
                "127.0.0.1",
                port,
            )
        await asyncio.gather(*held)
    print("held", flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for _ in reader:
        print(tally.told(), flush=True)


if __name__ == "__main__":
    import uvloop

    port, transport, agents, channel = sys.argv[1:]
    uvloop.run(main(int(port), transport, int(agents), channel))
