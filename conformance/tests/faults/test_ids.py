"""A server may shape its call ids otherwise; whatever a client does with them must come back to the same call."""

import re

import pytest

from callproof.faults.ids import Ids
from callproof.faults.traffic import Answer, as_json

from .talk import heard, line, opened, operation, told

CALL_ID = "01RCC3N118B1V0SL8O7GK2LAES000009"
EVENT = told("Held", call=CALL_ID, uri=f"http://h/api/v2/me/calls/{CALL_ID}", path=f"/calls/{CALL_ID}")


def call_of(message: object) -> dict[str, str]:
    return message["data"]["call"]  # type: ignore[index, no-any-return]  # made above


def test_id_and_links_change_together_and_the_call_uuid_stays() -> None:
    call = call_of(Ids("lower-case uuid").event("alice", EVENT))
    made = call["id"]
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made)
    assert (call["uri"], call["path"]) == (f"http://h/api/v2/me/calls/{made}", f"/calls/{made}")
    assert call["callUuid"] == CALL_ID


def test_a_request_comes_back_to_the_call_by_its_path_and_by_its_body() -> None:
    ids = Ids("own for each agent")
    made = call_of(ids.event("alice", EVENT))["id"]
    request = operation(
        "CompleteConference", made, "alice", consultCallUri=f"http://h/api/v2/me/calls/{made}"
    )
    assert ids.request("alice", request) == operation(
        "CompleteConference", CALL_ID, "alice", consultCallUri=f"http://h/api/v2/me/calls/{CALL_ID}"
    )


def test_each_agent_has_their_own_id_and_the_other_id_is_unknown_to_the_server() -> None:
    ids = Ids("own for each agent")
    alices, bobs = (call_of(ids.event(agent, EVENT))["id"] for agent in ("alice", "bob"))
    assert alices != bobs
    assert ids.request("alice", operation("Hold", bobs, "alice")).path == f"/api/v2/me/calls/{bobs}"


@pytest.mark.parametrize(
    ("form", "looks_like"),
    [
        ("lower-case uuid throughout", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("number", "[1-9][0-9]{17}"),
        ("signs of a path", "call:[0-9]{18}@node~7[+][(]a,b[)]"),
    ],
)
def test_an_id_and_its_call_uuid_take_a_form_together_and_come_back(form: str, looks_like: str) -> None:
    ids = Ids(form)
    call = call_of(ids.event("alice", EVENT))
    made = call["id"]
    assert re.fullmatch(looks_like, made)
    assert (call["callUuid"], call["path"]) == (made, f"/calls/{made}")
    request = operation("SwapCalls", made, "alice", otherCallUri=f"http://h/api/v2/me/calls/{made}")
    assert ids.request("alice", request) == operation(
        "SwapCalls", CALL_ID, "alice", otherCallUri=f"http://h/api/v2/me/calls/{CALL_ID}"
    )


def test_lists_of_calls_are_translated_too() -> None:
    ids = Ids("own for each agent")
    made = call_of(ids.event("alice", EVENT))["id"]
    listed = Answer(200, (), as_json({"calls": [{"id": CALL_ID, "callUuid": CALL_ID}]}))
    assert ids.answer("alice", listed).value == {"calls": [{"id": made, "callUuid": made}]}


def test_a_line_with_other_ids_counts_what_it_changed() -> None:
    on = line(ids="lower-case uuid")
    opened(on, "alice")
    assert call_of(heard(on, "alice", [EVENT])[0])["id"] != CALL_ID
    assert on.triggers[-1] == 3
