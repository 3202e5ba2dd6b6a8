"""A load generator in one thread: several keep-alive connections, one request at a time on each, every answer checked.

Python limits it to some 40,000 requests a second, so for a faster server only the CPU time is measured well.
"""

from __future__ import annotations

import base64
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

_GOOD = b'"statusCode":0}'


@dataclass(frozen=True)
class Load:
    """The result: the number of answers, the seconds they took, and the sorted latencies in seconds."""

    requests: int
    seconds: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


class WrongAnswer(Exception):
    """A server gave a wrong answer."""


@dataclass
class _Connection:
    socket: socket.socket
    requests: tuple[bytes, bytes]
    turn: int = 0
    began: float = 0.0
    received: bytes = b""

    def ask(self) -> None:
        self.began = time.perf_counter()
        self.received = b""
        self.socket.sendall(self.requests[self.turn % 2])
        self.turn += 1


def drive(port: int, calls: Mapping[str, str], seconds: float) -> Load:
    """Hold and Retrieve each agent's call in turn, on a connection of its own. Raises WrongAnswer."""
    with ExitStack() as stack:
        connections = []
        for agent, call in calls.items():
            requests = _requests(port, agent, call)
            connections.append(_Connection(stack.enter_context(_connected(port)), requests))
        selector = stack.enter_context(selectors.DefaultSelector())
        return _driven(selector, connections, seconds)


def _driven(selector: selectors.BaseSelector, connections: Sequence[_Connection], seconds: float) -> Load:
    latencies: list[float] = []
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask()
    begin = time.perf_counter()
    end = begin + seconds
    under_way = len(connections)
    while under_way:
        for key, _ in selector.select(timeout=10):
            connection = key.data
            connection.received += connection.socket.recv(65536)
            if not _is_whole(connection.received):
                continue
            now = time.perf_counter()
            latencies.append(now - connection.began)
            if now < end or connection.turn % 2:  # leave every call as it was found
                connection.ask()
            else:
                under_way -= 1
    return Load(len(latencies), time.perf_counter() - begin, sorted(latencies))


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _requests(port: int, agent: str, call: str) -> tuple[bytes, bytes]:
    credentials = base64.b64encode(f"{agent}:{agent}".encode()).decode()
    cookie = _cookie(port, credentials)

    def request(name: str) -> bytes:
        body = f'{{"operationName":"{name}"}}'
        return (
            f"POST /api/v2/me/calls/{call} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {credentials}\r\n{cookie}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    return request("Hold"), request("Retrieve")


def _cookie(port: int, credentials: str) -> str:
    """The session cookie, if the server sets one, as every client returns it."""
    with _connected(port) as connection:
        connection.sendall(
            f"GET /api/v2/me HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {credentials}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b""
        while part := connection.recv(65536):
            answer += part
    for line in answer.partition(b"\r\n\r\n")[0].decode().split("\r\n"):
        if line.lower().startswith("set-cookie:"):
            return f"Cookie: {line.partition(':')[2].partition(';')[0].strip()}\r\n"
    return ""


def _is_whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    at = head.lower().find(b"content-length:")
    length = int(head[at + 15 :].partition(b"\r\n")[0])
    if len(body) < length:
        return False
    if not body.replace(b" ", b"").rstrip().endswith(_GOOD):
        raise WrongAnswer(received.decode("utf-8", "replace")[:500])
    return True
