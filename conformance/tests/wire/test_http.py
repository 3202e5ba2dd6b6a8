"""Requests of one agent: what leaves, what comes back, what is kept, what is written down."""

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Coroutine
from pathlib import Path

import httpx
import pytest

from callproof.bayeux import Json
from callproof.wire import (
    NOBODY,
    Basic,
    CertificatesUnusable,
    Clock,
    Exchange,
    HttpAgent,
    Identity,
    Kind,
    NoAnswer,
    NotJson,
    NotRead,
    Reason,
    TokenBucket,
    Transcript,
    read_json,
    tls_context,
)

Play = Callable[[Coroutine[None, None, None]], None]
Answer = Callable[[httpx.Request], httpx.Response]

ALICE = Basic("alice-user", "alice-password")
BASIC = "Basic " + b64encode(b"alice-user:alice-password").decode()


def agent_of(clock: Clock, answer: Answer, *, limiter: TokenBucket | None = None) -> HttpAgent:
    return HttpAgent(
        "alice",
        "http://server.test/api/v2/",
        Transcript(clock),
        credentials=ALICE,
        clock=clock,
        limiter=limiter,
        transport=httpx.MockTransport(answer),
    )


def echo(request: httpx.Request) -> httpx.Response:
    """Answer with what was asked."""
    headers = {name: value for name, value in request.headers.items() if name not in {"host", "accept"}}
    return httpx.Response(
        200, json={"url": str(request.url), "headers": headers, "body": request.content.decode()}
    )


def answered(outcome: Exchange | NoAnswer) -> Exchange:
    assert isinstance(outcome, Exchange)
    return outcome


def headers_of(outcome: Exchange | NoAnswer) -> Json:
    value = answered(outcome).value
    assert isinstance(value, dict)
    return value["headers"]


def test_an_answer_is_a_value_with_everything_in_it(play: Play, clock: Clock) -> None:
    async def slow(request: httpx.Request) -> httpx.Response:
        await clock.sleep(0.25)
        return httpx.Response(200, json={"statusCode": 0}, headers=[("X-A", "1"), ("x-a", "2")])

    async def story() -> None:
        agent = HttpAgent(
            "alice",
            "http://server.test/api/v2",
            Transcript(clock),
            clock=clock,
            transport=httpx.MockTransport(slow),
        )
        exchange = answered(await agent.request("POST", "/me", json={"operationName": "Answer"}))

        assert (exchange.method, exchange.url) == ("POST", "http://server.test/api/v2/me")
        assert (exchange.status, exchange.value, exchange.text) == (
            200,
            {"statusCode": 0},
            '{"statusCode":0}',
        )
        assert (exchange.started, exchange.elapsed, exchange.received) == (0, 0.25, 0.25)
        assert (exchange.header("X-a"), exchange.header("x-b")) == ("1", None)
        assert (exchange.id, exchange.answer_id) == ("t0001", "t0002")

    play(story())


def test_both_halves_are_in_the_transcript(play: Play, clock: Clock) -> None:
    async def story() -> None:
        agent = agent_of(clock, lambda _: httpx.Response(403, text="Missing", headers={"X": "y"}))
        await agent.request("POST", "/me", json={"a": 1})

        asked, got = agent.transcript.entries
        assert (asked.kind, got.kind) == (Kind.REQUEST, Kind.RESPONSE)
        assert asked.body["json"] == {"a": 1}
        assert ["Authorization", "Basic ***"] in list(asked.body["headers"])  # type: ignore[arg-type]  # a JSON list
        assert got.body == {
            "request": "t0001",
            "status": 403,
            "text": "Missing",
            "not_json": "Expecting value at line 1, column 1",
            "elapsed_ms": 0,
            "headers": [["X", "y"], ["Content-Length", "7"], ["Content-Type", "text/plain; charset=utf-8"]],
        }

    play(story())


def test_the_login_goes_with_every_request_and_cookies_once_they_are_set(play: Play, clock: Clock) -> None:
    def setting(request: httpx.Request) -> httpx.Response:
        response = echo(request)
        response.headers["Set-Cookie"] = "JSESSIONID=abc; Path=/; HttpOnly"
        return response

    async def story() -> None:
        agent = agent_of(clock, setting)
        first = headers_of(await agent.request("GET", "/me"))
        second = headers_of(await agent.request("GET", "/me"))

        assert first == {"authorization": BASIC}
        assert second == {"authorization": BASIC, "cookie": "JSESSIONID=abc"}
        assert agent.cookies == {"JSESSIONID": "abc"}

    play(story())


@pytest.mark.parametrize("octets", [b"x\xc3\xa4y", b"x\xe4\x85y"], ids=["UTF-8", "Latin-1"])
def test_a_cookie_with_other_characters_goes_back_as_it_came(play: Play, clock: Clock, octets: bytes) -> None:
    """RFC 6265, 5.4: a cookie is octets to whoever keeps it. This one ended the run as "cannot be reached"."""
    sent: list[bytes] = []

    def setting(request: httpx.Request) -> httpx.Response:
        sent.extend(value for name, value in request.headers.raw if name.lower() == b"cookie")
        return httpx.Response(200, headers=[(b"Set-Cookie", b"a=" + octets + b"; Path=/")])

    async def story() -> None:
        agent = agent_of(clock, setting)
        await agent.request("GET", "/me")
        await agent.request("GET", "/me")
        await agent.request("GET", "/me", identity=agent.cookies_only())

        assert sent == [b"a=" + octets] * 2

    play(story())


def test_cookies_of_addresses_in_numbers_are_kept_too(play: Play, clock: Clock) -> None:
    async def story() -> None:
        agent = agent_of(
            clock, lambda _: httpx.Response(200, headers={"Set-Cookie": "JSESSIONID=abc; Path=/"})
        )
        await agent.request("GET", "http://127.0.0.1:8080/api/v2/me")

        assert agent.cookies == {"JSESSIONID": "abc"}

    play(story())


def test_a_request_as_somebody_else_carries_and_keeps_nothing_of_the_agent(play: Play, clock: Clock) -> None:
    def setting(request: httpx.Request) -> httpx.Response:
        response = echo(request)
        response.headers["Set-Cookie"] = f"JSESSIONID=for-{request.headers.get('x-who')}"
        return response

    async def story() -> None:
        agent = agent_of(clock, setting)
        await agent.request("GET", "/me", headers={"X-Who": "alice"})
        wrong = Identity(Basic("alice-user", "wrong"), {"JSESSIONID": "of-bob"})

        nobody = headers_of(await agent.request("GET", "/me", identity=NOBODY, headers={"X-Who": "nobody"}))
        same = headers_of(await agent.request("GET", "/me", identity=NOBODY))
        fresh = headers_of(await agent.request("GET", "/me", identity=agent.fresh_identity()))
        cookie = headers_of(await agent.request("GET", "/me", identity=agent.cookies_only()))
        other = headers_of(await agent.request("GET", "/me", identity=wrong))

        assert nobody == {"x-who": "nobody"}
        assert same == {}
        assert fresh == {"authorization": BASIC}
        assert cookie == {"cookie": "JSESSIONID=for-alice"}
        assert other == {
            "authorization": "Basic " + b64encode(b"alice-user:wrong").decode(),
            "cookie": "JSESSIONID=of-bob",
        }
        assert agent.cookies == {"JSESSIONID": "for-alice"}

    play(story())


def test_an_agent_elsewhere_has_the_same_login_and_cookies_of_that_machine(play: Play, clock: Clock) -> None:
    def setting(request: httpx.Request) -> httpx.Response:
        response = echo(request)
        response.headers["Set-Cookie"] = f"JSESSIONID={request.headers['x-where']}"
        return response

    async def story() -> None:
        agent = agent_of(clock, setting)
        elsewhere = agent.elsewhere()
        await agent.request("GET", "/me", headers={"X-Where": "here"})
        first = headers_of(await elsewhere.request("GET", "/me", headers={"X-Where": "there"}))
        second = headers_of(await elsewhere.request("GET", "/me", headers={"X-Where": "there"}))

        assert first == {"authorization": BASIC, "x-where": "there"}
        assert second == {"authorization": BASIC, "x-where": "there", "cookie": "JSESSIONID=there"}
        assert agent.cookies == {"JSESSIONID": "here"}

    play(story())


def test_a_csrf_token_is_sent_back_under_the_name_that_was_given(play: Play, clock: Clock) -> None:
    def guarded(request: httpx.Request) -> httpx.Response:
        response = echo(request)
        response.headers.update({"X-CSRF-HEADER": "X-CSRF-TOKEN", "X-CSRF-TOKEN": "t-1"})
        return response

    async def story() -> None:
        agent = agent_of(clock, guarded)
        await agent.request("GET", "/me")

        sent = headers_of(await agent.request("POST", "/me", json={}))

        assert isinstance(sent, dict)
        assert sent["x-csrf-token"] == "t-1"

    play(story())


def test_bodies_leave_as_they_are_given(play: Play, clock: Clock) -> None:
    async def story() -> None:
        agent = agent_of(clock, echo)
        raw = answered(
            await agent.request("POST", "/me", content=b"[not json", headers={"Content-Type": None})
        )

        assert raw.value == {
            "url": "http://server.test/api/v2/me",
            "headers": {"authorization": BASIC, "content-length": "9"},
            "body": "[not json",
        }

    play(story())


def test_json_is_written_as_utf_8_and_null_is_a_body(play: Play, clock: Clock) -> None:
    bodies: list[bytes] = []

    def keep(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200)

    async def story() -> None:
        agent = agent_of(clock, keep)
        for value in ({"operationName": "Answer"}, "ä😀\u2028", "\ud800", None):
            await agent.request("POST", "/me", json=value)

        assert bodies == [b'{"operationName":"Answer"}', '"ä😀\u2028"'.encode(), b'"\\ud800"', b"null"]

    play(story())


def test_a_redirect_is_an_answer(play: Play, clock: Clock) -> None:
    async def story() -> None:
        agent = agent_of(clock, lambda _: httpx.Response(307, headers={"Location": "http://elsewhere.test/"}))

        assert answered(await agent.request("GET", "/me")).status == 307

    play(story())


def test_an_answer_that_does_not_come_in_time_is_a_value(play: Play, clock: Clock) -> None:
    async def story() -> None:
        async def never(request: httpx.Request) -> httpx.Response:
            await clock.sleep(3600)
            raise AssertionError("too late")

        transport = httpx.MockTransport(never)
        agent = HttpAgent("alice", "http://server.test", Transcript(clock), clock=clock, transport=transport)
        outcome = await agent.request("GET", "/me", timeout_s=2)

        assert isinstance(outcome, NoAnswer)
        assert (outcome.reason, outcome.started, outcome.received) == (Reason.TIMED_OUT, 0, 2)
        assert str(outcome) == "GET http://server.test/me: timed out (no answer within 2 s)"
        assert agent.transcript.entries[-1].body == {
            "request": "t0001",
            "no_answer": "timed out",
            "detail": "no answer within 2 s",
        }

    play(story())


def caused_by(error: httpx.HTTPError, cause: BaseException) -> httpx.HTTPError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (caused_by(httpx.ConnectError("x"), ConnectionRefusedError()), Reason.CONNECTION_REFUSED),
        (caused_by(httpx.ConnectError("x"), socket.gaierror()), Reason.HOST_NOT_FOUND),
        (caused_by(httpx.ConnectError("x"), ssl.SSLError()), Reason.TLS_FAILED),
        (httpx.ConnectError("x"), Reason.CONNECTION_FAILED),
        (httpx.ReadError("x"), Reason.CONNECTION_LOST),
        (
            httpx.RemoteProtocolError("Server disconnected without sending a response."),
            Reason.CONNECTION_LOST,
        ),
        (httpx.RemoteProtocolError("illegal status line"), Reason.NOT_HTTP),
        (httpx.LocalProtocolError("illegal header"), Reason.NOT_SENT),
    ],
)
def test_a_failing_network_is_a_reason_and_no_traceback(
    play: Play, clock: Clock, error: httpx.HTTPError, reason: Reason
) -> None:
    def failing(request: httpx.Request) -> httpx.Response:
        raise error

    async def story() -> None:
        outcome = await agent_of(clock, failing).request("GET", "/me")

        assert isinstance(outcome, NoAnswer)
        assert outcome.reason is reason

    play(story())


@pytest.mark.parametrize("address", ["ftp://server.test/", "http://", "no\x00://a", "http://a.test:99999/"])
def test_an_impossible_address_is_a_reason_too(play: Play, clock: Clock, address: str) -> None:
    async def story() -> None:
        outcome = await agent_of(clock, echo).request("GET", address)

        assert isinstance(outcome, NoAnswer)
        assert outcome.reason is Reason.NOT_SENT

    play(story())


def test_a_server_that_asks_for_time_gets_it_and_the_request_again(play: Play, clock: Clock) -> None:
    answers = [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json=1)]

    async def story() -> None:
        agent = agent_of(clock, lambda _: answers.pop(0))
        exchange = answered(await agent.request("POST", "/me", json={}))

        assert (exchange.status, exchange.started) == (200, 7)
        notes = [entry.body["text"] for entry in agent.transcript.entries if entry.kind is Kind.NOTE]
        assert notes == ["HTTP 429 to t0001: the server asked for a pause of 7 s, which it gets"]

    play(story())


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "soon"}, {"Retry-After": "86400"}])
def test_a_refusal_without_a_time_that_can_be_waited_is_an_answer(
    play: Play, clock: Clock, headers: dict[str, str]
) -> None:
    async def story() -> None:
        agent = agent_of(clock, lambda _: httpx.Response(503, headers=headers))

        assert answered(await agent.request("GET", "/me")).status == 503
        assert clock.monotonic() == 0

    play(story())


def test_a_server_that_asks_for_ever_is_asked_three_times(play: Play, clock: Clock) -> None:
    async def story() -> None:
        agent = agent_of(clock, lambda _: httpx.Response(429, headers={"Retry-After": "1"}))

        assert answered(await agent.request("GET", "/me")).status == 429
        assert sum(1 for entry in agent.transcript.entries if entry.kind is Kind.REQUEST) == 3

    play(story())


def test_agents_share_one_limit(play: Play, clock: Clock) -> None:
    async def story() -> None:
        limiter = TokenBucket(clock, requests_per_s=2)
        agents = [agent_of(clock, echo, limiter=limiter) for _ in range(3)]
        outcomes = await asyncio.gather(*(agent.request("GET", "/me") for agent in agents))

        assert sorted(outcome.started for outcome in outcomes) == [0, 0.5, 1.0]

    play(story())


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, null]}', {"a": [1, None]}),
        (b"", NotJson("empty")),
        (b"  \n", NotJson("empty")),
        (b"\xff", NotJson("not UTF-8 at byte 0")),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": "b"', NotJson("breaks off after 9 bytes")),
        (b'{"a": "b', NotJson("breaks off after 8 bytes")),
        (b"[1, 2, \r\n", NotJson("breaks off after 9 bytes")),
        (b'{"a":}', NotJson("Expecting value at line 1, column 6")),
        (b"NaN", NotJson("NaN is not a JSON value")),
        (b"[" * 100_000, NotRead("it is nested deeper than 200 levels, and no more are read")),
        (b"-" + b"1" * 4301, NotRead("it has a number of 4301 digits, and more than 4300 are not read")),
        (b"-" + b"1" * 4300, -int("1" * 4300)),
        (b'["' + b"[" * 300 + b'\\""]', ["[" * 300 + '"']),
    ],
)
def test_a_body_is_json_or_says_why_not(body: bytes, value: Json | NotJson) -> None:
    assert read_json(body) == value


def test_a_certificate_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing, wrong = tmp_path / "missing.pem", tmp_path / "wrong.pem"
    wrong.write_text("no certificate")

    for file in (missing, wrong):
        with pytest.raises(CertificatesUnusable, match=file.name):
            tls_context(file)


def test_values_do_not_show_secrets_when_they_are_printed(play: Play, clock: Clock) -> None:
    async def story() -> None:
        agent = agent_of(clock, lambda _: httpx.Response(200, headers={"Set-Cookie": "JSESSIONID=planted"}))
        exchange = await agent.request("POST", "/me", json={"clientId": "planted"})
        shown = f"{exchange!r} {agent.fresh_identity()!r} {agent.cookies_only()!r}"

        assert not [
            secret for secret in ("planted", "alice-user", "alice-password", BASIC) if secret in shown
        ]

    play(story())
