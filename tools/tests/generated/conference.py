"""Alice calls Bob and adds Carol, with the client that openapi-python-client made: the package `made` in the working directory.

Takes the server's address. Prints what Alice sees at the end, as JSON.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode

from made.api.calls import list_calls, operate_on_call
from made.api.devices import dial_from_my_device
from made.api.session import read_me
from made.client import AuthenticatedClient
from made.models import (
    Accepted,
    Answer,
    AnswerOperationName,
    Call,
    CallList,
    CompleteConference,
    CompleteConferenceOperationName,
    Destination,
    Dial,
    DialOperationName,
    InitiateConference,
    InitiateConferenceOperationName,
    MeAnswer,
)


class Agent:
    """An agent whose login and password are their number."""

    def __init__(self, address: str, number: str) -> None:
        token = b64encode(f"{number}:{number}".encode()).decode()
        self.client = AuthenticatedClient(base_url=f"{address}/api/v2", token=token, prefix="Basic")

    def calls(self) -> list[Call]:
        answer = list_calls.sync(client=self.client, fields="*")
        assert isinstance(answer, CallList), answer
        return [call for call in answer.calls if isinstance(call, Call)]

    def device(self) -> str:
        answer = read_me.sync(client=self.client, subresources="devices")
        assert isinstance(answer, MeAnswer), answer
        assert answer.user.devices, "the devices were asked for"
        device: str = answer.user.devices[0].id
        return device

    def dial(self, number: str) -> None:
        body = Dial(operation_name=DialOperationName.DIAL, destination=Destination(phone_number=number))
        accepted(dial_from_my_device.sync(self.device(), client=self.client, body=body))

    def operate(self, call: str, body: Answer | InitiateConference | CompleteConference) -> None:
        accepted(operate_on_call.sync(call, client=self.client, body=body))

    def answer(self) -> None:
        (call,) = self.calls()
        self.operate(call.id, Answer(operation_name=AnswerOperationName.ANSWER))


def accepted(answer: object) -> None:
    assert isinstance(answer, Accepted), answer


def main(address: str) -> None:
    alice, bob, carol = (Agent(address, number) for number in ("15000", "15001", "15002"))
    alice.dial("15001")
    bob.answer()
    (call,) = alice.calls()
    initiate = InitiateConferenceOperationName.INITIATECONFERENCE
    alice.operate(
        call.id, InitiateConference(operation_name=initiate, destination=Destination(phone_number="15002"))
    )
    carol.answer()
    consult = next(each for each in alice.calls() if each.call_type == "Consult")
    complete = CompleteConferenceOperationName.COMPLETECONFERENCE
    alice.operate(call.id, CompleteConference(operation_name=complete, consult_call_uri=consult.uri))
    seen = [
        [each.id == call.id, each.state, sorted(p.phone_number for p in each.participants)]
        for each in alice.calls()
    ]
    print(json.dumps(seen))


main(sys.argv[1])
