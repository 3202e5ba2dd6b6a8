"""A killed server: `callproof listen` hears that it is unknown, subscribes again, and says once that events may be missing."""

from __future__ import annotations

import json
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from impl.tests.process import kept_port
from tools.soak.evidence import Evidence
from tools.soak.server import ENVIRONMENT, PATIENCE_S, ROOT, SEATS, Server, refswitch, until

_CHANNEL = "/v2/me/calls"
_SEAT = SEATS[0]
_TRANSPORTS = ("long-polling", "websocket")
_UNKNOWN = re.compile(r"402|no longer knows")
_MISSING = re.compile(r"may be missing|may have been missed|may have missed")


class _Listener:
    """`callproof listen --json` as a process, whose lines are read as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.said: list[str] = []
        self._heard: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()
        threading.Thread(target=self._note, args=(process.stderr,), daemon=True).start()

    def _read(self, lines: Any) -> None:
        for line in lines:
            self._heard.put(json.loads(line)["data"]["number"])

    def _note(self, lines: Any) -> None:
        for line in lines:
            self.said.append(line.strip())

    def hears(self, number: int) -> str | None:
        """What is wrong with the next notification, if anything is."""
        try:
            heard = self._heard.get(timeout=PATIENCE_S)
        except queue.Empty:
            return f"notification {number} never came; it said {self.said[-5:]}"
        return None if heard == number else f"heard {heard} instead of {number}"


@contextmanager
def _listening(server: Server, transport: str) -> Iterator[_Listener]:
    command = [sys.executable, "-m", "callproof", "listen", server.cometd, "--user", _SEAT, "--json"]
    with subprocess.Popen(
        [*command, "--transport", transport], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=ROOT, env=ENVIRONMENT | {"CALLPROOF_PASSWORD": _SEAT},
    ) as process:  # fmt: skip
        try:
            yield _Listener(process)
        finally:
            process.kill()


def prove(restarts: int) -> Evidence:
    """Kill and restart the server on its port so many times over each transport; publish before and after each."""
    faults: list[str] = []
    for transport in _TRANSPORTS:
        faults += [f"{transport}: {fault}" for fault in _restarted(transport, restarts)]
    figures = {"restarts": restarts * len(_TRANSPORTS), "notifications": (restarts + 1) * len(_TRANSPORTS)}
    return Evidence(f"{restarts} kills (SIGKILL) and restarts over each transport", figures, faults)


def _restarted(transport: str, restarts: int) -> list[str]:
    with kept_port() as port, ExitStack() as stack:
        with refswitch(port=int(port)) as server:
            listener = stack.enter_context(_listening(server, transport))
            faults = _publish(server, listener, 0)
        for number in range(1, restarts + 1):  # each time, the server has been killed
            said = len(listener.said)
            with refswitch(port=int(port)) as server:
                faults += _publish(server, listener, number)
                faults += _told(listener.said[said:], number)
    return faults


def _publish(server: Server, listener: _Listener, number: int) -> list[str]:
    """Publish once the listener's subscription is back."""
    if not until(lambda: any(one["subscriptions"] == [_CHANNEL] for one in server.sessions())):
        return [f"no subscription after restart {number}; it said {listener.said[-5:]}"]
    told = {"agent": _SEAT, "channel": _CHANNEL, "data": {"number": number}}
    server.admin.post("/publish", json=told).raise_for_status()
    fault = listener.hears(number)
    return [fault] if fault else []


def _told(said: list[str], number: int) -> list[str]:
    unknown = sum(bool(_UNKNOWN.search(line)) for line in said)
    missing = sum(bool(_MISSING.search(line)) for line in said)
    found = (
        []
        if unknown == 1
        else [f"restart {number}: it said {unknown} times that the session is unknown: {said}"]
    )
    return found + (
        []
        if missing == 1
        else [f"restart {number}: it said {missing} times that events may be missing: {said}"]
    )
