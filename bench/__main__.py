"""`make bench`: compares the operation endpoint of refswitch with its peers, in turns within one run.

Prints a table and saves the figures in build/bench.json. Every figure is also given as a ratio to a peer of the same run: machines are
noisy, and only ratios can be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .load import drive
from .servers import SERVERS
from .stage import numbers

ROOT = Path(__file__).parents[1]
PEERS = Path(__file__).parent / "peers"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """One server: the results of each round."""

    rates: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Running:
    """A server's process, its port and the calls of its agents."""

    process: subprocess.Popen[bytes]
    port: int
    calls: Mapping[str, str]

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def kibibytes(self) -> int:
        """Private memory, which the process does not share."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private"))


def main(arguments: Sequence[str]) -> int:
    """Measure, print and save. Returns the exit code."""
    options = _options(arguments)
    pin(1)
    with ExitStack() as stack:
        running = {name: stack.enter_context(_started(name, options.connections)) for name in _names()}
        measured = {name: Measured() for name in running}
        for number in range(options.rounds + 1):
            for name, server in running.items():
                one = _round(server, options.seconds if number else min(1.0, options.seconds))
                if number:  # the first is for warming up
                    _note(measured[name], one)
    result: dict[str, Mapping[str, object]] = {
        "operation": _summary(measured),
        "memory": _memory(options),
        "ready": _readiness(options.rounds),
    }
    print(_text(result))
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=5, help="number of turns of each server (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a turn (default: %(default)s)")
    parser.add_argument(
        "--connections", type=int, default=16, help="connections, one agent each (default: %(default)s)"
    )
    parser.add_argument(
        "--seats",
        type=int,
        default=2000,
        help="number of seats for measuring the memory of one (default: %(default)s)",
    )
    return parser.parse_args(arguments)


def _names() -> list[str]:
    has_node = (PEERS / "node_modules" / "fastify").is_dir()
    return [*SERVERS, *(["Fastify + ajv"] if has_node else [])]


@contextmanager
def _started(name: str, agents: int) -> Iterator[Running]:
    port = free_port()
    if name in SERVERS:
        command = [sys.executable, "-m", "bench.servers", name, str(port), str(agents)]
    else:
        command = ["node", str(PEERS / "fastify.mjs"), str(port), str(agents)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: pin(0),
    )  # one thread here
    try:
        assert process.stdout is not None
        calls = (
            json.loads(process.stdout.readline())
            if name in SERVERS
            else dict.fromkeys(numbers(agents), "0" * 32)
        )
        until_answered(port)
        yield Running(process, port, calls)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _round(server: Running, seconds: float) -> tuple[float, float, float, float]:
    before = server.cpu_seconds()
    load = drive(server.port, server.calls, seconds)
    cpu = (server.cpu_seconds() - before) / load.requests * 1e6
    return load.rate, cpu, load.percentile(0.5) * 1000, load.percentile(0.99) * 1000


def _note(measured: Measured, one: tuple[float, float, float, float]) -> None:
    lists = (measured.rates, measured.cpu_us, measured.p50_ms, measured.p99_ms)
    for values, value in zip(lists, one, strict=True):
        values.append(value)


def _summary(measured: Mapping[str, Measured]) -> dict[str, dict[str, float]]:
    return {
        name: {
            "requests_per_second": round(statistics.median(one.rates)),
            "cpu_us_per_request": round(statistics.median(one.cpu_us), 1),
            "p50_ms": round(statistics.median(one.p50_ms), 2),
            "p99_ms": round(statistics.median(one.p99_ms), 2),
        }
        for name, one in measured.items()
    }


def _memory(options: argparse.Namespace) -> dict[str, float]:
    """KiB per seat with one idle leg and one Bayeux session, and without them."""
    few, many = 10, options.seats

    def kibibytes(agents: int) -> int:
        with _started("refswitch", agents) as server:
            return server.kibibytes()

    return {"kib_per_seat_with_leg_and_session": round((kibibytes(many) - kibibytes(few)) / (many - few), 1)}


_BARE = """
import connexion, uvicorn, warnings
warnings.filterwarnings("ignore")
app = connexion.AsyncApp("bare")
async def health(): return {}
app.add_api({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
             "paths": {"/": {"get": {"operationId": "h", "responses": {"200": {"description": "d"}}}}}},
            resolver=connexion.resolver.Resolver(lambda name: health))
uvicorn.run(app, port=%d, log_level="critical")
"""


def _readiness(rounds: int) -> dict[str, float]:
    """Median seconds from the start of the process to its first answer."""

    def seconds(make: bool) -> float:
        port = free_port()
        arguments = ["-m", "refswitch", "serve", "--port", str(port)] if make else ["-c", _BARE % port]
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            until_answered(port, path="/__admin/v1/health" if make else "/")
            return time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(timeout=30)

    ours, bare = [], []
    for _ in range(rounds):
        ours.append(seconds(make=True))
        bare.append(seconds(make=False))
    return {
        "refswitch_s": round(statistics.median(ours), 3),
        "bare_connexion_s": round(statistics.median(bare), 3),
    }


def until_answered(port: int, path: str = "/") -> None:
    """Wait for a server to answer anything."""
    deadline = time.perf_counter() + 60
    while time.perf_counter() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):  # this machine
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.005)
    raise TimeoutError(f"no server answers on port {port}")


def environment() -> dict[str, str]:
    """The environment for servers and clients in their own processes."""
    return os.environ | {"PYTHONPATH": f"{ROOT / 'impl'}{os.pathsep}{ROOT}"}


def free_port() -> int:
    """A free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def pin(core: int) -> None:
    """Pin this process to one core if there are several."""
    available = sorted(os.sched_getaffinity(0))
    if len(available) > 1 or core == 0:
        os.sched_setaffinity(0, {available[min(core, len(available) - 1)]})


def _text(result: Mapping[str, Mapping[str, object]]) -> str:
    operation: Mapping[str, Mapping[str, float]] = result["operation"]  # type: ignore[assignment]
    ours = operation["refswitch"]
    lines = [
        "| server | req/s | of refswitch | CPU us/req | of refswitch | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {one['requests_per_second']:,.0f} | {one['requests_per_second'] / ours['requests_per_second']:.2f} "
        f"| {one['cpu_us_per_request']:.0f} | {one['cpu_us_per_request'] / ours['cpu_us_per_request']:.2f} "
        f"| {one['p50_ms']} | {one['p99_ms']} |"
        for name, one in operation.items()
    ]
    rest = [
        f"{name.replace('_', ' ')}: {value}"
        for group in ("memory", "ready")
        for name, value in result[group].items()
    ]
    return "\n".join([*lines, "", *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
