"""Every defect that the reference server plays on demand is found, each under one name; what is odd and legal is not accused."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from callproof.runner.embedded import embedded_server
from callproof.validator.payload import validate
from conformance.tests.performing import SCHEMAS

#: Read as anybody may: it is the table that docs/numbers.md shows.
TABLE = Path(__file__).parents[3] / "impl" / "refswitch" / "numbers.yaml"
ROWS: list[Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["numbers"]
PAYLOADS = [row for row in ROWS if row["layer"] in ("payload", "legal")]
TARGET = """\
version: 1
target: {{product: refswitch, base_url: {base}/api/v2, cometd_url: {base}/api/v2/notifications}}
agents:
  alice: {{number: "15000", user_env: ALICE, password_env: ALICE}}
  bob: {{number: "15001", user_env: BOB, password_env: BOB}}
  carol: {{number: "15002", user_env: CAROL, password_env: CAROL}}
timing: {{event_timeout_s: 10, quiet_min_s: 0.25}}
limits: {{requests_per_s: 100}}
"""


async def notifications() -> dict[str, Any]:
    """The notification that each number with a defect causes, as it comes over CometD."""
    heard: dict[str, Any] = {}
    async with (
        embedded_server(("--max-interval", "3600")) as target,
        httpx.AsyncClient(base_url=target.base_url, timeout=60) as client,
    ):
        client.auth = httpx.BasicAuth("15000", "15000")

        async def post(path: str, body: object) -> Any:
            return (await client.post(path, json=body)).json()

        async def speak(channel: str, **more: object) -> Any:
            return await post("/notifications", [{"channel": channel, **more}])

        shaken = await speak("/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        me = {"clientId": shaken[0]["clientId"]}
        await speak("/meta/subscribe", subscription="/v2/me/calls", **me)
        device = (await client.get("/me/devices")).json()["uris"][0].rpartition("/")[2]
        connect = {"connectionType": "long-polling", "advice": {"timeout": 0}, **me}
        for row in PAYLOADS:
            dial = {"operationName": "Dial", "destination": {"phoneNumber": row["number"]}}
            assert await post(f"/me/devices/{device}/calls", dial) == {"statusCode": 0}
            events = [one for one in await speak("/meta/connect", **connect) if "data" in one]
            heard[row["number"]] = next(one for one in events if one["data"]["call"]["dnis"] == row["number"])
    return heard


def test_every_defect_is_found_under_exactly_one_rule_and_nothing_legal_is_an_error() -> None:
    found = {
        number: [(found.rule, found.severity) for found in validate(message, SCHEMAS).findings]
        for number, message in asyncio.run(notifications()).items()
    }
    assert {number: sorted({rule for rule, _ in rules}) for number, rules in found.items()} == {
        row["number"]: [row["found"]["rule"]] if row.get("found", {}).get("by") == "check" else []
        for row in PAYLOADS
    }
    legal = [row["number"] for row in PAYLOADS if row["layer"] == "legal"]
    assert [severity for number in legal for _, severity in found[number] if severity == "error"] == []


#: outcome -> the requirement under which alone it is found in the scenario of the two-step conference, and its verdict.
RUNS = {
    "unknown-member": ("NTF-SCHEMA-002", "info"),
    "other-path": ("NTF-LINK-002", "warn"),
    "twice": ("ORD-ONCE-001", "fail"),
    "out-of-order": ("ORD-INITCONF-001", "fail"),
    "lost": ("OPS-INITCONF-002", "fail"),
}
#: What says nothing against the server: not judged, or not because of something else.
SILENT = {"pass", "not-tested", "not-applicable", "blocked"}


async def certified(outcome: str, folder: Path) -> Any:
    """The result of the scenario on a server where everything that Alice initiates meets this outcome."""
    async with embedded_server() as target, httpx.AsyncClient(timeout=60) as client:
        base = target.base_url.removesuffix("/api/v2")
        faults = [{"outcome": outcome, "agent": "15000", "operation": "InitiateConference"}]
        armed = await client.put(f"{base}/__admin/v1/faults", json={"faults": faults})
        assert armed.json() == {"statusCode": 0}
        (folder / "target.yaml").write_text(TARGET.format(base=base), encoding="utf-8")
        command = [sys.executable, "-m", "callproof", "run", "--target", "target.yaml"]
        run = await asyncio.create_subprocess_exec(
            *command, "--select", "initiate-conference/holds-then-dials", "--out", "out", cwd=folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "ALICE": "15000", "BOB": "15001", "CAROL": "15002"},
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await run.wait()
    return json.loads((folder / "out" / "result.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("outcome", RUNS)
def test_what_shows_only_at_the_server_is_found_by_a_run(outcome: str, tmp_path: Path) -> None:
    judged = asyncio.run(certified(outcome, tmp_path))["requirements"]
    assert [(one["id"], one["verdict"]) for one in judged if one["verdict"] not in SILENT] == [RUNS[outcome]]


def test_what_the_table_says_of_a_run_is_what_a_run_finds() -> None:
    said = {row["outcome"]: row["found"]["rule"] for row in ROWS if row.get("found", {}).get("by") == "run"}
    assert said == {outcome: RUNS[outcome][0] for outcome in said}
