"""The front changes nothing but the time of an answer: whatever is sent, servers with and without it behave the same."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from refswitch.rest.projection import Projection
from refswitch.rest.schemas import OperationBodies
from refswitch.settings import Settings

from ..house import ALICE, BOB, CAROL, CONTRACT, DEVICES, FIRST, SEATING, SECOND, House  # noqa: TID252  # the whole house is one floor up
from .test_any_request import BODY, JSON

JSON_TYPE = (b"content-type", b"application/json")


#: Operations that produce the call that every visit begins with.
PREPARED = 2


@dataclass(frozen=True)
class Request:
    """A request as sent, with its body in chunks."""

    method: str
    path: str
    chunks: tuple[bytes, ...] = (b"",)
    headers: tuple[tuple[bytes, bytes], ...] = (JSON_TYPE,)
    query: bytes = b""
    agent: str = ALICE
    has_length: bool = True


@dataclass
class Seen:
    """Everything in which two servers could differ: answers, log lines, notifications and the resources read afterwards."""

    answers: list[Any] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)
    state: list[Any] = field(default_factory=list)


async def send(house: House, request: Request) -> list[Any]:
    basic = base64.b64encode(f"{request.agent}:{request.agent}".encode())
    headers = [(b"authorization", b"Basic " + basic), *request.headers]
    if request.has_length:
        headers.append((b"content-length", str(sum(map(len, request.chunks))).encode()))
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": "/api/v2" + request.path,
        "raw_path": ("/api/v2" + request.path).encode(),
        "query_string": request.query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8080),
    }
    parts = list(request.chunks)
    sent: list[Any] = []

    async def receive() -> Any:
        if not parts:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def note(event: Any) -> None:
        sent.append(event)

    await house.app(scope, receive, note)
    return sent


async def visited(requests: Sequence[Request], *, front: bool) -> Seen:
    """What a server with or without the front does with these requests, while Alice talks to Bob and both listen."""
    lines: list[str] = []
    seen = Seen()
    house = House(Settings(CONTRACT, SEATING, front=front), lines.append, "json")
    try:
        await house.dial(BOB)
        await house.operate(FIRST, "Answer", agent=BOB)
        for agent in (ALICE, BOB):
            await house.listen(agent)
        lines.clear()
        for request in requests:
            start, *bodies = await send(house, request)
            headers = [(name, re.sub(rb"=[0-9a-f]{40}", b"=*", value)) for name, value in start["headers"]]
            text = b"".join(event.get("body", b"") for event in bodies)
            seen.answers.append((start["status"], sorted(headers), text))
        seen.log = [re.sub(r'"(time|ms)": ("[^"]*"|[0-9.]+)', r'"\1": 0', line) for line in lines]
        seen.heard = [await house.told(agent) for agent in (ALICE, BOB)]
        seen.state = [
            (await house.get("/me?subresources=*", agent=agent)).body for agent in (ALICE, BOB, CAROL)
        ]
    finally:
        house.app.close()
    return seen


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many requests the front has answered, and how many it has read and passed on."""
    counts: Counter[str] = Counter()
    fitting = OperationBodies.fitting

    def noted(self: OperationBodies, union: str, body: Any) -> str | None:
        name = fitting(self, union, body)
        counts["answered" if name else "handed on"] += 1
        return name

    monkeypatch.setattr(OperationBodies, "fitting", noted)
    return counts


def assert_same(requests: Sequence[Request], counts: Counter[str]) -> None:
    with_it, without = (asyncio.run(visited(requests, front=front)) for front in (True, False))
    assert with_it == without
    counts["answered"] -= PREPARED


def body(name: str, **more: object) -> bytes:
    return json.dumps({"operationName": name, **more}).encode()


HOLD, RETRIEVE = body("Hold"), body("Retrieve")
CALL = f"/me/calls/{FIRST}"
IN_ORDER = [
    Request("POST", CALL, (HOLD,)),
    Request("POST", CALL, (RETRIEVE,), ((b"content-type", b"application/json; charset=utf-8"),)),
    Request("POST", CALL, (HOLD,), ((b"content-type", b"Application/JSON"),)),
    Request("POST", CALL + "/", (RETRIEVE,)),
    Request("POST", CALL, (HOLD[:7], HOLD[7:]), has_length=False),
    Request("POST", CALL, (RETRIEVE, b"")),
    Request("POST", CALL, (b"\xef\xbb\xbf" + HOLD,)),
    Request("POST", CALL, (RETRIEVE,), agent=BOB),
    Request("POST", CALL, (body("Answer"),)),
    Request("POST", "/me/calls/XX", (HOLD,)),
    Request(
        "POST", CALL, (body("InitiateConference", destination={"phoneNumber": CAROL}, userData={"a": "é"}),)
    ),
    Request("POST", f"/me/calls/{SECOND}", (body("Hangup", unknown=[1, {"b": None}]),)),
    Request("POST", "/me", (body("StartContactCenterSession", channels=["voice", "email"]),)),
    Request("POST", "/me/channels/voice", (body("Ready"),)),
    Request("POST", f"/me/devices/{DEVICES[ALICE]}", (body("DoNotDisturbOn"),)),
    Request("POST", f"/devices/{DEVICES[ALICE]}", (body("DoNotDisturbOff"),)),
    Request("POST", f"/devices/{DEVICES[BOB]}", (body("DoNotDisturbOff"),)),
    Request("POST", "/me/channels/voice", (body("Ready"),), agent=CAROL),
    Request("POST", "/me/channels/email", (body("Ready"),)),
    Request(
        "POST",
        f"/me/devices/{DEVICES[CAROL]}/calls",
        (body("Dial", destination={"phoneNumber": "70203"}),),
        agent=CAROL,
    ),
]
NOT_IN_ORDER = [
    Request("POST", CALL, (b"",)),
    Request("POST", CALL, (b" \n",)),
    Request("POST", CALL, (b"{",)),
    Request("POST", CALL, (b"[]",)),
    Request("POST", CALL, (b"null",)),
    Request("POST", CALL, (b'"Hold"',)),
    Request("POST", CALL, (b"{}",)),
    Request("POST", CALL, (b'{"operationName":"Hold","operationName":"Hold"}',)),
    Request("POST", CALL, (b'{"operationName":"Hold","a":"\\ud800"}',)),
    Request("POST", CALL, (b'{"operationName":"Hold","a":1e999}',)),
    Request("POST", CALL, (b'{"operationName":"Hold","a":' + b"9" * 5000 + b"}",)),
    Request("POST", CALL, (b'{"operationName":"Hold","a":' + b"[" * 100 + b"]" * 100 + b"}",)),
    Request("POST", CALL, (b'{"operationName":"Hold","a":' + b"[" * 100_000,)),
    Request("POST", CALL, (b"\xff" + HOLD,)),
    Request("POST", CALL, (body("Hold", a="x" * 1_048_576),)),
    Request("POST", CALL, (b" " * 600_000, b" " * 600_000, HOLD), has_length=False),
    Request("POST", CALL, (body("Dial", destination={"phoneNumber": BOB}),)),
    Request("POST", CALL, (body("Teleport"),)),
    Request("POST", CALL, (body("InitiateConference"),)),
    Request("POST", CALL, (body("InitiateConference", destination={"phoneNumber": 5}),)),
    Request("POST", CALL, (HOLD,), ()),
    Request("POST", CALL, (HOLD,), ((b"content-type", b"text/plain"),)),
    Request("POST", CALL, (HOLD,), ((b"content-type", b"application/json; charset=latin-1"),)),
    Request("POST", CALL, (HOLD,), (JSON_TYPE, JSON_TYPE)),
    Request("POST", CALL, (HOLD,), (JSON_TYPE, (b"content-type", b"text/plain"))),
    Request("POST", CALL, (HOLD,), query=b"x=1"),
    Request("POST", CALL, (body("InitiateConference", destination={"phoneNumber": "1" * 5_000}),)),
    Request("POST", "/me/calls/.x", (HOLD,)),
    Request("POST", "/me/calls/a b", (HOLD,)),
    Request("POST", "/me/calls", (HOLD,)),
    Request("POST", "/me/calls//", (HOLD,)),
    Request("POST", "/nowhere", (HOLD,)),
    Request("PUT", CALL, (HOLD,)),
    Request("GET", CALL),
    Request("POST", "/me", (body("OutToLunch"),)),
]


def test_the_front_answers_plainly_valid_requests_as_connexion_would(counts: Counter[str]) -> None:
    assert_same(IN_ORDER, counts)
    assert counts == {"answered": len(IN_ORDER)}


@pytest.mark.parametrize("request_", NOT_IN_ORDER, ids=lambda one: f"{one.method}-{one.chunks[0][:30]!r}")
def test_any_other_request_is_left_to_connexion(request_: Request, counts: Counter[str]) -> None:
    assert_same([request_, Request("POST", CALL, (HOLD,))], counts)
    assert counts["answered"] == 1


def test_an_internal_error_is_answered_the_same_and_its_text_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("refswitch.switch.Switch.apply", fail)

    async def answers(*, front: bool) -> Any:
        house = House(Settings(CONTRACT, SEATING, front=front))
        start, last = await send(house, Request("POST", CALL, (HOLD,)))
        return start["status"], start["headers"], last["body"]

    told = [asyncio.run(answers(front=front)) for front in (True, False)]
    assert told[0][::2] == told[1][::2] == (500, b'{"statusCode": 4, "statusMessage": "Internal error"}')


PATHS = st.sampled_from(
    [
        "/me",
        "/me/channels/voice",
        f"/me/devices/{DEVICES[ALICE]}",
        f"/devices/{DEVICES[ALICE]}",
        f"/me/devices/{DEVICES[ALICE]}/calls",
        f"/devices/{DEVICES[BOB]}/calls",
        CALL,
        CALL,
        CALL + "/",
        f"/me/calls/{SECOND}",
        "/me/calls/XX",
        "/me/calls",
    ]
)
TYPES = st.sampled_from(
    [
        b"application/json",
        b"application/json",
        b"application/json",
        b"application/json; charset=UTF-8",
        b"application/json;charset=utf-8",
        b'application/json; charset="utf-8"',
        b"application/json; charset=utf-16",
        b"application/vnd.api+json",
        b"text/json",
        b"",
    ]
)
CONTENT = st.one_of(
    BODY.map(json.dumps),
    BODY.map(json.dumps),
    st.sampled_from([HOLD, RETRIEVE, body("Hangup"), body("SendDtmf", digits="1")]).map(bytes.decode),
    JSON.map(json.dumps),
    st.text(max_size=20),
).map(lambda text: text.encode("utf-8", "surrogatepass"))


@st.composite
def anything(draw: st.DrawFn) -> Request:
    content = draw(CONTENT)
    cut = draw(st.integers(0, len(content)))
    chunks = draw(st.sampled_from([(content,), (content[:cut], content[cut:])]))
    return Request(
        draw(st.sampled_from(["POST"] * 8 + ["GET", "PUT", "DELETE", "HEAD"])),
        draw(PATHS),
        chunks,
        ((b"content-type", draw(TYPES)),),
        draw(st.sampled_from([b"", b"", b"", b"fields=*", b"a=b"])),
        draw(st.sampled_from([ALICE, ALICE, BOB, CAROL])),
        draw(st.booleans()),
    )


def test_nothing_but_speed_differs_whatever_is_sent(counts: Counter[str]) -> None:
    @settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(anything() | st.sampled_from(IN_ORDER), min_size=10, max_size=30))
    def same(requests: list[Request]) -> None:
        assert_same(requests, counts)

    same()
    assert counts["answered"] > 100, counts
    assert counts["handed on"] > 30, counts


def test_every_operation_that_is_posted_has_its_lane() -> None:
    posts = [path for path, item in CONTRACT.openapi["paths"].items() if "post" in item]  # type: ignore[union-attr]
    assert [post.path for post in Projection(CONTRACT).posts] == posts
