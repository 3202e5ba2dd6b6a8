"""The faulty line between clients and a sound server: takes requests, answers and Bayeux messages, and returns what becomes of them.

It never waits and has no clock; `now` is in seconds and only increases. The carrier of the traffic calls `asked` before it passes on a
request, and `answered` with the server's answer. The Bayeux messages of a CometD request also go through `sent` and `received`, and
`compose` returns the content of the answer. Traffic that no rule matches is unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from callproof.json_values import as_object

from .functions import ANSWERS, MESSAGES, NOTIFICATIONS, REQUESTS
from .ids import Ids
from .members import edited, first, object_in, resolved
from .model import Rule, Variant
from .rules import Counted, Facts
from .sessions import Entry, Session, Sessions
from .traffic import Answer, Message, Request, header, is_event

_BEHIND_AT_MOST = 1.0  # how long an event waits for a next one


@dataclass(frozen=True)
class Asked:
    """A request as it is passed on, its delay, and the facts about it."""

    request: Request
    agent: str
    facts: Facts
    delay: float = 0.0


@dataclass(frozen=True)
class Sent:
    """The Bayeux messages of one request: those passed on, the credentials they carry, and the line's own replies."""

    batch: tuple[Message, ...]
    onward: tuple[Message, ...]
    agent: str
    own: tuple[tuple[int, Message], ...] = ()
    delay: float = 0.0
    sent_as: str = ""

    @property
    def connect(self) -> Message | None:
        """The connect, if it is the only message and is passed on: the server may hold such a request."""
        alone = len(self.batch) == 1 and len(self.onward) == 1
        return self.batch[0] if alone and self.batch[0].get("channel") == "/meta/connect" else None


@dataclass(frozen=True)
class _Outgoing:
    session: Session
    message: Message
    due: float
    behind: bool = False


class Line:
    """One variant's line."""

    def __init__(self, variant: Variant) -> None:
        self.rules = Counted(variant.rules)
        self.sessions = Sessions()
        self.ids = Ids(variant.ids) if variant.ids else None
        self._after = ""
        self._states: dict[tuple[str, str], str] = {}
        self._cookies: dict[str, str] = {}

    @property
    def triggers(self) -> tuple[int, ...]:
        """How often each rule took effect and, last, how often ids were changed if this line changes them."""
        return (*self.rules.triggers, *((self.ids.translated,) if self.ids else ()))

    # HTTP ---------------------------------------------------------------------------------------------------------------

    def asked(self, request: Request, now: float) -> Asked | Answer:
        """Take a request; return it as it is passed on, or the line's own answer."""
        agent, login = self._who(request)
        if self.ids is not None:
            request = self.ids.request(agent, request)
        body = as_object(request.value)
        operation = body.get("operationName")
        call_id = _call_in(request.resource)
        facts = Facts(
            agent=agent, method=request.method, resource=request.resource, is_cometd=request.is_cometd, login=login,
            operation=operation if isinstance(operation, str) else "", leg=self._leg(agent, call_id),
            after=self._after, value=request.value,
        )  # fmt: skip
        if facts.operation and request.method == "POST":
            self._after = facts.operation
        delay = 0.0
        for rule in self.rules.matching("request", facts):
            if rule.answers is not None:
                own = rule.answers
                return Answer(own.status, (("content-type", own.content_type),), own.body, delay + rule.delay)
            if rule.function and (refusal := REQUESTS[rule.function](request)) is not None:
                return refusal
            delay += rule.delay
            if not rule.edit.is_nothing:
                request = request.with_body(edited(request.value, rule.edit))
            if sender := self._sender(rule, agent, call_id):
                request = request.by(sender)
        return Asked(request, agent, facts, delay)

    def answered(self, asked: Asked, answer: Answer, now: float) -> Answer:
        """Take the server's answer; return the client's."""
        if answer.status == 200 and asked.facts.login == "own":
            self._cookies |= dict.fromkeys(_cookies_set(answer), asked.agent)
        value = answer.value
        code = as_object(value).get("statusCode")
        facts = replace(asked.facts, value=value, code=code, asked=asked.request.value)
        for rule in self.rules.matching("answer", facts):
            answer = _changed(answer, rule)
            if rule.function:
                answer = ANSWERS[rule.function](self.sessions, asked.agent, facts, answer, now)
        if self.ids is not None and not asked.request.is_cometd:
            answer = self.ids.answer(asked.agent, answer)
        return answer

    # Bayeux -------------------------------------------------------------------------------------------------------------

    def sent(self, agent: str, batch: Sequence[Message], now: float) -> Sent:
        """Take the messages of a request."""
        onward: list[Message] = []
        own: list[tuple[int, Message]] = []
        delay, sent_as = 0.0, ""
        for index, original in enumerate(batch):
            message: Message | None = original
            for rule in self.rules.matching("message", self._facts_of(agent, original)):
                replies = self._own_replies(rule, agent, original, now)
                stays = rule.drop or bool(replies) or message is None
                message = None if stays else as_object(edited(message, rule.edit))
                own += [(index, reply) for reply in replies]
                delay += rule.delay
                sent_as = self._owner(original) if rule.sent_as == "owner" else rule.sent_as or sent_as
            if message is not None:
                onward.append(message)
        return Sent(tuple(batch), tuple(onward), agent, tuple(own), delay, sent_as)

    def received(
        self, sent: Sent, messages: Sequence[Message], now: float, *, waited: bool = True
    ) -> list[Message]:
        """Take the messages of the server's answer; queue its events, return the replies in the order of the requests.

        `waited` says that the answer was held: no event was queued for the client.
        """
        session = self._session_of(sent)
        replies: list[tuple[int, Message]] = list(sent.own)
        for message in messages:
            if is_event(message) and session is not None:
                self._queue(session, message, now, waited)
                continue
            index = _paired(sent.batch, message)
            request = sent.batch[index] if index < len(sent.batch) else {}
            self.sessions.learn(sent.agent, request, message)
            replies += [(index, reply) for reply in self._replies(sent.agent, request, message)]
        return [reply for _, reply in sorted(replies, key=lambda pair: pair[0])]

    def compose(self, sent: Sent, replies: list[Message], now: float) -> list[Message]:
        """Return the messages of the answer: the replies and, with a connect, the events that are due."""
        if not any(message.get("channel") == "/meta/connect" for message in sent.batch):
            return replies
        rules, events = self._due(sent, now)
        return replies + events if any(rule.replies_first for rule in rules) else events + replies

    def frame(self, sent: Sent, now: float) -> list[Message]:
        """Return the events that are due next for the session of these messages, for one frame."""
        return self._due(sent, now)[1]

    def connect_reply(self, sent: Sent) -> list[Message]:
        """Return the line's own reply to a connect when an event is due."""
        assert sent.connect is not None
        reply: Message = {"channel": "/meta/connect", "successful": True}
        if "id" in sent.connect:
            reply["id"] = sent.connect["id"]
        return self._replies(sent.agent, sent.connect, reply)

    def next_due(self, sent: Sent) -> float | None:
        """When the next event is due for the session of these messages, if one is queued."""
        session = self._session_of(sent)
        return None if session is None else session.next_due()

    def holding(self, sent: Sent, step: int) -> None:
        """Note that a lone connect of the session starts (1) or stops (-1) being open."""
        session = self._session_of(sent) if sent.connect is not None else None
        if session is not None:
            session.holds += step

    def _due(self, sent: Sent, now: float) -> tuple[list[Rule], list[Message]]:
        """Take the events that now leave together, with the rules about their delivery."""
        session = self._session_of(sent)
        if session is None or not _is_due(session, now):
            return [], []
        rules = list(self.rules.matching("delivery", Facts(session.agent)))
        return rules, session.take(now, one=any(rule.one_by_one for rule in rules))

    # Within -------------------------------------------------------------------------------------------------------------

    def _who(self, request: Request) -> tuple[str, str]:
        agent, login = request.login
        if login != "none":
            return agent, login
        pairs = (header(request.headers, "cookie") or "").split(";")
        known = next((self._cookies[pair.strip()] for pair in pairs if pair.strip() in self._cookies), "")
        return known, "own" if known else "none"

    def _leg(self, agent: str, call_id: str) -> str:
        if not call_id:
            return ""
        if (agent, call_id) in self._states:
            return self._states[agent, call_id]
        return "foreign" if self._owner_of_call(call_id) else "unknown"

    def _owner_of_call(self, call_id: str) -> str:
        return next((agent for agent, known in self._states if known == call_id), "")

    def _sender(self, rule: Rule, agent: str, call_id: str) -> str:
        return self._owner_of_call(call_id) if rule.sent_as == "owner" else rule.sent_as

    def _owner(self, message: Message) -> str:
        session = self.sessions.get(message.get("clientId"))
        return session.agent if session else ""

    def _session_of(self, sent: Sent) -> Session | None:
        found = (self.sessions.get(message.get("clientId")) for message in sent.batch)
        return next((session for session in found if session is not None), None)

    def _facts_of(self, agent: str, message: Message) -> Facts:
        session = self.sessions.get(message.get("clientId"))
        whose = "unknown" if session is None else "own" if session.agent == agent else "foreign"
        return Facts(
            agent=agent, channel=str(message.get("channel", "")), held=session is not None and session.holds > 0, leg=whose,
            after=self._after, value=message,
        )  # fmt: skip

    def _own_replies(self, rule: Rule, agent: str, message: Message, now: float) -> list[Message]:
        if rule.publishes:
            event: Message = {"channel": message.get("channel"), "data": message.get("data")}
            for name in {session.agent for session in self.sessions}:
                self.sessions.deliver(name, event, now)
        if rule.function:
            return MESSAGES[rule.function](self.sessions, agent, message, now)
        if rule.reply is None:
            return []
        members: Message = {
            "channel": message.get("channel"),
            **({"id": message["id"]} if "id" in message else {}),
        }
        reply = members | as_object(resolved(dict(rule.reply), message))
        self.sessions.learn(agent, message, reply)
        return [reply]

    def _replies(self, agent: str, request: Message, reply: Message) -> list[Message]:
        replies = [reply]
        facts = Facts(agent=agent, channel=str(reply.get("channel", "")), value=reply, asked=request)
        for rule in self.rules.matching("reply", facts):
            replies = (
                []
                if rule.drop
                else [as_object(edited(one, rule.edit)) for one in replies for _ in range(rule.times)]
            )
        return replies

    def _queue(self, session: Session, message: Message, now: float, waited: bool) -> None:
        """Queue an event of the server as the rules change it."""
        call = object_in(message, "data.call")
        state, call_id = call.get("state"), call.get("id")
        facts = Facts(
            agent=session.agent, channel=str(message.get("channel")), after=self._after, waited=waited, value=message,
            leg=self._states.get((session.agent, str(call_id)), ""), subscriptions=frozenset(session.subscriptions),
        )  # fmt: skip
        if isinstance(state, str) and isinstance(call_id, str):
            self._states[session.agent, call_id] = state
        outgoing = [_Outgoing(session, message, now)]
        for rule in self.rules.matching("notification", facts):
            outgoing = self._ruled(rule, session, message, outgoing, now)
        gather = max((r.gather for r in self.rules.matching("delivery", Facts(session.agent))), default=0.0)
        for one in outgoing:
            event = one.message if self.ids is None else self.ids.event(one.session.agent, one.message)
            one.session.put(Entry(one.due, event, one.behind), gather, now)

    def _ruled(
        self, rule: Rule, session: Session, message: Message, outgoing: list[_Outgoing], now: float
    ) -> list[_Outgoing]:
        """Apply one rule to an event that is about to be queued."""
        if rule.drop:
            return []
        if others := [*rule.also_to, *filter(None, [rule.instead_to])]:
            for agent in others:
                event = as_object(edited(message, rule.edit))
                self.sessions.deliver(agent, event, now + rule.delay, rule.subscribed)
            return [] if rule.instead_to else outgoing
        outgoing = [_altered(one, rule, now) for one in outgoing for _ in range(rule.times)]
        for delay, edit in rule.adds:
            outgoing.append(_Outgoing(session, as_object(edited(message, edit)), now + delay))
        if not rule.function:
            return outgoing
        change = NOTIFICATIONS[rule.function]
        changed = ((one, change(self.sessions, session, one.message, now)) for one in outgoing)
        return [replace(one, message=new) for one, messages in changed for new in messages]


def _altered(one: _Outgoing, rule: Rule, now: float) -> _Outgoing:
    """An event with the changes of a rule's data: its content, its time, its place in the queue."""
    due = now + (_BEHIND_AT_MOST if rule.behind_next else rule.delay)
    message = as_object(edited(one.message, rule.edit))
    return replace(one, message=message, due=max(one.due, due), behind=one.behind or rule.behind_next)


def _changed(answer: Answer, rule: Rule) -> Answer:
    """Apply the data of an answer rule."""
    if not rule.edit.is_nothing:
        answer = answer.with_value(edited(answer.value, rule.edit))
    if rule.text is not None:
        answer = replace(answer, body=rule.text.encode())
    if rule.status:
        answer = replace(answer, status=rule.status)
    if rule.content_type:
        answer = answer.with_header("content-type", rule.content_type)
    for name, value in rule.headers.items():
        answer = answer.with_header(name, value)
    return replace(answer, delay=answer.delay + rule.delay)


def _is_due(session: Session, now: float) -> bool:
    due = session.next_due()
    return due is not None and due <= now


def _call_in(resource: str) -> str:
    """Return the call id of `/me/calls/{id}`, or an empty text."""
    parts = resource.split("/")
    return parts[3] if len(parts) == 4 and parts[1:3] == ["me", "calls"] else ""


def _cookies_set(answer: Answer) -> list[str]:
    return [value.partition(";")[0].strip() for name, value in answer.headers if name.lower() == "set-cookie"]


def _paired(batch: Sequence[Message], reply: Message) -> int:
    """Return the index of a reply's request, by id and channel or by either; after the last when none matches."""
    for same in (("channel", "id"), ("id",), ("channel",)):
        for index, request in enumerate(batch):
            if all(first(request, name) == first(reply, name) for name in same):
                return index
    return len(batch)
