"""How to bring about what an operation needs, and what its parameters must name.

SITUATIONS has a row for each operation that needs more than an established call, or a device as it is. An operation of the contract
that is not here is tried like its neighbours, and named at the end of the run if it was never accepted: then add its row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .agents import Agent, Json, NotPrepared
from .numbers import pick
from .outside import preview_call, queue_call


@dataclass(frozen=True)
class Stage:
    """The three agents, the numbers that may be dialled besides theirs, and where calls from outside are asked for (outside.py)."""

    agent: Agent
    second: Agent
    third: Agent
    numbers: tuple[str, ...]
    outside: str

    @property
    def listed(self) -> tuple[str, ...]:
        """Every number that may be dialled."""
        return (*(who.number for who in self.everybody), *self.numbers)

    @property
    def everybody(self) -> tuple[Agent, Agent, Agent]:
        return self.agent, self.second, self.third

    def clear(self) -> None:
        """End every call and take every setting back. Raises NotPrepared."""
        for who in self.everybody:
            who.undo_settings()
            who.end_calls()


# --- how a situation begins; each function starts on a cleared stage ---


def idle(stage: Stage) -> None:
    """Nobody has a call."""


def ringing(stage: Stage) -> None:
    """The second agent calls."""
    stage.second.dial(stage.agent.number)


def talking(stage: Stage) -> None:
    """The second agent calls, and the agent has answered."""
    ringing(stage)
    stage.agent.answer()


def queued(stage: Stage) -> None:
    """A caller rings through a queue."""
    queue_call(stage.outside, stage.agent.number)


def previewed(stage: Stage) -> None:
    """A dialler offers the agent a call to the third agent."""
    preview_call(stage.outside, stage.agent.number, stage.third.number)


def consulting(stage: Stage) -> None:
    """The agent has put the call on hold and talks to the third agent, to make it a conference."""
    talking(stage)
    stage.agent.operate(
        stage.agent.legs()[0], "InitiateConference", destination={"phoneNumber": stage.third.number}
    )
    stage.third.answer()


def conferring(stage: Stage) -> None:
    """The agent has made a conference of all three."""
    consulting(stage)
    stage.agent.operate(_offering(stage.agent.legs(), "CompleteConference"), "CompleteConference")


def supervising(stage: Stage) -> None:
    """The agent listens in, unheard, to a call of the other two."""
    stage.agent.operate_device("ListenIn", targetDeviceUri=stage.second.device_uri)
    stage.second.dial(stage.third.number)
    stage.third.answer()


@dataclass(frozen=True)
class Situation:
    """How it begins, and the operations that the agent then posts, to the call or to the device."""

    begins: Callable[[Stage], None] = idle
    then: tuple[str, ...] = ()


#: What most operations on a call need.
ON_A_CALL = Situation(talking)
#: What most operations on a device, on a channel and on the agent need.
ON_NOTHING = Situation()

SITUATIONS: Mapping[str, Situation] = {
    "Accept": Situation(previewed),
    "Answer": Situation(ringing),
    "Decline": Situation(previewed),
    "Reject": Situation(queued),
    "Retrieve": Situation(talking, ("Hold",)),
    "UnmuteCall": Situation(talking, ("MuteCall",)),
    "CompleteConference": Situation(consulting),
    "CompleteTransfer": Situation(consulting),
    "SwapCalls": Situation(consulting),
    "RemoveParticipantFromConference": Situation(conferring),
    "StopCallRecording": Situation(talking, ("StartCallRecording",)),
    "PauseCallRecording": Situation(talking, ("StartCallRecording",)),
    "ResumeCallRecording": Situation(talking, ("StartCallRecording", "PauseCallRecording")),
    "SwitchToBargeIn": Situation(supervising),
    "SwitchToListenIn": Situation(supervising, ("SwitchToBargeIn",)),
    "MuteMonitoredUser": Situation(supervising),
    "UnmuteMonitoredUser": Situation(supervising, ("MuteMonitoredUser",)),
    "DoNotDisturbOff": Situation(idle, ("DoNotDisturbOn",)),
    "ForwardCallsOff": Situation(idle, ("ForwardCallsOn",)),
    "CancelSupervisorMonitoring": Situation(idle, ("ListenIn",)),
    "SetCallDisposition": Situation(talking),
}


def leg_for(stage: Stage, operation: str) -> Json:
    """A live leg of the agent on which the operation is possible, found or made. Raises NotPrepared."""
    for leg in stage.agent.legs():
        if operation in leg["capabilities"]:
            return leg
    situation = SITUATIONS.get(operation, ON_A_CALL)
    stage.clear()
    situation.begins(stage)
    for step in situation.then:
        stage.agent.operate(_offering(stage.agent.legs(), step), step)
    return _offering(stage.agent.legs(), operation)


def _offering(legs: list[Json], operation: str) -> Json:
    """The leg that offers the operation; else the first, because a server need not offer all that it accepts. Raises NotPrepared."""
    if not legs:
        raise NotPrepared(f"there is no call for {operation}")
    return next((leg for leg in legs if operation in leg["capabilities"]), legs[0])


def device_for(stage: Stage, operation: str | None) -> Json:
    """Set the agent's device as the operation needs it, and return the call that it is about; empty if about none. Raises NotPrepared.

    Without an operation, only what the device was set to is undone.
    """
    stage.clear()
    situation = SITUATIONS.get(operation or "", ON_NOTHING)
    situation.begins(stage)
    for step in situation.then:
        stage.agent.operate_device(step, **name_what_exists(stage, {}, _REQUIRED_OF_A_STEP.get(step, {})))
    return next(iter(stage.agent.legs()), {})


#: What a step on a device requires, to be named before it is sent.
_REQUIRED_OF_A_STEP: Mapping[str, Json] = {
    "ForwardCallsOn": {"destination": ""},
    "ListenIn": {"targetDeviceUri": ""},
}


# --- what parameters must name ---

#: Parameter -> what it names on this stage, for what was drawn.
_NAMES: Mapping[str, Callable[[Stage, Json, Any], Any]] = {
    "targetDeviceUri": lambda stage, leg, drawn: stage.second.device_uri,
    "phoneNumber": lambda stage, leg, drawn: stage.agent.number,
    "devicePath": lambda stage, leg, drawn: f"/devices/{stage.agent.device_id}",
    "channels": lambda stage, leg, drawn: ["voice"],
    "destination": lambda stage, leg, drawn: _destination(stage, leg, drawn),
}
#: The same, where there is a leg.
_NAMES_OF_A_CALL: Mapping[str, Callable[[Stage, Json, Any], Any]] = {
    "callUri": lambda stage, leg, drawn: leg["uri"],
    "callUuid": lambda stage, leg, drawn: leg["callUuid"],
    "otherCallUri": lambda stage, leg, drawn: _another(stage, leg)["uri"],
    "consultCallUri": lambda stage, leg, drawn: _consult(stage, leg)["uri"],
    "participant": lambda stage, leg, drawn: leg["participants"][0]["phoneNumber"],
}


def name_what_exists(stage: Stage, leg: Json, body: Json) -> Json:
    """The body with parameters that name calls, devices, parties and numbers that are there; `leg` is empty where none is operated on."""
    names = {**_NAMES, **(_NAMES_OF_A_CALL if leg else {})}
    return {name: names[name](stage, leg, drawn) if name in names else drawn for name, drawn in body.items()}


def _destination(stage: Stage, leg: Json, drawn: Any) -> Any:
    """A listed number that is not in the call yet, in the form in which the drawn one stood."""
    number = drawn.get("phoneNumber") if isinstance(drawn, dict) else drawn
    parties = {party["phoneNumber"] for party in leg.get("participants", ())}
    chosen = pick(str(number), stage.listed, {stage.agent.number, *parties})
    return {**drawn, "phoneNumber": chosen} if isinstance(drawn, dict) else chosen


def _another(stage: Stage, leg: Json) -> Json:
    return next((other for other in stage.agent.legs() if other["id"] != leg["id"]), leg)


def _consult(stage: Stage, leg: Json) -> Json:
    return next((other for other in stage.agent.legs() if other.get("parentCallUri")), leg)
