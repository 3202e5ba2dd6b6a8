"""The table: its columns are the documented capability lists, and a table that contradicts itself is refused."""

from __future__ import annotations

import copy
from typing import Any, cast

import pytest

from refswitch.calls import EFFECTS, BadTable, ModelData, Situation, State, read_table

from .model_fixture import MODEL, TABLE

USER_DATA = {"AttachUserData", "UpdateUserData", "DeleteUserData", "DeleteUserDataPair"}
CONSULTING = {"InitiateConference", "InitiateTransfer", "SingleStepConference", "SingleStepTransfer"}

#: gws samples, HTCC 8.5.2, by page; Ringing from a capture of 8.5.202.96.
DOCUMENTED = {
    "CallsDial, Dialing": (
        Situation(State.DIALING, "call", "none"),
        {"Hangup", "SendDtmf", *USER_DATA},
    ),
    "capture, Ringing": (
        Situation(State.RINGING, "call", "none"),
        {"Answer", *USER_DATA},
    ),
    "CallsAnswer, Established": (
        Situation(State.ESTABLISHED, "call", "none"),
        {"Hangup", "Hold", "SendDtmf", *CONSULTING, *USER_DATA},
    ),
    "CallsHold, Held": (
        Situation(State.HELD, "call", "none"),
        {"Hangup", "Retrieve", *CONSULTING, *USER_DATA},
    ),
    "InitiateConference, Held": (
        Situation(State.HELD, "call", "Dialing"),
        {"Hangup", "Retrieve", *CONSULTING, *USER_DATA},
    ),
    "InitiateConference, consult Dialing": (
        Situation(State.DIALING, "consult", "none"),
        {"Hangup", "SendDtmf", "SwapCalls", "CompleteTransfer", *USER_DATA},
    ),
    "SwapCalls, Established with a held consult call": (
        Situation(State.ESTABLISHED, "call", "Held"),
        {
            "Hangup",
            "Hold",
            "SendDtmf",
            "SwapCalls",
            "CompleteConference",
            "CompleteTransfer",
            *CONSULTING,
            *USER_DATA,
        },
    ),
    "CallsHangup, Released": (Situation(State.RELEASED, "call", "none"), set()),
    "CompleteConference, consult Released": (Situation(State.RELEASED, "consult", "none"), set()),
}


@pytest.mark.parametrize("sample", DOCUMENTED)
def test_each_column_is_the_documented_capability_list(sample: str) -> None:
    situation, documented = DOCUMENTED[sample]
    offered = TABLE.capabilities(situation)
    assert set(offered) == documented
    assert len(offered) == len(set(offered))


def test_an_operation_without_a_row_for_the_situation_has_no_rule() -> None:
    assert TABLE.rule("CompleteConference", Situation(State.DIALING, "consult", "none")) is None
    assert TABLE.rule("Hold", Situation(State.HELD, "call", "none")) is None


def test_an_operation_that_is_offered_but_not_served_has_no_rule() -> None:
    talking = Situation(State.ESTABLISHED)
    table = read_table(changed("send-dtmf", served=False), EFFECTS)
    assert "SendDtmf" in table.capabilities(talking)
    assert table.rule("SendDtmf", talking) is None


def test_a_ringing_leg_takes_a_hangup_that_it_does_not_offer() -> None:
    ringing = Situation(State.RINGING, "call", "none")
    assert "Hangup" not in TABLE.capabilities(ringing)
    row = TABLE.rule("Hangup", ringing)
    assert row is not None
    assert row.becomes is State.RELEASED


def changed(row: str, **members: object) -> ModelData:
    """The model with one row changed; a member that is None is removed."""
    model: Any = copy.deepcopy(MODEL)
    (entry,) = (one for part in ("operations", "network") for one in model[part] if one["id"] == row)
    entry.update(members)
    for name in [name for name, value in members.items() if value is None]:
        del entry[name]
    return cast(ModelData, model)


def with_hold_twice() -> ModelData:
    model = copy.deepcopy(MODEL)
    hold = next(row for row in model["operations"] if row["id"] == "hold")
    model["operations"].append({**hold, "id": "hold-again"})
    return model


TELLS_OPENED = [{"leg": "opened", "notificationType": "StatusChange"}]


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (with_hold_twice(), "call model, row hold-again: answers the same question as row hold"),
        (changed("hold", becomes="Parked"), "call model, row hold: Parked is not a state of a leg"),
        (
            changed("hold", effect="plays_music"),
            "call model, row hold: plays_music is not an effect of this server",
        ),
        (
            changed("hold", effect="dials_destination"),
            "call model, row hold: refers to an opened leg, but opens none",
        ),
        (
            changed("hold", tells=TELLS_OPENED),
            "call model, row hold: refers to an opened leg, but opens none",
        ),
        (
            changed("hold", target="device"),
            "call model, row hold: opens no leg, but there is none to act on yet",
        ),
        (
            changed("dial", target=None, **{"in": ["Held"]}),
            "call model, row dial: is missing: no other operation of a device begins a call",
        ),
        (
            changed("ended", event="vanished"),
            "call model, row ended: vanished is not an event of this server",
        ),
    ],
)
def test_a_table_that_contradicts_itself_or_names_the_unknown_is_refused(
    model: ModelData, sentence: str
) -> None:
    with pytest.raises(BadTable) as refused:
        read_table(model, EFFECTS)
    assert str(refused.value) == sentence


def test_the_server_has_exactly_the_effects_that_the_contract_describes() -> None:
    assert set(EFFECTS) == set(MODEL["effects"])  # type: ignore[typeddict-item]  # prose the core does not read
