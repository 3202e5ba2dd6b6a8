"""The count of `make schemathesis` names what was never accepted, what was dialled without being listed, and a run that is too small."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tools.schemathesis_run import FEWEST_CASES, OPENAPI, Count, count, faults, numbers_in, table, targets

CONTRACT: Any = json.loads(OPENAPI.read_text(encoding="utf-8"))
HOLD = ("POST /me/calls/{id}", "Hold")


def entry(
    method: str, path: str, body: object = None, status: int = 200, answer: str = '{"statusCode": 0}'
) -> dict[str, Any]:
    """A request and its answer, as a HAR file has them."""
    posted = (
        {} if body is None else {"postData": {"text": body if isinstance(body, str) else json.dumps(body)}}
    )
    request = {"method": method, "url": f"http://127.0.0.1:8080/api/v2{path}", **posted}
    return {"request": request, "response": {"status": status, "content": {"text": answer}}}


def counted(*entries: dict[str, Any]) -> Count:
    return count({"log": {"entries": list(entries)}}, CONTRACT)


def complete() -> Count:
    """The count of a run in which nothing is wrong."""
    all_of_them = Counter(dict.fromkeys(targets(CONTRACT), FEWEST_CASES))
    return Count(all_of_them, Counter(all_of_them), {"15000", "70000"})


def test_the_targets_are_every_endpoint_and_every_operation_at_its_endpoint() -> None:
    found = targets(CONTRACT)
    endpoints = {
        f"{method.upper()} {path}"
        for path, item in CONTRACT["paths"].items()
        for method in item
        if method in ("get", "post")
    }
    assert {endpoint for endpoint, _ in found} == endpoints
    mapping = CONTRACT["components"]["schemas"]["CallOperation"]["discriminator"]["mapping"]
    assert [name for endpoint, name in found if endpoint == HOLD[0]] == list(mapping)
    assert [name for endpoint, name in found if endpoint == "GET /me"] == [None]


def test_a_request_is_counted_for_its_endpoint_and_its_operation() -> None:
    made = counted(
        entry("POST", "/me/calls/ABC", {"operationName": "Hold"}),
        entry(
            "POST",
            "/me/calls/ABC",
            {"operationName": "Hold"},
            400,
            '{"statusCode": 2, "statusMessage": "no"}',
        ),
        entry(
            "POST",
            "/me/calls/ABC",
            {"operationName": "Hold"},
            200,
            '{"statusCode": 2, "statusMessage": "no"}',
        ),
        entry("POST", "/me/calls/ABC", {"operationName": "Hold"}, 202),
        entry("GET", "/me/calls?fields=%2A"),
        entry("GET", "/me/devices/me"),
    )
    assert made.sent == {HOLD: 4, ("GET /me/calls", None): 1, ("GET /me/devices/{id}", None): 1}
    assert made.accepted == {HOLD: 1, ("GET /me/calls", None): 1, ("GET /me/devices/{id}", None): 1}


@pytest.mark.parametrize(
    ("path", "body", "answer"),
    [
        ("/me/calls/ABC", "{", "<html>"),
        ("/me/calls/ABC", [{"operationName": "Hold"}], "[]"),
        ("/me/calls/ABC", {"operationName": {"Hold": 1}}, "0"),
        ("/me/calls/ABC", {"operationName": "Teleport"}, ""),
    ],
)
def test_what_is_no_operation_is_counted_for_the_endpoint_and_is_not_accepted(
    path: str, body: object, answer: str
) -> None:
    made = counted(entry("POST", path, body, 200, answer))
    assert (made.sent, made.accepted) == ({(HOLD[0], None): 1}, {})


def test_a_complete_run_has_no_fault() -> None:
    assert faults(complete(), CONTRACT) == []


def test_what_was_never_accepted_is_named_with_how_often_it_was_sent() -> None:
    run = complete()
    del run.accepted[HOLD], run.accepted["GET /me", None], run.sent["GET /me", None]
    assert faults(run, CONTRACT) == [
        "GET /me: sent 0 times, never accepted",
        f"POST /me/calls/{{id}} Hold: sent {FEWEST_CASES} times, never accepted",
    ]


def test_a_number_that_is_not_listed_is_named() -> None:
    run = complete()
    run.dialled |= {"112"}
    assert faults(run, CONTRACT) == ["'112' was sent to be dialled, and is not listed"]


def test_a_run_with_too_few_cases_says_so() -> None:
    few = Counter(dict.fromkeys(targets(CONTRACT), 1))
    assert faults(Count(few, few), CONTRACT) == [f"{len(few)} cases were sent, fewer than {FEWEST_CASES}"]


def test_every_number_that_may_be_dialled_is_found_in_a_body() -> None:
    body = {
        "destination": {"phoneNumber": "1", "more": [2, {"x": "3"}, None, True]},
        "userData": {"phoneNumber": 4.5, "colour": "green"},
        "digits": "112",
    }
    assert list(numbers_in(body)) == ["1", "2", "3", "4.5"]
    assert counted(entry("POST", "/me/calls/ABC", body)).dialled == {"1", "2", "3", "4.5"}


def test_the_table_has_a_row_for_each_target_and_the_totals() -> None:
    made = counted(entry("POST", "/me/calls/ABC", {"operationName": "Hold"}), entry("GET", "/me", status=500))
    rows = table(made, CONTRACT).splitlines()
    assert len(rows) == len(targets(CONTRACT)) + 1
    assert rows[-1] == "2 cases, 1 accepted; dialled: "
    (hold,) = [row.split() for row in rows if " Hold " in row]
    assert hold == ["POST", "/me/calls/{id}", "Hold", "1", "sent", "1", "accepted"]
