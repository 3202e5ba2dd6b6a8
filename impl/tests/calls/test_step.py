"""The step: what each operation does, whom it notifies, and that a refusal leaves the world as it was."""

from __future__ import annotations

import pytest

from refswitch.calls import (
    FarEnd,
    LegKey,
    NoSuchCall,
    NoSuchConsult,
    NotPossible,
    Operate,
    Refused,
    State,
)

from .commands import dial, operate
from .model_fixture import ALICE, BOB, CAROL, Bench


def ask(agent: str, call_id: str, operation: str, **more: str) -> Operate:
    return operate(operation, LegKey(agent, call_id), more.get("destination"), other=more.get("other"))


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def talking(bench: Bench) -> Bench:
    """Alice talks to Bob on c1."""
    bench.do(dial(ALICE, BOB))
    bench.do(ask(BOB, "c1", "Answer"))
    return bench


@pytest.fixture
def consulting(talking: Bench) -> Bench:
    """Alice holds Bob on c1 and talks to Carol on the consult call c2."""
    talking.do(ask(ALICE, "c1", "InitiateConference", destination=CAROL))
    talking.do(ask(CAROL, "c2", "Answer"))
    return talking


def test_dial_notifies_the_caller_of_a_dialing_leg_and_the_callee_of_a_ringing_one(bench: Bench) -> None:
    assert bench.do(dial(ALICE, BOB)) == [
        "15000 c1 StatusChange Dialing 15001",
        "15001 c1 StatusChange Ringing 15000",
    ]


def test_answer_establishes_both_legs(bench: Bench) -> None:
    bench.do(dial(ALICE, BOB))
    assert bench.do(ask(BOB, "c1", "Answer")) == [
        "15001 c1 StatusChange Established 15000",
        "15000 c1 StatusChange Established 15001",
    ]


def test_initiate_conference_holds_the_call_and_then_opens_a_consult_call(talking: Bench) -> None:
    assert talking.do(ask(ALICE, "c1", "InitiateConference", destination=CAROL)) == [
        "15000 c1 StatusChange Held 15001",
        "15000 c2 StatusChange Dialing 15002",
        "15002 c2 StatusChange Ringing 15000",
    ]
    consult = talking.world.legs[LegKey(ALICE, "c2")]
    assert (consult.call_type, consult.parent) == ("Consult", "c1")


def test_the_called_party_of_a_consult_call_learns_nothing_of_its_parent(talking: Bench) -> None:
    talking.do(ask(ALICE, "c1", "InitiateConference", destination=CAROL))
    carols = talking.world.legs[LegKey(CAROL, "c2")]
    assert (carols.call_type, carols.parent) == ("Internal", None)


def test_user_data_of_the_initiate_goes_on_the_consult_call_only(talking: Bench) -> None:
    changes = talking.changes(operate("InitiateConference", LegKey(ALICE, "c1"), CAROL, {"Ticket": "7"}))
    assert [dict(change.view.user_data) for change in changes] == [{}, {"Ticket": "7"}, {"Ticket": "7"}]


@pytest.mark.parametrize("posted_to", ["c2", "c1"])
def test_complete_conference_brings_all_parties_into_the_first_call(
    consulting: Bench, posted_to: str
) -> None:
    assert consulting.do(ask(ALICE, posted_to, "CompleteConference")) == [
        "15000 c2 StatusChange Released 15002",
        "15000 c1 StatusChange Established 15001+15002",
        "15000 c1 ParticipantsUpdated Established 15001+15002",
        "15001 c1 ParticipantsUpdated Established 15000+15002",
        "15002 c2 ParticipantsUpdated Established 15000+15001",
    ]


def test_a_conference_carries_its_owners_number_in_the_user_data(consulting: Bench) -> None:
    changes = consulting.changes(ask(ALICE, "c2", "CompleteConference"))
    assert [dict(change.view.user_data) for change in changes] == [
        {},
        *([{"FirstConferencePartyDN": ALICE}] * 4),
    ]


def test_a_party_leaves_a_conference_and_the_last_two_end_together(consulting: Bench) -> None:
    consulting.do(ask(ALICE, "c2", "CompleteConference"))
    assert consulting.do(ask(ALICE, "c1", "Hangup")) == [
        "15000 c1 StatusChange Released 15001+15002",
        "15001 c1 ParticipantsUpdated Established 15002",
        "15002 c2 ParticipantsUpdated Established 15001",
    ]
    assert consulting.do(ask(CAROL, "c2", "Hangup")) == [
        "15002 c2 StatusChange Released 15001",
        "15001 c1 StatusChange Released 15002",
    ]
    assert (dict(consulting.world.legs), dict(consulting.world.conversations)) == ({}, {})


def test_retrieving_the_call_releases_a_consult_call_that_is_still_dialing(talking: Bench) -> None:
    talking.do(ask(ALICE, "c1", "InitiateConference", destination=CAROL))
    assert talking.do(ask(ALICE, "c1", "Retrieve")) == [
        "15000 c1 StatusChange Established 15001",
        "15000 c2 StatusChange Released 15002",
        "15002 c2 StatusChange Released 15000",
    ]


def test_retrieving_the_call_puts_an_answered_consult_call_on_hold(consulting: Bench) -> None:
    assert consulting.do(ask(ALICE, "c1", "Retrieve")) == [
        "15000 c1 StatusChange Established 15001",
        "15000 c2 StatusChange Held 15002",
    ]
    assert consulting.do(ask(ALICE, "c1", "CompleteConference"))[:2] == [
        "15000 c2 StatusChange Released 15002",
        "15000 c1 ParticipantsUpdated Established 15001+15002",
    ]


def test_hanging_up_the_consult_call_leaves_the_parent_held_with_retrieve(consulting: Bench) -> None:
    assert consulting.do(ask(ALICE, "c2", "Hangup")) == [
        "15000 c2 StatusChange Released 15002",
        "15002 c2 StatusChange Released 15000",
    ]
    assert consulting.do(ask(ALICE, "c1", "Retrieve")) == ["15000 c1 StatusChange Established 15001"]


def test_a_consult_call_whose_parent_ends_becomes_a_call_like_any_other_and_its_agent_is_notified(
    consulting: Bench,
) -> None:
    changes = consulting.changes(ask(BOB, "c1", "Hangup"))
    assert [(change.view.leg.key, change.view.leg.state) for change in changes] == [
        (LegKey(BOB, "c1"), State.RELEASED),
        (LegKey(ALICE, "c1"), State.RELEASED),
        (LegKey(ALICE, "c2"), State.ESTABLISHED),
    ]
    offered = changes[-1].view.capabilities
    assert "Hold" in offered
    assert "CompleteConference" not in offered


def test_a_device_talks_on_one_leg_at_a_time(talking: Bench) -> None:
    talking.do(dial(CAROL, ALICE))
    assert talking.do(ask(ALICE, "c2", "Answer")) == [
        "15000 c2 StatusChange Established 15002",
        "15000 c1 StatusChange Held 15001",
        "15002 c2 StatusChange Established 15000",
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("answers", ["15000 c1 StatusChange Established 70001"]),
        ("fails", ["15000 c1 StatusChange Released 70001"]),
        ("hangs-up", ["15000 c1 StatusChange Released 70001"]),
    ],
)
def test_a_number_that_is_not_a_seat_is_left_to_its_simulated_party(
    bench: Bench, event: str, expected: list[str]
) -> None:
    assert bench.do(dial(ALICE, "70001")) == ["15000 c1 StatusChange Dialing 70001"]
    assert bench.dialled == ["70001"]
    assert bench.do(FarEnd("c1", "70001", event)) == expected  # type: ignore[arg-type]  # from the table above


def test_a_simulated_party_can_leave_the_conference_it_was_joined_to(talking: Bench) -> None:
    talking.do(ask(ALICE, "c1", "InitiateConference", destination="70001"))
    talking.do(FarEnd("c2", "70001", "answers"))
    talking.do(ask(ALICE, "c2", "CompleteConference"))
    assert talking.do(FarEnd("c2", "70001", "hangs-up")) == [
        "15000 c1 ParticipantsUpdated Established 15001",
        "15001 c1 ParticipantsUpdated Established 15000",
    ]


def test_a_simulated_party_whose_call_is_over_has_no_effect(bench: Bench) -> None:
    assert bench.do(FarEnd("c1", "70001", "answers")) == []


def test_an_agent_who_calls_their_own_number_reaches_a_busy_simulated_party(bench: Bench) -> None:
    assert bench.do(dial(ALICE, ALICE)) == ["15000 c1 StatusChange Dialing "]
    assert bench.dialled == [ALICE]
    assert bench.do(FarEnd("c1", ALICE, "fails")) == ["15000 c1 StatusChange Released "]


@pytest.mark.parametrize(
    ("agent", "call_id", "operation", "consult", "refusal"),
    [
        (ALICE, "c9", "Hangup", None, NoSuchCall),
        (CAROL, "c1", "Hangup", None, NoSuchCall),
        (BOB, "c2", "Hangup", None, NoSuchCall),
        (ALICE, "c1", "Hold", None, NotPossible),
        (ALICE, "c2", "Answer", None, NotPossible),
        (ALICE, "c2", "InitiateConference", None, NotPossible),
        (ALICE, "c1", "SendDtmf", None, NotPossible),
        (ALICE, "c2", "InitiateTransfer", None, NotPossible),
        (ALICE, "c1", "SwapCalls", "c7", NoSuchConsult),
        (ALICE, "c2", "SwapCalls", "c7", NoSuchConsult),
        (ALICE, "c2", "CompleteTransfer", "c1", NoSuchConsult),
        (ALICE, "c1", "CompleteTransfer", "c7", NoSuchConsult),
        (ALICE, "c1", "CompleteConference", "c7", NoSuchConsult),
        (ALICE, "c2", "CompleteConference", "c1", NoSuchConsult),
    ],
)
def test_a_refused_operation_leaves_the_world_as_it_was(
    consulting: Bench, agent: str, call_id: str, operation: str, consult: str | None, refusal: type[Refused]
) -> None:
    before = consulting.world
    with pytest.raises(refusal):
        consulting.do(operate(operation, LegKey(agent, call_id), CAROL, other=consult))
    assert consulting.world == before


def test_a_refusal_names_the_operation_the_state_and_the_offer(talking: Bench) -> None:
    with pytest.raises(NotPossible) as refused:
        talking.do(ask(ALICE, "c1", "Retrieve"))
    assert str(refused.value) == (
        "Retrieve is not possible: call c1 is Established and offers AttachUserData, DeleteUserData, "
        "DeleteUserDataPair, Hangup, Hold, InitiateConference, InitiateTransfer, SendDtmf, SingleStepConference, "
        "SingleStepTransfer, UpdateUserData"
    )
