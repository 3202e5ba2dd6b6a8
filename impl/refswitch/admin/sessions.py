"""Bayeux sessions: list them, end one, advise one, or send messages that the switch did not make."""

from __future__ import annotations

from refswitch.refusals import BadValue, NoSuchResource

from .request import DONE, AdminRequest, Json


def list_sessions(request: AdminRequest) -> Json:
    sandbox = request.sandbox
    return {
        "sessions": [
            {
                "id": sandbox.journal.alias(client.client_id),
                "agent": client.owner,
                "subscriptions": list(client.subscriptions),
                "queued": client.queued,
                "held": client.is_held,
            }
            for client in sandbox.courier.clients()
        ]
    }


def forget_session(request: AdminRequest) -> Json:
    request.sandbox.courier.forget(_client(request))
    request.sandbox.journal.happened("SessionForgotten", session=request.name)
    return DONE


def advise_session(request: AdminRequest) -> Json:
    request.sandbox.courier.advise(_client(request), request.body)
    return DONE


def publish(request: AdminRequest) -> Json:
    """Publish a message. Raises BadValue for an agent who does not exist or a channel that takes no events."""
    body, courier = request.body, request.sandbox.courier
    if body["agent"] not in request.sandbox.switch.world.seats:
        raise BadValue("$.agent", "is not the number of a seat")
    try:
        courier.publish(body["agent"], body["channel"], body["data"])
    except ValueError:
        raise BadValue("$.channel", "is not a channel for events") from None
    courier.deliver()
    return DONE


def _client(request: AdminRequest) -> str:
    clients = request.sandbox.clients()
    if request.name not in clients:
        raise NoSuchResource(f"session {request.name}")
    return clients[request.name]
