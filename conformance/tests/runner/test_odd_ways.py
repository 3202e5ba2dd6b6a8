"""What a person is told when something between the suite and the server spoils, replaces or delays the answers: real ports."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from callproof.catalogue.planning import plan
from callproof.runner.connecting import network_sessions
from callproof.runner.embedded import local_target
from callproof.runner.preflight import NotReady, ready
from callproof.target.target import Intake, Target
from callproof.wire import SystemClock, Transcript
from conformance.tests.performing import suite
from conformance.tests.wire.raw_server import Serve, answer, asked, serving

PLAN = plan(suite().scenarios, suite().flows, select=["http/login"])
ME = b'{"statusCode": 0, "user": {"id": "u", "userName": "Alice"}}'
JSON = "Content-Type: application/json;charset=UTF-8"


def always(data: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await asked(reader)
            writer.write(data)

    return serve


def refusal(server: Serve, intake: Intake | None = None) -> str:
    """Why a run does not begin at this server; the address stands as URL."""

    async def story() -> str:
        async with serving(server) as url:
            target = replace(local_target(1), base_url=f"{url}/api/v2", intake=intake or Intake())
            return (await _refusal(target)).replace(url, "URL")

    return asyncio.run(story())


async def _refusal(target: Target) -> str:
    clock = SystemClock()
    sessions = network_sessions(target, PLAN.agents, Transcript(clock), clock)
    try:
        await ready(sessions, PLAN, target)
    except NotReady as error:
        return str(error)
    finally:
        await sessions.close()
    return ""


HERE = "target.base_url URL/api/v2: GET URL/api/v2/me: "


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            answer(ME[:-1], JSON),
            f"{HERE}the answer is HTTP 200 application/json, which cannot be read as JSON: breaks off after 58 bytes; "
            "the server or a proxy before it spoils the body",
        ),
        (
            answer(ME.replace(b"Alice", b"Al\xefce"), JSON),
            f"{HERE}the answer is HTTP 200 application/json, which cannot be read as JSON: not UTF-8 at byte 53; "
            "the server or a proxy before it spoils the body",
        ),
        (
            answer(b"<html>please log in</html>", "Content-Type: text/html"),
            f"{HERE}the answer is HTTP 200 text/html, an HTML page; "
            "check the address, and what stands before the server: a proxy, a login page",
        ),
        (
            answer(b"<html>maintenance</html>", "Content-Type: text/html", status="502 Bad Gateway"),
            "target.base_url URL/api/v2 cannot be reached: GET URL/api/v2/me: a gateway answered in place of the server "
            "(HTTP 502 text/html, an HTML page)",
        ),
        (
            answer(b"", "Location: https://sso.test/login?ticket=planted", status="302 Found"),
            f"{HERE}HTTP 302, a redirect to https://sso.test/login, which is not followed; "
            "write the address that the API has now",
        ),
        (
            answer(b"", "Retry-After: 59", status="503 Service Unavailable"),
            f"{HERE}HTTP 503 with Retry-After: 59; the server does not serve now, and limits.retry_after_s limits how "
            "long a run waits for that",
        ),
        (
            answer(b"", status="407 Proxy Authentication Required"),
            f"{HERE}HTTP 407: the proxy wants a login; write it into the address that target.proxy_url_env names",
        ),
        (
            answer(ME + b" " * 70_000, JSON),
            "target.base_url URL/api/v2 sends what cannot be used: GET URL/api/v2/me: the answer is too large (its body is "
            "longer than 65536 bytes; set limits.answer_bytes if that is right)",
        ),
        (
            answer(ME, JSON, "Content-Encoding: br"),
            "target.base_url URL/api/v2 sends what cannot be used: GET URL/api/v2/me: the answer cannot be read (it says "
            "Content-Encoding: br, which the suite did not ask for and does not read)",
        ),
        (
            answer(b"<html>forbidden by the firewall</html>", "Content-Type: text/html", status="403 Forbidden"),
            "the login of alice was refused (HTTP 403 text/html, an HTML page): "
            "check agents.alice.user_env and agents.alice.password_env",
        ),
    ],
    ids=["truncated", "latin-1", "page", "gateway", "redirect", "retry-after", "proxy-login", "large", "br", "firewall"],
)  # fmt: skip
def test_what_cannot_be_read_is_described_as_what_it_is(data: bytes, told: str) -> None:
    assert refusal(always(data), Intake(answer_bytes=65536, retry_after_s=0)) == told


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert refusal(always(answer(b"\xef\xbb\xbf" + ME, JSON))) == ""
