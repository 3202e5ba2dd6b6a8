"""Named functions for what a rule cannot express as data; rules refer to them. Each is one fault or oddity."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from callproof.json_values import Json, as_object

from .members import first, object_in
from .rules import Facts
from .sessions import Session, Sessions
from .traffic import Answer, Message, Request, as_json, header

_JSON = (("content-type", "application/json"),)


def refuse_charset(request: Request) -> Answer | None:
    """Refuse a request whose media type has a charset parameter."""
    if "charset" not in (header(request.headers, "content-type") or "").lower():
        return None
    return _refusal(415, 10, "Content-Type must be application/json")


def require_authorization(request: Request) -> Answer | None:
    """Ignore cookies: refuse a request without an Authorization header."""
    return None if header(request.headers, "authorization") else _refusal(403, 20, "Credentials are needed")


def _refusal(status: int, code: int, text: str) -> Answer:
    return Answer(status, _JSON, as_json({"statusCode": code, "statusMessage": text}))


def copy_per_subscription(
    sessions: Sessions, session: Session, message: Message, now: float
) -> list[Message]:
    """Deliver an event once for each subscription of the session that covers the channel."""
    return [message] * session.copies(str(message.get("channel")))


def drop_for_wildcards(sessions: Sessions, session: Session, message: Message, now: float) -> list[Message]:
    """Deliver an event only to a subscription to exactly its channel."""
    return [message] if message.get("channel") in session.subscriptions else []


def remember_call(sessions: Sessions, session: Session, message: Message, now: float) -> list[Message]:
    """Keep each agent's call as last delivered, for the functions that list it."""
    sessions.last_calls[session.agent] = object_in(message, "data.call")
    return [message]


def list_last_call(sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float) -> Answer:
    """Add the agent's last call to the list of calls, even if it is released."""
    return _listed(answer, sessions.last_calls.get(agent))


def read_last_call(sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float) -> Answer:
    """Answer with the agent's last call, even if it is released."""
    return answer.with_value({"statusCode": 0, "call": sessions.last_calls.get(agent)})


def list_calls_of_all(sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float) -> Answer:
    """Add the calls of the other agents to the list of calls."""
    for name, call in sessions.last_calls.items():
        if name != agent and first(call, "state") != "Released":
            answer = _listed(answer, call)
    return answer


def refuse_by_notification(
    sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float
) -> Answer:
    """Turn a refusal into statusCode 0 and a later notification with messageType ErrorMessage."""
    refusal = as_object(answer.value)
    data: dict[str, Json] = {"messageType": "ErrorMessage", "errorMessage": refusal.get("statusMessage")}
    sessions.deliver(agent, {"channel": "/v2/me/calls", "data": data}, now + 0.1)
    return Answer(200, answer.headers, answer.body).with_value({"statusCode": 0})


def unwrap_array(sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float) -> Answer:
    """Send an array of one message as that message."""
    value = answer.value
    return answer.with_value(value[0]) if isinstance(value, list) and len(value) == 1 else answer


def repeat_client_id(sessions: Sessions, agent: str, message: Message, now: float) -> list[Message]:
    """Answer a handshake with the agent's earlier clientId; pass on the first handshake."""
    known = next((session.client_id for session in sessions if session.agent == agent), "")
    if not known:
        return []
    reply: Message = {
        "channel": "/meta/handshake", "id": message.get("id"), "successful": True, "version": "1.0", "clientId": known,
        "supportedConnectionTypes": ["long-polling"], "advice": {"reconnect": "retry", "interval": 0, "timeout": 30000},
    }  # fmt: skip
    return [reply]


def pretend_unsubscribed(sessions: Sessions, agent: str, message: Message, now: float) -> list[Message]:
    """Answer an unsubscribe with success, and ignore it."""
    asked = {"id": message.get("id"), "subscription": message.get("subscription")}
    return [{"channel": "/meta/unsubscribe", "successful": True, **asked}]


def _listed(answer: Answer, call: Json) -> Answer:
    value = answer.value
    calls = first(value, "calls")
    if not isinstance(value, dict) or not isinstance(calls, list) or not isinstance(call, dict):
        return answer
    known = {first(listed, "id") for listed in calls}
    return answer if call.get("id") in known else answer.with_value({**value, "calls": [*calls, call]})


REQUESTS: Mapping[str, Callable[[Request], Answer | None]] = {
    function.__name__: function for function in (refuse_charset, require_authorization)
}
ANSWERS: Mapping[str, Callable[[Sessions, str, Facts, Answer, float], Answer]] = {
    function.__name__: function
    for function in (list_last_call, list_calls_of_all, read_last_call, refuse_by_notification, unwrap_array)
}
MESSAGES: Mapping[str, Callable[[Sessions, str, Message, float], list[Message]]] = {
    function.__name__: function for function in (repeat_client_id, pretend_unsubscribed)
}
NOTIFICATIONS: Mapping[str, Callable[[Sessions, Session, Message, float], list[Message]]] = {
    function.__name__: function for function in (copy_per_subscription, drop_for_wildcards, remember_call)
}
