"""The flows that the recorder plays, one after the other: each is a row of FLOWS and plays one part of the contract.

The recorder keeps every request, answer and notification that shows something new. To show a new operation, add a step to a flow; to show a
refusal, add a step with `when`, the sentence of x-refusals.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from refswitch import limits

from .desk import ALICE, BOB, CAROL, Desk

_CALLS, _DEVICES, _CHANNELS = "/v2/me/calls", "/v2/me/devices", "/v2/me/channels"
_SUPPLIED = {"CustomerId": "4711"}
_NOBODY = "01RCC3N118B1V0SL8O7GK2LAES00001A"  # a call id that no flow reaches

#: Sentences of x-refusals that several operations share.
_MISSING = "operationName or a required parameter is missing"
_NOT_NOW = "the leg does not accept the operation in its current situation"
_NO_LEG = "the agent has no live leg with this id"
_FORM = "a parameter has the wrong type, form or size"
_FORM_OR_NAME = f"{_FORM}, or this contract does not define the operation"
_NOT_OFFERED = "the device does not offer the operation now"
_IN_THE_CALL = "the destination is already in the call"


def _to(number: str) -> dict[str, Any]:
    return {"destination": {"phoneNumber": number}}


async def reading(desk: Desk) -> None:
    """Alice reads herself, her devices, channels and calls, and the contact centre."""
    alice = desk.alice
    await alice.ask("readMe")
    await alice.on_me("StartContactCenterSession", channels=["voice"])
    await alice.dial(BOB)
    call = alice.call("Dialing")
    await alice.ask(
        "readMe", query={"subresources": "devices,calls"}, summary="MeAnswer with devices and calls"
    )
    for name in ("Devices", "Channels", "Calls", "Features", "Services"):
        await alice.ask(f"list{name}")
        await alice.ask(f"list{name}", query={"fields": "*"})
    await alice.ask("readMe", query={"subresources": "*"})
    await alice.ask("listCalls", query={"fields": "id,state"})
    await alice.ask("readCall", id=call, query={"fields": "*"})
    for whose in ("MyDevice", "Device"):
        await alice.ask(f"read{whose}", id=alice.device, query={"fields": "*"})
        await alice.ask(f"read{whose}Settings", id=alice.device)
    for name, kind in (("listGroups", "dispositions"), ("listMyGroups", "BusinessUnit")):
        await alice.ask(name)
        await alice.ask(name, query={"type": kind, "fields": "*"})
    await alice.ask("listContacts")
    await alice.ask(
        "listContacts",
        query={
            "fields": "*",
            "name": "Bob",
            "phoneNumber": BOB,
            "channel": "voice",
            "type": "User",
            "filterName": "NamesOrPhoneNumberMatches",
            "filterParameters": "Bob",
        },
    )
    await alice.ask("readChannel", channel="voice")
    await alice.ask("readAgentStates")
    await alice.ask("readFeature", id="api-voice")
    service = (await alice.ask("listServices", query={"fields": "id"}))["services"][0]["id"]
    await alice.ask("readService", id=service)
    await alice.ask("readVersion")
    await alice.ask("readCall", id=_NOBODY, because="the agent has no live leg with this id to read")


async def a_session(desk: Desk) -> None:
    """Alice starts her contact centre session, sets her agent states and ends it."""
    alice = desk.alice
    await alice.listen(_DEVICES, _CHANNELS)
    await alice.on_me(
        "StartContactCenterSession",
        channels=["voice"],
        place="Place_15000",
        queue="8000",
        loginCode="15000",
        devicePath=f"/devices/{alice.device}",
        mobileSession={"mobileDeviceId": "alice-phone", "mobilePushType": "ios", "debug": False},
    )
    await alice.on_channel("Ready")
    await alice.on_channel("NotReady")
    await alice.on_channel("AuxWork")
    await alice.on_channel("AfterCallWork", wrapUpTime="30")
    await alice.on_me("Offline")
    await alice.hear()
    await alice.on_me("EndContactCenterSession")


async def without_a_session(desk: Desk) -> None:
    """Alice sets an agent state before her session, and starts one on a device that is not hers."""
    await desk.alice.ask(
        "operateOnChannel",
        {"operationName": "Ready"},
        channel="voice",
        when="no contact centre session has been started; the server also sends the agent an ErrorMessage on /v2/me/devices",
    )
    await desk.alice.ask(
        "operateOnChannel",
        {"operationName": "Ready"},
        channel="chat",
        when="the channel does not belong to the agent",
    )
    await desk.alice.on_me(
        "StartContactCenterSession",
        channels=["voice"],
        devicePath=f"/devices/{desk.bob.device}",
        when="devicePath is not a device of the agent, and there is no other channel",
    )
    await desk.alice.on_me(
        "StartContactCenterSession",
        channels=["chat"],
        when=f"{_FORM}, or the server has none of the channels",
    )
    await desk.alice.on_me("AfterCallWork", wrapUpTime="soon", when=_FORM)


async def a_device(desk: Desk) -> None:
    """Alice sets what happens to calls that come to her device, at both of its addresses."""
    alice = desk.alice
    await alice.on_device("DoNotDisturbOn")
    await alice.on_device("DoNotDisturbOn", when=_NOT_OFFERED)
    await alice.on_device("DoNotDisturbOff")
    await alice.ask(
        "operateOnDevice", {"operationName": "ForwardCallsOn", "destination": BOB}, id=alice.device
    )
    await alice.on_device("ForwardCallsOff")
    await alice.ask(
        "operateOnMyDevice",
        {"operationName": "DoNotDisturbOn"},
        id=desk.bob.device,
        when="the device does not belong to the agent",
    )


async def a_call(desk: Desk) -> None:
    """Alice calls Bob, they talk, and each uses what a call between two offers."""
    alice, bob = desk.alice, desk.bob
    await alice.listen(_CALLS)
    await bob.listen(_CALLS)
    call = await alice.dial(BOB, location="Hamburg", userData=_SUPPLIED, outboundCallerId="040555")
    await bob.hear()
    await bob.operate(call, "Answer")
    await bob.operate(call, "Answer", when=_NOT_NOW)
    for operation in ("Hold", "Retrieve", "MuteCall", "UnmuteCall"):
        await alice.operate(call, operation)
    await alice.operate(call, "SendDtmf", digits="12#")
    disposition = {"callUri": f"{alice.api}/me/calls/{call}", "callUuid": call, "disposition": "Sold"}
    await alice.operate(
        call,
        "SetCallDisposition",
        **{**disposition, "callUuid": _NOBODY},
        when="callUri or callUuid names another call than the address",
    )
    await alice.operate(
        call, "SetCallDisposition", **disposition, dispositionKey="Outcome", userData={"Duration": "180"}
    )
    await alice.on_device("SetCallDisposition", **disposition)
    await alice.on_device(
        "SetCallDisposition",
        **{**disposition, "callUuid": _NOBODY},
        when="the agent has and had no call with this id, as far as the server remembers; or the device does not belong to the agent",
    )
    await alice.operate(call, "AttachUserData", userData={"Topic": "Invoice"})
    await alice.operate(call, "UpdateUserData", userData={"Topic": "Delivery"})
    await alice.operate(call, "DeleteUserDataPair", key="Topic")
    await alice.operate(call, "DeleteUserData")
    for operation in ("StartCallRecording", "PauseCallRecording", "ResumeCallRecording", "StopCallRecording"):
        await alice.operate(call, operation)
    await alice.operate(call, "Hangup")
    await alice.hear()


async def calls_that_end_early(desk: Desk) -> None:
    """Alice rejects a call from a queue and clears one to Bob; then she dials at the older address of her device."""
    alice, bob = desk.alice, desk.bob
    desk.arrive("0405550100", queue="8000")
    await alice.operate(alice.call("Ringing"), "Reject")
    call = await alice.dial(BOB)
    await bob.operate(call, "Answer")
    await alice.operate(call, "ClearCall")
    await alice.ask("dialFromDevice", {"operationName": "Dial", **_to(BOB)}, id=alice.device)


async def preview_calls(desk: Desk) -> None:
    """A dialler offers Alice two calls: she accepts one, which is dialled, and declines the other."""
    alice = desk.alice
    await alice.listen(_CALLS)
    desk.preview(ALICE, "70001")
    await alice.operate(alice.call("Preview"), "Accept")
    await alice.operate(alice.call("Dialing"), "Hangup")
    desk.preview(ALICE, "70001")
    await alice.operate(alice.call("Preview"), "Decline")
    await alice.hear()


async def a_conference(desk: Desk) -> None:
    """Alice consults Carol and joins her to the call with Bob; Carol leaves, and comes back at once."""
    alice, bob, carol = desk.alice, desk.bob, desk.carol
    await alice.listen(_CALLS)
    call = await alice.dial(BOB)
    await bob.operate(call, "Answer")
    await alice.operate(call, "InitiateConference", **_to(CAROL), location="Hamburg", userData=_SUPPLIED)
    consult = alice.call("Dialing")
    await carol.operate(consult, "Answer")
    consult_uri = f"{alice.api}/me/calls/{consult}"
    await alice.operate(
        call,
        "CompleteConference",
        consultCallUri=consult_uri.replace(consult, _NOBODY),
        when="consultCallUri does not name a consult call of the call, or the two calls together have too many parties",
    )
    await alice.operate(call, "CompleteConference", consultCallUri=consult_uri)
    await alice.operate(
        call,
        "RemoveParticipantFromConference",
        participant="15009",
        when="the number does not belong to another participant of the call",
    )
    await alice.operate(call, "RemoveParticipantFromConference", participant=CAROL)
    await alice.operate(call, "SingleStepConference", **_to(BOB), when=_IN_THE_CALL)
    await alice.operate(call, "SingleStepConference", **_to(CAROL), location="Hamburg", userData=_SUPPLIED)
    await alice.hear()


async def transfers(desk: Desk) -> None:
    """Alice consults Carol, speaks with each in turn, and transfers Bob to her; the next call she transfers at once."""
    alice, bob, carol = desk.alice, desk.bob, desk.carol
    call = await alice.dial(BOB)
    await bob.operate(call, "Answer")
    await alice.operate(call, "InitiateTransfer", **_to(CAROL), location="Hamburg", userData=_SUPPLIED)
    consult = alice.call("Dialing")
    await carol.operate(consult, "Answer")
    address = f"{alice.api}/me/calls/"
    await alice.operate(
        consult,
        "SwapCalls",
        otherCallUri=address + _NOBODY,
        when="otherCallUri names neither the parent nor the consult call of the call",
    )
    await alice.operate(consult, "SwapCalls", otherCallUri=address + call)
    await alice.operate(call, "CompleteTransfer", consultCallUri=address + consult)
    call = await alice.dial(BOB)
    await bob.operate(call, "Answer")
    await alice.operate(call, "SingleStepTransfer", **_to(CAROL), location="Hamburg", userData=_SUPPLIED)


async def supervision(desk: Desk) -> None:
    """Carol supervises Alice in each of the three ways, and in the calls that follow."""
    alice, bob, carol = desk.alice, desk.bob, desk.carol
    await carol.listen(_CALLS)
    how = {
        "targetDeviceUri": alice.device_uri,
        "supervisorMonitoringScope": "Call",
        "supervisorMonitoringMode": "AllCalls",
        "phoneNumber": ALICE,
    }
    for operation in ("ListenIn", "Coach", "BargeIn"):
        await carol.on_device(operation, **how)
        await carol.on_device("CancelSupervisorMonitoring")
    await alice.on_device(
        "ListenIn",
        targetDeviceUri=bob.device_uri,
        when=f"{_NOT_OFFERED}, or the target cannot be supervised",
    )
    await carol.on_device("ListenIn", targetDeviceUri=alice.device_uri)
    call = await alice.dial(BOB)
    await bob.operate(call, "Answer")
    heard = carol.call("Established")
    for operation in ("SwitchToBargeIn", "MuteMonitoredUser", "UnmuteMonitoredUser", "SwitchToListenIn"):
        await carol.operate(heard, operation)
    await carol.hear()


async def refusals(desk: Desk) -> None:
    """Requests that the server does not even try to carry out."""
    alice = desk.alice
    hold = {"operationName": "Hold"}
    await alice.operate(_NOBODY, "Hold", when=_NO_LEG)
    await alice.operate(_NOBODY, "SendDtmf", when=_MISSING)
    await alice.operate(_NOBODY, "SendDtmf", digits="call me", when=_FORM_OR_NAME)
    await alice.ask(
        "operateOnCall", hold, id=_NOBODY, credentials=False, when="the credentials are missing or wrong"
    )
    await alice.ask(
        "operateOnCall",
        id=_NOBODY,
        content=b'{"operationName": "Hold"}',
        because="the body has no media type",
    )
    await alice.ask(
        "operateOnCall",
        hold,
        id=_NOBODY,
        headers={"Content-Encoding": "gzip"},
        because="the body is compressed",
    )
    await alice.ask(
        "operateOnCall",
        id=_NOBODY,
        content=b" " * (limits.REQUEST_BODY.default + 1),
        headers={"Content-Type": "application/json"},
        because="the body is larger than the server accepts",
    )


async def too_many_calls(desk: Desk) -> None:
    """Alice has as many calls as an agent may have, and dials once more."""
    alice = desk.alice
    dial = {"operationName": "Dial", **_to("70000")}
    for _ in range(limits.CALLS_OF_AGENT.default):
        await alice.ask("dialFromMyDevice", dial, id=alice.device)
    await alice.ask("dialFromMyDevice", dial, id=alice.device, because="the agent has too many calls")


async def a_missing_token(desk: Desk) -> None:
    """With CSRF protection on, Alice posts without the token."""
    await desk.alice.on_device("DoNotDisturbOn", because="the CSRF token is missing or wrong")


async def bayeux(desk: Desk) -> None:
    """Two CometD sessions, the second with every option, from the handshake to the end, and what the server refuses."""
    alice = desk.alice
    await alice.listen(_CALLS)
    await alice.hear()
    await alice.bayeux("unsubscribe", subscription=_CALLS)
    await alice.bayeux("disconnect")
    await alice.bayeux(
        "handshake",
        version="1.0",
        minimumVersion="1.0",
        supportedConnectionTypes=["websocket", "long-polling"],
        advice={"timeout": 60000, "interval": 0},
        ext={"ack": True},
    )
    await alice.bayeux("connect", connectionType="long-polling", advice={"timeout": 0}, ext={"ack": 0})
    await alice.bayeux("subscribe", subscription=[_CALLS, _DEVICES, _CHANNELS])
    await alice.bayeux("subscribe", summary="SubscribeReply to a request without subscription")
    unknown = "f" * 40
    await alice.bayeux(
        "handshake",
        version="1.0",
        supportedConnectionTypes=["iframe"],
        summary="HandshakeReply to a client without a common transport",
    )
    for meta in ("connect", "unsubscribe", "disconnect"):
        more = {"connect": {"connectionType": "long-polling"}, "unsubscribe": {"subscription": _CALLS}}
        await alice.bayeux(
            meta,
            client_id=unknown,
            summary=f"{meta.capitalize()}Reply to an unknown client",
            **more.get(meta, {}),
        )


@dataclass(frozen=True)
class Flow:
    """A flow, and whether its server demands the CSRF token."""

    play: Callable[[Desk], Awaitable[None]]
    csrf: bool = False

    @property
    def name(self) -> str:
        return self.play.__name__.replace("_", "-")


FLOWS = (
    Flow(bayeux),
    Flow(reading),
    Flow(a_session),
    Flow(without_a_session),
    Flow(a_device),
    Flow(a_call),
    Flow(calls_that_end_early),
    Flow(preview_calls),
    Flow(a_conference),
    Flow(transfers),
    Flow(supervision),
    Flow(refusals),
    Flow(too_many_calls),
    Flow(a_missing_token, csrf=True),
)
