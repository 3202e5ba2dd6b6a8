"""No secret leaves the server except to whom it belongs: not the log, not standard output, not the administration interface."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import websockets.sync.client
from websockets.exceptions import WebSocketException

from .process import ROOT  # beside it

pytestmark = pytest.mark.slow
PASSWORDS = {"15000": 'al p"w/ä 1', "15001": "bob=Pa&ss:w?rd"}
ADMIN_TOKEN = "admin-t0ken-5ca1ab1e-4711"
WRONG = "wr0ng-password-0ddba11"
PLANTED = "planted-t0ken-7e57ab1e"
READ_BY_ADMIN = (
    "/health", "/info", "/agents", "/clock", "/journal", "/journal.ndjson", "/journal.mmd", "/faults", "/sandboxes", "/calls", "/sessions",
    "/snapshots", "/nothing",
)  # fmt: skip


def spellings(secret: str) -> set[bytes]:
    """How the secret could stand in a log or in JSON."""
    dumped = json.dumps(secret)[1:-1]
    plain = (secret, dumped, json.dumps(dumped)[1:-1], quote(secret), quote(secret, safe=""), quote(dumped))
    return {text.encode() for text in (*plain, b64encode(secret.encode()).decode().rstrip("="))}


def use(address: str) -> tuple[set[str], list[bytes]]:
    """Send secrets in every place that takes one; return those that the server made, and what the administration interface told."""
    made: set[str] = set()
    rest = f"{address}/api/v2"
    with httpx.Client(trust_env=False, timeout=30) as client:
        alice = httpx.BasicAuth("15000", PASSWORDS["15000"].encode())
        for login in (alice, ("15000", WRONG), (WRONG, WRONG)):
            client.get(f"{rest}/me?access_token={PLANTED}&fields=*", auth=login)
        made |= set(client.cookies.values())
        headers = client.get(f"{rest}/me", auth=alice).headers
        made |= {headers["x-csrf-token"]}
        csrf = {"X-CSRF-TOKEN": headers["x-csrf-token"]}
        for wrong in (
            {"Authorization": f"Bearer {PLANTED}"},
            {"Cookie": f"JSESSIONID={PLANTED}"},
            {"X-CSRF-TOKEN": PLANTED},
        ):
            client.post(
                f"{rest}/me", headers={**csrf, **wrong}, json={"operationName": "Ready", "token": PLANTED}
            )
        client.get(f"{rest}/me;jsessionid={PLANTED}", auth=alice)
        client.get(f"{rest}/me/devices;jsessionid={PLANTED}?password={PLANTED}", auth=alice)
        client.post(f"{rest}/me", auth=alice, headers=csrf, content=f'{{"password": "{PLANTED}"')
        client.put(f"{rest}/me", auth=alice, headers=csrf, content=f"password={PLANTED}")
        handshake = {
            "channel": "/meta/handshake",
            "version": "1.0",
            "supportedConnectionTypes": ["long-polling"],
            "ext": {"authentication": {"user": "15000", "credentials": PLANTED, "token": PLANTED}},
        }
        replies = client.post(f"{rest}/notifications", auth=alice, headers=csrf, json=[handshake]).json()
        made |= {replies[0]["clientId"], *client.cookies.values()}
        for client_id in (replies[0]["clientId"], PLANTED):
            subscribe = {"channel": "/meta/subscribe", "clientId": client_id, "subscription": "/v2/me/calls"}
            client.post(f"{rest}/notifications", auth=alice, headers=csrf, json=[subscribe])
        for token in (PLANTED, PASSWORDS["15001"]):
            login = b64encode(f"15001:{token}".encode()).decode()
            url = "ws" + rest.removeprefix("http") + f"/notifications;jsessionid={PLANTED}?token={PLANTED}"
            headers = {"Authorization": f"Basic {login}"}
            with (
                suppress(WebSocketException),
                websockets.sync.client.connect(url, additional_headers=headers, proxy=None),
            ):
                pass
        admin = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
        told = [client.get(f"{address}/__admin/v1{path}", headers=admin).content for path in READ_BY_ADMIN]
        told += [
            client.get(
                f"{address}/__admin/v1/info?token={PLANTED}", headers={"Authorization": f"Bearer {PLANTED}"}
            ).content
        ]
        seats = {"seats": [{"number": "15000", "password": [PLANTED]}]}
        told += [client.post(f"{address}/__admin/v1/agents", headers=admin, json=seats).content]
    return made, told


@pytest.mark.parametrize("form", ["text", "json"])
def test_whatever_clients_send_the_server_tells_no_secret(tmp_path: Path, form: str) -> None:
    seats = [
        {"number": "15000", "password": PASSWORDS["15000"]},
        {"number": "15001", "password_env": "SEAT_PASSWORD"},
    ]
    (tmp_path / "seats.yaml").write_text(json.dumps({"seats": seats}), encoding="utf-8")
    variables = {
        "SEAT_PASSWORD": PASSWORDS["15001"],
        "ADMIN_TOKEN": ADMIN_TOKEN,
        "PYTHONPATH": str(ROOT / "impl"),
    }
    options = [
        "--port",
        "0",
        "--seats",
        "seats.yaml",
        "--admin-token-env",
        "ADMIN_TOKEN",
        "--csrf",
        "--log-format",
        form,
    ]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "refswitch", "serve", *options],
            cwd=tmp_path,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=log,
        ) as server,
    ):
        assert server.stdout is not None
        first = server.stdout.readline()
        address = json.loads(first)["address"] if form == "json" else first.decode().split()[-1]
        try:
            made, told = use(address)
        finally:
            server.terminate()
            rest = server.stdout.read()
    written = {
        "standard output": first + rest,
        "log": (tmp_path / "log").read_bytes(),
        "administration": b"\n".join(told),
    }
    secrets = {*PASSWORDS.values(), ADMIN_TOKEN, WRONG, PLANTED, *made}
    assert len(made) == 4, "a session cookie, the cookie of a browser, a CSRF token and a clientId"
    assert written["log"].count(b"\n") > 15
    assert b"***" in written["administration"]
    assert {
        (name, secret)
        for name, content in written.items()
        for secret in secrets
        for spelt in spellings(secret)
        if spelt in content
    } == set()
