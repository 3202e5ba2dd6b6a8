"""The benchmarks measure what they claim to. No time is asserted, because machines differ."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest
import uvicorn

from bench.channel.__main__ import POLLING, STREAMING, Subject, staged
from bench.channel.plot import draw
from bench.load import WrongAnswer, drive
from bench.servers import SERVERS
from bench.stage import numbers, reference_server, talking
from refswitch.calls import LegKey, Operate


class Announced(uvicorn.Server):
    """Signals when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.tried = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.tried.set()


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_carries_out_the_operation_and_queues_its_notifications(name: str) -> None:
    app, sandbox = SERVERS[name](2)
    server = Announced(uvicorn.Config(app, port=0, log_level="critical", access_log=False))
    calls: dict[str, str] = {}

    async def serve() -> None:
        calls.update(await talking(sandbox, 2))
        await server.serve()

    def run() -> None:
        try:
            asyncio.run(serve())
        finally:
            server.tried.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        server.tried.wait()
        assert server.started
        port = server.servers[0].sockets[0].getsockname()[1]
        load = drive(port, calls, 0.0)
        queued = [client.queued for client in sandbox.courier.clients()]
        sandbox.switch.apply(Operate(LegKey("20000", calls["20000"]), {"operationName": "Hold"}))
        with pytest.raises(WrongAnswer):
            drive(port, calls, 0.0)
    finally:
        server.should_exit = True
        thread.join()
    assert (load.requests, len(load.latencies)) == (4, 4)
    assert queued == [3, 3], "the answer, and one for each operation"


def test_every_agent_has_a_call_of_their_own_and_talks() -> None:
    async def talk() -> list[str]:
        sandbox = reference_server(3).sandboxes.main
        calls = await talking(sandbox, 3)
        assert len(set(calls.values())) == 3
        return [leg.state.value for number in numbers(3) for leg in sandbox.switch.world.legs_of(number)]

    assert asyncio.run(talk()) == ["Established"] * 3


@pytest.mark.parametrize("subject", [*POLLING[:2], *STREAMING[:2]], ids=lambda subject: subject.name)
def test_the_channel_bench_receives_everything_that_is_published(subject: Subject) -> None:
    with staged(subject, 3) as stage:
        told = stage.stretch(200, 0.2)
    assert told["published"] > 0
    assert (told["count"], told["wrong"]) == (told["published"], 0)


def test_the_plot_has_a_line_for_each_transport() -> None:
    rows = [{"agents": 1000.0 * number, "kib_per_client": 16.0, "idle_cpu_percent": 1.0} for number in (1, 2)]
    drawn = draw({"long-polling": rows, "websocket": rows})
    assert drawn.count("<polyline") == 4
