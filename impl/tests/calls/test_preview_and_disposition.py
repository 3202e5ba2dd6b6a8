"""Preview calls, and the disposition of calls."""

from __future__ import annotations

import pytest

from refswitch.calls import Arrive, End, FarEnd, LegKey, NoSuchCall, OtherCallNamed, Preview, State
from refswitch.limits import CALLS_RELEASED

from .commands import dial, operate
from .model_fixture import ALICE, BOB, Bench

CUSTOMER = "+15550100"


def previewed() -> Bench:
    bench = Bench()
    bench.do(Preview(ALICE, CUSTOMER, {"Campaign": "Spring"}))
    return bench


def test_a_preview_call_offers_accept_and_decline_and_dials_nobody() -> None:
    bench = Bench()
    (change,) = bench.changes(Preview(ALICE, CUSTOMER, {"Campaign": "Spring"}))
    leg = change.view.leg
    assert (leg.state, leg.call_type, leg.dnis) == (State.PREVIEW, "Outbound", CUSTOMER)
    assert (change.view.participants, change.view.user_data) == ((CUSTOMER,), {"Campaign": "Spring"})
    assert (set(change.view.capabilities), change.extensions) == ({"Accept", "Decline"}, {})
    assert bench.dialled == []


def test_an_accepted_preview_is_dialled_under_the_same_id_and_established_when_the_party_answers() -> None:
    bench = previewed()
    assert bench.operate(ALICE, "c1", "Accept") == [f"{ALICE} c1 StatusChange Dialing {CUSTOMER}"]
    assert bench.dialled == [CUSTOMER]
    told = bench.do(FarEnd("c1", CUSTOMER, "answers"))
    assert told == [f"{ALICE} c1 StatusChange Established {CUSTOMER}"]


def test_accepting_a_preview_puts_the_call_that_the_agent_talks_on_on_hold() -> None:
    bench = Bench()
    bench.do(dial(ALICE, BOB))
    bench.operate(BOB, "c1", "Answer")
    bench.do(Preview(ALICE, CUSTOMER))
    assert bench.states(ALICE) == {"c1": State.ESTABLISHED, "c2": State.PREVIEW}
    bench.operate(ALICE, "c2", "Accept")
    assert bench.states(ALICE) == {"c1": State.HELD, "c2": State.DIALING}


def test_a_preview_of_a_seat_rings_there_once_it_is_accepted() -> None:
    bench = Bench()
    bench.do(Preview(ALICE, BOB))
    assert bench.states(BOB) == {}
    bench.operate(ALICE, "c1", "Accept")
    assert bench.states(BOB) == {"c1": State.RINGING}


def test_a_declined_preview_is_cancelled_and_gone_and_nobody_is_dialled() -> None:
    bench = previewed()
    assert bench.operate(ALICE, "c1", "Decline") == [f"{ALICE} c1 StatusChange PreviewCancelled {CUSTOMER}"]
    assert (bench.states(ALICE), bench.dialled, dict(bench.world.conversations)) == ({}, [], {})


def test_a_withdrawn_preview_is_cancelled() -> None:
    bench = previewed()
    assert bench.do(End("c1")) == [f"{ALICE} c1 StatusChange PreviewCancelled {CUSTOMER}"]
    with pytest.raises(NoSuchCall):
        bench.operate(ALICE, "c1", "Accept")


def test_an_agent_with_a_preview_gets_no_call_from_a_queue() -> None:
    bench = previewed()
    bench.do(Arrive("+15550199", queue="8000"))
    assert (bench.states(ALICE), list(bench.states(BOB).values())) == ({"c1": State.PREVIEW}, [State.RINGING])


def test_a_call_from_a_queue_rings_with_the_extensions_of_a_captured_one() -> None:
    (change,) = Bench().changes(Arrive(CUSTOMER, ALICE, queue="8000"))
    assert change.extensions == {
        "BusinessCall": 1,
        "NO_ANSWER_ACTION": "notready",
        "NO_ANSWER_TIMEOUT": 15,
        "NO_ANSWER_OVERFLOW": "recall",
        "OriginationDN": CUSTOMER,
        "OriginationDN_location": "SIP_Switch",
    }


def test_a_call_that_arrives_directly_has_none_of_them() -> None:
    (change,) = Bench().changes(Arrive(CUSTOMER, ALICE))
    assert change.extensions == {"BusinessCall": 0}


def talking() -> Bench:
    bench = Bench()
    bench.do(dial(ALICE, BOB, {"Case": "7"}))
    bench.operate(BOB, "c1", "Answer")
    return bench


@pytest.mark.parametrize(("key", "under"), [(None, "DispositionCode"), ("Outcome", "Outcome")])
def test_a_disposition_joins_the_user_data_of_the_call_and_every_agent_in_it_is_notified(
    key: str | None, under: str
) -> None:
    bench = talking()
    command = operate("SetCallDisposition", LegKey(ALICE, "c1"), user_data={"Other": 1}, disposition_key=key)
    changes = bench.changes(command)
    assert [(change.view.leg.key.agent, change.notification_type) for change in changes] == [
        (ALICE, "AttachedDataChanged"),
        (BOB, "AttachedDataChanged"),
    ]
    assert all(change.view.user_data == {"Case": "7", under: "Referred"} for change in changes)


def test_the_disposition_of_a_released_call_is_accepted_and_nobody_is_notified() -> None:
    bench = talking()
    bench.operate(ALICE, "c1", "Hangup")
    assert bench.operate(ALICE, "c1", "SetCallDisposition") == []
    assert bench.operate(BOB, "c1", "SetCallDisposition") == []


@pytest.mark.parametrize("operation", ["Hangup", "UpdateUserData", "Accept"])
def test_no_other_operation_is_possible_on_a_released_call(operation: str) -> None:
    bench = talking()
    bench.operate(ALICE, "c1", "Hangup")
    with pytest.raises(NoSuchCall):
        bench.operate(ALICE, "c1", operation)


def test_the_disposition_of_a_call_that_the_agent_never_had_is_refused() -> None:
    bench = talking()
    bench.operate(ALICE, "c1", "Hangup")
    for agent, call_id in ((ALICE, "c2"), ("15002", "c1")):
        with pytest.raises(NoSuchCall):
            bench.operate(agent, call_id, "SetCallDisposition")


@pytest.mark.parametrize("is_released", [False, True])
@pytest.mark.parametrize("member", ["callUri", "callUuid"])
def test_a_disposition_whose_body_names_another_call_is_refused(member: str, is_released: bool) -> None:
    bench = talking()
    if is_released:
        bench.operate(ALICE, "c1", "Hangup")
    command = operate("SetCallDisposition", LegKey(ALICE, "c1"))
    command.body[member] = "http://gws.example/api/v2/calls/c9"[0 if member == "callUri" else -2 :]  # type: ignore[literal-required]  # of this operation
    with pytest.raises(OtherCallNamed):
        bench.do(command)


def test_only_the_latest_released_calls_of_an_agent_are_remembered() -> None:
    bench = Bench()
    for number in range(CALLS_RELEASED.default + 1):
        bench.do(dial(ALICE, "70000"))
        bench.operate(ALICE, f"c{number + 1}", "Hangup")
    with pytest.raises(NoSuchCall):
        bench.operate(ALICE, "c1", "SetCallDisposition")
    assert bench.operate(ALICE, "c2", "SetCallDisposition") == []
