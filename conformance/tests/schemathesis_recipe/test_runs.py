"""What a run with the recipe says of a server: green when all was reached, red by name when something was not, and no run without need.

The examples phase alone sends each operation once, which is enough here; `make schemathesis` plays all phases.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests

from callproof.schemathesis_recipe import write_recipe
from conformance.tests.commands.processes import LIMIT_S, ROOT, server

pytestmark = pytest.mark.slow

#: refswitch's default seats: their numbers are their logins and passwords. 15002 may supervise.
SEATS = {"AGENT": "15002", "SECOND": "15000", "THIRD": "15001"}
LOGINS = {f"{role}_{what}": number for role, number in SEATS.items() for what in ("USER", "PASSWORD")}


@pytest.fixture
def refswitch() -> Iterator[str]:
    with server() as address:
        yield address


def ran(folder: Path, url: str, variables: Mapping[str, str], *options: str) -> tuple[int, str]:
    """Write the recipe, run `st` with it, and return its exit code and all that it said."""
    write_recipe(folder)
    command = [
        *(
            str(Path(sys.executable).with_name("st")),
            "run",
            str(ROOT / "dist/openapi.json"),
            "--url",
            f"{url}/api/v2",
        ),
        *("--no-color", "--phases", "examples", *options),
    ]
    told = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "COLUMNS": "400", **variables},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LIMIT_S,
        check=False,
    )
    return told.returncode, told.stdout


def never_accepted(said: str) -> list[str]:
    return [line.strip().partition(":")[0] for line in said.splitlines() if "never accepted (" in line]


def test_a_server_that_accepts_every_operation_is_green_and_its_counts_are_written(
    refswitch: str, tmp_path: Path
) -> None:
    variables = {**LOGINS, "OUTSIDE_URL": f"{refswitch}/__admin/v1"}
    code, said = ran(tmp_path, refswitch, variables)
    assert (code, never_accepted(said)) == (0, []), said
    *rows, total = (tmp_path / "reached.txt").read_text().splitlines()
    assert [row for row in rows if row.split()[-2] == "0"] == []
    assert total.endswith(f"accepted at least once: {len(rows)} of {len(rows)}")


def test_an_operation_that_was_never_accepted_is_red_by_name_with_the_reason(
    refswitch: str, tmp_path: Path
) -> None:
    """Nobody makes calls from outside, so what needs a preview call or one from a queue is not possible; everything else is."""
    code, said = ran(tmp_path, refswitch, LOGINS)
    from_outside = [f"POST /me/calls/{{id}} {operation}" for operation in ("Accept", "Decline", "Reject")]
    assert (code, never_accepted(said)) == (1, from_outside), said
    assert "never accepted (OUTSIDE_URL is not set: nobody makes calls from outside (outside.py))" in said


def test_an_endpoint_that_is_left_out_is_not_asked_for(refswitch: str, tmp_path: Path) -> None:
    code, said = ran(tmp_path, refswitch, LOGINS, "--include-path", "/features/{id}")
    assert code == 0, said
    assert (tmp_path / "reached.txt").read_text().startswith("GET /features/{id}  ")


@pytest.mark.parametrize(
    ("url", "variables", "sentence"),
    [
        ("http://127.0.0.1:9", {**LOGINS, "THIRD_USER": ""}, "set THIRD_USER; README.md says what for"),
        ("http://cti.example.test", LOGINS, "cti.example.test is not this machine"),
        ("http://127.0.0.1:9", LOGINS, "AGENT cannot log in: GET http://127.0.0.1:9/api/v2/me/devices?fields=* by AGENT: ConnectionError"),
    ],
)  # fmt: skip
def test_a_run_that_must_not_begin_ends_with_one_sentence(
    tmp_path: Path, url: str, variables: dict[str, str], sentence: str
) -> None:
    code, said = ran(tmp_path, url, variables)
    assert (code, f"callproof recipe: {sentence}" in said, "Traceback" in said) == (2, True, False), said


def test_a_wrong_password_ends_a_run_and_is_not_shown(refswitch: str, tmp_path: Path) -> None:
    code, said = ran(tmp_path, refswitch, {**LOGINS, "SECOND_PASSWORD": "not-the-password"})
    assert (code, "callproof recipe: SECOND cannot log in: " in said, "not-the-password" in said) == (
        2,
        True,
        False,
    ), said


def test_a_run_does_not_begin_while_an_agent_has_a_call_and_the_call_stays(
    refswitch: str, tmp_path: Path
) -> None:
    def calls() -> list[str]:
        return [
            call["state"]
            for call in requests.get(
                f"{refswitch}/api/v2/me/calls?fields=*", auth=("15001", "15001"), timeout=LIMIT_S
            ).json()["calls"]
        ]

    body = {"from": "0205550100", "to": "15001"}
    assert requests.post(f"{refswitch}/__admin/v1/inbound", json=body, timeout=LIMIT_S).status_code == 200
    code, said = ran(tmp_path, refswitch, LOGINS)
    assert (code, "callproof recipe: THIRD has 1 calls; " in said) == (2, True), said
    assert calls() == ["Ringing"]


# --- a server with a fault ---


class _Faulty(BaseHTTPRequestHandler):
    """Lets the three agents in, and answers everything else with a statusMessage that says that all is well."""

    def do_GET(self) -> None:
        device = {"id": "d", "phoneNumber": "1", "deviceState": "Active"}
        good = {"statusCode": 0, "devices": [device], "calls": []}
        bad = {"statusCode": 0, "statusMessage": "OK", "version": "8.5.2"}
        content = json.dumps(bad if self.path.endswith("/version") else good).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def faulty() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Faulty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_an_answer_without_the_envelope_is_red_by_name(tmp_path: Path) -> None:
    only = ("--include-path", "/diagnostics/version", "--checks", "answers_with_the_envelope")
    with faulty() as url:
        code, said = ran(tmp_path, url, LOGINS, *only)
    assert code == 1, said
    assert "Custom check failed: `answers_with_the_envelope`" in said
    assert "statusCode is 0, but there is a statusMessage" in said
