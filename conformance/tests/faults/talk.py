"""Miniatures for the tests of the fault layer: sessions that are there, notifications, requests."""

from callproof.faults import Line, Variant, parse
from callproof.faults.line import Sent
from callproof.faults.traffic import Message, Request, as_json, basic
from callproof.json_values import Json


def variant(rules: str, *, ids: str = "") -> Variant:
    """A faulty variant with these rules, written as in the data files."""
    text = "- {name: miniature, area: http, title: A miniature server of a test, expects: HTTP-ENV-001"
    text += f", ids: {ids}}}" if ids else "}"
    if rules:
        text = text[:-1] + f", rules: [{rules}]}}"
    return parse({"miniature.yaml": text})[0]


def line(rules: str = "", *, ids: str = "") -> Line:
    return Line(variant(rules or "{notification: {agent: nobody}}".replace("nobody", "carol"), ids=ids))


def opened(on: Line, agent: str, *channels: str) -> str:
    """Let an agent shake hands and subscribe over the line; return the client id."""
    client_id = f"session-of-{agent}"
    shake: Message = {"channel": "/meta/handshake", "id": "1"}
    on.received(on.sent(agent, [shake], 0.0), [{**shake, "successful": True, "clientId": client_id}], 0.0)
    for channel in channels or ("/v2/me/calls",):
        ask: Message = {
            "channel": "/meta/subscribe",
            "id": "2",
            "clientId": client_id,
            "subscription": channel,
        }
        on.received(
            on.sent(agent, [ask], 0.0), [{"channel": "/meta/subscribe", "id": "2", "successful": True}], 0.0
        )
    return client_id


def connect(on: Line, agent: str, now: float = 0.0) -> Sent:
    return on.sent(agent, [{"channel": "/meta/connect", "id": "7", "clientId": f"session-of-{agent}"}], now)


def reply() -> Message:
    return {"channel": "/meta/connect", "id": "7", "successful": True}


def told(
    state: str, *, call: str = "9", agent: str = "15000", kind: str = "StatusChange", **more: Json
) -> Message:
    resource: dict[str, Json] = {
        "id": call,
        "callUuid": call,
        "state": state,
        "participants": [{"phoneNumber": "15001"}],
        **more,
    }
    data: Json = {
        "notificationType": kind,
        "call": resource,
        "phoneNumber": agent,
        "messageType": "CallStateChangeMessage",
    }
    return {"channel": "/v2/me/calls", "data": data}


def heard(on: Line, agent: str, events: list[Message], now: float = 0.0) -> list[Message]:
    """What the agent's connect brings when the server answers it with these events."""
    sent = connect(on, agent, now)
    return on.compose(sent, on.received(sent, [*events, reply()], now), now)


def later(on: Line, agent: str, now: float) -> list[Message]:
    """What a connect that is answered from the fault layer brings."""
    sent = connect(on, agent, now)
    return on.compose(sent, on.connect_reply(sent), now)


def operation(name: str, call: str, agent: str, **members: Json) -> Request:
    body = as_json({"operationName": name, **members})
    return Request("POST", f"/api/v2/me/calls/{call}", "", (("authorization", basic(agent)),), body)
