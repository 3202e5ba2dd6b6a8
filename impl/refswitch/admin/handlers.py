"""One function for each operationId of openapi.yaml: what the path says, and the body, which has been validated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from refswitch.calls import Arrive, FarEnd, World
from refswitch.rest import BadValue, NoSuchResource

from .subject import Subject, alias

Json = Mapping[str, object]
Handler = Callable[[Subject, str, Any], Json]
_DONE: Json = {"statusCode": 0}
#: What the interface calls it -> what the core does.
_FAR_END: Mapping[str, Any] = {
    "answer": "answers",
    "busy": "fails",
    "hangup": "hangs-up",
    "hold": "holds",
    "resume": "resumes",
}


def read_health(subject: Subject, name: str, body: Any) -> Json:
    return {"status": "serving"}


def read_info(subject: Subject, name: str, body: Any) -> Json:
    seats = [
        {
            "number": seat.number,
            "login": seat.login,
            "displayName": seat.display_name,
            "deviceId": seat.device_id,
        }
        for seat in subject.seats
    ]
    return {"contract": subject.contract, "seconds": subject.now(), "seats": seats}


def reset(subject: Subject, name: str, body: Any) -> Json:
    """Without a call all of them."""
    call_id = (body or {}).get("call")
    subject.switch.end(None if call_id is None else _conversation(subject.switch.world, call_id))
    return _DONE


def arrive(subject: Subject, name: str, body: Any) -> Json:
    """Raises BadValue for a seat that is none."""
    to = body.get("to")
    if to is not None and to not in subject.switch.world.seats:
        raise BadValue("$.to", "is the number of no seat; a call comes in for a seat or through a queue")
    if body["from"] in subject.switch.world.seats:
        raise BadValue("$.from", "is the number of a seat; let that agent dial")
    subject.switch.arrive(
        Arrive(body["from"], to, body.get("dnis"), body.get("userData", {}), body.get("queue"))
    )
    return _DONE


def list_calls(subject: Subject, name: str, body: Any) -> Json:
    return {"calls": [_call(subject, call_id) for call_id in subject.switch.world.conversations]}


def read_call(subject: Subject, name: str, body: Any) -> Json:
    return _call(subject, _conversation(subject.switch.world, name))


def act_remotely(subject: Subject, name: str, body: Any) -> Json:
    """Of one far party there is no need to say the number. Raises BadValue for one that is not there or cannot do that now."""
    world = subject.switch.world
    conversation = world.conversations[_conversation(world, name)]
    far = conversation.far
    number: str = body.get("number") or next(iter(far), "")
    if number not in far or (len(far) > 1 and "number" not in body):
        raise BadValue(
            "$.number", f"must be one of the call's far parties: {', '.join(far) or 'it has none'}"
        )
    event = body["event"]
    if (event in ("answer", "busy")) != (number in conversation.ringing) and event != "hangup":
        raise BadValue(
            "$.event", f"{event} is not what {number} can do while it {_does(number, conversation.ringing)}"
        )
    subject.switch.far_end(FarEnd(far[number], number, _FAR_END[event]))
    return _DONE


def list_sessions(subject: Subject, name: str, body: Any) -> Json:
    return {
        "sessions": [
            {
                "id": alias(client.client_id),
                "agent": client.owner,
                "subscriptions": list(client.subscriptions),
                "queued": client.queued,
                "held": client.is_held,
            }
            for client in subject.courier.clients()
        ]
    }


def forget_session(subject: Subject, name: str, body: Any) -> Json:
    subject.courier.forget(_client(subject, name))
    return _DONE


def advise_session(subject: Subject, name: str, body: Any) -> Json:
    subject.courier.advise(_client(subject, name), body)
    return _DONE


def publish(subject: Subject, name: str, body: Any) -> Json:
    """Raises BadValue for an agent or a channel that cannot be told anything."""
    if body["agent"] not in subject.switch.world.seats:
        raise BadValue("$.agent", "is the number of no seat")
    try:
        subject.courier.publish(body["agent"], body["channel"], body["data"])
    except ValueError:
        raise BadValue("$.channel", "is no channel for events") from None
    subject.courier.deliver()
    return _DONE


def take_snapshot(subject: Subject, name: str, body: Any) -> Json:
    return {"id": subject.keep()}


def restore_snapshot(subject: Subject, name: str, body: Any) -> Json:
    if name not in subject.snapshots:
        raise NoSuchResource(f"snapshot {name}; kept: {', '.join(subject.snapshots) or 'none'}")
    subject.switch.restore(subject.snapshots[name])
    return _DONE


def _conversation(world: World, call_id: str) -> str:
    """The name of the conversation that began under this id, or that an agent's leg of this id is in."""
    if call_id in world.conversations:
        return call_id
    for leg in world.legs.values():
        if leg.key.call_id == call_id:
            return leg.conversation
    raise NoSuchResource(f"call {call_id}")


def _client(subject: Subject, name: str) -> str:
    clients = subject.clients()
    if name not in clients:
        raise NoSuchResource(f"session {name}")
    return clients[name]


def _does(number: str, ringing: frozenset[str]) -> str:
    return "rings" if number in ringing else "talks"


def _call(subject: Subject, name: str) -> Json:
    world = subject.switch.world
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
                "capabilities": list(subject.switch.capabilities(leg)),
                **({"parent": leg.parent} if leg.parent else {}),
            }
            for leg in world.legs_in(name)
        ],
    }
    return call if conversation.queue is None else {**call, "queue": conversation.queue}


HANDLERS: Mapping[str, Handler] = {
    "readHealth": read_health,
    "readInfo": read_info,
    "reset": reset,
    "arrive": arrive,
    "listCalls": list_calls,
    "readCall": read_call,
    "actRemotely": act_remotely,
    "listSessions": list_sessions,
    "forgetSession": forget_session,
    "adviseSession": advise_session,
    "publish": publish,
    "takeSnapshot": take_snapshot,
    "restoreSnapshot": restore_snapshot,
}
