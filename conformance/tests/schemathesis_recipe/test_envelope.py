"""The envelope check knows the documented refusals, and finds every answer that is none."""

from __future__ import annotations

import json

import pytest

from callproof.schemathesis_recipe.callproof_recipe.envelope import fault_in, is_accepted

GOOD = [
    (200, {"statusCode": 0}),
    (200, {"statusCode": 0, "uris": []}),
    (200, {"statusCode": 7, "succeeded": [], "failed": []}),
    (200, {"statusCode": 9, "statusMessage": "not complete"}),
    (400, {"statusCode": 1, "statusMessage": "operationName is missing"}),
    (500, {"statusCode": 4, "statusMessage": "Device '15000' is not registered."}),
    (503, {"statusCode": 4, "statusMessage": "The server is too busy"}),
    (200, {"statusCode": 2, "statusMessage": "refused with HTTP 200, which some servers do"}),
]


@pytest.mark.parametrize(("status", "answer"), GOOD)
def test_a_documented_answer_has_no_fault(status: int, answer: object) -> None:
    assert fault_in(status, json.dumps(answer).encode()) is None


@pytest.mark.parametrize(
    ("status", "content", "fault"),
    [
        (500, b"<h1>Internal Server Error</h1>", "the answer is not JSON"),
        (200, b"", "the answer is not JSON"),
        (200, b"\xff", "the answer is not JSON"),
        (200, b"[]", "the answer is not a JSON object"),
        (200, b"{}", "statusCode is not an integer"),
        (200, b'{"statusCode": "0"}', "statusCode is not an integer"),
        (200, b'{"statusCode": false}', "statusCode is not an integer"),
        (202, b'{"statusCode": 0}', "statusCode is 0, but the HTTP status is 202"),
        (200, b'{"statusCode": 0, "statusMessage": "OK"}', "statusCode is 0, but there is a statusMessage"),
        (200, b'{"statusCode": 7, "statusMessage": "OK"}', "statusCode is 7, but there is a statusMessage"),
        (400, b'{"statusCode": 1}', "statusCode is 1, but statusMessage is not a text that says why"),
        (400, b'{"statusCode": 1, "statusMessage": ""}', "statusCode is 1, but statusMessage is not a text that says why"),
        (400, b'{"statusCode": 1, "statusMessage": "no", "b": 0, "a": 1}', "a refusal carries nothing else, but this one has a, b"),
    ],
)  # fmt: skip
def test_any_other_answer_has_a_fault_with_a_name(status: int, content: bytes, fault: str) -> None:
    assert fault_in(status, content) == fault


@pytest.mark.parametrize(
    ("status", "content", "accepted"),
    [
        (200, b'{"statusCode": 0}', True),
        (400, b'{"statusCode": 0}', False),
        (200, b'{"statusCode": 7}', False),
        (200, b"[0]", False),
        (200, b"", False),
    ],
)  # fmt: skip
def test_accepted_is_http_200_with_status_code_0_and_nothing_else(
    status: int, content: bytes, accepted: bool
) -> None:
    assert is_accepted(status, content) is accepted
