"""What a client without credentials, a page of another site or a careless agent can do to the server: nothing that lasts."""

from __future__ import annotations

import asyncio
import base64
import gc
import gzip
import json
import tracemalloc
from typing import Any

import httpx
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from refswitch import limits
from refswitch.calls import Arrive, Dial, Refused
from refswitch.journal import Journal
from refswitch.request import Request

from .admin.administration import DOCUMENT, Admin
from .house import ALICE, BOB, DEVICES, House, visit
from .process import serving
from .test_cli import running

DIAL = json.dumps({"operationName": "Dial", "destination": {"phoneNumber": BOB}}).encode()
HANDSHAKE = b'[{"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["long-polling"]}]'
FORM_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]


async def post(house: House, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
    """Post with exactly these headers, which is what a page that needs no preflight can do."""
    transport = httpx.ASGITransport(house.app, client=("127.0.0.1", 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        return await client.post(path, content=content, headers=headers, auth=(ALICE, ALICE))


@pytest.mark.parametrize("media_type", [None, *FORM_TYPES, "text/plain; application/json"])
@pytest.mark.parametrize(
    ("path", "content"),
    [
        (f"/api/v2/me/devices/{DEVICES[ALICE]}/calls", DIAL),
        ("/api/v2/notifications", HANDSHAKE),
        ("/__admin/v1/inbound", b'{"from": "70000", "to": "15000"}'),
    ],
)
def test_a_body_that_a_page_can_send_without_a_preflight_is_refused_and_does_nothing(
    path: str, content: bytes, media_type: str | None
) -> None:
    """openapi.yaml, a-body-needs-its-media-type."""

    async def story(house: House) -> None:
        told = await post(house, path, content, {} if media_type is None else {"Content-Type": media_type})
        assert (told.status_code, told.headers["accept"]) == (415, "application/json")
        assert told.json()["statusMessage"].startswith("Content-Type must be application/json")
        assert house.app.switch.world.conversations == {}
        assert house.app.sandboxes.main.clients() == {}

    visit(story)


def test_two_media_types_are_refused() -> None:
    async def story(house: House) -> None:
        headers = [("Content-Type", "application/json"), ("Content-Type", "text/plain")]
        told = await post(house, f"/api/v2/me/devices/{DEVICES[ALICE]}/calls", DIAL, headers)  # type: ignore[arg-type]  # httpx takes both
        assert told.status_code == 415
        assert await house.states() == {}

    visit(story)


@pytest.mark.parametrize(
    "path", [f"/api/v2/me/devices/{DEVICES[ALICE]}/calls", "/api/v2/notifications", "/__admin/v1/inbound"]
)
def test_a_compressed_body_is_refused_by_name(path: str) -> None:
    """openapi.yaml, an-encoded-body-is-refused and a-415-names-the-codings."""

    async def story(house: House) -> None:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        told = await post(house, path, gzip.compress(DIAL), headers)
        assert (told.status_code, told.headers["accept-encoding"], told.json()) == (
            415,
            "identity",
            {
                "statusCode": 10,
                "statusMessage": "Content-Encoding gzip is not supported; send the body unencoded",
            },
        )
        assert await house.states() == {}

    visit(story)


def test_a_body_in_no_encoding_is_taken() -> None:
    async def story(house: House) -> None:
        headers = {"Content-Type": "application/json", "Content-Encoding": "identity"}
        told = await post(house, f"/api/v2/me/devices/{DEVICES[ALICE]}/calls", DIAL, headers)
        assert told.status_code == 200

    visit(story)


def test_what_reads_opens_no_sandbox() -> None:
    """A page of any site can fetch such an address as an image."""

    async def story(house: House) -> None:
        for path in [path for path, item in DOCUMENT["paths"].items() if "get" in item or "delete" in item]:
            for method in ("GET", "DELETE", "OPTIONS"):
                told = await Admin(house, sandbox="/s/x1").ask(method, path.replace("{id}", "1"))
                assert told.status in (404, 405), (method, path)
        for path in ("/me", "/me/calls", "/notifications"):
            assert (await house.ask("GET", path, agent=None, sandbox="/s/x1")).code == (403, 20)
        assert house.app.sandboxes.names() == []

    visit(story)


ODD = st.text(max_size=20) | st.sampled_from(
    [
        "[", "]", "http://[", "http://[::1", "//", "null", "127.0.0.1:x", "localhost:99999999", "@", "[::1%25", "%", "\x85", "ÿ", "a,b",
        ';=;"', "x" * 500,
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "host", "origin", "sec-fetch-site", "referer", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "cookie",
        "authorization", "content-type", "content-encoding", "content-length", "transfer-encoding", "accept", "upgrade", "x-csrf-token",
        "access-control-request-method",
    ]
)  # fmt: skip
PATHS = st.sampled_from(
    [
        "/__admin/v1/health", "/__admin/v1/calls", "/api/v2/me", "/api/v2/me/calls", "/api/v2/notifications", "/s/x/api/v2/me",
        "/s/x/__admin/v1/info", "/",
    ]
)  # fmt: skip


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_no_value_of_a_header_a_query_or_a_path_raises(kind: str) -> None:
    """Once, `Host: [` and `Origin: http://[` were internal errors."""
    statuses: set[int] = set()

    async def story(house: House) -> None:
        async def ask(method: str, path: str, query: str, headers: list[tuple[str, str]]) -> None:
            sent = [(name.encode(), value.encode("utf-8", "replace")) for name, value in headers]
            scope: dict[str, Any] = {
                "type": kind,
                "method": method,
                "path": path,
                "raw_path": path.encode("utf-8", "replace"),
                "query_string": query.encode("utf-8", "replace"),
                "headers": [*sent, (b"cookie", b"JSESSIONID=x.y")],
                "client": ("127.0.0.1", 1),
                "extensions": {"websocket.http.response": {}},
            }
            events = iter(
                [{"type": "websocket.connect"}]
                if kind == "websocket"
                else [{"type": "http.request", "body": b"{}"}]
            )

            async def receive() -> dict[str, Any]:
                return next(events, {"type": f"{kind}.disconnect"})

            async def send(event: Any) -> None:
                if "status" in event:
                    statuses.add(event["status"])
                    assert event["status"] < 500, event

            await house.app(scope, receive, send)

        loop = asyncio.get_running_loop()
        examples: list[tuple[str, str, str, list[tuple[str, str]]]] = []

        @settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(
            st.sampled_from(["GET", "POST", "PUT", "OPTIONS", "HEAD"]),
            PATHS | st.tuples(PATHS, ODD).map("".join),
            ODD,
            st.lists(st.tuples(NAMES, ODD), max_size=4),
        )
        def collect(method: str, path: str, query: str, headers: list[tuple[str, str]]) -> None:
            examples.append((method, path, query, headers))

        collect()
        for host in ("[", "http://["):
            examples.append(("GET", "/__admin/v1/health", "", [("host", host)]))
            examples.append(("GET", "/__admin/v1/health", "", [("origin", host)]))
        assert loop.is_running()
        for example in examples:
            await ask(*example)

    visit(story)
    assert 403 in statuses


def test_nothing_is_kept_of_what_strangers_send() -> None:
    """Once, 4,096 wrong values of Authorization were kept, however long they were; and cookies likewise."""

    async def story(house: House) -> None:
        async def stranger(number: int) -> None:
            text = base64.b64encode(b"nobody:%06d" % number + b"x" * 6_000).decode()
            headers = {"Authorization": f"Basic {text}", "Cookie": f"BAYEUX_BROWSER={number}{'y' * 6_000}"}
            told = await house.ask("GET", "/notifications", agent=None, headers=headers)
            assert told.code == (403, 20)

        for number in range(20):
            await stranger(number)
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        for number in range(20, 320):
            await stranger(number)
        gc.collect()  # what waits to be collected is not kept
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        # The journal keeps the requests, without headers.
        assert after - before < 1_000_000, "300 strangers sent 4.2 MB"

    visit(story)


def test_an_agent_has_a_bounded_number_of_calls() -> None:
    """openapi.yaml, calls-have-a-bound."""
    most = limits.CALLS_OF_AGENT.default

    async def story(house: House) -> None:
        for _ in range(most):
            assert (await house.dial("70000")).code == (200, 0)
        before = house.app.switch.world
        told = await house.dial("70000")
        assert (told.code, told.body["statusMessage"]) == (
            (503, 13),
            f"Agent {ALICE} must not have more than {most} calls at a time; end one first",
        )
        assert house.app.switch.world == before
        assert (await house.dial(ALICE, agent=BOB)).code == (503, 13), "nobody can add to them either"
        assert house.app.switch.world == before
        await house.operate(next(iter(await house.states())), "Hangup")
        assert (await house.dial("70000")).code == (200, 0)

    visit(story)


def test_queues_hold_a_bounded_number_of_calls() -> None:
    most = limits.CALLS_WAITING.default

    async def story(house: House) -> None:
        for seat in (ALICE, BOB, "15002"):
            await house.dial("70000", agent=seat)  # nobody is free
        arrival = Arrive("+15550100", queue="8000")
        for _ in range(most):
            house.app.switch.apply(arrival)
        told = await Admin(house).ask("POST", "/inbound", {"from": "+15550100", "queue": "8000"})
        assert (told.code, told.body["statusMessage"]) == (
            (503, 13),
            f"Queues must not have more than {most} calls at a time; end one first",
        )

    visit(story)


def test_the_bytes_of_the_journal_are_those_in_memory() -> None:
    """Once, a value of 60 KB counted like an empty one."""
    journal = Journal(lambda: 0.0)
    wide = {"operationName": "Dial", "destination": {"phoneNumber": "1"}}
    tracemalloc.start()
    for number in range(400):
        data = {f"key{number}": "é" * 30_000, "many": [str(number * 1_000 + at) for at in range(500)]}
        command = Dial("15000", {**wide, "userData": data})
        journal.carried_out(command, Refused("no"))
        journal.request(Request("GET", f"/{number}" + "a" * 8_000, "b" * 8_000, ()), b"")
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert journal.lost > 0
    assert used < 1.5 * limits.JOURNAL_BYTES.default


def test_the_bounds_of_the_administration_interface_are_those_of_its_description() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Faults"]["properties"]["faults"]["maxItems"] == limits.FAULTS.default
    assert schemas["Verify"]["properties"]["expect"]["maxItems"] == limits.EXPECTATIONS.default


def test_options_change_the_bounds_on_heads() -> None:
    log: list[str] = []
    with serving("--limit", "head=1000", log=log) as address, httpx.Client(timeout=60) as client:
        headers = {"X": "a" * 1_000}
        assert client.get(f"{address}/api/v2/me", auth=(ALICE, ALICE)).status_code == 200
        assert client.get(f"{address}/api/v2/me", auth=(ALICE, ALICE), headers=headers).status_code == 431
    assert len(log) == 2


def test_a_refused_websocket_is_one_quiet_line() -> None:
    """Once, uvicorn logged an error for each."""
    log: list[str] = []
    with serving(log=log) as address, httpx.Client(timeout=60) as client:
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        told = client.get(f"{address}/api/v2/notifications", headers=upgrade)
        assert (told.status_code, told.json()["statusCode"]) == (403, 20)
    (line,) = log
    assert " - GET /api/v2/notifications - 403 statusCode=20 " in line


def test_the_server_serves_on_while_nobody_reads_its_log() -> None:
    """Once, after some 900 requests the pipe was full, and the server stood still."""
    count = 600
    with running() as server:
        address = server.first_line.split()[-1]
        with httpx.Client(timeout=60) as client:
            for _ in range(count):
                assert client.get(f"{address}/api/v2/{'x' * 290}").status_code == 403
        server.process.terminate()
        _, err = server.process.communicate(timeout=60)  # which reads what waited
    lines = err.splitlines()
    assert (server.process.returncode, len(lines), {line.split()[-4] for line in lines}) == (
        0,
        count,
        {"403"},
    )
