"""The documented capability lists, cell by cell: each test produces a situation and compares the leg's whole offer.

The letters are the columns of the samples, all of HTCC 8.5.2 but one: CallsDial (A), a capture of GWS 8.5.202.96 (B), CallsAnswer (C),
CallsHold (D), InitiateConference (E, G), InitiateTransfer (F), SwapCalls (H), CallsMuteCall (I), RemoveParticipantFromConference (J),
CallRecordingStartCallRecording (K), CallRecordingPauseCallRecording (L), CallRecordingStopCallRecording (M), SupervisorSwitchToBargeIn and
SupervisorSwitchToListenin (N), CallsHangup (O).
Where two samples of one situation differ, both are here, with the abilities that the seat's switch needs to show them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from refswitch.calls import Ability, Arrive, Change, LegKey

from .commands import dial, operate, supervise
from .model_fixture import ALICE, BOB, CAROL, Bench

DAVE = "15003"
USER_DATA = {"AttachUserData", "UpdateUserData", "DeleteUserData", "DeleteUserDataPair"}
CONSULTING = {"InitiateConference", "InitiateTransfer", "SingleStepConference", "SingleStepTransfer"}
TALKING = {"Hangup", "Hold", "SendDtmf", *USER_DATA, *CONSULTING}
HELD = {"Hangup", *USER_DATA, *CONSULTING}


def dialling(bench: Bench) -> None:
    bench.do(dial(ALICE, BOB))


def talking(bench: Bench) -> None:
    dialling(bench)
    bench.operate(BOB, "c1", "Answer")


def held(bench: Bench) -> None:
    talking(bench)
    bench.operate(ALICE, "c1", "Hold")


def consulting(operation: str) -> Callable[[Bench], None]:
    def bring(bench: Bench) -> None:
        talking(bench)
        bench.operate(ALICE, "c1", operation, destination=CAROL)

    return bring


def answered(operation: str) -> Callable[[Bench], None]:
    def bring(bench: Bench) -> None:
        consulting(operation)(bench)
        bench.operate(CAROL, "c2", "Answer")

    return bring


def swapped(operation: str) -> Callable[[Bench], None]:
    def bring(bench: Bench) -> None:
        answered(operation)(bench)
        bench.operate(ALICE, "c2", "SwapCalls", other="c1")

    return bring


def conference(bench: Bench) -> None:
    answered("InitiateConference")(bench)
    bench.operate(ALICE, "c2", "CompleteConference")


def party_of_a_muted_conference(bench: Bench) -> None:
    conference(bench)
    bench.operate(BOB, "c1", "MuteCall")


def after_removal(bench: Bench) -> None:
    conference(bench)
    bench.operate(ALICE, "c1", "RemoveParticipantFromConference", participant=CAROL)


def recording(*operations: str) -> Callable[[Bench], None]:
    def bring(bench: Bench) -> None:
        talking(bench)
        for operation in operations:
            bench.operate(ALICE, "c1", operation)

    return bring


def supervising(how: str, *operations: str) -> Callable[[Bench], None]:
    """Dave hears Alice's call on the leg c2."""

    def bring(bench: Bench) -> None:
        bench.do(supervise(DAVE, ALICE, how))  # type: ignore[arg-type]  # from the table below
        talking(bench)
        for operation in operations:
            bench.operate(DAVE, "c2", operation)

    return bring


def queued(bench: Bench) -> None:
    bench.do(Arrive("+15550100", ALICE, queue="8000"))


@dataclass(frozen=True)
class Cell:
    """A situation: how a leg gets into it, the abilities of its switch, and what it then offers."""

    bring: Callable[[Bench], None]
    agent: str
    call_id: str
    offer: set[str]
    abilities: tuple[Ability, ...] = ()


CELLS = {
    "A Dialing": Cell(dialling, ALICE, "c1", {"Hangup", "SendDtmf", *USER_DATA}),
    "B Ringing": Cell(dialling, BOB, "c1", {"Answer", "ClearCall", *USER_DATA}, ("clear-call",)),
    "B Ringing, a switch that cannot clear": Cell(dialling, BOB, "c1", {"Answer", *USER_DATA}),
    "B Ringing, through a queue": Cell(queued, ALICE, "c1", {"Answer", "Reject", *USER_DATA}),
    "C Established": Cell(talking, ALICE, "c1", TALKING),
    "C Established, the capture": Cell(talking, ALICE, "c1", {*TALKING, "ClearCall"}, ("clear-call",)),
    "C Established, CallResource": Cell(
        talking, ALICE, "c1", {*TALKING, "StartCallRecording"}, ("recording",)
    ),
    "C Established, a switch that mutes": Cell(talking, ALICE, "c1", {*TALKING, "MuteCall"}, ("mute",)),
    "D Held": Cell(held, ALICE, "c1", {*HELD, "Retrieve"}),
    "E Held, two-step conference": Cell(consulting("InitiateConference"), ALICE, "c1", {*HELD, "Retrieve"}),
    "F Held, two-step transfer": Cell(
        consulting("InitiateTransfer"), ALICE, "c1", {*HELD, "SwapCalls", "CompleteTransfer"}
    ),
    "G Consult Dialing": Cell(
        consulting("InitiateConference"),
        ALICE,
        "c2",
        {"Hangup", "SendDtmf", "SwapCalls", "CompleteTransfer", *USER_DATA},
    ),
    "G Consult Dialing, of a transfer": Cell(
        consulting("InitiateTransfer"),
        ALICE,
        "c2",
        {"Hangup", "SendDtmf", "SwapCalls", "CompleteTransfer", *USER_DATA},
    ),
    "Consult Established": Cell(
        answered("InitiateConference"),
        ALICE,
        "c2",
        {"Hangup", "SendDtmf", "SwapCalls", "CompleteTransfer", "CompleteConference", *USER_DATA},
    ),
    "H Established, its consult call held": Cell(
        swapped("InitiateTransfer"),
        ALICE,
        "c1",
        {*TALKING, "SwapCalls", "CompleteTransfer", "CompleteConference"},
    ),
    "H Established, its consult call of a conference held": Cell(
        swapped("InitiateConference"),
        ALICE,
        "c1",
        {*TALKING, "SwapCalls", "CompleteTransfer", "CompleteConference"},
    ),
    "I Established, three parties, muted": Cell(
        party_of_a_muted_conference,
        BOB,
        "c1",
        {*TALKING, "UnmuteCall", "StartCallRecording"},
        ("mute", "recording"),
    ),
    "Established, three parties, the owner": Cell(
        conference, ALICE, "c1", {*TALKING, "RemoveParticipantFromConference"}
    ),
    "J Established, after the removal": Cell(after_removal, ALICE, "c1", TALKING),
    "K Recording": Cell(
        recording("StartCallRecording"),
        ALICE,
        "c1",
        {*TALKING, "StopCallRecording", "PauseCallRecording"},
        ("recording",),
    ),
    "L Recording paused": Cell(
        recording("StartCallRecording", "PauseCallRecording"),
        ALICE,
        "c1",
        {*TALKING, "StopCallRecording", "ResumeCallRecording"},
        ("recording",),
    ),
    "M Recording stopped": Cell(
        recording("StartCallRecording", "StopCallRecording"),
        ALICE,
        "c1",
        {*TALKING, "StartCallRecording"},
        ("recording",),
    ),
    "N A supervisor who listens": Cell(
        supervising("ListenIn"),
        DAVE,
        "c2",
        {*TALKING, "SwitchToBargeIn", "RemoveParticipantFromConference"},
    ),
    "N A supervisor who has barged in": Cell(
        supervising("ListenIn", "SwitchToBargeIn"),
        DAVE,
        "c2",
        {*TALKING, "SwitchToListenIn", "RemoveParticipantFromConference"},
    ),
    "N A supervisor who listens again": Cell(
        supervising("BargeIn", "SwitchToListenIn"),
        DAVE,
        "c2",
        {*TALKING, "SwitchToBargeIn", "RemoveParticipantFromConference"},
    ),
    "A supervisor who coaches": Cell(
        supervising("Coach"),
        DAVE,
        "c2",
        {*TALKING, "SwitchToBargeIn", "SwitchToListenIn", "RemoveParticipantFromConference"},
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_leg_offers_what_its_sample_shows_and_nothing_else(name: str) -> None:
    cell = CELLS[name]
    bench = Bench(*cell.abilities, seats=(ALICE, BOB, CAROL, DAVE))
    cell.bring(bench)
    assert bench.offer(cell.agent, cell.call_id) == cell.offer


ENDS = {
    "CallsHangup": (talking, "c1", "Hangup", {}),
    "SingleStepTransfer": (talking, "c1", "SingleStepTransfer", {"destination": CAROL}),
    "CompleteTransfer": (answered("InitiateTransfer"), "c2", "CompleteTransfer", {}),
    "CompleteConference": (answered("InitiateConference"), "c2", "CompleteConference", {}),
}


@pytest.mark.parametrize("page", ENDS)
def test_o_a_released_leg_offers_nothing(page: str) -> None:
    bring, call_id, operation, parameters = ENDS[page]
    bench = Bench("mute", "recording", "clear-call")
    bring(bench)
    command = operate(operation, LegKey(ALICE, call_id), **parameters)  # type: ignore[arg-type]  # from the table above
    ended: list[Change] = [c for c in bench.changes(command) if c.view.leg.state == "Released"]
    assert ended
    assert [change.view.capabilities for change in ended] == [()] * len(ended)
