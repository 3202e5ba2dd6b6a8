"""Calls, as the switch knows them: list them, read one, let one arrive, offer a preview, let a far end act, end one or all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refswitch.calls import Arrive, Conversation, End, FarEnd, Preview, World
from refswitch.refusals import BadValue, NoSuchResource
from refswitch.sandboxes import Sandbox

from .request import DONE, AdminRequest, Json

#: The interface's word -> what the core does.
_FAR_END: Mapping[str, Any] = {
    "answer": "answers",
    "busy": "fails",
    "hangup": "hangs-up",
    "hold": "holds",
    "resume": "resumes",
}


def end_calls(request: AdminRequest) -> Json:
    request.sandbox.switch.apply(End(None))
    return DONE


def end_call(request: AdminRequest) -> Json:
    switch = request.sandbox.switch
    switch.apply(End(_conversation(switch.world, request.name)))
    return DONE


def arrive(request: AdminRequest) -> Json:
    """Raises BadValue for a `to` that is not a seat and a `from` that is one."""
    body, switch = request.body, request.sandbox.switch
    to = body.get("to")
    if to is not None and to not in switch.world.seats:
        raise BadValue("$.to", "is not the number of a seat; a call arrives at a seat or through a queue")
    if body["from"] in switch.world.seats:
        raise BadValue("$.from", "is the number of a seat; have that agent dial instead")
    switch.apply(Arrive(body["from"], to, body.get("dnis"), body.get("userData", {}), body.get("queue")))
    return DONE


def preview(request: AdminRequest) -> Json:
    """Raises BadValue for an `agent` that is not a seat, and for a `number` that is the agent's own."""
    body, switch = request.body, request.sandbox.switch
    if body["agent"] not in switch.world.seats:
        raise BadValue("$.agent", "is not the number of a seat; a preview call is offered to a seat")
    if body["number"] == body["agent"]:
        raise BadValue("$.number", "is the agent's own; name the party to call")
    switch.apply(Preview(body["agent"], body["number"], body.get("userData", {})))
    return DONE


def list_calls(request: AdminRequest) -> Json:
    return {"calls": [_call(request.sandbox, name) for name in request.sandbox.switch.world.conversations]}


def read_call(request: AdminRequest) -> Json:
    return _call(request.sandbox, _conversation(request.sandbox.switch.world, request.name))


def play_far_end(request: AdminRequest) -> Json:
    """Raises BadValue for a far end that is not in the call or cannot do this now."""
    world, body = request.sandbox.switch.world, request.body
    conversation = world.conversations[_conversation(world, request.name)]
    number, event = _far_party(conversation, body.get("number")), body["event"]
    rings = number in conversation.ringing
    if (event in ("answer", "busy")) != rings and event != "hangup":
        raise BadValue(
            "$.event", f"{event} is not possible for {number} while it {'rings' if rings else 'talks'}"
        )
    call_id = conversation.far[number]
    if event == "dtmf":
        if "digits" not in body:
            raise BadValue("$.digits", "is required with the event dtmf")
        request.sandbox.journal.happened("Digits", call=call_id, number=number, digits=body["digits"])
    else:
        request.sandbox.switch.apply(FarEnd(call_id, number, _FAR_END[event]))
    return DONE


def _far_party(conversation: Conversation, number: str | None) -> str:
    """The number of the far end that is meant; a call with only one needs no number. Raises BadValue."""
    far = list(conversation.far)
    if number is None and len(far) == 1:
        return far[0]
    if number is None or number not in conversation.far:
        raise BadValue("$.number", f"must be one of the call's far ends: {', '.join(far) or 'it has none'}")
    return number


def _conversation(world: World, call_id: str) -> str:
    """The conversation that began under this id, or that contains an agent's leg with this id."""
    if call_id in world.conversations:
        return call_id
    for leg in world.legs.values():
        if leg.key.call_id == call_id:
            return leg.conversation
    raise NoSuchResource(f"call {call_id}")


def _call(sandbox: Sandbox, name: str) -> Json:
    world = sandbox.switch.world
    conversation = world.conversations[name]
    call: dict[str, object] = {
        "id": name,
        "parties": list(conversation.parties),
        "invited": list(conversation.invited),
        "supervisors": list(conversation.monitors),
        "ringing": sorted(conversation.ringing),
        "held": sorted(conversation.held_by),
        "waiting": name in world.waiting,
        "userData": dict(conversation.user_data),
        "legs": [
            {
                "agent": leg.key.agent,
                "id": leg.key.call_id,
                "state": leg.state.value,
                "callType": leg.call_type,
                "monitoring": leg.monitoring,
                "capabilities": list(sandbox.switch.capabilities(leg)),
                **({"parent": leg.parent} if leg.parent else {}),
            }
            for leg in world.legs_in(name)
        ],
    }
    return call if conversation.queue is None else {**call, "queue": conversation.queue}
