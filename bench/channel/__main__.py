"""`make bench-channel`: compares the notification channel of refswitch with its peers, in turns within one run.

The same clients listen to each server, one private stream for each agent, and the server publishes on its own. Prints tables, saves the
figures in build/bench-channel.json, and with --plot draws the cost of thousands of idle clients.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.__main__ import PEERS, ROOT, Running, environment, free_port, pin

RATE = 6_000
STEPS = (1_000, 3_000, 6_000, 9_000, 13_000, 18_000, 25_000, 35_000, 50_000)
LIMIT_P99_MS = 50.0
_CALLS = "/v2/me/calls"
_NONSENSE = (
    b"POST /api/v2/notifications HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1\r\nConnection: close\r\n\r\nx"
)


@dataclass(frozen=True)
class Subject:
    """A server and one of its transports. The agent's number replaces {} in `channel`."""

    server: str
    transport: str
    channel: str = _CALLS

    @property
    def name(self) -> str:
        return f"{self.server}, {self.transport}"

    def command(self, port: int, agents: int) -> list[str]:
        if self.channel == _CALLS:
            return [sys.executable, "-m", "bench.channel.servers", self.server, str(port), str(agents)]
        kind = {"cometd-nodejs-server": "cometd", "faye": "faye"}[self.server]
        return ["node", str(PEERS / "channel.mjs"), kind, str(port), str(agents)]


POLLING = (
    Subject("refswitch", "long-polling"),
    Subject("bare ASGI", "long-polling"),
    Subject("cometd-nodejs-server", "long-polling", "/agents/{}/calls"),
)
STREAMING = (
    Subject("refswitch", "websocket"),
    Subject("bare ASGI", "websocket"),
    Subject("faye", "websocket", "/agents/{}/calls"),
)


class Stage:
    """A server and its clients, all held."""

    def __init__(self, server: Running, listeners: subprocess.Popen[str], kib_per_client: float) -> None:
        self.server = server
        self.listeners = listeners
        self.kib_per_client = kib_per_client

    def rate(self, rate: int) -> int:
        """Publish at this rate from now on; return how many messages have been published so far."""
        assert self.server.process.stdin is not None
        assert self.server.process.stdout is not None
        self.server.process.stdin.write(f"{rate}\n".encode())
        self.server.process.stdin.flush()
        return int(self.server.process.stdout.readline())

    def told(self) -> dict[str, Any]:
        """What has arrived since the last time."""
        assert self.listeners.stdin is not None
        assert self.listeners.stdout is not None
        self.listeners.stdin.write("\n")
        self.listeners.stdin.flush()
        told: dict[str, Any] = json.loads(self.listeners.stdout.readline())
        return told

    def stretch(self, rate: int, seconds: float) -> dict[str, float]:
        """Publish for this long, wait until everything has arrived or nothing more does, and return the result."""
        before = self.rate(rate)
        cpu = self.server.cpu_seconds()
        time.sleep(seconds)  # the measured stretch
        published = self.rate(0) - before
        told = self.told()
        waited = 0.0
        while told["count"] < published and waited < 2:
            time.sleep(0.1)  # the last messages may still be in transit
            waited += 0.1
            more = self.told()
            told = {
                "count": told["count"] + more["count"],
                "wrong": told["wrong"] + more["wrong"],
                "p50_ms": told["p50_ms"],
                "p99_ms": max(told["p99_ms"], more["p99_ms"]),
            }
        used = self.server.cpu_seconds() - cpu
        return {**told, "published": published, "cpu_us": used / max(told["count"], 1) * 1e6}


@contextmanager
def staged(subject: Subject, agents: int) -> Iterator[Stage]:
    """The server on one core, its clients on the other."""
    port = free_port()
    process = subprocess.Popen(
        subject.command(port, agents),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(),
        preexec_fn=lambda: pin(0),
    )  # one thread here
    listeners = None
    try:
        _until_answering(port)
        server = Running(process, port, {})
        before = server.kibibytes()
        listeners = subprocess.Popen(
            [
                sys.executable, "-m", "bench.channel.listeners", str(port), subject.transport, str(agents), subject.channel,
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(),
            preexec_fn=lambda: pin(1),
        )  # fmt: skip
        assert listeners.stdout is not None
        if listeners.stdout.readline() != "held\n":
            raise RuntimeError(f"the clients of {subject.name} were not held")
        time.sleep(0.5)  # until memory is what waiting clients take
        yield Stage(server, listeners, (server.kibibytes() - before) / agents)
    finally:
        for one in (listeners, process):
            if one is not None:
                one.kill()
                one.communicate()  # which closes the pipes


def _until_answering(port: int) -> None:
    """Wait until the endpoint answers a nonsense request in any way: only then is everything loaded."""
    deadline = time.perf_counter() + 60
    while time.perf_counter() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(_NONSENSE)
            if connection.recv(64):
                time.sleep(0.5)  # loading after the first answer must not count for the clients
                return
        time.sleep(0.01)  # between two tries
    raise TimeoutError(f"no server answers on port {port}")


def cost(subjects: Sequence[Subject], agents: int, rounds: int, seconds: float) -> dict[str, Any]:
    """CPU and latency per message at one rate, and memory per waiting client."""
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(rounds):
        for subject in subjects:
            with staged(subject, agents) as stage:
                stage.stretch(RATE, 1.0)  # warm
                one = stage.stretch(RATE, seconds)
                found.setdefault(subject.server, []).append({**one, "kib": stage.kib_per_client})
    return {
        server: {
            **{
                key: round(statistics.median(one[key] for one in ones), 2)
                for key in ("cpu_us", "p50_ms", "p99_ms", "kib")
            },
            "lost_or_wrong": sum(int(one["published"] - one["count"] + one["wrong"]) for one in ones),
        }
        for server, ones in found.items()
    }


def holds(subject: Subject, agents: int, seconds: float) -> int:
    """The highest rate at which every message arrives, 99 of 100 within the limit."""
    best = 0
    with staged(subject, agents) as stage:
        stage.stretch(1_000, 0.5)
        for rate in STEPS:
            one = stage.stretch(rate, seconds)
            is_whole = (
                one["count"] == one["published"]
                and not one["wrong"]
                and one["published"] >= rate * seconds * 0.9
            )
            if not is_whole or one["p99_ms"] > LIMIT_P99_MS:
                break
            best = rate
    return best


def growth(subjects: Sequence[Subject], seconds: float) -> dict[str, Any]:
    """CPU per message with 100 agents and with 2,000."""
    return {
        subject.name: {
            str(agents): cost([subject], agents, 1, seconds)[subject.server]["cpu_us"]
            for agents in (100, 2_000)
        }
        for subject in subjects
    }


def idle(transport: str, most: int) -> list[dict[str, float]]:
    """Memory and CPU of the server while this many clients wait, and the cost of a message to one of them."""
    rows = []
    for agents in range(1_000, most + 1, 3_000):
        with staged(Subject("refswitch", transport), agents) as stage:
            cpu, began = stage.server.cpu_seconds(), time.perf_counter()
            time.sleep(33)  # so that each poll is answered and sent again
            share = (stage.server.cpu_seconds() - cpu) / (time.perf_counter() - began)
            one = stage.stretch(100, 2.0)
        rows.append(
            {
                "agents": agents, "kib_per_client": round(stage.kib_per_client, 1), "idle_cpu_percent": round(share * 100, 1),
                "p50_ms": round(one["p50_ms"], 2), "lost": one["published"] - one["count"],
            }
        )  # fmt: skip
        print(transport, rows[-1], flush=True)
    return rows


def main(arguments: Sequence[str]) -> int:
    """Measure, print and save. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="make bench-channel", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=3, help="number of turns of each server (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a turn (default: %(default)s)")
    parser.add_argument(
        "--agents", type=int, default=1_000, help="agents, one stream each (default: %(default)s)"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="hold up to 10,000 idle clients and draw it"
    )
    parser.add_argument("--quick", action="store_true", help="measure only the cost of a message")
    options = parser.parse_args(arguments)
    result: dict[str, Any] = {}
    for title, subjects in (("long-polling", POLLING), ("websocket", STREAMING)):
        there = [
            one for one in subjects if one.channel == _CALLS or (PEERS / "node_modules" / "faye").is_dir()
        ]
        result[title] = cost(there, options.agents, options.rounds, options.seconds)
        if not options.quick:
            for subject in there:
                result[title][subject.server]["holds"] = holds(subject, options.agents, options.seconds / 2)
        print(_text(title, result[title]), flush=True)
    if not options.quick:
        ours = [POLLING[0], STREAMING[0]]
        result["growth"] = growth(ours, options.seconds)
        for name, row in result["growth"].items():
            print(
                f"{name}: {row['100']} us with 100 agents, {row['2000']} us with 2,000: {row['2000'] / row['100']:.2f}"
            )
    if options.plot:
        from .plot import draw

        result["idle"] = {transport: idle(transport, 10_000) for transport in ("long-polling", "websocket")}
        options.plot.write_text(draw(result["idle"]), encoding="utf-8")
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench-channel.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def _text(title: str, rows: Mapping[str, Mapping[str, float]]) -> str:
    ours = rows["refswitch"]
    lines = [
        f"| {title} | CPU us/message | of refswitch | p50 ms | p99 ms | holds /s | KiB/client | lost or wrong |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row['cpu_us']:.0f} | {row['cpu_us'] / ours['cpu_us']:.2f} | {row['p50_ms']:.2f} | {row['p99_ms']:.2f} "
        f"| {row.get('holds', '')} | {row['kib']:.1f} | {row['lost_or_wrong']:.0f} |"
        for name, row in rows.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
