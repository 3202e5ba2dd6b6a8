"""Members of JSON values are reached, tested and edited by path, and the value that came in stays as it was."""

import pytest

from callproof.faults.members import Edit, Test, edited, first, holds, read
from callproof.json_values import Json

CALL: Json = {
    "call": {
        "id": "9",
        "duration": "31",
        "participants": [{"phoneNumber": "15001"}, {"phoneNumber": "15002"}],
    },
    "n": 0,
}


def test_a_path_leads_through_members_elements_and_every_element() -> None:
    assert read(CALL, "call.participants.1.phoneNumber") == ["15002"]
    assert read(CALL, "call.participants.*.phoneNumber") == ["15001", "15002"]
    assert read(CALL, "call.participants.7") == []
    assert first(CALL, "call.nothing") is None


@pytest.mark.parametrize(
    ("edit", "path", "after"),
    [
        (Edit(set={"call.id": "X"}), "call.id", "X"),
        (Edit(set={"call.parent": {"from": "call.id"}}), "call.parent", "9"),
        (
            Edit(append={"call.participants": {"phoneNumber": {"from": "call.id"}}}),
            "call.participants.2.phoneNumber",
            "9",
        ),
        (Edit(convert={"call.duration": "number"}), "call.duration", 31),
        (Edit(convert={"call.participants": "plain numbers"}), "call.participants", ["15001", "15002"]),
        (Edit(rename={"call.id": "callId"}), "call.callId", "9"),
        (Edit(remove=("call.id",)), "call.id", None),
        (Edit(remove=("call.participants.0",)), "call.participants.0.phoneNumber", "15002"),
        (Edit(set={"nowhere.id": "X"}), "nowhere", None),
    ],
)
def test_an_edit_makes_a_changed_copy(edit: Edit, path: str, after: Json) -> None:
    before = repr(CALL)
    assert first(edited(CALL, edit), path) == after
    assert repr(CALL) == before


@pytest.mark.parametrize(
    ("test", "so"),
    [
        (Test("n", "is", 0), True),
        (Test("n", "is", False), False),
        (Test("call.id", "one of", ["8", "9"]), True),
        (Test("call.id", "matches", "^[0-9]$"), True),
        (Test("call.participants", "type", "array"), True),
        (Test("call.participants.*.phoneNumber", "is", "15002"), True),
        (Test("call.parentCallUri", "present", False), True),
        (Test("call.parentCallUri", "present", True), False),
    ],
)
def test_a_test_holds_or_does_not(test: Test, so: bool) -> None:
    assert holds(test, CALL) is so
