"""What a run says about a message by its schema."""

import json
from pathlib import Path
from typing import Any

from callproof.contract.bundles import load_contract
from callproof.runner.validation import Validation
from callproof.validator.schemas import Schemas

CONTRACT = load_contract()
VALIDATION = Validation(Schemas(CONTRACT.openapi, CONTRACT.asyncapi))
HELD = Path(__file__).parents[3] / "asyncapi/examples/InitiateConference/1-held.json"


def a_call() -> Any:
    return json.loads(HELD.read_text(encoding="utf-8"))["data"]["call"]


def test_a_call_in_the_form_before_8_5_2_is_wrong_in_a_run_which_is_about_later_versions() -> None:
    call = a_call()
    del call["path"]
    call["participants"] = ["15001"]
    (problem,) = VALIDATION.of_answer({"statusCode": 0, "calls": [call]})
    assert problem.startswith("$.calls[0] is a call in the form before 8.5.2")


def test_what_no_page_states_is_not_held_against_a_server() -> None:
    """openapi/schemas/CallId.yaml, CallUuid.yaml, CallPath.yaml, CallState.yaml; Call.yaml, called-party-may-see-a-consult-call."""
    call = a_call()
    call |= {
        "id": "call:1042@node~7",
        "callUuid": "1042",
        "connId": "7",
        "path": "calls/1042",
        "state": "Parked",
        "callType": "Consult",
    }
    call["participants"] = [{"phoneNumber": "", "e164Number": "tel:15001"}]
    assert VALIDATION.of_answer({"statusCode": 0, "calls": [call]}) == ()


def test_a_refusal_has_no_other_members_and_a_success_may_have_some() -> None:
    """ReturnValues, HTCC 8.5.2: no other attributes accompany an error; of a success the page says no such thing."""
    refusal = {"statusCode": 6, "statusMessage": "There is no such call"}
    assert VALIDATION.of_answer(refusal) == ()
    assert VALIDATION.of_answer(refusal | {"trace": "x"}) == ("$.trace is a member that is not allowed here",)
    assert VALIDATION.of_answer({"statusCode": 0, "requestId": "x"}) == ()
