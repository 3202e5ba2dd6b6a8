"""The reference server in a process of its own, a seat at it, and a way to its back door."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import httpx

from callproof.aiobayeux import Session, Trouble
from callproof.bayeux import Delivered
from callproof.runner.embedded import embedded_server

CALLS = "/v2/me/calls"
SEAT = "15000"
#: CometD sessions live on the machine's clock: none may end because a busy machine let its client wait.
STEADY = ("--max-interval", "3600", "--poll-timeout", "600")
#: Seconds that our client waits for an answer: longer than a busy machine needs for one.
PATIENCE_S = 60.0


class Stage:
    """What a test does to the server, and what it asks it."""

    def __init__(self, base: str) -> None:
        self.url = f"{base}/api/v2/notifications"
        self.http = httpx.AsyncClient(base_url=base, auth=(SEAT, SEAT), timeout=60)

    def session(self, transport: str = "long-polling", **more: Any) -> Session:
        """A session that listens to the seat's calls and wastes no time on pauses."""
        settings = {
            "login": (SEAT, SEAT),
            "connection_types": [transport],
            "backoff_increment_s": 0.02,
            "timeout_s": PATIENCE_S,
        } | more
        return Session(self.url, [CALLS], **settings)

    async def dial(self, number: str) -> None:
        """Meet the outcome of this number."""
        [device] = (await self.http.get("/api/v2/me/devices?fields=*")).json()["devices"]
        body = {"operationName": "Dial", "destination": {"phoneNumber": number}}
        await self.http.post(f"/api/v2/me/devices/{device['id']}/calls", json=body)

    async def publish(self, *numbers: int) -> None:
        for number in numbers:
            told = {"agent": SEAT, "channel": CALLS, "data": {"number": number}}
            await self.http.post("/__admin/v1/publish", json=told)

    async def pass_time(self, seconds: float) -> None:
        await self.http.post("/__admin/v1/clock", json={"advance": seconds})

    async def sessions(self) -> list[Any]:
        sessions: list[Any] = (await self.http.get("/__admin/v1/sessions")).json()["sessions"]
        return sessions

    async def until_held(self) -> None:
        """Return when a subscribed session waits for its messages."""
        while not any(one["held"] and one["subscriptions"] for one in await self.sessions()):
            pass

    async def until_received(self, channel: str, count: int) -> None:
        """Return when the server has got so many messages on this channel."""
        while len(await self.received(channel)) < count:
            pass

    async def received(self, channel: str) -> list[Any]:
        """The messages that the server has got on this channel, oldest first."""
        entries = (await self.http.get("/__admin/v1/journal?kind=cometd")).json()["entries"]
        came = [entry["message"] for entry in entries if entry["event"] == "in"]
        return [message for message in came if message["channel"] == channel]


def staged(*options: str) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., None]]:
    """Run a test with a stage, whose server's clock stands still but for `pass_time`. A test that hangs is ended."""

    def decorate(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        @wraps(test)
        def played(**arguments: Any) -> None:
            async def play() -> None:
                async with (
                    asyncio.timeout(3 * PATIENCE_S),
                    embedded_server(("--clock", "frozen", *STEADY, *options)) as target,
                ):
                    stage = Stage(target.base_url.removesuffix("/api/v2"))
                    async with stage.http:
                        await test(stage, **arguments)

            asyncio.run(play())

        signature = inspect.signature(test)
        parameters = [one for name, one in signature.parameters.items() if name != "stage"]
        played.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # for pytest
        del played.__wrapped__  # type: ignore[attr-defined]  # else pytest would look through
        return played

    return decorate


def lose_patience() -> None:
    """Let the client's clock, which is the event loop's, pass the limit of every request that is under way."""
    loop = asyncio.get_running_loop()
    time = loop.time
    loop.time = lambda: time() + PATIENCE_S  # type: ignore[method-assign]  # the test moves the client's clock


async def next_of(session: Session, kind: type[Any]) -> Any:
    """The next happening of this kind."""
    async for happening in session:
        if isinstance(happening, kind):
            return happening
    raise AssertionError(f"the session ended before a {kind.__name__}")


async def numbers(session: Session, count: int) -> list[int]:
    """The numbers of the next deliveries."""
    heard: list[int] = []
    while len(heard) < count:
        data = (await next_of(session, Delivered)).data
        if "number" in data:
            heard.append(data["number"])
    return heard


__all__ = ["CALLS", "SEAT", "Stage", "Trouble", "lose_patience", "next_of", "numbers", "staged"]
