"""Every refusal is in the contract's envelope, names place and rule, and changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from refswitch.refusals import ANSWERS, BadValue, MissingParameter, RequestRefused, refusal
from refswitch.stubs.operations import CallOperationTable

from ..house import BOB, CAROL, CONTRACT, DEVICES, FIRST, House, Told, visit, without  # noqa: TID252  # the whole house is one floor up

CALL = "/me/calls/XX"
HALF = "must be text, but holds half of a surrogate pair"
NAMES = ", ".join(sorted(CallOperationTable.__annotations__))


def assert_refused(told: Told, status: int, code: int, message: str) -> None:
    assert told.body == {"statusCode": code, "statusMessage": told.body.get("statusMessage")}
    assert (told.code, told.body["statusMessage"]) == ((status, code), message)
    assert told.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({}, 1, "$.operationName is required"),
        ({"operationName": "InitiateConference"}, 1, "$.destination is required"),
        (
            {"operationName": "InitiateConference", "destination": {}},
            1,
            "$.destination.phoneNumber is required",
        ),
        (
            {"operationName": "InitiateConference", "destination": "15002"},
            10,
            '$.destination must be of type object, but is "15002"',
        ),
        (
            {"operationName": "InitiateConference", "destination": {"phoneNumber": 15002}},
            10,
            "$.destination.phoneNumber must be of type string, but is 15002",
        ),
        (
            {"operationName": "InitiateConference", "destination": {"phoneNumber": "1"}, "userData": []},
            10,
            "$.userData must be of type object, but is []",
        ),
        ([], 10, "$ must be of type object, but is []"),
        ("Hold", 10, '$ must be of type object, but is "Hold"'),
        ({"operationName": 7}, 10, "$.operationName must be of type string, but is 7"),
        (
            {"operationName": "Hodl"},
            10,
            f'$.operationName must be one of {NAMES}, but is "Hodl"; did you mean Hold?',
        ),
        ({"operationName": "Teleport"}, 10, f'$.operationName must be one of {NAMES}, but is "Teleport"'),
        (
            {"operationName": "Dial", "destination": {"phoneNumber": "1"}},
            10,
            "$.operationName Dial is not for this resource; post it to /me/devices/{id}/calls",
        ),
    ],
)
def test_a_body_is_judged_by_the_one_schema_that_its_operation_name_picks(
    body: object, code: int, message: str
) -> None:
    async def story(house: House) -> None:
        assert_refused(await house.post(CALL, body), 400, code, message)

    visit(story)


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", 1, "$.operationName is required"),
        (b"  \r\n", 1, "$.operationName is required"),
        (b"{", 10, "$ must be JSON: Expecting property name enclosed in double quotes at line 1 column 2"),
        (b'{"operationName": "\xff"}', 10, "$ must be UTF-8, but is not at byte 19"),
        (b"[" * 100_000, 10, "$ must not be nested deeper than 64 levels"),
        (b"[" * 65 + b"]" * 65, 10, "$ must not be nested deeper than 64 levels"),
        (
            b'{"operationName": "Hold", "operationName": "Hold"}',
            10,
            "$.operationName must not be given twice",
        ),
        (b'{"operationName": "Hold", "a": [{"b": 1, "b": 2}]}', 10, "$.a[0].b must not be given twice"),
        (b'{"operationName": NaN}', 10, "$ must be JSON, which does not allow NaN"),
        (b'{"a": 1e999}', 10, '$ must hold numbers that a double can hold, but has "1e999"'),
        (b'{"a": ' + b"1" * 5000 + b"}", 10, "$ has a number with too many digits"),
        (b'{"operationName": "\\uD800"}', 10, f"$.operationName {HALF}"),
        (b'{"operationName": "Hold", "userData": {"k": ["\\udfffx"]}}', 10, f"$.userData.k[0] {HALF}"),
        (
            b'{"operationName": "Hold", "userData": {"\\ud83d": 1}}',
            10,
            "$.userData has a name that holds half of a surrogate pair",
        ),
    ],
)
def test_anything_but_strict_json_is_refused(content: bytes, code: int, message: str) -> None:
    async def story(house: House) -> None:
        assert_refused(await house.ask("POST", CALL, content=content), 400, code, message)

    visit(story)


def test_a_character_may_be_written_as_a_surrogate_pair() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB, userData={"mood": "😀"})
        assert (await house.get(f"/me/calls/{FIRST}")).body["call"]["userData"] == {"mood": "😀"}

    visit(story)


@pytest.mark.parametrize(
    "content_type",
    ["APPLICATION/JSON", "Application/Json; Charset=UTF-8", 'application/json;CHARSET="utf-8"'],
)
def test_media_types_are_case_insensitive(content_type: str) -> None:
    async def story(house: House) -> None:
        body = b'{"operationName": "Hold"}'
        told = await house.ask("POST", CALL, content=body, headers={"Content-Type": content_type})
        assert_refused(told, 404, 6, "There is no call XX of yours")

    visit(story)


def test_a_chunked_body_of_unknown_length_is_read_completely() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for part in (b'{"operation', b"", b'Name": "Hang', b'up"}'):
            yield part

    async def story(house: House) -> None:
        await house.dial(BOB)
        headers = {"Content-Type": "application/json;charset=UTF-8"}
        told = await house.ask("POST", f"/me/calls/{FIRST}", content=chunks(), headers=headers)
        assert told.body == {"statusCode": 0}

    visit(story)


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_body_of_more_than_a_mebibyte_is_too_large(in_chunks: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"x" * 65536

    async def story(house: House) -> None:
        content = chunks() if in_chunks else b"x" * 1_048_577
        told = await house.ask("POST", CALL, content=content)
        assert_refused(told, 413, 10, "The body must not be longer than 1048576 bytes")

    visit(story)


@pytest.mark.parametrize(
    "call_id",
    [
        "1042",
        "b1a7c6d2-0f6e-4a53-9d3c-5f1e8a7b6c5d",
        "call:1042@node~7",
        "a" * 500,
        ".hidden",
        "a%20b",
        "%7Bid%7D",
        "%C3%A4",
        "...",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_call_of_any_id_that_the_agent_does_not_have_is_not_found(method: str, call_id: str) -> None:
    """openapi.yaml, unknown-call-is-code-6: whatever form the id has, it is never a mistake in the request."""

    async def story(house: House) -> None:
        content = b'{"operationName": "Hold"}' if method == "POST" else b""
        assert (await house.ask(method, f"/me/calls/{call_id}", content=content)).code == (404, 6)

    visit(story)


def test_a_body_of_exactly_a_mebibyte_is_read() -> None:
    async def story(house: House) -> None:
        body = b'{"operationName": "Hold", "x": "'
        told = await house.ask("POST", CALL, content=body + b"x" * (1_048_576 - len(body) - 2) + b'"}')
        assert told.code == (404, 6)

    visit(story)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/xml",
        "application/json;charset=nope",
    ],
)
def test_a_body_that_is_not_sent_as_json_in_utf_8_is_refused(content_type: str) -> None:
    async def story(house: House) -> None:
        told = await house.ask("POST", CALL, content=b"{}", headers={"Content-Type": content_type})
        assert told.code == (415, 10)
        assert told.body["statusMessage"].startswith(
            "Content-Type must be application/json, with charset UTF-8 if any, but is "
        )

    visit(story)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/me", "GET, HEAD, POST"),
        ("PUT", "/me/calls/XX", "GET, HEAD, POST"),
        ("POST", "/me/calls", "GET, HEAD"),
        ("POST", "/me/devices/", "GET, HEAD"),
        ("GET", "/me/devices/XX/calls", "POST"),
        ("OPTIONS", "/me/calls/XX", "GET, HEAD, POST"),
    ],
)
def test_a_wrong_method_is_answered_with_the_right_ones(method: str, path: str, allowed: str) -> None:
    async def story(house: House) -> None:
        told = await house.ask(method, path)
        assert_refused(told, 405, 3, f"{method} is not possible here; possible: {allowed}")
        assert told.headers["allow"] == allowed

    visit(story)


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "/you", "/me/call/XX", "/me/calls/XX/YY", "/openapi.json", "/ui"),
        *("/me/calls//", "/me//calls", "//me", "/me/calls/%2e%2e"),
        *("/me/calls/a%2Fb", "/me/calls/%2F", "/me/calls/%2f%2F", "/me%2Fcalls", "/me/calls%2F"),
    ],
)
def test_an_unknown_address_is_not_found(path: str) -> None:
    async def story(house: House) -> None:
        assert (await house.get(path)).code == (404, 6)

    visit(story)


@pytest.mark.parametrize("call", ["XX", "a b", "%F0%9F%98%80", "x" * 200, "01RCC3N118B1V0SL8O7GK2LAES000009"])
def test_a_missing_call_is_not_found_whatever_its_id_looks_like(call: str) -> None:
    async def story(house: House) -> None:
        assert (await house.get(f"/me/calls/{call}")).code == (404, 6)
        assert (await house.operate(call, "Hold")).code == (404, 6)

    visit(story)


def test_another_agents_call_is_answered_like_a_missing_one() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        stranger = await house.operate(FIRST, "Hangup", agent=CAROL)
        nobody = await house.operate("XX", "Hangup", agent=CAROL)
        assert stranger.status == nobody.status
        assert stranger.body["statusMessage"].replace(FIRST, "XX") == nobody.body["statusMessage"]
        assert await house.states() == {FIRST: "Dialing"}

    visit(story)


def test_an_operation_that_the_leg_does_not_offer_is_refused_with_a_list_of_those_it_does() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        before = (await house.get(f"/me/calls/{FIRST}")).body
        told = await house.operate(FIRST, "Hold")
        assert told.code == (400, 2)
        assert told.body["statusMessage"].startswith(
            f"Hold is not possible: call {FIRST} is Dialing and offers "
        )
        assert (await house.get(f"/me/calls/{FIRST}")).body == before

    visit(story)


def test_another_agents_device_is_not_found() -> None:
    async def story(house: House) -> None:
        body = {"operationName": "Dial", "destination": {"phoneNumber": CAROL}}
        assert (await house.post(f"/me/devices/{DEVICES[BOB]}/calls", body)).code == (404, 6)
        assert await house.states() == {}

    visit(story)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("/me/calls?fields=a%20b", {"calls": [{}]}),
        ("/me/calls?fields=", {"calls": [{}]}),
        ("/me/calls?fields=state,%0A", {"calls": [{"state": "Dialing"}]}),
        (f"/me/devices/{DEVICES['15000']}?fields=%C3%A4", {"device": {}}),
    ],
)
def test_names_of_any_characters_that_nothing_has_select_nothing(query: str, told: dict[str, object]) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        assert (await house.get(query)).body == {"statusCode": 0, **told}

    visit(story)


def test_a_subresource_of_any_name_that_the_server_does_not_know_is_absent() -> None:
    """openapi.yaml, unknown-subresources-are-absent."""

    async def story(house: House) -> None:
        me = (await house.get("/me")).body
        assert (await house.get("/me?subresources=a;b,%20,x-y")).body == me

    visit(story)


@pytest.mark.parametrize("query", ["fields[]=state", "fields%5B%5D=state", "caller=x", "operation=x", "id=x"])
def test_a_query_parameter_that_the_contract_does_not_name_is_ignored(
    query: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        assert (await house.get(f"/me/calls?{query}")).body == (await house.get("/me/calls")).body

    visit(story)
    assert caplog.text == ""


def test_an_operation_that_a_contract_does_not_have_is_not_served() -> None:
    async def story(house: House) -> None:
        told = await house.operate("XX", "Retrieve")
        assert told.code == (400, 10)
        assert "Retrieve is documented, but not served here" in told.body["statusMessage"]

    visit(story, contract=without(CONTRACT, "Retrieve"))


def test_an_internal_error_reveals_only_its_code() -> None:
    told = refusal(KeyError("the password is sesame"))
    assert (told.status, told.status_code, told.message) == (500, 4, "Internal error")


def test_an_exception_is_answered_by_the_row_of_its_nearest_ancestor() -> None:
    class Peculiar(BadValue):
        pass

    class Unlisted(RequestRefused):
        pass

    assert refusal(Peculiar("$", "is odd")).status_code == 10
    assert refusal(MissingParameter("$.x")).message == "$.x is required"
    assert refusal(Unlisted("no")).status == 400


def test_every_refusal_has_a_status_code_of_the_contract_and_one_of_its_http_statuses() -> None:
    schemas: Any = CONTRACT.openapi["components"]
    codes = {row["code"]: row for row in schemas["schemas"]["StatusCode"]["x-codes"]}
    assert sorted(codes) == list(range(21))
    for status, code in ANSWERS.values():
        assert status in codes[code]["http"], (status, code)
