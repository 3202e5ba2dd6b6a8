"""A server without free descriptors says so, to its clients or in its log but not in a flood, and recovers."""

from __future__ import annotations

import asyncio
from collections import Counter

from tools.soak.evidence import Evidence
from tools.soak.server import SEATS, refswitch, until
from tools.soak.wire import Connection, request

_FILES = 256
_STAY_S = 10.0
_REFUSED = 503
#: The crowd stays some seconds; a line for each of them, or for each client, would be a flood in a night.
_MOST_LINES = 20


def prove(clients: int) -> Evidence:
    """Let so many clients keep connections to a server that may open 256 files; then let them go."""
    faults: list[str] = []
    with refswitch(files=_FILES) as server:
        statuses = asyncio.run(_crowd(server.port, clients))
        if not until(lambda: server.why_not_alive() == []):
            faults.append("the server does not recover when the clients have gone")
        lines = server.log.read_text(encoding="utf-8", errors="replace").splitlines()
        about = [line for line in lines if "open files" in line or "descriptor" in line]
        if not about and not statuses[_REFUSED]:
            faults.append("neither the log nor an answer says that no more connections can be taken")
        if odd := {
            status: count for status, count in statuses.items() if status not in (200, _REFUSED, None)
        }:
            faults.append(f"clients were answered with {odd}")
        if len(about) > _MOST_LINES:
            faults.append(f"{len(about)} lines of the log say that the descriptors are used up")
        faults += server.trouble()
    figures = {
        "answered": statuses[200],
        "refused with 503": statuses[_REFUSED],
        "not answered": statuses[None],
        "lines about it": len(about),
        "lines of the log": len(lines),
    }
    return Evidence(f"{clients} connections at a server with {_FILES} descriptors", figures, faults)


async def _crowd(port: int, clients: int) -> Counter[int | None]:
    """Connect all, ask one thing each, stay, go. Return how many had which answer; None for no answer."""
    kept: list[Connection] = []

    async def one(number: int) -> int | None:
        try:
            connection = await Connection.to(port)
            kept.append(connection)
            await connection.write(request("GET", "/api/v2/me", seat=SEATS[number % len(SEATS)]))
            async with asyncio.timeout(_STAY_S):
                return (await connection.answer())[0]
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return None

    statuses = Counter(await asyncio.gather(*map(one, range(clients))))
    await asyncio.sleep(_STAY_S)
    for connection in kept:
        connection.close()
    return statuses
