"""Plays one scenario: marks every log, sends a request, waits for the expected notifications, and keeps them. It judges nothing.

It waits for a log to grow or for a deadline; it neither sleeps nor polls.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from callproof.catalogue.accepting import REFUSED_BY_RELEASE
from callproof.catalogue.planning import Play, Round
from callproof.catalogue.scenario import CREATING, ON_ME, Ask, Exchange, Send, Stimulus
from callproof.json_values import Json, as_object, text_of
from callproof.judge.foreign import Asked, Opening, Unexplained, unexplained
from callproof.judge.legs import Leg, Legs, is_attributable
from callproof.judge.matching import Matching, match
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedStep, Refusal, Reply, SessionHealth, missed_calls
from callproof.judge.predicates import Scope, Unbound, lookup
from callproof.limits import RETRY_AFTER_S
from callproof.runner.agent_sessions import AgentSessions, Batch, Request, log_ends
from callproof.runner.ledger import Ledger, OwnLeg
from callproof.runner.timing import Timing
from callproof.runner.validation import Validation

_CALL_ID = "0123456789ABCDEFGHIJKLMNOPQRSTUV"  # the letters of a callUuid, CallResource, HTCC 8.5.2


_TRY_LATER = (429, 503)


@dataclass(frozen=True)
class People:
    """The numbers that stand for each agent, the numbers that may be dialled, and each agent's device."""

    numbers: Mapping[str, frozenset[str]]
    dial: Mapping[str, str]
    devices: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Json] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        names: dict[str, Json] = {f"{who}.number": number for who, number in self.dial.items()}
        names.update({f"{agent}.device": device for agent, device in self.devices.items()})
        return Scope({**names, **self.names}, self.numbers)


class Unsafe(Exception):
    """A scenario asks for something that a run must not do; it is not done."""


class Stage:
    """One scenario being played. `play_all` plays it; `steps` and `legs` hold the result.

    `since` is where the logs stood when the scenario before was judged: calls of other people are looked for from there.
    """

    def __init__(
        self,
        play: Play,
        sessions: AgentSessions,
        people: People,
        ledger: Ledger,
        timing: Timing,
        validation: Validation,
        chance: random.Random,
        stopped: str = "",
        since: Mapping[str, int] | None = None,
    ) -> None:
        self.play = play
        sessions.begin_scenario()
        self.legs = Legs(own=ledger.own)
        self.steps: list[PlayedStep] = []
        self.started = sessions.now()
        self.earlier = log_ends(sessions)
        self.since = self.earlier if since is None else since
        self.known = ledger.own
        self.delays: list[tuple[str, float]] = []
        self.openings: list[Opening] = []
        self.asked: dict[Leg, Asked] = {}
        self._sessions = sessions
        self._people = people
        self._ledger = ledger
        self._timing = timing
        self._validation = validation
        self._chance = chance
        self.scope = people.scope
        self._open: dict[tuple[str, str], asyncio.Task[Reply]] = {}
        self._stopped = stopped
        self._request_body: Json = None

    async def play_all(self) -> None:
        """Play every round; after one that leaves the calls in an unknown state, the rest are blocked."""
        try:
            for round_ in self.play.rounds:
                self.steps.append(await self._play(round_))
                self._stopped = self._stopped or self._why_stop(self.steps[-1])
        finally:
            for task in self._open.values():
                task.cancel()

    # A round ----------------------------------------------------------------------------------------------------

    async def _play(self, round_: Round) -> PlayedStep:
        marks = log_ends(self._sessions)
        blank = PlayedStep(
            round_, marks, marks, answers=((),) * len(round_.hears), legs=self.legs, scope=self.scope
        )
        if self._stopped:
            return replace(blank, blocked_by=self._stopped)
        since = self._sessions.now()
        offered = self._is_offered(round_)
        self.scope = self.scope.with_names({"unknown call": unknown_call(self._chance)})
        self._request_body = None
        try:
            reply = await self._perform(round_, marks)
        except Unbound as unbound:
            return replace(blank, blocked_by=str(unbound))
        except Unsafe as unsafe:
            return replace(blank, reply=Reply({}, answered=False), wrong_request=str(unsafe))
        wrong = self._what_is_wrong(round_)
        matching, noticed = await self._await(round_, marks, reply)
        self._note_opening(round_, marks, reply, matching)
        self._adopt(matching, marks, round_)
        self._measure(matching, since)
        await self.ask_about_others()
        played = replace(
            blank,
            ends=log_ends(self._sessions),
            reply=reply,
            answers=matching.answers,
            legs=self.legs,
            refusal=_refusal(round_, reply, noticed, matching),
            offered=offered,
            scope=self.scope,
            wrong_request=wrong,
            request_body=self._request_body,
            answer_problems=self._wrong_with_answer(round_, reply),
        )
        return replace(played, sessions=await self._health(played, since))

    async def _perform(self, round_: Round, marks: Mapping[str, int]) -> Reply | None:
        step = round_.stimulus
        scope = self._scope_of(step.agent) if step else self.scope
        if isinstance(step, Ask):
            return await self._ask(step, scope)
        if isinstance(step, Send):
            body, path = scope.resolve(step.body), str(scope.resolve(step.path))
            headers = {name: str(scope.resolve(text)) for name, text in step.headers.items()}
            self._refuse_dialling(body)
            reply = await self._sessions.request(
                step.agent, Request(step.method, path, body, step.text, headers, step.credentials)
            )
            self._remember(step.remembers, reply)
            return reply
        if isinstance(step, Exchange):
            return await self._exchange(step, scope)
        return None

    async def _ask(self, step: Ask, scope: Scope) -> Reply:
        path, body = self._path_of(step, scope), self._body_of(step, scope)
        self._request_body = body
        creates = step.operation in CREATING and bool(step.to)
        if creates:
            self._ledger.intend(
                step.agent, step.operation, step.to, self.play.scenario.id, self._ids_before(step.agent)
            )
        reply = _or_told_to_wait(await self._sessions.request(step.agent, Request("POST", path, body)), step)
        if creates and reply.answered and not _is_accepted(reply):
            self._ledger.settle(step.agent)
        return reply

    def _ids_before(self, agent: str) -> frozenset[str] | None:
        """The ids of the agent's calls that are not the run's; None while a call of somebody else is noticed."""
        if self.unexplained().all:
            return None
        heard = (each.leg for each in self._sessions.log(agent))
        return frozenset(leg[1] for leg in heard if leg[1] and leg not in self._ledger.own)

    def _path_of(self, step: Ask, scope: Scope) -> str:
        if step.operation in ON_ME:
            return "/me"
        if step.operation == "Dial":
            return f"/me/devices/{scope.resolve(f'{{{step.agent}.device}}')}/calls"
        if step.on == "an unknown call":
            return f"/me/calls/{scope.resolve('{unknown call}')}"
        call_id = str(scope.resolve(f"{{{step.on}.id}}"))
        if call_id not in {known for _, known in self._ledger.own}:
            raise Unsafe(f"{step.title}: the call {call_id} is not in the ledger")
        return f"/me/calls/{call_id}"

    def _body_of(self, step: Ask, scope: Scope) -> dict[str, Json]:
        body: dict[str, Json] = {"operationName": step.operation}
        if step.to:
            if step.to not in self._people.dial:
                raise Unsafe(f"{step.title}: {step.to} is not one of the numbers that may be dialled")
            body["destination"] = {"phoneNumber": self._people.dial[step.to]}
        for name, value in step.members.items():
            body[name] = scope.resolve(value)
        self._refuse_dialling(body)
        if step.consult:
            body["consultCallUri"] = self._uri_of(step.agent, step.consult)
        return body

    def _refuse_dialling(self, body: Json) -> None:
        """Refuse a body with a number that is not configured, however the scenario words it."""
        for found in (*lookup(body, "destination.phoneNumber"), *lookup(body, "destination")):
            number = text_of(found)
            if number and number not in self._people.dial.values():
                raise Unsafe(f"{number} is not one of the numbers that may be dialled")

    def _uri_of(self, agent: str, name: str) -> str:
        uri = text_of(self._last_seen(agent, name).get("uri"))
        if not uri:
            raise Unbound(f"{name}.uri")
        return uri

    def _last_seen(self, agent: str, name: str) -> Mapping[str, Json]:
        """The call as the agent's last notification of it showed it; empty when there was none."""
        call_id = self.legs.id_of(agent, name)
        calls = [heard.call for heard in self._sessions.log(agent) if call_id and heard.call_id == call_id]
        return calls[-1] if calls else {}

    async def _exchange(self, step: Exchange, scope: Scope) -> Reply | None:
        if step.collects:
            reply = await self._collect(step)
        else:
            messages = tuple(
                {key: scope.resolve(value) for key, value in message.items()} for message in step.messages
            )
            batch = Batch(messages, step.text, step.credentials, step.path, step.limit_s, step.over)
            if step.meanwhile:
                task = asyncio.create_task(self._sessions.exchange(step.agent, batch))
                self._open[(step.agent, step.meanwhile)] = task
                return None
            reply = await self._sessions.exchange(step.agent, batch)
        self._remember(step.remembers, reply)
        return reply

    async def _collect(self, step: Exchange) -> Reply:
        """The first answer among the open requests with these names: `one poll or other poll`.

        Two requests on two connections arrive in any order, so the contract does not say which is answered first.
        """
        names = [
            (step.agent, name) for name in step.collects.split(" or ") if (step.agent, name) in self._open
        ]
        if not names:
            raise Unbound(step.collects)
        await asyncio.wait({self._open[name] for name in names}, return_when=asyncio.FIRST_COMPLETED)
        return self._open.pop(next(name for name in names if self._open[name].done())).result()

    def _remember(self, remembers: Mapping[str, str], reply: Reply) -> None:
        for name, path in remembers.items():
            found = lookup(dict(reply.value), path)
            if found:
                self.scope = self.scope.with_names({name: found[0]})

    # Waiting ----------------------------------------------------------------------------------------------------

    async def _await(
        self, round_: Round, marks: Mapping[str, int], reply: Reply | None
    ) -> tuple[Matching, Refusal]:
        """Wait until everything has arrived or time is up. Also returns how a notification refused the request, if one did.

        After a nearly right message, a quiet window gives a better one the time to arrive.
        """
        step = round_.stimulus
        hoping_for_refusal = isinstance(step, Ask) and not step.accepted and not _is_refused(step, reply)
        deadline = self._sessions.now() + self._patience(round_, reply, hoping_for_refusal)
        until = deadline
        while True:
            log = self._since(marks)
            matching = match(round_.hears, log, self.legs, self.scope)
            self._learn_named(matching, round_)
            noticed = self._refusal_in(log, step)
            now = self._sessions.now()
            complete = matching.is_complete(round_.hears) and not hoping_for_refusal
            until = until if complete else deadline
            if noticed or now >= until or (complete and matching.is_perfect(round_.hears, log, self.scope)):
                return matching, noticed
            if complete and until == deadline:
                until = min(deadline, now + self._timing.quiet_s)
            await self._sessions.changed(log_ends(self._sessions), until)

    def _patience(self, round_: Round, reply: Reply | None, hoping_for_refusal: bool) -> float:
        """How long to wait, in seconds: not at all when nothing can follow."""
        expects = bool(round_.hears) or hoping_for_refusal
        return self._timing.patience_s if expects and not _is_refused(round_.stimulus, reply) else 0.0

    def _refusal_in(self, log: Sequence[Notification], step: Stimulus | None) -> Refusal:
        """How a notification took the request back; empty when none did."""
        if step is None:
            return ""
        return next((how for each in log if (how := _takes_back(each, step, self.legs))), "")

    def _since(self, marks: Mapping[str, int]) -> list[Notification]:
        return [
            heard for agent in self._sessions.agents for heard in self._sessions.log(agent)[marks[agent] :]
        ]

    def _adopt(self, matching: Matching, marks: Mapping[str, int], round_: Round) -> None:
        """Add the legs that the round has bound, and those that they led to, to the ledger."""
        self.legs = matching.legs
        self._attribute(marks, lambda heard: heard.agent == _creator(round_))

    def _learn_named(self, matching: Matching, round_: Round) -> None:
        """Add the bound legs to the ledger at once: the run may be killed while it waits for the rest of the round."""
        for (agent, _), call_id in matching.legs.named.items():
            self._learn((agent, call_id), settles=agent == _creator(round_), attributed=False)

    def adopt_notified(self) -> None:
        """Add every notified call of this run to the ledger, expected or not, so that it can be ended."""
        self._attribute(self.earlier, lambda heard: heard.state == "Dialing")

    def _attribute(self, marks: Mapping[str, int], settles: Callable[[Notification], bool]) -> None:
        others = self.unexplained()
        foreign = {begun.leg for begun in (*others.foreign, *others.late)}
        for begun in others.late:
            self._ledger.suspect(OwnLeg(*begun.leg, self.play.scenario.id, attributed=True))
        for heard in self._since(marks):
            is_new = bool(heard.call_id) and heard.leg not in self._ledger.own
            if is_new and heard.leg not in foreign and is_attributable(heard, self.legs, self.scope):
                self.legs = self.legs.attribute(frozenset({heard.leg}))
                self._learn(heard.leg, settles=settles(heard), attributed=True)
            if heard.has_ended:
                self._ledger.release(heard.leg)

    def _learn(self, leg: Leg, *, settles: bool, attributed: bool) -> None:
        if leg not in self._ledger.own:
            self._ledger.learn(OwnLeg(*leg, self.play.scenario.id, attributed))
            if settles:
                self._ledger.settle(leg[0])

    # Other people ------------------------------------------------------------------------------------------------

    def _note_opening(
        self, round_: Round, marks: Mapping[str, int], reply: Reply | None, matching: Matching
    ) -> None:
        """Remember a request that may have opened a call. One that was refused opens none; from a call of ours, its parent shows it."""
        step = round_.stimulus
        posts = isinstance(step, Send) and step.method == "POST" and "calls" in step.path
        if (
            step is None
            or not (posts or _creator(round_))
            or (not posts and _is_refused(step, reply) and reply and reply.answered)
        ):
            return
        to = text_of(getattr(step, "to", ""))
        numbers = self._people.numbers.get(to, frozenset()) | {self._people.dial.get(to, "")} - {""}
        ends = {
            hear.agent: len(self._sessions.log(hear.agent))
            for hear in round_.hears
            if hear.new and matching.legs.id_of(hear.agent, hear.call)
        }
        self.openings.append(Opening(step.agent, frozenset(numbers), marks, ends))

    def unexplained(self) -> Unexplained:
        """The calls that began since the last scenario and that no request of this one explains."""
        log = [
            heard
            for agent in self._sessions.agents
            for heard in self._sessions.log(agent)[self.since[agent] :]
        ]
        return unexplained(log, self.openings, self.legs, self.scope, self.known)

    async def ask_about_others(self) -> None:
        """Ask the server for each call that nothing explains, once, while it may still be there."""
        for begun in self.unexplained().all:
            if begun.leg not in self.asked:
                reply = await self._sessions.request(
                    begun.agent, Request("GET", f"/me/calls/{begun.call_id}")
                )
                call = as_object(as_object(reply.value.get("body")).get("call"))
                has_it = reply.status_code == 0 and call.get("id") == begun.call_id
                cannot_say = not reply.answered or reply.status_code is None
                self.asked[begun.leg] = Asked(has_it or cannot_say, len(self._sessions.log(begun.agent)))

    def _measure(self, matching: Matching, since: float) -> None:
        for answer in matching.answers:
            self.delays.extend(
                (f"{heard.notification_type} {heard.state}", max(0.0, heard.at - since)) for heard in answer
            )

    # What is known afterwards -----------------------------------------------------------------------------------

    async def _health(self, played: PlayedStep, since: float) -> dict[str, SessionHealth]:
        """The health of the session of every agent who lacks a notification: it says what the silence means."""
        found: dict[str, SessionHealth] = {}
        step = played.round.stimulus
        lacking = {agent for agent, _ in played.missed}
        if isinstance(step, Ask) and not step.accepted and not played.refusal:
            lacking.add(step.agent)
        for agent in sorted(lacking):
            log = self._sessions.log(agent)[played.marks[agent] :]
            found[agent] = SessionHealth(
                alive=await self._sessions.alive(agent, since),
                interrupted=self._sessions.interrupted(agent, since),
                flooded=self._sessions.flooded(agent),
                strangers=len({heard.leg for heard in log if heard.call_id} - self.legs.own),
            )
        return found

    def _why_stop(self, played: PlayedStep) -> str:
        """Why the rest of the scenario cannot be played; empty if it can."""
        step = played.round.stimulus
        if played.wrong_request:
            return played.wrong_request
        if played.reply is not None and not played.reply.answered and isinstance(step, Ask):
            return f"{step.title}: {played.reply.why}"
        if isinstance(step, Ask) and not played.blocked_by:
            if step.accepted and played.refusal:
                return f"{step.title}: was refused {played.refusal}"
            if not step.accepted and not played.refusal:
                return f"{step.title}: should have been refused and was accepted"
        for hear, answer in zip(played.round.hears, played.answers, strict=True):
            if len(answer) < hear.least and (played.round.given or hear.new):
                prefix = f"given {played.round.given}: " if played.round.given else ""
                return f"{prefix}{hear.title}: did not happen"
        return ""

    def _is_offered(self, round_: Round) -> bool | None:
        """Whether the call's last notification offered the operation; None if there was no such list."""
        step = round_.stimulus
        if not isinstance(step, Ask) or (step.agent, step.on) in missed_calls(self.steps):
            return None
        offers = self._last_seen(step.agent, step.on).get("capabilities")
        return step.operation in offers if isinstance(offers, list) else None

    def _what_is_wrong(self, round_: Round) -> str:
        step = round_.stimulus
        if not isinstance(step, Ask) or step.wrong or self._request_body is None:
            return ""
        problems = self._validation.of_request(self._request_body)
        return f"the suite's own request breaks the contract: {'; '.join(problems)}" if problems else ""

    def _wrong_with_answer(self, round_: Round, reply: Reply | None) -> tuple[str, ...] | None:
        if not isinstance(round_.stimulus, Ask | Send) or reply is None or "body" not in reply.value:
            return None
        return self._validation.of_answer(reply.value["body"])

    def _scope_of(self, agent: str) -> Scope:
        return self.scope.with_names({**self.legs.names(agent), "agent": agent})


def unknown_call(chance: random.Random) -> str:
    """An id of the right shape that no call has."""
    return "".join(chance.choice(_CALL_ID) for _ in range(32))


def _creator(round_: Round) -> str:
    """The agent whose request opens a call in this round; empty if none does."""
    step = round_.stimulus
    return step.agent if isinstance(step, Ask) and step.operation in CREATING else ""


def _is_refused(step: Stimulus | None, reply: Reply | None) -> bool:
    """Whether the operation of the step got no answer that accepts it; other stimuli are never refused."""
    return isinstance(step, Ask) and (reply is None or not reply.answered or not _is_accepted(reply))


def _or_told_to_wait(reply: Reply, step: Ask) -> Reply:
    """The reply, or none at all if the server asks to wait longer than the run may: that neither accepts nor refuses."""
    asked = text_of(as_object(reply.value.get("headers")).get("retry-after"))
    status = reply.value.get("status")
    if status not in _TRY_LATER or not asked or reply.status_code is not None:
        return reply
    why = (
        f"{step.title}: HTTP {status} with Retry-After: {asked[:40]}, which is more than {RETRY_AFTER_S.option} "
        "leaves to wait"
    )
    return replace(reply, value={**reply.value, "answered": False, "reason": why}, answered=False, why=why)


def _is_accepted(reply: Reply) -> bool:
    """Whether the answer accepts the request. Another check judges a broken envelope."""
    status = reply.value.get("status")
    code = reply.status_code
    return code in (0, 7) if code is not None else isinstance(status, int) and 200 <= status < 300


def _refusal(round_: Round, reply: Reply | None, noticed: Refusal, matching: Matching) -> Refusal:
    if not isinstance(round_.stimulus, Ask) or reply is None or not reply.answered:
        return ""
    if not _is_accepted(reply):
        return "at once"
    is_done = round_.stimulus.accepted and bool(round_.hears) and matching.is_complete(round_.hears)
    return noticed if noticed and not is_done else ""


def _takes_back(heard: Notification, step: Stimulus, before: Legs) -> Refusal:
    """How a notification refuses the request: by an error or, if a requirement accepts that, by releasing the call that the
    request opened. Empty if it does neither.
    """
    if heard.agent != step.agent:
        return ""
    if heard.message_type == "ErrorMessage":
        return "by notification"
    opened = isinstance(step, Ask) and any(rule == REFUSED_BY_RELEASE for _, rule in step.by_rule)
    released = opened and heard.state == "Released" and (heard.agent, heard.call_id) not in before.own
    return "by release" if released else ""
