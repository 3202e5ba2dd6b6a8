"""The Python servers of the channel benchmark: `python -m bench.channel.servers NAME PORT AGENTS`.

Each publishes in its own process, as the handler of an operation would, at the rate in the last line on standard input.
"""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import sys
import time
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from bench.stage import numbers, reference_server
from refswitch.serving import Serving

Publish = Callable[[int, dict[str, Any]], None]
CALLS = "/v2/me/calls"

#: As long as the documented notification of InitiateConference: 1.1 KiB.
CALL = {
    "call": {"id": "0" * 32, "state": "Established", "filler": "x" * 980},
    "notificationType": "StatusChange",
}


def refswitch(agents: int) -> tuple[uvicorn.Server, Publish, Callable[[], None]]:
    """The reference server as users run it, with everything on."""
    app = reference_server(agents)
    courier = app.sandboxes.main.courier
    names = numbers(agents)
    server = Serving(app, socket.socket(), on_ready=lambda: True)
    return server, lambda number, data: courier.publish(names[number], CALLS, data), courier.deliver


def bare(agents: int) -> tuple[uvicorn.Server, Publish, Callable[[], None]]:
    """The minimum that answers the same clients under uvicorn: no sessions, no checks, hardly a queue."""
    app = Bare(agents)
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )
    return uvicorn.Server(config), app.publish, app.deliver


class Bare:
    """One dictionary of waiting polls, one of sockets."""

    def __init__(self, agents: int) -> None:
        self.by_login = {
            b"Basic " + base64.b64encode(f"{name}:{name}".encode()): number
            for number, name in enumerate(numbers(agents))
        }
        self.waiting: dict[int, asyncio.Future[None]] = {}
        self.sockets: dict[int, Callable[[Any], Awaitable[None]]] = {}
        self.queues: dict[int, list[str]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def publish(self, number: int, data: dict[str, Any]) -> None:
        text = json.dumps({"channel": CALLS, "data": data}, separators=(",", ":"))
        self.queues.setdefault(number, []).append(text)

    def deliver(self) -> None:
        for number in list(self.queues):
            if number in self.sockets:
                task = asyncio.ensure_future(self.push(number))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
            elif (poll := self.waiting.pop(number, None)) is not None:
                poll.set_result(None)

    async def push(self, number: int) -> None:
        if texts := self.queues.pop(number, []):
            await self.sockets[number]({"type": "websocket.send", "text": f"[{','.join(texts)}]"})

    def reply(self, number: int, message: dict[str, Any]) -> dict[str, Any]:
        told = {"channel": message["channel"], "id": message["id"], "successful": True}
        if message["channel"] == "/meta/handshake":
            types = message["supportedConnectionTypes"]
            told |= {"clientId": f"c{number}", "version": "1.0", "supportedConnectionTypes": types}
        return told

    async def __call__(self, scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        if scope["type"] == "lifespan":
            while True:
                event = await receive()
                await send({"type": event["type"] + ".complete"})
                if event["type"] == "lifespan.shutdown":
                    return
        number = self.by_login[dict(scope["headers"])[b"authorization"]]
        await (self.poll if scope["type"] == "http" else self.stream)(number, receive, send)

    async def poll(self, number: int, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        [message] = json.loads((await receive())["body"])
        if message["channel"] == "/meta/connect" and "advice" not in message and number not in self.queues:
            poll = self.waiting[number] = asyncio.get_running_loop().create_future()
            await poll
        texts = self.queues.pop(number, [])
        body = (
            f"[{','.join([*texts, json.dumps(self.reply(number, message), separators=(',', ':'))])}]".encode()
        )
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def stream(self, number: int, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (event := await receive())["type"] == "websocket.receive":
            [message] = json.loads(event["text"])
            if message["channel"] == "/meta/connect" and "advice" not in message:
                self.sockets[number] = send
            else:
                reply = json.dumps([self.reply(number, message)], separators=(",", ":"))
                await send({"type": "websocket.send", "text": reply})


async def publish(agents: int, put: Publish, deliver: Callable[[], None]) -> None:
    """Open loop: every millisecond publish as many messages as are due at the rate, round robin."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    rate, began, sent, total = 0, loop.time(), 0, 0
    counts = [0] * agents

    async def commands() -> None:
        nonlocal rate, began, sent
        async for line in reader:
            rate, began, sent = int(line), loop.time(), 0
            print(total, flush=True)

    listening = asyncio.create_task(commands())
    while not listening.done():
        due = int((loop.time() - began) * rate) - sent
        for _ in range(due):
            number = total % agents
            put(number, {**CALL, "bench": [number, counts[number], time.monotonic_ns()]})
            counts[number] += 1
            total += 1
        sent += due
        if due:
            deliver()
        await asyncio.sleep(0.001 if rate else 0.05)  # the tick of the open loop


async def main(name: str, port: int, agents: int) -> None:
    server, put, deliver = {"refswitch": refswitch, "bare ASGI": bare}[name](agents)
    publishing = asyncio.create_task(publish(agents, put, deliver))
    await server.serve([socket.create_server(("127.0.0.1", port), backlog=2048)])
    publishing.cancel()


if __name__ == "__main__":
    import uvloop

    warnings.filterwarnings("ignore")
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
