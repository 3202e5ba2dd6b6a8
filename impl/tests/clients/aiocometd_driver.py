"""aiocometd-ng on one seat, driven as driver.mjs is. usage: aiocometd_driver.py TRANSPORT URL NUMBER"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import sys
from typing import Any

from aiocometd_ng import AuthExtension, Client, ConnectionType
from aiocometd_ng.exceptions import AiocometdException


class Basic(AuthExtension):
    def __init__(self, number: str) -> None:
        self.value = "Basic " + base64.b64encode(f"{number}:{number}".encode()).decode()

    async def outgoing(self, payload: Any, headers: Any) -> None:
        headers["Authorization"] = self.value

    async def incoming(self, payload: Any, headers: Any = None) -> None:
        for message in payload:
            if message["channel"] == "/meta/handshake" and message["successful"]:
                tell({"is": "session"})

    async def authenticate(self) -> None:
        raise AssertionError("the server has refused good credentials")


def tell(happening: Any) -> None:
    print(json.dumps(happening), flush=True)


async def commands() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    return reader


async def main(transport: str, url: str, number: str) -> None:
    client = Client(url, ConnectionType(transport), auth=Basic(number), connection_timeout=60)
    hearing: asyncio.Task[None] | None = None

    async def hear() -> None:
        while True:
            try:
                async for message in client:
                    tell({"is": "heard", "channel": message["channel"], "data": message["data"]})
                return
            except AiocometdException as error:
                tell({"is": "error", "error": repr(error)})

    async for line in await commands():
        command = json.loads(line)
        match command["do"]:
            case "begin":
                await client.open()
                hearing = asyncio.create_task(hear())
            case "subscribe":
                await client.subscribe(command["channel"])
                tell({"is": "subscribed", "channel": command["channel"], "successful": True})
            case "unsubscribe":
                await client.unsubscribe(command["channel"])
                tell({"is": "unsubscribed", "channel": command["channel"], "successful": True})
            case "disconnect":
                await client.close()
                tell({"is": "disconnected", "successful": True})
    if hearing is not None:
        hearing.cancel()


logging.disable()
asyncio.run(main(*sys.argv[1:]))
