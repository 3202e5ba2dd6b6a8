"""The operations on calls that an agent can post, as the generated stubs want them: one method for each operationName.

No method waits for anything: between reading the world and publishing what became of it, nobody else is served.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from refswitch.numbers import OUTCOME_KEY, NoSuchOutcome
from refswitch.stubs import bodies, operations, resources

from .caller import Caller
from .devices import check_own
from .errors import AskedFor, BadValue

_ACCEPTED: resources.Accepted = {"statusCode": 0}
#: operationName -> the members that its body may have.
_PARAMETERS: Mapping[str, frozenset[str]] = {
    name: frozenset(getattr(bodies, name).__annotations__)
    for name in operations.CallOperationTable.__annotations__
}


class AgentOperations:
    """What one agent may ask for: implements DiallingOperations and CallOperations of the stubs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._switch = caller.realm.switch
        self._agent = caller.seat.number

    async def Dial(
        self, device_id: resources.DeviceId, body: bodies.Dial
    ) -> operations.DiallingOperationAnswer:
        """location and outboundCallerId are for a T-Server and mean nothing to this switch."""
        check_own(self._caller, device_id)
        destination, user_data = body["destination"]["phoneNumber"], body.get("userData")

        def dial(is_simulated: bool) -> None:
            self._switch.dial(
                self._agent, destination=destination, user_data=user_data, is_simulated=is_simulated
            )

        self._carry_out(dial, body["operationName"], destination, user_data)
        return _ACCEPTED

    async def _operate(
        self, call_id: resources.CallId, body: bodies.CallOperation
    ) -> operations.CallOperationAnswer:
        """What a body says beside its operationName, by the names that the parameters have in every operation.

        location is for a T-Server, and digits are for the other party: they mean nothing to this switch. A call is named by the end of
        its address: whoever reaches us by another name may say so. Members that the contract does not give the operation are passed over.
        """
        known = _PARAMETERS[body["operationName"]]
        said = {name: value for name, value in cast("Mapping[str, Any]", body).items() if name in known}
        other = said.get("consultCallUri") or said.get("otherCallUri")
        destination = said["destination"]["phoneNumber"] if "destination" in said else None
        user_data = said.get("userData")

        def operate(is_simulated: bool) -> None:
            self._switch.operate(
                self._agent,
                call_id,
                said["operationName"],
                destination=destination,
                user_data=user_data,
                other=other.rpartition("/")[2] if other is not None else None,
                key=said.get("key"),
                participant=said.get("participant"),
                is_simulated=is_simulated,
            )

        self._carry_out(operate, said["operationName"], destination, user_data)
        return _ACCEPTED

    def _carry_out(
        self,
        act: Callable[[bool], None],
        operation: str,
        destination: str | None,
        user_data: Mapping[str, object] | None,
    ) -> None:
        """Do it, with the outcome that it meets. Raises what `act` does, BadValue and AskedFor."""
        outcomes = self._caller.realm.outcomes
        try:
            met = outcomes.met(self._agent, operation, destination, user_data)
        except NoSuchOutcome as problem:
            raise BadValue(f"$.userData.{OUTCOME_KEY}", str(problem)) from None
        if met is None:
            act(False)
            return
        if met.outcome.refusal is not None:
            if met.outcome.refusal.ends_session:
                self._caller.realm.sessions.end(self._caller.session)
            raise AskedFor(met.outcome.refusal)
        with outcomes.playing(self._agent, met):
            act(met.is_simulated)
        self._caller.answer = met.outcome.answer

    # What an operation on a call does, the call model says; here it is enough to know its name.
    Answer = _operate
    AttachUserData = _operate
    ClearCall = _operate
    CompleteConference = _operate
    CompleteTransfer = _operate
    DeleteUserData = _operate
    DeleteUserDataPair = _operate
    Hangup = _operate
    Hold = _operate
    InitiateConference = _operate
    InitiateTransfer = _operate
    MuteCall = _operate
    MuteMonitoredUser = _operate
    PauseCallRecording = _operate
    Reject = _operate
    RemoveParticipantFromConference = _operate
    ResumeCallRecording = _operate
    Retrieve = _operate
    SendDtmf = _operate
    SingleStepConference = _operate
    SingleStepTransfer = _operate
    StartCallRecording = _operate
    StopCallRecording = _operate
    SwapCalls = _operate
    SwitchToBargeIn = _operate
    SwitchToListenIn = _operate
    UnmuteCall = _operate
    UnmuteMonitoredUser = _operate
    UpdateUserData = _operate
