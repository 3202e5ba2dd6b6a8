"""A call model that this server cannot follow is refused before it starts, with file and row."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from refswitch import call_model
from refswitch.app import build_app
from refswitch.call_model import read_call_model
from refswitch.contract import ContractBroken
from refswitch.device_model import read_device_model
from refswitch.settings import Settings
from refswitch.stubs.operations import CallOperationTable

from .house import BOB, CONTRACT, FIRST, SEATING, SECOND, House, visit

FILE = f"{CONTRACT.directory}/call-model.json"
REMEDY = "take the bundles of one release, or make them again"
CONTRACT_SCHEMA = Path(__file__).parents[2] / "openapi" / "call-model.schema.json"


def row(model: Any, name: str) -> Any:
    (found,) = (one for part in ("operations", "network") for one in model[part] if one["id"] == name)
    return found


def spoilt(spoil: Callable[[Any], object]) -> Any:
    model = json.loads(json.dumps(CONTRACT.call_model))
    spoil(model)
    return replace(CONTRACT, call_model=model)


SPOILS: dict[str, tuple[Callable[[Any], object], str]] = {
    "no rows": (
        lambda model: model.update(operations=[]),
        "$.operations must have 1 or more entries, but is []",
    ),
    "no list": (
        lambda model: model.update(network={}),
        "$.network must be of type array, but is {}",
    ),
    "no row": (
        lambda model: model["operations"].insert(0, 5),
        "$.operations[0] must be of type object, but is 5",
    ),
    "no name": (lambda model: row(model, "hold").pop("id"), "$.operations[8].id is required"),
    "another version": (lambda model: model.update(version=2), "$.version must be 1, but is 2"),
    "leg": (
        lambda model: row(model, "hold")["tells"][0].update(leg="nobody"),
        'row hold, $.operations[8].tells[0].leg must be one of self, opened, parent, consult, but is "nobody"',
    ),
    "state": (
        lambda model: row(model, "answered").update(becomes="Parked"),
        "row answered, $.network[5].becomes must be one of Preview, PreviewCancelled, Dialing, Ringing, Established, Held, Released, "
        'but is "Parked"',
    ),
    "member": (
        lambda model: row(model, "hold").update(inn=["Held"]),
        "row hold, $.operations[8].inn is not known here",
    ),
    "states": (
        lambda model: row(model, "hold").pop("in"),
        "row hold, $.operations[8] must say when it is possible (in, or target: device and opens) "
        "and which notifications follow (tells, or served: false)",
    ),
    "operation": (
        lambda model: row(model, "hold").update(operation="Nope"),
        "row hold is for Nope, which this server does not know; known: "
        + ", ".join(sorted(CallOperationTable.__annotations__)),
    ),
    "operation of a device": (
        lambda model: row(model, "dial").update(operation="Hold"),
        "row dial is for Hold, which this server does not know; known: Dial",
    ),
    "nothing to dial": (
        lambda model: row(model, "hold").update(opens={"state": "Dialing", "callType": "Consult"}),
        "row hold opens a leg, but Hold names no destination to dial",
    ),
    "effect": (
        lambda model: row(model, "hold").update(effect="teleports"),
        "row hold teleports is not an effect of this server",
    ),
    "contradiction": (
        lambda model: model["operations"].append({**row(model, "hold"), "id": "hold-again"}),
        "row hold-again answers the same question as row hold",
    ),
}


@pytest.mark.parametrize("what", SPOILS)
def test_an_error_in_a_row_is_reported_with_file_row_and_remedy(what: str) -> None:
    spoil, problem = SPOILS[what]
    with pytest.raises(ContractBroken) as caught:
        read_call_model(spoilt(spoil))
    assert str(caught.value) == f"the contract is broken: {FILE}: {problem}; {REMEDY}"


def test_an_operation_that_is_offered_but_not_served_may_have_any_name() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        call = (await house.get(f"/me/calls/{FIRST}")).body["call"]
        assert "ReadTeaLeaves" in call["capabilities"]
        assert (await house.operate(FIRST, "ReadTeaLeaves")).code == (400, 10)

    visit(
        story,
        contract=spoilt(
            lambda model: row(model, "send-dtmf").update(operation="ReadTeaLeaves", served=False)
        ),
    )


def test_a_faulty_table_of_the_right_shape_is_played_as_it_stands() -> None:
    def complete_while_dialling(model: Any) -> None:
        row(model, "complete-conference-on-consult")["in"].append("Dialing")

    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Answer", agent=BOB)
        await house.operate(FIRST, "InitiateConference", destination={"phoneNumber": "70000"})
        assert (await house.operate(SECOND, "CompleteConference")).body == {"statusCode": 0}

    visit(story, contract=spoilt(complete_while_dialling))


def test_a_row_that_joins_a_consult_call_is_refused_where_there_is_none() -> None:
    def join_by_holding(model: Any) -> None:
        row(model, "hold").update(effect="joins_consult")

    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Answer", agent=BOB)
        assert (await house.operate(FIRST, "Hold")).code == (400, 2)
        assert await house.states() == {FIRST: "Established"}

    visit(story, contract=spoilt(join_by_holding))


def test_the_shape_of_a_row_is_the_contracts_own() -> None:
    ours = Path(call_model.__file__).with_name("call-model.schema.json")
    assert ours.read_bytes() == CONTRACT_SCHEMA.read_bytes()


DEVICE_SPOILS: dict[str, tuple[Callable[[Any], object], str]] = {
    "setting": (
        lambda model: model["devices"][0]["when"].update(colour="On"),
        "row do-not-disturb-on, $.devices[0].when.colour is not known here",
    ),
    "operation": (
        lambda model: model["devices"][0].update(operation="Dance"),
        "devices has Dance, which this server does not know",
    ),
    "no row": (lambda model: model["devices"].pop(0), "devices has no row of DoNotDisturbOn"),
    "no rows": (lambda model: model.pop("agentStates"), "agentStates has no row of AfterCallWork"),
    "contradiction": (
        lambda model: model["devices"].append({**model["devices"][0], "id": "again"}),
        "row again answers the same question as row do-not-disturb-on",
    ),
    "agent state": (
        lambda model: model["agentStates"][0].update(id="1"),
        "$.agentStates[0].id must match ^[0-9A-Fa-f-]{36}$",
    ),
}


@pytest.mark.parametrize("what", DEVICE_SPOILS)
def test_an_error_in_a_row_for_devices_is_reported_too(what: str) -> None:
    spoil, problem = DEVICE_SPOILS[what]
    with pytest.raises(ContractBroken) as caught:
        read_device_model(spoilt(spoil))
    assert problem in str(caught.value)
    with pytest.raises(ContractBroken):
        build_app(Settings(spoilt(spoil), SEATING))
