"""The data of every Python server in the benchmark: agents who each talk to somebody, and listen. Agent n has number 20000 + n."""

from __future__ import annotations

import asyncio

from refswitch.app import App, build_app
from refswitch.bayeux import Message
from refswitch.calls import Dial
from refswitch.clock import Clock
from refswitch.contract import load_contract
from refswitch.sandboxes import Sandbox
from refswitch.seats import Seating, new_seat
from refswitch.settings import Settings

FIRST_NUMBER = 20000
SHAKE: Message = {
    "channel": "/meta/handshake",
    "version": "1.0",
    "supportedConnectionTypes": ["long-polling"],
}


def numbers(agents: int) -> list[str]:
    """The numbers of the agents."""
    return [str(FIRST_NUMBER + index) for index in range(agents)]


def reference_server(agents: int, *, front: bool = True) -> App:
    """refswitch with these seats and a stopped clock."""
    seating = Seating(tuple(new_seat(number) for number in numbers(agents)))
    return build_app(Settings(load_contract(), seating, front=front), new_clock=lambda: Clock(0), seed=1)


async def talking(sandbox: Sandbox, agents: int) -> dict[str, str]:
    """Let every agent talk to a simulated party and listen; return the id of each agent's call."""
    calls = {}
    for number in numbers(agents):
        sandbox.switch.apply(Dial(number, {"operationName": "Dial", "destination": {"phoneNumber": "70001"}}))
        (calls[number],) = sandbox.switch.world.agents[number]
        await listening(sandbox, number)
    sandbox.clock.advance(2)
    return calls


async def listening(sandbox: Sandbox, number: str) -> None:
    """A Bayeux session of the agent, subscribed to their calls. `drained` empties its queue."""
    shaken = sandbox.courier.receive([SHAKE], number)
    sandbox.courier.take(shaken)
    client = sandbox.courier.clients()[-1].client_id
    subscribe: Message = {"channel": "/meta/subscribe", "clientId": client, "subscription": "/v2/me/calls"}
    sandbox.courier.take(sandbox.courier.receive([subscribe], number))


def keep_drained(sandbox: Sandbox) -> asyncio.Task[None]:
    """Empty the queues ten times a second, as polls would, because a full queue ends its session."""

    async def drain() -> None:
        while True:
            await asyncio.sleep(0.02)
            for client in sandbox.courier.clients():
                connect: Message = {
                    "channel": "/meta/connect",
                    "clientId": client.client_id,
                    "connectionType": "long-polling",
                    "advice": {"timeout": 0},
                }
                sandbox.courier.take(sandbox.courier.receive([connect], client.owner))

    return asyncio.get_running_loop().create_task(drain())
