"""Every published client that we know of, and our own, over each of its transports: the same story for all."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..process import ROOT, kept_port, serving  # noqa: TID252  # one floor up, as the house is
from .test_official_client import require_node

HERE = Path(__file__).parent
CALLS = "/v2/me/calls"
SEAT = "15000"
PATIENCE_S = 60.0
#: What may happen while a test waits for something else.
IN_PASSING = ("session", "subscribed", "unsubscribed", "reloaded", "error")

CLIENTS = [
    ("cometd", "long-polling"),
    ("cometd", "long-polling", "ack", "timesync"),
    ("cometd", "websocket"),
    ("cometd", "websocket", "ack", "timesync"),
    ("cometd3", "long-polling"),
    ("cometd3", "long-polling", "ack", "timesync"),
    ("cometd3", "websocket"),
    ("cometd3", "websocket", "ack"),
    ("faye", "long-polling"),
    ("faye", "websocket"),
    ("aiocometd-ng", "long-polling"),
    ("aiocometd-ng", "websocket"),
    ("callproof", "long-polling"),
    ("callproof", "websocket"),
]


class Client:
    """A client in its own process: it takes commands and reports what happens."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.happenings: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.happenings.put(json.loads(line))
        self.happenings.put({"is": "gone"})

    def do(self, action: str, channel: str | None = None) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": action, "channel": channel}) + "\n")
        self.process.stdin.flush()

    def wait_for(self, what: str) -> dict[str, Any]:
        """The next happening of this kind; before it, only happenings of a session may come."""
        while (happening := self.happenings.get(timeout=PATIENCE_S))["is"] != what:
            assert happening["is"] in IN_PASSING, happening
        return happening

    def hears(self, *numbers: int) -> list[str]:
        """The channels on which these numbers arrive next: once each, in order, with nothing else before or between."""
        channels = []
        for number in numbers:
            happening = self.wait_for("heard")
            assert happening["data"] == {"number": number}
            channels.append(happening["channel"])
        return channels


@contextmanager
def client(kind: str, transport: str, url: str, *extensions: str) -> Iterator[Client]:
    python = {"aiocometd-ng": "aiocometd_driver.py", "callproof": "callproof_driver.py"}
    if kind in python:
        command = [sys.executable, str(HERE / python[kind]), transport, url, SEAT]
    else:
        require_node()
        command = ["node", str(HERE / "driver.mjs"), kind, transport, url, SEAT, *extensions]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "conformance")}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        try:
            yield Client(process)
        finally:
            process.kill()


class Administration:
    """A server's administration interface, for what no client can do."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=f"{address}/__admin/v1", timeout=PATIENCE_S)

    def __enter__(self) -> Administration:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def publish(self, *numbers: int, channel: str = CALLS) -> None:
        for number in numbers:
            told = {"agent": SEAT, "channel": channel, "data": {"number": number}}
            assert self.http.post("/publish", json=told).status_code == 200

    def sessions(self) -> list[Any]:
        sessions: list[Any] = self.http.get("/sessions").json()["sessions"]
        return sessions

    def connection_types(self) -> set[str]:
        """The transports that connects have used."""
        entries = self.http.get("/journal?kind=cometd").json()["entries"]
        messages = [entry["message"] for entry in entries if entry["event"] == "in"]
        return {one["connectionType"] for one in messages if one["channel"] == "/meta/connect"}

    def until_subscribed(self, *channels: str) -> None:
        """Wait until the seat's newest session has these subscriptions."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := self.sessions()) or sorted(found[-1]["subscriptions"]) != sorted(channels):
            assert time.monotonic() < deadline, found


@pytest.mark.parametrize("which", CLIENTS, ids=["-".join(which) for which in CLIENTS])
def test_a_client_survives_everything_that_happens_to_clients(which: tuple[str, ...]) -> None:
    """Handshake, subscribe, 200 messages, wildcard, unsubscribe, an unknown client, a restart, disconnect."""
    kind, transport, *extensions = which
    with kept_port() as port, ExitStack() as stack:
        with serving("--port", port) as address:
            switch = stack.enter_context(Administration(address))
            seat = stack.enter_context(
                client(kind, transport, f"{address}/api/v2/notifications", *extensions)
            )
            _begin_and_hear(seat, switch)
            assert switch.connection_types() == {transport}
            _subscribe_to_a_wildcard_and_leave_it(seat, switch)
            [session] = switch.sessions()
            switch.http.delete(f"/sessions/{session['id']}")
            switch.until_subscribed(CALLS)
            switch.publish(203)
            assert seat.hears(203) == [CALLS]
        with serving("--port", port):
            switch.until_subscribed(CALLS)
            switch.publish(204)
            assert seat.hears(204) == [CALLS]
            seat.do("disconnect")
            seat.wait_for("disconnected")
            assert switch.sessions() == []


def _begin_and_hear(seat: Client, switch: Administration) -> None:
    seat.do("begin")
    seat.do("subscribe", CALLS)
    seat.wait_for("subscribed")
    switch.publish(*range(200))
    assert seat.hears(*range(200)) == [CALLS] * 200


def _subscribe_to_a_wildcard_and_leave_it(seat: Client, switch: Administration) -> None:
    seat.do("subscribe", "/v2/me/*")
    switch.until_subscribed(CALLS, "/v2/me/*")
    switch.publish(200, channel="/v2/me/devices")
    assert seat.hears(200) == ["/v2/me/devices"]
    seat.do("unsubscribe", "/v2/me/*")
    switch.until_subscribed(CALLS)
    switch.publish(201, channel="/v2/me/devices")
    switch.publish(202)
    assert seat.hears(202) == [CALLS]


@pytest.mark.parametrize("kind", ["cometd", "cometd3", "faye", "callproof"])
def test_a_client_that_is_refused_a_websocket_polls_instead(kind: str) -> None:
    """WS-19: without any action by the client's user."""
    with (
        serving("--no-websocket") as address,
        Administration(address) as switch,
        client(kind, "websocket", f"{address}/api/v2/notifications") as seat,
    ):
        _begin_and_hear(seat, switch)
        assert switch.connection_types() == {"long-polling"}


@pytest.mark.parametrize("kind", ["cometd", "cometd3"])
def test_a_reloaded_page_continues_its_session(kind: str) -> None:
    """EXT-3, CometD, Reload Extension: the same client id, and no handshake."""
    with (
        serving() as address,
        Administration(address) as switch,
        client(kind, "long-polling", f"{address}/api/v2/notifications", "reload") as seat,
    ):
        _begin_and_hear(seat, switch)
        [before] = switch.sessions()
        seat.do("reload")
        seat.wait_for("reloaded")
        seat.wait_for("subscribed")
        switch.publish(200, 201)
        assert seat.hears(200, 201) == [CALLS] * 2
        assert [one["id"] for one in switch.sessions()] == [before["id"]]
