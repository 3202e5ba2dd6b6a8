"""More than two parties: conferences of up to six, transfers that leave the others talking, callers in a queue, supervisors."""

from __future__ import annotations

from typing import Any

import pytest

from refswitch.calls import (
    AlreadyInCall,
    Arrive,
    End,
    FarEnd,
    LegKey,
    NoSuchCall,
    NoSuchParticipant,
    NotPossible,
    NotToSupervise,
    Refused,
    Supervise,
    TooMuchUserData,
)

from .commands import dial, operate, supervise
from .model_fixture import ALICE, BOB, CAROL, Bench

DAVE, ERIN, FRED, GINA = "15003", "15004", "15005", "15006"
SEATS = (ALICE, BOB, CAROL, DAVE, ERIN, FRED, GINA)
CALLER = "+15550100"


@pytest.fixture
def bench() -> Bench:
    return Bench("mute", "recording", "clear-call", seats=SEATS)


@pytest.fixture
def talking(bench: Bench) -> Bench:
    """Alice talks to Bob on c1."""
    bench.do(dial(ALICE, BOB))
    bench.operate(BOB, "c1", "Answer")
    return bench


def consult(bench: Bench, operation: str, number: str, call_id: str) -> None:
    bench.operate(ALICE, "c1", operation, destination=number)
    bench.operate(number, call_id, "Answer")


def conference(bench: Bench, *numbers: str) -> None:
    """Alice adds one number after the other to c1; their legs are c2, c3, ..."""
    for count, number in enumerate(numbers, start=2):
        consult(bench, "InitiateConference", number, f"c{count}")
        bench.operate(ALICE, f"c{count}", "CompleteConference")


def refused(bench: Bench, kind: type[Refused], agent: str, call_id: str, operation: str, **more: Any) -> None:
    before = bench.world
    with pytest.raises(kind):
        bench.operate(agent, call_id, operation, **more)
    assert bench.world is before


def test_six_parties_talk_and_a_seventh_finds_no_room(talking: Bench) -> None:
    conference(talking, CAROL, DAVE, ERIN, FRED)
    (conversation,) = talking.world.conversations.values()
    assert conversation.parties == (ALICE, BOB, CAROL, DAVE, ERIN, FRED)
    assert "SingleStepConference" not in talking.offer(ALICE, "c1")
    refused(talking, NotPossible, BOB, "c1", "SingleStepConference", destination=GINA)
    consult(talking, "InitiateConference", GINA, "c6")
    assert "CompleteConference" not in talking.offer(ALICE, "c6")
    refused(talking, NotPossible, ALICE, "c6", "CompleteConference")
    assert talking.operate(ALICE, "c6", "CompleteTransfer")[:2] == [
        "15000 c1 StatusChange Released 15001+15002+15003+15004+15005",
        "15000 c6 StatusChange Released 15006",
    ]


def test_the_owner_leaves_a_conference_and_the_others_continue(talking: Bench) -> None:
    conference(talking, CAROL, DAVE)
    assert talking.operate(ALICE, "c1", "Hangup") == [
        "15000 c1 StatusChange Released 15001+15002+15003",
        "15001 c1 ParticipantsUpdated Established 15002+15003",
        "15002 c2 ParticipantsUpdated Established 15001+15003",
        "15003 c3 ParticipantsUpdated Established 15001+15002",
    ]
    assert "RemoveParticipantFromConference" not in talking.offer(BOB, "c1")


def test_any_party_clears_a_conference_for_everybody(talking: Bench) -> None:
    conference(talking, CAROL)
    assert talking.operate(CAROL, "c2", "ClearCall") == [
        "15002 c2 StatusChange Released 15000+15001",
        "15000 c1 StatusChange Released 15001+15002",
        "15001 c1 StatusChange Released 15000+15002",
    ]
    assert not talking.world.conversations


def test_the_owner_removes_a_participant_and_a_stranger_is_refused(talking: Bench) -> None:
    conference(talking, CAROL)
    refused(talking, NoSuchParticipant, ALICE, "c1", "RemoveParticipantFromConference", participant=DAVE)
    refused(talking, NoSuchParticipant, ALICE, "c1", "RemoveParticipantFromConference", participant=ALICE)
    refused(talking, NotPossible, BOB, "c1", "RemoveParticipantFromConference", participant=CAROL)
    assert talking.operate(ALICE, "c1", "RemoveParticipantFromConference", participant=BOB) == [
        "15000 c1 ParticipantsUpdated Established 15002",
        "15001 c1 StatusChange Released 15000+15002",
        "15002 c2 ParticipantsUpdated Established 15000",
    ]


def test_consult_calls_follow_one_another_but_do_not_nest(talking: Bench) -> None:
    consult(talking, "InitiateConference", CAROL, "c2")
    refused(talking, NotPossible, ALICE, "c2", "InitiateConference", destination=DAVE)
    refused(talking, NotPossible, ALICE, "c2", "InitiateTransfer", destination=DAVE)
    talking.operate(ALICE, "c2", "Hangup")
    consult(talking, "InitiateTransfer", DAVE, "c3")
    assert talking.operate(ALICE, "c1", "CompleteTransfer") == [
        "15000 c1 StatusChange Released 15001",
        "15000 c3 StatusChange Released 15003",
        "15001 c1 ParticipantsUpdated Established 15003",
        "15003 c3 ParticipantsUpdated Established 15001",
    ]


@pytest.mark.parametrize("initiate", ["InitiateConference", "InitiateTransfer"])
@pytest.mark.parametrize("posted_to", ["c1", "c2"])
@pytest.mark.parametrize(
    ("complete", "parties"),
    [("CompleteConference", (ALICE, BOB, CAROL)), ("CompleteTransfer", (BOB, CAROL))],
)
def test_either_completion_ends_either_beginning_on_either_leg(
    talking: Bench, initiate: str, posted_to: str, complete: str, parties: tuple[str, ...]
) -> None:
    consult(talking, initiate, CAROL, "c2")
    talking.operate(ALICE, posted_to, complete)
    (conversation,) = talking.world.conversations.values()
    assert conversation.parties == parties


def test_an_operation_acts_on_the_consult_call_that_it_names(talking: Bench) -> None:
    consult(talking, "InitiateTransfer", CAROL, "c2")
    consult(talking, "InitiateTransfer", DAVE, "c3")
    assert talking.states(ALICE) == {"c1": "Held", "c2": "Held", "c3": "Established"}
    talking.operate(ALICE, "c1", "CompleteTransfer", other="c2")
    assert talking.states(ALICE) == {"c3": "Established"}
    assert "CompleteTransfer" not in talking.offer(ALICE, "c3")


def test_a_blind_transfer_connects_the_others_once_the_destination_answers(talking: Bench) -> None:
    talking.operate(ALICE, "c1", "InitiateTransfer", destination=CAROL)
    assert talking.operate(ALICE, "c2", "CompleteTransfer") == [
        "15000 c1 StatusChange Released 15001",
        "15000 c2 StatusChange Released 15002",
        "15001 c1 ParticipantsUpdated Established 15002",
        "15002 c2 ParticipantsUpdated Ringing 15001",
    ]
    assert talking.operate(CAROL, "c2", "Answer") == ["15002 c2 StatusChange Established 15001"]


def test_a_party_transferred_to_a_busy_number_is_left_alone(talking: Bench) -> None:
    talking.operate(ALICE, "c1", "SingleStepTransfer", destination="70100")
    assert talking.do(FarEnd("c2", "70100", "fails")) == ["15001 c1 StatusChange Released 70100"]


def test_a_single_step_transfer_rings_in_the_agents_place_with_its_data(talking: Bench) -> None:
    changes = talking.changes(
        operate("SingleStepTransfer", LegKey(ALICE, "c1"), CAROL, {"Ticket": {"id": 7}})
    )
    assert [(c.view.leg.key, c.notification_type, c.view.participants) for c in changes] == [
        (LegKey(ALICE, "c1"), "StatusChange", (BOB,)),
        (LegKey(BOB, "c1"), "ParticipantsUpdated", (CAROL,)),
        (LegKey(CAROL, "c2"), "StatusChange", (BOB,)),
    ]
    assert changes[-1].view.user_data == {"Ticket": {"id": 7}}


@pytest.mark.parametrize("operation", ["SingleStepTransfer", "SingleStepConference"])
@pytest.mark.parametrize("number", [ALICE, BOB])
def test_nobody_is_added_to_a_call_that_they_are_in(talking: Bench, operation: str, number: str) -> None:
    refused(talking, AlreadyInCall, ALICE, "c1", operation, destination=number)


def test_an_invited_number_becomes_a_party_by_answering(talking: Bench) -> None:
    assert talking.operate(ALICE, "c1", "SingleStepConference", destination=CAROL) == [
        "15000 c1 ParticipantsUpdated Established 15001",
        "15002 c2 StatusChange Ringing 15000+15001",
    ]
    assert talking.operate(CAROL, "c2", "Answer") == [
        "15002 c2 StatusChange Established 15000+15001",
        "15000 c1 ParticipantsUpdated Established 15001+15002",
        "15001 c1 ParticipantsUpdated Established 15000+15002",
    ]
    (conversation,) = talking.world.conversations.values()
    assert conversation.user_data == {"FirstConferencePartyDN": ALICE}
    assert "RemoveParticipantFromConference" in talking.offer(ALICE, "c1")


@pytest.mark.parametrize("event", ["fails", "hangs-up"])
def test_an_invitation_that_fails_changes_nothing_for_the_others(talking: Bench, event: Any) -> None:
    talking.operate(ALICE, "c1", "SingleStepConference", destination="70100")
    assert talking.do(FarEnd("c2", "70100", event)) == []
    assert talking.states(ALICE) == {"c1": "Established"}


def test_an_invitation_ends_with_the_call(talking: Bench) -> None:
    talking.operate(ALICE, "c1", "SingleStepConference", destination=CAROL)
    assert talking.operate(BOB, "c1", "Hangup") == [
        "15001 c1 StatusChange Released 15000",
        "15000 c1 StatusChange Released 15001",
        "15002 c2 StatusChange Released 15000+15001",
    ]


def test_a_far_end_follows_its_call(talking: Bench) -> None:
    talking.operate(ALICE, "c1", "InitiateTransfer", destination="70001")
    talking.do(FarEnd("c2", "70001", "answers"))
    talking.operate(ALICE, "c2", "CompleteTransfer")
    assert talking.do(FarEnd("c2", "70001", "hangs-up")) == ["15001 c1 StatusChange Released 70001"]


def test_a_far_ends_hold_is_recorded_without_a_notification(bench: Bench) -> None:
    bench.do(dial(ALICE, "70001"))
    assert bench.do(FarEnd("c1", "70001", "holds")) == []
    assert not bench.world.conversations["c1"].held_by, "it has not answered yet"
    bench.do(FarEnd("c1", "70001", "answers"))
    assert bench.do(FarEnd("c1", "70001", "holds")) == []
    assert bench.world.conversations["c1"].held_by == {"70001"}
    bench.do(FarEnd("c1", "70001", "resumes"))
    assert not bench.world.conversations["c1"].held_by


def test_a_call_from_outside_rings_with_the_callers_number_and_the_number_dialled(bench: Bench) -> None:
    (change,) = bench.changes(Arrive(CALLER, ALICE, dnis="8005550100", user_data={"Case": "7"}))
    leg = change.view.leg
    assert (leg.state, leg.call_type, leg.ani, leg.dnis) == ("Ringing", "Inbound", CALLER, "8005550100")
    assert (change.view.participants, change.view.user_data) == ((CALLER,), {"Case": "7"})
    refused(bench, NotPossible, ALICE, "c1", "Reject")


def test_a_rejected_call_goes_to_the_next_free_agent_of_the_queue_and_then_waits(bench: Bench) -> None:
    bench.do(dial(BOB, CAROL))
    assert bench.do(Arrive(CALLER, queue="8000")) == [f"15000 c3 StatusChange Ringing {CALLER}"]
    assert bench.operate(ALICE, "c3", "Reject") == [
        f"15000 c3 StatusChange Released {CALLER}",
        f"15003 c4 StatusChange Ringing {CALLER}",
    ]
    for agent, call_id in ((DAVE, "c4"), (ERIN, "c5"), (FRED, "c6"), (GINA, "c7")):
        bench.operate(agent, call_id, "Reject")
    assert bench.world.waiting == ("c2",)
    assert bench.operate(CAROL, "c1", "Hangup")[:2] == [
        "15002 c1 StatusChange Released 15001",
        "15001 c1 StatusChange Released 15002",
    ]
    assert bench.states(BOB) == {"c8": "Ringing"}


def test_a_waiting_caller_may_hang_up(bench: Bench) -> None:
    for agent in SEATS:
        bench.do(dial(agent, "70000"))
    bench.do(Arrive(CALLER, queue="8000"))
    assert bench.world.waiting == ("c8",)
    assert bench.do(FarEnd("c8", CALLER, "hangs-up")) == []
    assert bench.world.waiting == ()
    assert "c8" not in bench.world.conversations


def test_user_data_changes_for_everybody_and_is_sent_complete(talking: Bench) -> None:
    changes = talking.changes(operate("AttachUserData", LegKey(ALICE, "c1"), user_data={"a": {"b": None}}))
    assert [(c.view.leg.key.agent, c.notification_type, c.view.user_data) for c in changes] == [
        (ALICE, "AttachedDataChanged", {"a": {"b": None}}),
        (BOB, "AttachedDataChanged", {"a": {"b": None}}),
    ]
    talking.operate(BOB, "c1", "UpdateUserData", user_data={"c": 1})
    changes = talking.changes(operate("DeleteUserDataPair", LegKey(BOB, "c1"), key="a"))
    assert [c.view.user_data for c in changes] == [{"c": 1}, {"c": 1}]
    changes = talking.changes(operate("DeleteUserData", LegKey(ALICE, "c1")))
    assert [c.view.user_data for c in changes] == [{}, {}]


def test_a_call_carries_user_data_up_to_a_limit(talking: Bench) -> None:
    half = {"a": "x" * 40_000}
    talking.operate(ALICE, "c1", "AttachUserData", user_data=half)
    refused(talking, TooMuchUserData, ALICE, "c1", "AttachUserData", user_data={"b": "x" * 40_000})
    refused(
        talking,
        TooMuchUserData,
        ALICE,
        "c1",
        "InitiateTransfer",
        destination=CAROL,
        user_data={"k": ["x"] * 99_999},
    )
    talking.operate(ALICE, "c1", "AttachUserData", user_data={"a": "x" * 50_000})


def test_recording_marks_the_call_and_ends_with_the_leg(talking: Bench) -> None:
    changes = talking.changes(operate("StartCallRecording", LegKey(ALICE, "c1")))
    marked = {"GSIP_RECORD": "ON", "GSIP_REC_FN": "c1_15000"}
    assert [(c.notification_type, c.view.leg.recording, c.view.user_data) for c in changes] == [
        ("CallRecordingStateChange", "Recording", marked),
        ("AttachedDataChanged", "Stopped", marked),
    ]
    talking.operate(ALICE, "c1", "PauseCallRecording")
    assert talking.world.conversations["c1"].user_data["GSIP_RECORD"] == "PAUSED"
    changes = talking.changes(operate("Hangup", LegKey(ALICE, "c1")))
    assert [change.view.leg.recording for change in changes] == ["Stopped", "Stopped"]


def supervised(how: Any, **more: Any) -> Bench:
    """Dave supervises Alice, who then talks to Bob on c1; Dave's leg is c2."""
    bench = Bench(seats=SEATS)
    bench.do(supervise(DAVE, ALICE, how, **more))
    bench.do(dial(ALICE, BOB))
    bench.operate(BOB, "c1", "Answer")
    return bench


def test_a_listening_supervisor_shows_to_the_supervised_agent_but_is_not_a_participant() -> None:
    bench = supervised("ListenIn")
    shown = {
        key.agent: (leg.mute, bench.world.others(leg), bench.world.is_supervised(leg))
        for key, leg in bench.world.legs.items()
    }
    assert shown == {
        ALICE: ("Off", (BOB,), True),
        BOB: ("Off", (ALICE,), False),
        DAVE: ("On", (ALICE, BOB), False),
    }


def test_a_supervisor_who_barges_in_becomes_a_participant_until_they_step_back() -> None:
    bench = supervised("Coach")
    assert bench.operate(DAVE, "c2", "SwitchToBargeIn") == [
        "15003 c2 StatusChange Established 15000+15001",
        "15000 c1 ParticipantsUpdated Established 15001+15003",
        "15001 c1 ParticipantsUpdated Established 15000+15003",
    ]
    assert bench.operate(DAVE, "c2", "SwitchToListenIn") == [
        "15003 c2 StatusChange Established 15000+15001",
        "15000 c1 ParticipantsUpdated Established 15001",
        "15001 c1 ParticipantsUpdated Established 15000",
    ]
    refused(bench, NotPossible, DAVE, "c2", "SwitchToListenIn")


def test_barging_in_joins_the_call_in_progress_and_listening_waits_for_the_next() -> None:
    bench = Bench(seats=SEATS)
    bench.do(dial(ALICE, BOB))
    bench.operate(BOB, "c1", "Answer")
    assert bench.do(supervise(ERIN, ALICE, "ListenIn")) == []
    assert bench.do(supervise(DAVE, ALICE, "BargeIn")) == [
        "15003 c2 StatusChange Established 15000+15001",
        "15000 c1 ParticipantsUpdated Established 15001+15003",
        "15001 c1 ParticipantsUpdated Established 15000+15003",
    ]


def test_a_supervisor_takes_a_call_over() -> None:
    bench = supervised("BargeIn")
    assert bench.operate(DAVE, "c2", "MuteMonitoredUser") == [
        "15003 c2 MonitoredUserMutedStateChange Established 15000+15001",
        "15000 c1 MonitoredUserMutedStateChange Established 15001+15003",
    ]
    assert bench.operate(DAVE, "c2", "RemoveParticipantFromConference", participant=ALICE) == [
        "15003 c2 ParticipantsUpdated Established 15001",
        "15000 c1 StatusChange Released 15001+15003",
        "15001 c1 ParticipantsUpdated Established 15003",
    ]


def test_when_a_supervisor_leaves_the_agent_can_be_heard_again() -> None:
    bench = supervised("BargeIn")
    bench.operate(DAVE, "c2", "MuteMonitoredUser")
    assert bench.operate(DAVE, "c2", "Hangup") == [
        "15003 c2 StatusChange Released 15000+15001",
        "15000 c1 MonitoredUserMutedStateChange Established 15001",
        "15000 c1 ParticipantsUpdated Established 15001",
        "15001 c1 ParticipantsUpdated Established 15000",
    ]


@pytest.mark.parametrize(("scope", "stays"), [("Call", True), ("Agent", False)])
def test_the_scope_says_whether_a_supervisor_follows_the_call_or_the_agent(scope: str, stays: bool) -> None:
    bench = supervised("ListenIn", scope=scope)
    bench.operate(ALICE, "c1", "SingleStepTransfer", destination=CAROL)
    assert (bench.states(DAVE) == {"c2": "Established"}) is stays


@pytest.mark.parametrize(("mode", "again"), [("AllCalls", True), ("NextCall", False)])
def test_the_mode_says_whether_one_call_is_heard_or_all(mode: str, again: bool) -> None:
    bench = supervised("ListenIn", mode=mode)
    bench.operate(ALICE, "c1", "Hangup")
    assert bench.states(DAVE) == {}
    bench.do(dial(BOB, ALICE))
    bench.operate(ALICE, "c3", "Answer")
    assert (bench.states(DAVE) == {"c4": "Established"}) is again


def test_the_end_of_a_supervision_releases_the_supervisor() -> None:
    bench = supervised("ListenIn")
    assert bench.do(Supervise(DAVE, None)) == [
        "15003 c2 StatusChange Released 15000+15001",
        "15000 c1 StatusChange Established 15001",
    ]


def test_a_supervisor_with_a_call_of_their_own_is_not_interrupted() -> None:
    bench = Bench(seats=SEATS)
    bench.do(supervise(DAVE, ALICE, "ListenIn"))
    bench.do(dial(DAVE, "70000"))
    bench.do(dial(ALICE, BOB))
    bench.operate(BOB, "c2", "Answer")
    assert bench.states(DAVE) == {"c1": "Dialing"}


@pytest.mark.parametrize("target", [DAVE, "70000"])
def test_only_another_agent_can_be_supervised(target: str) -> None:
    bench = Bench(seats=SEATS)
    with pytest.raises(NotToSupervise):
        bench.do(supervise(DAVE, target, "ListenIn"))


def test_the_administrator_ends_one_call_or_all(talking: Bench) -> None:
    talking.do(dial(CAROL, DAVE))
    talking.do(Arrive(CALLER, ERIN, queue="8000"))
    assert talking.do(End("c1")) == [
        "15000 c1 StatusChange Released 15001",
        "15001 c1 StatusChange Released 15000",
    ]
    assert talking.do(End()) == [
        "15002 c2 StatusChange Released 15003",
        "15003 c2 StatusChange Released 15002",
        f"15004 c3 StatusChange Released {CALLER}",
    ]
    assert (talking.world.agents, talking.world.conversations) == ({}, {})
    with pytest.raises(NoSuchCall):
        talking.do(End("c1"))
