"""Every row of the table is carried out once, and its own agent gets the notifications that the row promises, in order."""

from __future__ import annotations

from typing import Any

import pytest

from refswitch.calls import Arrive, Preview

from .commands import dial, supervise
from .model_fixture import ALICE, BOB, CAROL, MODEL, Bench

DAVE = "15003"
ABILITIES = ("mute", "recording", "clear-call")

Ask = tuple[str, str, str, dict[str, Any]]


def ask(agent: str, call_id: str, operation: str, **parameters: Any) -> Ask:
    return agent, call_id, operation, parameters


TALK = (ask(ALICE, "", "Dial"), ask(BOB, "c1", "Answer"))
HELD = (*TALK, ask(ALICE, "c1", "Hold"))
CONFERENCE = ask(ALICE, "c1", "InitiateConference", destination=CAROL)
TRANSFER = ask(ALICE, "c1", "InitiateTransfer", destination=CAROL)
ANSWER = ask(CAROL, "c2", "Answer")
CONSULT = (*TALK, CONFERENCE, ANSWER)
SWAPPED = (*CONSULT, ask(ALICE, "c1", "Retrieve"))
JOINED = (*CONSULT, ask(ALICE, "c2", "CompleteConference"))
RECORDED = (*TALK, ask(ALICE, "c1", "StartCallRecording"))
PAUSED = (*RECORDED, ask(ALICE, "c1", "PauseCallRecording"))
LISTENS = (ask(DAVE, "", "ListenIn"), *TALK)
BARGED = (*LISTENS, ask(DAVE, "c2", "SwitchToBargeIn"))
QUEUED = (ask(ALICE, "", "Arrive"),)
PREVIEWED = (ask(ALICE, "", "Preview"),)
DATA = {"user_data": {"a": 1}}

FLOWS: dict[str, tuple[tuple[Ask, ...], Ask]] = {
    "dial": ((), ask(ALICE, "", "Dial")),
    "answer": (TALK[:1], TALK[1]),
    "reject": (QUEUED, ask(ALICE, "c1", "Reject")),
    "accept": (PREVIEWED, ask(ALICE, "c1", "Accept")),
    "decline": (PREVIEWED, ask(ALICE, "c1", "Decline")),
    "set-call-disposition": (TALK, ask(ALICE, "c1", "SetCallDisposition")),
    "set-call-disposition-of-a-released-call": (
        (*TALK, ask(ALICE, "c1", "Hangup")),
        ask(ALICE, "c1", "SetCallDisposition"),
    ),
    "hangup": (TALK, ask(ALICE, "c1", "Hangup")),
    "hangup-ringing": (TALK[:1], ask(BOB, "c1", "Hangup")),
    "clear-call": (JOINED, ask(BOB, "c1", "ClearCall")),
    "hold": (TALK, ask(ALICE, "c1", "Hold")),
    "retrieve": (HELD, ask(ALICE, "c1", "Retrieve")),
    "retrieve-consult": (SWAPPED, ask(ALICE, "c2", "Retrieve")),
    "send-dtmf": (TALK, ask(ALICE, "c1", "SendDtmf")),
    "mute-call": (TALK, ask(ALICE, "c1", "MuteCall")),
    "unmute-call": ((*TALK, ask(ALICE, "c1", "MuteCall")), ask(ALICE, "c1", "UnmuteCall")),
    "initiate-conference": (TALK, CONFERENCE),
    "initiate-conference-held": (HELD, CONFERENCE),
    "initiate-transfer": (TALK, TRANSFER),
    "initiate-transfer-held": (HELD, TRANSFER),
    "complete-conference-on-consult": (CONSULT, ask(ALICE, "c2", "CompleteConference")),
    "complete-conference-on-held-parent": (CONSULT, ask(ALICE, "c1", "CompleteConference")),
    "complete-conference-on-talking-parent": (SWAPPED, ask(ALICE, "c1", "CompleteConference")),
    "complete-transfer-on-consult": (CONSULT, ask(ALICE, "c2", "CompleteTransfer")),
    "complete-transfer-on-held-parent": (
        (*TALK, TRANSFER, ANSWER),
        ask(ALICE, "c1", "CompleteTransfer"),
    ),
    "complete-transfer-on-conference-parent": (CONSULT, ask(ALICE, "c1", "CompleteTransfer")),
    "complete-transfer-on-talking-parent": (SWAPPED, ask(ALICE, "c1", "CompleteTransfer")),
    "swap-calls-on-talking-consult": (CONSULT, ask(ALICE, "c2", "SwapCalls", other="c1")),
    "swap-calls-on-held-consult": (SWAPPED, ask(ALICE, "c2", "SwapCalls", other="c1")),
    "swap-calls-on-dialing-consult": ((*TALK, CONFERENCE), ask(ALICE, "c2", "SwapCalls", other="c1")),
    "swap-calls-on-talking-parent": (SWAPPED, ask(ALICE, "c1", "SwapCalls", other="c2")),
    "swap-calls-on-transfer-parent": (
        (*TALK, TRANSFER, ANSWER),
        ask(ALICE, "c1", "SwapCalls", other="c2"),
    ),
    "swap-calls-on-conference-parent": (CONSULT, ask(ALICE, "c1", "SwapCalls", other="c2")),
    "single-step-transfer": (TALK, ask(ALICE, "c1", "SingleStepTransfer", destination=CAROL)),
    "single-step-transfer-of-a-supervisor": (
        LISTENS,
        ask(DAVE, "c2", "SingleStepTransfer", destination=CAROL),
    ),
    "single-step-conference": (TALK, ask(ALICE, "c1", "SingleStepConference", destination=CAROL)),
    "remove-participant": (
        JOINED,
        ask(ALICE, "c1", "RemoveParticipantFromConference", participant=CAROL),
    ),
    "remove-participant-by-supervisor": (
        BARGED,
        ask(DAVE, "c2", "RemoveParticipantFromConference", participant=ALICE),
    ),
    "attach-user-data": (TALK, ask(ALICE, "c1", "AttachUserData", **DATA)),
    "update-user-data": (TALK, ask(ALICE, "c1", "UpdateUserData", **DATA)),
    "delete-user-data": (TALK, ask(ALICE, "c1", "DeleteUserData")),
    "delete-user-data-pair": (TALK, ask(ALICE, "c1", "DeleteUserDataPair", key="a")),
    "start-call-recording": (TALK, ask(ALICE, "c1", "StartCallRecording")),
    "stop-call-recording": (RECORDED, ask(ALICE, "c1", "StopCallRecording")),
    "pause-call-recording": (RECORDED, ask(ALICE, "c1", "PauseCallRecording")),
    "resume-call-recording": (PAUSED, ask(ALICE, "c1", "ResumeCallRecording")),
    "switch-to-barge-in": (LISTENS, ask(DAVE, "c2", "SwitchToBargeIn")),
    "switch-to-listen-in": (BARGED, ask(DAVE, "c2", "SwitchToListenIn")),
    "mute-monitored-user": (BARGED, ask(DAVE, "c2", "MuteMonitoredUser")),
    "unmute-monitored-user": (
        (*BARGED, ask(DAVE, "c2", "MuteMonitoredUser")),
        ask(DAVE, "c2", "UnmuteMonitoredUser"),
    ),
}
BEGINNINGS = {
    "Dial": dial(ALICE, BOB),
    "Arrive": Arrive("+15550100", ALICE, queue="8000"),
    "Preview": Preview(ALICE, "+15550100"),
    "ListenIn": supervise(DAVE, ALICE, "ListenIn"),
}


def carried_out(bench: Bench, asked: Ask) -> list[str]:
    agent, call_id, operation, parameters = asked
    if operation in BEGINNINGS:
        return bench.do(BEGINNINGS[operation])
    return bench.operate(agent, call_id, operation, **parameters)


@pytest.mark.parametrize("row", MODEL["operations"], ids=lambda row: row["id"])
def test_a_row_sends_its_own_agent_the_notifications_it_promises(row: Any) -> None:
    before, asked = FLOWS[row["id"]]
    bench = Bench(*ABILITIES, seats=(ALICE, BOB, CAROL, DAVE))  # type: ignore[arg-type]  # named above
    for step in before:
        carried_out(bench, step)
    lines = [line.split() for line in carried_out(bench, asked)]
    promised = row["tells"]
    own = [(kind, state) for who, _, kind, state, *_ in lines if who == asked[0]][: len(promised)]
    assert asked[2] == row["operation"]
    assert own == [
        (tell["notificationType"], tell.get("state", state))
        for tell, (_, state) in zip(promised, own, strict=True)
    ]
