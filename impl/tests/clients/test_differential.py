"""Well-formed traffic to refswitch and to the official server for Node: a client sees no difference but those listed here."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from ..process import ROOT, serving  # noqa: TID252  # one floor up, as the house is
from .test_official_client import require_node

SERVER = ROOT / "conformance" / "tests" / "aiobayeux" / "server.mjs"
PATH = "/api/v2/notifications"
CALLS, DEVICES = "/v2/me/calls", "/v2/me/devices"
TYPES = {"supportedConnectionTypes": ["long-polling"], "version": "1.0"}

#: The compared members of a reply: those in the specification that do not depend on a configuration.
COMPARED = ("id", "channel", "successful", "subscription", "version", "data", "ext")
#: Faults and liberties of the official server's answers: the step, ours, theirs (reference server for Node 1.2.1).
KNOWN = {
    "an unknown meta channel": (("404", False), ("HTTP 500", None)),
    "no common connection type": (("301", False), ("", True)),
    "a pattern with a star in the middle": (("405", False), ("", True)),
    "a publish to the calls": (("403", False), ("", True)),
    "a second copy for overlapping subscriptions": (1, 2),
}


class Client:
    """A client that decides nothing: it sends messages with the session's id, and reads."""

    def __init__(self, base: str, publish: Any) -> None:
        self.http = httpx.Client(base_url=base, auth=("15000", "15000"), timeout=60)
        self.publish = publish
        self.client_id = ""
        self.ids = 0

    def message(self, channel: str, **more: Any) -> dict[str, Any]:
        self.ids += 1
        known = {"clientId": self.client_id} if self.client_id else {}
        return {"id": str(self.ids), "channel": channel, **known, **more}

    def connect(self, **more: Any) -> dict[str, Any]:
        return self.message("/meta/connect", connectionType="long-polling", **more)

    def send(self, *messages: Mapping[str, Any]) -> list[Any]:
        answer = self.http.post(PATH, json=list(messages))
        if answer.status_code != 200:
            return [{"http": answer.status_code}]
        told: list[Any] = answer.json()
        return told

    def begin(self, **more: Any) -> list[Any]:
        self.client_id = ""
        told = self.send(self.message("/meta/handshake", **TYPES, **more))
        self.client_id = told[0]["clientId"]
        return told


def seen(told: list[Any]) -> list[Any]:
    """The compared part of an answer."""
    return [{name: one[name] for name in COMPARED if name in one} for one in told]


def code(told: list[Any]) -> tuple[str, bool | None]:
    """The result of an answer with one message, in short."""
    if "http" in told[0]:
        return f"HTTP {told[0]['http']}", None
    return str(told[0].get("error", ""))[:3], told[0]["successful"]


@contextmanager
def ours() -> Iterator[Client]:
    with serving("--clock", "frozen") as address, httpx.Client(base_url=address, timeout=60) as http:

        def publish(channel: str, number: int) -> None:
            told = {"agent": "15000", "channel": channel, "data": {"number": number}}
            http.post("/__admin/v1/publish", json=told)

        client = Client(address, publish)
        with client.http:
            yield client


@contextmanager
def theirs() -> Iterator[Client]:
    require_node()
    assert shutil.which("node")
    with subprocess.Popen(
        ["node", SERVER, "cometd", "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        commands, answers = process.stdin, process.stdout

        def publish(channel: str, number: int) -> None:
            commands.write(json.dumps({"do": "publish", "channel": channel, "number": number}) + "\n")
            commands.flush()
            assert answers.readline() == "done\n"  # or the event could arrive with or without a held connect

        try:
            client = Client(f"http://127.0.0.1:{answers.readline().strip()}", publish)
            with client.http:
                yield client
        finally:
            process.kill()


def story(client: Client) -> dict[str, Any]:
    """Everything that a well-behaved client does, and what it sees, step by step."""
    steps: dict[str, Any] = {}
    steps["handshake"] = seen(client.begin())
    steps["subscribe before connect"] = seen(
        client.send(client.message("/meta/subscribe", subscription=CALLS))
    )
    steps["first connect"] = seen(client.send(client.connect(advice={"timeout": 0})))
    client.publish(CALLS, 1)
    steps["an event, and the reply after it"] = seen(client.send(client.connect()))
    steps["an array, in a batch"] = seen(
        client.send(
            client.message("/meta/subscribe", subscription=[DEVICES, "/a/*"]),
            client.message("/meta/unsubscribe", subscription="/a/*"),
            client.message("/service/x", data={}),
        )
    )
    for number in range(2, 5):
        client.publish(DEVICES, number)
    heard: list[Any] = []
    while len(heard) < 3:
        heard += [one for one in seen(client.send(client.connect())) if "data" in one]
    steps["events in order"] = heard
    steps["unsubscribe"] = seen(client.send(client.message("/meta/unsubscribe", subscription=DEVICES)))
    steps["a missing subscription"] = code(client.send(client.message("/meta/subscribe")))
    steps["a meta channel"] = code(client.send(client.message("/meta/subscribe", subscription="/meta/x")))
    steps["disconnect"] = seen(client.send(client.message("/meta/disconnect")))
    steps["an unknown client's connect"] = code(client.send(client.connect()))
    unknown = client.send(client.connect())[0]
    steps["its advice"] = {name: unknown["advice"][name] for name in ("reconnect", "interval")}
    steps["an unknown client's subscribe"] = code(
        client.send(client.message("/meta/subscribe", subscription=CALLS))
    )

    steps["acknowledgement"] = seen(client.begin(ext={"ack": True}))
    client.send(client.message("/meta/subscribe", subscription=CALLS))
    steps["numbers"] = seen(client.send(client.connect(advice={"timeout": 0}, ext={"ack": 0})))
    client.publish(CALLS, 5)
    steps["a number with an event"] = seen(client.send(client.connect(ext={"ack": 1})))
    steps["the same again"] = seen(client.send(client.connect(advice={"timeout": 0}, ext={"ack": 1})))
    steps["not again"] = seen(client.send(client.connect(advice={"timeout": 0}, ext={"ack": 3})))
    return steps


def liberties(client: Client) -> dict[str, Any]:
    """Where the official server is known to differ."""
    client.begin()
    steps: dict[str, Any] = {}
    steps["an unknown meta channel"] = code(client.send(client.message("/meta/nosuch")))
    steps["a pattern with a star in the middle"] = code(
        client.send(client.message("/meta/subscribe", subscription="/a/*/b"))
    )
    steps["a publish to the calls"] = code(client.send(client.message(CALLS, data={"number": 1})))
    client.send(client.message("/meta/subscribe", subscription=[CALLS, "/v2/me/*"]))
    client.send(client.connect(advice={"timeout": 0}))
    client.publish(CALLS, 1)
    told = client.send(client.connect())
    told += client.send(client.connect(advice={"timeout": 0}))
    steps["a second copy for overlapping subscriptions"] = len([one for one in told if "data" in one])
    client.client_id = ""
    offer = {"version": "1.0", "supportedConnectionTypes": ["carrier-pigeon"]}
    steps["no common connection type"] = code(client.send(client.message("/meta/handshake", **offer)))
    return steps


def test_a_client_sees_no_difference_to_the_official_server_in_well_formed_traffic() -> None:
    with ours() as client:
        here = story(client)
    with theirs() as client:
        there = story(client)
    assert here == there


@pytest.mark.parametrize("which", [0, 1], ids=["refswitch", "cometd-nodejs-server"])
def test_the_liberties_of_the_official_server_are_known(which: int) -> None:
    with (ours, theirs)[which]() as client:
        assert liberties(client) == {step: told[which] for step, told in KNOWN.items()}
