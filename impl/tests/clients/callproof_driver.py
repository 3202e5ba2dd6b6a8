"""Our own client on one seat, driven as driver.mjs is. usage: callproof_driver.py TRANSPORT URL NUMBER"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from callproof.aiobayeux import Session
from callproof.bayeux import Delivered, HandshakeDone, Subscribed


def tell(happening: Any) -> None:
    print(json.dumps(happening), flush=True)


async def main(transport: str, url: str, number: str) -> None:
    session = Session(
        url,
        login=(number, number),
        connection_types=[transport, "long-polling"] if transport != "long-polling" else [transport],
        backoff_increment_s=0.05,
        timeout_s=60,
    )

    async def hear() -> None:
        async for event in session:
            match event:
                case HandshakeDone():
                    tell({"is": "session", "transport": event.connection_type})
                case Subscribed():
                    for channel in event.channels:
                        tell({"is": "subscribed", "channel": channel, "successful": True})
                case Delivered():
                    tell({"is": "heard", "channel": event.channel, "data": event.data})

    hearing: asyncio.Task[None] | None = None
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    async for line in reader:
        command = json.loads(line)
        match command["do"]:
            case "begin":
                await session.__aenter__()
                hearing = asyncio.create_task(hear())
            case "subscribe":
                await session.subscribe(command["channel"])
            case "unsubscribe":
                await session.unsubscribe(command["channel"])
                tell({"is": "unsubscribed", "channel": command["channel"], "successful": True})
            case "disconnect":
                await session.leave()
                tell({"is": "disconnected", "successful": True})
    if hearing is not None:
        await hearing


asyncio.run(main(*sys.argv[1:]))
