"""Clients that come and vanish leave nothing behind: no session, no descriptor, no memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence

from tools.soak.evidence import Evidence
from tools.soak.server import SEATS, refswitch, until
from tools.soak.wire import Connection

#: Sessions that are never polled again end after a second, and held polls too, so that the proof takes minutes.
_OPTIONS = (
    "--max-interval",
    "1",
    "--poll-timeout",
    "5",
    "--limit",
    "sessions=1000",
    "--limit",
    "sockets=1000",
)
_ROUNDS = 10
_AT_A_TIME = 25
#: What the second half of the rounds may add to the memory: the server has met everything by then, and its journal is full or nearly so.
MOST_GROWTH_KB = 8_192


def prove(clients: int) -> Evidence:
    """Let so many clients come and vanish, in rounds. The first half fills what is meant to fill (the journal, caches)."""
    with refswitch(*_OPTIONS) as server:
        before, memory, faults = server.descriptors(), [server.memory_kb()], []
        for round_number in range(_ROUNDS):
            asyncio.run(_round(server.port, clients // _ROUNDS, round_number))
            if not until(lambda: server.sessions() == []):
                faults.append(f"{len(server.sessions())} sessions were left after round {round_number + 1}")
            # the connection of the administration interface is one of ours
            if not until(lambda: server.descriptors() <= before + 1):
                faults.append(
                    f"{server.descriptors()} descriptors after round {round_number + 1}, {before} before"
                )
            memory.append(server.memory_kb())
        after, left = server.descriptors(), len(server.sessions())
        growth = memory[-1] - memory[_ROUNDS // 2]
        if growth > MOST_GROWTH_KB:
            faults.append(f"the memory grew by {growth} KB in the second half: {memory} KB")
        faults += server.trouble() + server.why_not_alive()
        figures = {
            "memory at the start KB": memory[0],
            "half-way KB": memory[_ROUNDS // 2],
            "at the end KB": memory[-1],
            "descriptors before": before,
            "and after": after,
            "sessions left": left,
        }
    ways = len(_WAYS)
    return Evidence(
        f"{clients // _ROUNDS * _ROUNDS} clients in {_ROUNDS} rounds vanished in {ways} ways", figures, faults
    )


async def _round(port: int, clients: int, round_number: int) -> None:
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(number: int) -> None:
        async with gate:
            way = _WAYS[(number + round_number) % len(_WAYS)]
            await way(port, SEATS[number % len(SEATS)])

    await asyncio.gather(*map(one, range(clients)))


async def _settled(port: int, seat: str, *, with_cookies: bool = True) -> tuple[Connection, str]:
    """A client that has shaken hands and subscribed."""
    connection = await Connection.to(port)
    shake = {
        "channel": "/meta/handshake",
        "id": "1",
        "version": "1.0",
        "supportedConnectionTypes": ["long-polling"],
    }
    [reply] = await connection.exchange([shake], seat)
    client = str(reply["clientId"])
    subscribe = {"channel": "/meta/subscribe", "id": "2", "clientId": client, "subscription": "/v2/me/calls"}
    await connection.exchange([subscribe], seat, with_cookies=with_cookies)
    return connection, client


def _connect(client: str, kind: str = "long-polling") -> list[dict[str, object]]:
    return [{"channel": "/meta/connect", "id": "3", "clientId": client, "connectionType": kind}]


async def _disconnects(port: int, seat: str) -> None:
    connection, client = await _settled(port, seat)
    await connection.exchange(_connect(client), seat)
    await connection.exchange([{"channel": "/meta/disconnect", "id": "4", "clientId": client}], seat)
    connection.close()


async def _never_polls(port: int, seat: str) -> None:
    connection, _ = await _settled(port, seat)
    connection.close()


async def _never_polls_again(port: int, seat: str) -> None:
    connection, client = await _settled(port, seat)
    await connection.exchange(_connect(client), seat)
    connection.close()


async def _is_cut_while_its_poll_is_held(port: int, seat: str) -> None:
    connection, client = await _settled(port, seat)
    await connection.exchange(_connect(client), seat)
    await connection.post(_connect(client), seat)
    connection.reset()


async def _closes_while_its_poll_is_held(port: int, seat: str) -> None:
    connection, client = await _settled(port, seat)
    await connection.exchange(_connect(client), seat)
    await connection.post(_connect(client), seat)
    connection.close()


async def _keeps_no_cookie(port: int, seat: str) -> None:
    connection, client = await _settled(port, seat, with_cookies=False)
    await connection.exchange(_connect(client), seat, with_cookies=False)
    connection.reset()


async def _is_cut_in_mid_request(port: int, seat: str) -> None:
    connection, _ = await _settled(port, seat)
    await connection.write(
        b"POST /api/v2/notifications HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n[{"
    )
    connection.reset()


async def _only_shakes_hands_in_mid_air(port: int, seat: str) -> None:
    """It is gone before its handshake is answered."""
    connection = await Connection.to(port)
    shake = {
        "channel": "/meta/handshake",
        "id": "1",
        "version": "1.0",
        "supportedConnectionTypes": ["long-polling"],
    }
    await connection.post([shake], seat)
    connection.reset()


async def _over_a_socket(port: int, seat: str) -> tuple[Connection, str]:
    connection = await Connection.to(port)
    await connection.upgrade(seat)
    shake = {
        "channel": "/meta/handshake",
        "id": "1",
        "version": "1.0",
        "supportedConnectionTypes": ["websocket"],
    }
    await connection.send_frame(json.dumps([shake]).encode())
    [reply] = json.loads(await connection.frame())
    client = str(reply["clientId"])
    subscribe = {"channel": "/meta/subscribe", "id": "2", "clientId": client, "subscription": "/v2/me/calls"}
    await connection.send_frame(json.dumps([subscribe]).encode())
    await connection.frame()
    await connection.send_frame(json.dumps(_connect(client, "websocket")).encode())
    return connection, client


async def _its_socket_is_cut(port: int, seat: str) -> None:
    connection, _ = await _over_a_socket(port, seat)
    connection.reset()


async def _its_socket_ends(port: int, seat: str) -> None:
    connection, _ = await _over_a_socket(port, seat)
    connection.close()


async def _closes_its_socket(port: int, seat: str) -> None:
    connection, _ = await _over_a_socket(port, seat)
    await connection.send_frame(b"\x03\xe8", opcode=8)
    connection.close()


async def _disconnects_over_its_socket(port: int, seat: str) -> None:
    connection, client = await _over_a_socket(port, seat)
    await connection.send_frame(
        json.dumps([{"channel": "/meta/disconnect", "id": "4", "clientId": client}]).encode()
    )
    await connection.frame()
    connection.close()


async def _opens_a_socket_and_says_nothing(port: int, seat: str) -> None:
    connection = await Connection.to(port)
    await connection.upgrade(seat)
    connection.reset()


_WAYS: Sequence[Callable[[int, str], Awaitable[None]]] = (
    _disconnects,
    _never_polls,
    _never_polls_again,
    _is_cut_while_its_poll_is_held,
    _closes_while_its_poll_is_held,
    _keeps_no_cookie,
    _is_cut_in_mid_request,
    _only_shakes_hands_in_mid_air,
    _its_socket_is_cut,
    _its_socket_ends,
    _closes_its_socket,
    _disconnects_over_its_socket,
    _opens_a_socket_and_says_nothing,
)
