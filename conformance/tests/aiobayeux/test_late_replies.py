"""A reply that comes after the client gave up on its message, over a real WebSocket, delivers nothing twice."""

from __future__ import annotations

import asyncio
import json

from websockets.asyncio.server import ServerConnection, serve

from callproof.aiobayeux import Session
from callproof.bayeux import Json, Message
from callproof.wire import Basic, HttpAgent, Recorder, SystemClock, Transcript

from .stage import CALLS, lose_patience

ADVICE: Message = {"reconnect": "retry", "interval": 0, "timeout": 20000}


class LateServer:
    """Answers the first held connect only when the next connect has come, and sends the event again with that one's reply."""

    def __init__(self) -> None:
        self.connects: list[Message] = []
        self.holds = asyncio.Event()
        self.is_done = asyncio.Event()

    async def __call__(self, connection: ServerConnection) -> None:
        async for frame in connection:
            for message in json.loads(frame):
                for answer in self.answers(message):
                    await connection.send(json.dumps(answer))

    def answers(self, message: Message) -> list[list[Message]]:
        """The frames that follow this message."""
        reply: Message = {"id": message["id"], "channel": message["channel"], "successful": True}
        if message["channel"] == "/meta/handshake":
            types: list[Json] = ["websocket"]
            reply |= {
                "version": "1.0",
                "clientId": "c1",
                "supportedConnectionTypes": types,
                "ext": {"ack": True},
            }
            return [[reply | {"advice": ADVICE}]]
        if message["channel"] == "/meta/subscribe":
            return [[reply | {"subscription": message["subscription"]}]]
        if message["channel"] == "/meta/disconnect":
            return [[reply, {**reply, "id": self.connects[-1]["id"], "channel": "/meta/connect"}]]
        self.connects.append(message)
        match len(self.connects):
            case 1:
                return [[reply | {"ext": {"ack": 1}}]]
            case 2:
                self.holds.set()
                return []
            case 3:
                event: Message = {"channel": CALLS, "data": {"number": 1}}
                late = {**reply, "id": self.connects[1]["id"]}
                return [[event, late | {"ext": {"ack": 2}}], [event, reply | {"ext": {"ack": 2}}]]
        self.is_done.set()
        return []


def test_messages_beside_the_late_reply_to_a_connect_are_heard_once() -> None:
    async def story() -> None:
        server, clock = LateServer(), SystemClock()
        async with asyncio.timeout(200), serve(server, "127.0.0.1", 0) as listening:
            url = f"http://127.0.0.1:{next(iter(listening.sockets)).getsockname()[1]}/notifications"
            transcript = Transcript(clock)
            recorder = Recorder("alice", clock, transcript)
            async with HttpAgent("alice", url, transcript, credentials=Basic("a", "b"), clock=clock) as agent:
                session = Session(
                    url,
                    [CALLS],
                    connection_types=["websocket"],
                    backoff_increment_s=0.02,
                    agent=agent,
                    observer=recorder,
                )
                async with session:
                    await server.holds.wait()
                    lose_patience()
                    await server.is_done.wait()

        assert [connect["ext"] for connect in server.connects] == [{"ack": number} for number in (0, 1, 1, 2)]
        assert [heard.data for heard in recorder.log if heard.is_event] == [{"number": 1}]

    asyncio.run(story())
