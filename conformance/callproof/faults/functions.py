"""What no rule can say in data: named functions, to which rules refer. Each is a fault or an oddity of one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from callproof.json_values import Json, as_object

from .members import first, object_in
from .rules import Facts
from .sessions import Session, Sessions
from .traffic import Answer, Message, Request, as_json, header

_JSON = (("content-type", "application/json"),)


def refuse_charset(request: Request) -> Answer | None:
    """A request whose media type has a charset parameter is not understood."""
    if "charset" not in (header(request.headers, "content-type") or "").lower():
        return None
    return Answer(
        415, _JSON, as_json({"statusCode": 10, "statusMessage": "Content-Type must be application/json"})
    )


def require_authorization(request: Request) -> Answer | None:
    """A cookie stands for nothing: every request needs its Authorization header."""
    if header(request.headers, "authorization"):
        return None
    return Answer(403, _JSON, as_json({"statusCode": 20, "statusMessage": "Credentials are needed"}))


def copy_per_subscription(
    sessions: Sessions, session: Session, message: Message, now: float
) -> list[Message]:
    """A session gets an event once for each of its subscriptions that cover the channel."""
    return [message] * session.copies(str(message.get("channel")))


def drop_for_wildcards(sessions: Sessions, session: Session, message: Message, now: float) -> list[Message]:
    """Only a subscription to the very channel brings its events."""
    return [message] if message.get("channel") in session.subscriptions else []


def remember_call(sessions: Sessions, session: Session, message: Message, now: float) -> list[Message]:
    """Keep what was last delivered of each agent's call, for the functions that list it."""
    sessions.last_calls[session.agent] = object_in(message, "data.call")
    return [message]


def list_last_call(sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float) -> Answer:
    """The list of calls holds the agent's last call, be it over or not."""
    return _listed(answer, sessions.last_calls.get(agent))


def read_last_call(sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float) -> Answer:
    """The agent's last call can be read, be it over or not."""
    return answer.with_value({"statusCode": 0, "call": sessions.last_calls.get(agent)})


def list_calls_of_all(sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float) -> Answer:
    """The list of calls holds the calls of the other agents too."""
    for name, call in sessions.last_calls.items():
        if name != agent and first(call, "state") != "Released":
            answer = _listed(answer, call)
    return answer


def refuse_by_notification(
    sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float
) -> Answer:
    """A refusal becomes statusCode 0, then a notification with messageType ErrorMessage."""
    refusal = as_object(answer.value)
    data: dict[str, Json] = {"messageType": "ErrorMessage", "errorMessage": refusal.get("statusMessage")}
    sessions.tell(agent, {"channel": "/v2/me/calls", "data": data}, now + 0.1)
    return Answer(200, answer.headers, answer.body).with_value({"statusCode": 0})


def unwrap_array(sessions: Sessions, agent: str, facts: Facts, answer: Answer, now: float) -> Answer:
    """An array of one message is sent as that message."""
    value = answer.value
    return answer.with_value(value[0]) if isinstance(value, list) and len(value) == 1 else answer


def repeat_client_id(sessions: Sessions, agent: str, message: Message, now: float) -> list[Message]:
    """A handshake is answered with the clientId that this agent was given before; the first goes on."""
    known = next((session.client_id for session in sessions if session.agent == agent), "")
    if not known:
        return []
    reply: Message = {
        "channel": "/meta/handshake", "id": message.get("id"), "successful": True, "version": "1.0", "clientId": known,
        "supportedConnectionTypes": ["long-polling"], "advice": {"reconnect": "retry", "interval": 0, "timeout": 30000},
    }  # fmt: skip
    return [reply]


def pretend_unsubscribed(sessions: Sessions, agent: str, message: Message, now: float) -> list[Message]:
    """An unsubscribe is answered with success and otherwise forgotten."""
    named = message.get("subscription")
    return [
        {"channel": "/meta/unsubscribe", "id": message.get("id"), "successful": True, "subscription": named}
    ]


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
