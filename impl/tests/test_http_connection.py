"""What a client may send and keep open over HTTP, on a real socket."""

from __future__ import annotations

import json
import logging
import re
from itertools import count

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from refswitch import limits
from refswitch.http_bounds import HttpBounds

from .house import ALICE, DEVICES
from .on_a_socket import AUTHORIZATION, HOST, Site, on_a_socket

CLOSE = b"Connection: close\r\n"
GET = b"GET /api/v2/me HTTP/1.1\r\n"
POST = b"POST /api/v2/me HTTP/1.1\r\n"
UPGRADE = (
    b"GET /api/v2/notifications HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\n"
)
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
JSON = b"Content-Type: application/json\r\n"

REFUSED = [
    # Bounds.
    ("a large header", GET + HOST + b"X: " + b"a" * 40_000 + b"\r\n\r\n", 431, "32768 bytes"),
    ("a header without end", GET + HOST + b"X: " + b"a" * 4_000_000, 431, "32768 bytes"),
    ("a name without end", GET + HOST + b"a" * 4_000_000, 431, "32768 bytes"),
    (
        "large headers together",
        GET + HOST + (b"X: " + b"a" * 1_000 + b"\r\n") * 40 + b"\r\n",
        431,
        "32768 bytes",
    ),
    ("many headers", GET + HOST + b"X: a\r\n" * 100 + b"\r\n", 431, "100 headers"),
    ("blank lines without end", b"\r\n" * 500_000, 431, "32768 bytes"),
    ("a long path", b"GET /" + b"a" * 8_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, "8000 bytes"),
    ("a query without end", b"GET /?" + b"a" * 4_000_000, 414, "8000 bytes"),
    (
        "a long header of an upgrade",
        UPGRADE + KEY + HOST + b"X: " + b"a" * 9_000 + b"\r\n\r\n",
        431,
        "8000 bytes",
    ),
    # Two programs could read these differently (RFC 9112, 3.2, 6.1 and 6.3).
    ("no host", GET + b"\r\n", 400, "exactly one Host"),
    ("two hosts", GET + HOST + HOST + b"\r\n", 400, "exactly one Host"),
    ("two hosts in HTTP/1.0", b"GET / HTTP/1.0\r\n" + HOST + HOST + b"\r\n", 400, "exactly one Host"),
    ("half a host", GET + b"Host: [\r\n\r\n", 400, "Host header"),
    ("a host and a path", GET + b"Host: a/b\r\n\r\n", 400, "Host header"),
    (
        "gzip and chunked",
        POST + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        501,
        "gzip, chunked",
    ),
    (
        "gzip, then chunked",
        POST + HOST + b"Transfer-Encoding: gzip\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
        501,
        "gzip",
    ),
    ("two lengths", POST + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, "HTTP/1.1"),
    ("length and chunked", POST + HOST + b"Content-Length: 1\r\n" + CHUNKED + b"\r\n0\r\n\r\n", 400, ""),
    ("chunked and length", POST + HOST + CHUNKED + b"Content-Length: 1\r\n\r\n0\r\n\r\n", 400, ""),
    ("chunked in HTTP/1.0", b"POST / HTTP/1.0\r\n" + CHUNKED + b"\r\n0\r\n\r\n", 400, "HTTP/1.0"),
    ("no size of a chunk", POST + HOST + AUTHORIZATION + JSON + CHUNKED + b"\r\nzz\r\n\r\n", 400, "HTTP/1.1"),
    # Not a request that this server could answer.
    ("HTTP/0.9", b"GET /api/v2/me HTTP/0.9\r\n" + HOST + b"\r\n", 400, "HTTP/1.1"),
    ("HTTP/2.0", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "HTTP/1.1"),
    ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "HTTP/1.1"),
    ("CONNECT", b"CONNECT a:1 HTTP/1.1\r\n" + HOST + b"\r\n", 400, "path"),
    ("an address without a path", b"GET http://a HTTP/1.1\r\n" + HOST + b"\r\n", 400, "path"),
    ("an upgrade without a key", UPGRADE + HOST + b"\r\n", 400, "RFC 6455"),
    ("an upgrade with a body", UPGRADE + KEY + HOST + b"Content-Length: 1\r\n\r\na", 400, "body"),
    ("an upgrade by POST", UPGRADE.replace(b"GET", b"POST") + KEY + HOST + b"\r\n", 405, "RFC 6455"),
]


def parts(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body


@pytest.mark.parametrize(
    ("sent", "status", "sentence"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_request_that_breaks_a_bound_or_a_rule_is_refused_in_one_quiet_line(
    sent: bytes, status: int, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    """openapi.yaml, requests-have-bounds, one-host and one-length; asked after it, the server still answers."""

    async def test(site: Site) -> None:
        code, headers, body = parts(await site.answer(sent))
        told = json.loads(body)
        assert (code, told) == (status, {"statusCode": 10, "statusMessage": told["statusMessage"]})
        assert sentence in told["statusMessage"]
        assert (headers["content-type"], headers["connection"]) == ("application/json", "close")
        assert await site.status() == b"HTTP/1.1 200 OK"

    caplog.set_level(logging.INFO, logger="refswitch")
    on_a_socket(test)
    lines = [record for record in caplog.records if record.name in ("refswitch", "uvicorn.error")]
    said = [record.getMessage() for record in lines if "refused" in record.getMessage()]
    assert len(said) == 1, caplog.text
    assert f"HTTP {status}" in said[0]
    assert all(record.levelno <= logging.INFO for record in lines), caplog.text


def test_a_head_within_the_bounds_is_answered() -> None:
    async def test(site: Site) -> None:
        large = b"X: " + b"a" * 30_000 + b"\r\n"
        many = b"X: a\r\n" * 96
        for more in (large, many, b"Upgrade: h2c\r\n"):
            assert (await site.answer(GET + HOST + AUTHORIZATION + CLOSE + more + b"\r\n")).startswith(
                b"HTTP/1.1 200 OK\r\n"
            )
        told = await site.answer(b"GET /api/v2/me HTTP/1.0\r\n" + AUTHORIZATION + b"\r\n")
        assert told.startswith(b"HTTP/1.1 200 OK\r\n")

    on_a_socket(test)


def test_a_head_that_is_not_finished_in_time_is_answered_with_408() -> None:
    async def test(site: Site) -> None:
        reader, writer = await site.connect()
        writer.write(GET + b"X: ")
        assert await site.status() == b"HTTP/1.1 200 OK"  # by then the head has arrived
        site.later(limits.HEAD_SECONDS.default - 1)
        assert await site.status() == b"HTTP/1.1 200 OK"
        site.later(limits.HEAD_SECONDS.default + 1)
        status, _, body = parts(await reader.read())
        assert (status, json.loads(body)) == (
            408,
            {"statusCode": 10, "statusMessage": "The head of the request must be complete within 20 seconds"},
        )
        writer.close()

    on_a_socket(test)


def test_a_connection_without_a_request_is_closed_in_time() -> None:
    async def test(site: Site) -> None:
        reader, writer = await site.connect()
        assert await site.status() == b"HTTP/1.1 200 OK"
        site.later(limits.HEAD_SECONDS.default + 1)
        assert await reader.read() == b""
        writer.close()

    on_a_socket(test)


@pytest.mark.parametrize("path", [b"/api/v2/me", b"/api/v2/notifications", b"/__admin/v1/clock"])
def test_a_body_that_is_not_finished_in_time_is_answered_with_408(path: bytes) -> None:
    async def test(site: Site) -> None:
        reader, writer = await site.connect()
        head = (
            b"POST "
            + path
            + b" HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
            + AUTHORIZATION
            + JSON
        )
        writer.write(head + b"Content-Length: 100\r\n\r\n{")
        assert (
            await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        )  # somebody reads the body
        site.later(limits.BODY_SECONDS.default + 1)
        status, _, body = parts(await reader.read())
        assert (status, json.loads(body)["statusMessage"]) == (
            408,
            "The body of the request must be complete within 60 seconds",
        )
        writer.close()

    on_a_socket(test)


def test_time_passes_for_the_client_only_while_the_server_waits_for_it() -> None:
    """A held poll, and a connection between two requests, which has a bound of its own."""

    async def test(site: Site) -> None:
        reader, writer = await site.connect()

        async def post(message: str) -> bytes:
            body = message.encode()
            writer.write(
                b"POST /api/v2/notifications HTTP/1.1\r\n" + HOST + AUTHORIZATION + JSON
                + b"Content-Length: %d\r\n\r\n" % len(body) + body
            )  # fmt: skip
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            assert length is not None
            return await reader.readexactly(int(length[1]))

        shaken = await post(
            '[{"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["long-polling"]}]'
        )
        client = json.loads(shaken)[0]["clientId"]
        site.later(1_000)
        connect = f'[{{"channel":"/meta/connect","connectionType":"long-polling","clientId":"{client}"}}]'
        assert json.loads(await post(connect))[0]["successful"]
        body = connect.encode()
        writer.write(
            b"POST /api/v2/notifications HTTP/1.1\r\n" + HOST + AUTHORIZATION + JSON
            + b"Content-Length: %d\r\n\r\n" % len(body) + body + b"\r\n"
        )  # fmt: skip
        assert await site.status() == b"HTTP/1.1 200 OK"  # by then it is held
        site.later(1_000)
        site.serving.stop()  # which answers it
        assert (await reader.read()).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.close()

    on_a_socket(test)


def test_a_connection_too_many_is_answered_with_503_until_another_ends() -> None:
    async def test(site: Site) -> None:
        reader, writer = await site.connect()
        writer.write(GET + HOST + AUTHORIZATION + b"\r\n")
        assert await reader.readuntil(b"\r\n\r\n")
        request = GET + HOST + AUTHORIZATION + CLOSE + b"\r\n"
        status, headers, body = parts(await site.answer(request))
        assert (status, headers["retry-after"], json.loads(body)) == (
            503,
            "1",
            {"statusCode": 13, "statusMessage": "The server has 1 connections already; try again later"},
        )
        writer.write(request)  # the last on this connection
        await reader.read()
        assert (await site.answer(request)).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.close()

    on_a_socket(test, HttpBounds(connections=1))


def test_a_refusal_never_stands_where_the_answer_to_an_earlier_request_is_due() -> None:
    """The client would take it for that answer."""

    async def test(site: Site) -> None:
        slow = POST + HOST + AUTHORIZATION + JSON + b"Content-Length: 2\r\n\r\n{}"
        told = await site.answer(slow + b"NONSENSE\r\n\r\n")
        assert b"NONSENSE" not in told
        assert told.count(b"HTTP/1.1 ") <= 1

    on_a_socket(test)


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: \xff",
        b"Content-Type: application/json; x=\xff",
        b"Accept: \xff",
        b"Cookie: \xff",
        b"Origin: \xff",
        b"X-CSRF-TOKEN: \xff",
        b"User-Agent: \xff",
    ],
)
def test_a_header_with_bytes_beyond_ascii_changes_nothing(
    header: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """RFC 9110, 5.5: a value may have them. What this server does not need of them is ignored."""

    async def test(site: Site) -> None:
        told = await site.answer(GET + HOST + AUTHORIZATION + header + b"\r\n" + CLOSE + b"\r\n")
        assert told.startswith(b"HTTP/1.1 200 OK\r\n")
        if not header.startswith(b"Content-Type: \xff"):
            kind = b"" if header.startswith(b"Content-Type") else JSON
            body = b'{"operationName": "Dial", "destination": {"phoneNumber": "15001"}}'
            calls = f"/me/devices/{DEVICES[ALICE]}/calls ".encode()
            told = await site.answer(
                POST.replace(b"/me ", calls) + HOST + AUTHORIZATION + kind + header + b"\r\n" + CLOSE
                + b"Content-Length: %d\r\n\r\n" % len(body) + body
            )  # fmt: skip
            assert told.startswith(b"HTTP/1.1 200 OK\r\n"), told

    on_a_socket(test)
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.slow
def test_whatever_bytes_arrive_nothing_breaks(caplog: pytest.LogCaptureFixture) -> None:
    """No traceback, no answer that puts the blame on the server, and the next client is served."""
    pieces = st.sampled_from(
        [
            GET, POST, UPGRADE, HOST, KEY, AUTHORIZATION, CLOSE, CHUNKED, JSON, b"\r\n", b"\r\n\r\n", b"\n", b"\0", b" ",
            b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Host: [\r\n", b"Origin: http://[\r\n", b"0\r\n\r\n",
            b"5\r\nabcde\r\n", b"Expect: 100-continue\r\n", b"Upgrade: h2c\r\n", b"GET /s/x/__admin/v1/health HTTP/1.1\r\n",
            b"GET //%00/%ff/../api/v2/me?x=%ff HTTP/1.1\r\n", b"Cookie: JSESSIONID=\xff;;=;\r\n", b"X-Forwarded-For: [\r\n",
            b"OPTIONS * HTTP/1.1\r\n", b"HTTP/1.1", b"[{}]", b"\x81\x85\0\0\0\0abcde", b"\x88\x80\0\0\0\0",
        ]
    )  # fmt: skip
    everything = st.lists(pieces | st.binary(max_size=12), max_size=12).map(b"".join)
    examples: list[bytes] = []

    @settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(everything)
    def collect(sent: bytes) -> None:
        examples.append(sent)

    collect()

    async def test(site: Site) -> None:
        for number, sent in zip(count(), examples, strict=False):
            reader, writer = await site.connect()
            writer.write(sent)
            writer.write_eof()
            told = await reader.read()
            writer.close()
            blamed = [
                status
                for status in re.findall(rb"^HTTP/1\.1 (5\d\d)", told, re.MULTILINE)
                if status != b"501"
            ]
            assert not blamed, (sent, told)
            if number % 25 == 0:
                assert await site.status() == b"HTTP/1.1 200 OK"

    on_a_socket(test)
    assert [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []
