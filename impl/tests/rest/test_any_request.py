"""Whatever is sent, the answer is in the contract's envelope, and a refusal changes nothing."""

from __future__ import annotations

import json
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from refswitch.stubs.operations import CallOperationTable, DeviceOperationTable, MeOperationTable

from ..house import ALICE, BOB, DEVICES, FIRST, House, visit  # noqa: TID252  # the whole house is one floor up

NAMES = [
    "Dial",
    "OutToLunch",
    *CallOperationTable.__annotations__,
    *DeviceOperationTable.__annotations__,
    *MeOperationTable.__annotations__,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
BODY = st.fixed_dictionaries(
    {"operationName": st.sampled_from(NAMES) | JSON},
    optional={
        "destination": st.fixed_dictionaries({"phoneNumber": st.sampled_from([ALICE, BOB, "70000"]) | JSON})
        | st.sampled_from([ALICE, BOB, "70000"])
        | JSON,
        "userData": JSON,
        "location": JSON,
        "digits": st.just("12#") | JSON,
        "key": st.just("a") | JSON,
        "participant": st.just(BOB) | JSON,
        "otherCallUri": st.just(f"http://x/api/v2/me/calls/{FIRST}") | JSON,
        "consultCallUri": st.just(f"http://x/api/v2/me/calls/{FIRST}") | JSON,
        "channels": JSON,
    },
)
CONTENT = st.one_of(BODY.map(json.dumps), JSON.map(json.dumps), st.text()).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
PATH = st.sampled_from(
    [
        "/me",
        "/me/channels/voice",
        f"/me/devices/{DEVICES[ALICE]}",
        f"/me/devices/{DEVICES[ALICE]}/calls",
        f"/me/calls/{FIRST}",
        "/me/calls/XX",
    ]
)
#: 500 and 4: an agent state without a session, as captured.
REFUSALS = {(400, 1), (400, 2), (400, 10), (404, 6), (500, 4)}


async def everything(house: House) -> Any:
    return (await house.get("/me?subresources=*")).body


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(PATH, CONTENT | st.binary(max_size=40)), min_size=1, max_size=12))
def test_any_body_is_accepted_or_refused_in_the_envelope(requests: list[tuple[str, bytes]]) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Answer", agent=BOB)
        for path, content in requests:
            before = await everything(house)
            told = await house.ask("POST", path, content=content)
            if told.code in REFUSALS:
                assert set(told.body) == {"statusCode", "statusMessage"}
                assert await everything(house) == before
            else:
                assert told.code in {(200, 0), (200, 7)}, (told, content)

    visit(story)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(min_size=1, max_size=30), st.text(max_size=20))
def test_any_address_is_answered_in_the_envelope(path: str, query: str) -> None:
    async def story(house: House) -> None:
        sent: list[Any] = []
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": f"/api/v2/me/{path}",
            "raw_path": b"/",
            "query_string": query.encode("utf-8", "surrogatepass"),
            "headers": [(b"authorization", b"Basic MTUwMDA6MTUwMDA=")],
        }

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(event: object) -> None:
            sent.append(event)

        await house.app(scope, receive, send)
        body = json.loads(sent[1]["body"])
        assert (sent[0]["status"], body["statusCode"]) in {(200, 0), (404, 6), (405, 3), (400, 10)}

    visit(story)
