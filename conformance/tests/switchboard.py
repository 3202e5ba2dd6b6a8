"""A small honest switch in virtual time: three seats, a queue of notifications to come, a clock that jumps to the next of them.

It is written for these tests from the documentation and shares no line with the reference server. `told` is where a test meddles: it is
given what a request causes, and gives back what is delivered, and how much later.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from callproof.json_values import Json
from callproof.judge.notification import Notification
from callproof.judge.played import Reply
from callproof.runner.agent_sessions import Batch, Request

NUMBERS = {"alice": "15000", "bob": "15001", "carol": "15002"}
_BASE = "http://switch.test/api/v2"
_OFFERS = {
    "Dialing": ["Hangup"],
    "Ringing": ["Answer"],
    "Established": ["Hold", "Hangup", "InitiateConference"],
    "Held": ["Retrieve", "Hangup", "InitiateConference"],
    "Released": [],
    "Preview": ["Accept", "Decline"],
    "PreviewCancelled": [],
}


@dataclass(frozen=True)
class Told:
    """A notification under way to an agent, `after` so many seconds."""

    agent: str
    message: dict[str, Json]
    after: float = 0.01


@dataclass
class Leg:
    agent: str
    id: str
    state: str
    parties: list[str]
    dialled: str
    parent: str = ""
    others: list[Leg] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return "Consult" if self.parent else "Internal"


def honest(told: Sequence[Told]) -> Sequence[Told]:
    """Deliver what was caused, as it was caused."""
    return told


class Switchboard:
    """The agents' sessions, and the server at their other side."""

    def __init__(
        self,
        told: Callable[[Sequence[Told]], Sequence[Told]] = honest,
        *,
        agents: Sequence[str] = tuple(NUMBERS),
        alive: bool = True,
        refuse: Mapping[str, int] | None = None,
        unanswered: frozenset[str] = frozenset(),
        separate_ids: bool = False,
    ) -> None:
        self.agents = tuple(agents)
        self.legs: list[Leg] = []
        self.requests: list[tuple[str, Request]] = []
        self._told = told
        self._alive = alive
        self._refuse = dict(refuse or {})
        self._unanswered = unanswered
        self._separate_ids = separate_ids
        self._now = 1000.0
        self._logs: dict[str, list[Notification]] = {agent: [] for agent in self.agents}
        self._coming: list[tuple[float, int, Told]] = []
        self._count = itertools.count(1)
        self._news: list[Told] = []

    # AgentSessions ------------------------------------------------------------------------------------------------------

    def now(self) -> float:
        return self._now

    def log(self, agent: str) -> Sequence[Notification]:
        return self._logs[agent]

    async def request(self, agent: str, request: Request) -> Reply:
        self.requests.append((agent, request))
        body = request.body if isinstance(request.body, dict) else {}
        if str(body.get("operationName")) in self._unanswered:
            return Reply(
                {"answered": False, "reason": "timed out"}, answered=False, why="no answer within 10 s"
            )
        answer = (
            self._operate(agent, request, body)
            if request.method == "POST"
            else self._read(agent, request.path)
        )
        self._send()
        status = {0: 200, 1: 400, 2: 400, 6: 404}[int(str(answer["statusCode"]))]
        headers: dict[str, Json] = {"content-type": "application/json"}
        value: dict[str, Json] = {
            "answered": True,
            "status": status,
            "headers": headers,
            "body": answer,
            "elapsed": 0.001,
        }
        return Reply(value, evidence=(f"request {len(self.requests)}",))

    async def exchange(self, agent: str, batch: Batch) -> Reply:
        """Enough Bayeux for whoever asks whether anybody is there."""
        replies: list[Json] = [
            {
                "id": message.get("id"),
                "channel": message["channel"],
                "successful": True,
                "clientId": f"of {agent}",
            }
            for message in batch.messages
        ]
        return Reply(
            {
                "answered": True,
                "status": 200,
                "headers": {"content-type": "application/json"},
                "body": replies,
            }
        )

    async def changed(self, seen: Mapping[str, int], until: float) -> None:
        """Jump to the next delivery, or to the moment given; deliver all that is due together."""
        due = [at for at, _, _ in self._coming if at <= until]
        self._now = max(self._now, min(due) if due else until)
        ready = sorted(entry for entry in self._coming if entry[0] <= self._now)
        self._coming = [entry for entry in self._coming if entry[0] > self._now]
        for _, _, told in ready:
            log = self._logs[told.agent]
            evidence = f"{told.agent} {len(log)}"
            log.append(Notification(told.agent, len(log), told.message, self._now, evidence=evidence))

    async def alive(self, agent: str, since: float) -> bool:
        return self._alive

    def interrupted(self, agent: str, since: float) -> bool:
        return False

    def latency_s(self) -> float:
        return 0.0

    def begin_scenario(self) -> None:
        """Every message is kept."""

    def flooded(self, agent: str) -> bool:
        return False

    # The switch -------------------------------------------------------------------------------------------------

    def say(self, told: Told) -> None:
        """Put something under way that no request caused."""
        self._coming.append((self._now + told.after, next(self._count), told))

    def _send(self) -> None:
        for told in self._told(tuple(self._news)):
            self.say(told)
        self._news = []

    def _read(self, agent: str, path: str) -> dict[str, Json]:
        own = [leg for leg in self.legs if leg.agent == agent and leg.state != "Released"]
        if path.startswith("/me/devices"):
            return {"statusCode": 0, "devices": [{"id": f"device-{agent}", "phoneNumber": NUMBERS[agent]}]}
        if path.startswith("/me/calls/"):
            wanted = path.rpartition("/")[2]
            found = next((leg for leg in own if leg.id == wanted), None)
            return {"statusCode": 0, "call": self._shown(found)} if found else _refused(6)
        if path.startswith("/me/calls"):
            return {"statusCode": 0, "calls": [self._shown(leg) for leg in own]}
        return {"statusCode": 0, "user": {"id": agent}}

    def _operate(self, agent: str, request: Request, body: Mapping[str, Json]) -> dict[str, Json]:
        name = str(body.get("operationName"))
        if name in self._refuse:
            return _refused(self._refuse[name])
        if name == "StartContactCenterSession":
            return {"statusCode": 0}
        destination = body.get("destination")
        number = destination.get("phoneNumber") if isinstance(destination, dict) else None
        if name in ("Dial", "InitiateConference") and number is None:
            return _refused(1)
        if name == "Dial":
            self._dial(agent, str(number), "")
            return {"statusCode": 0}
        wanted = request.path.rpartition("/")[2]
        leg = next((leg for leg in self.legs if leg.agent == agent and leg.id == wanted), None)
        if leg is None or leg.state == "Released":
            return _refused(6)
        operation = {"Answer": self._answer, "Hold": self._hold, "Retrieve": self._retrieve, "Hangup": self._hang_up,
                     "InitiateConference": self._initiate, "CompleteConference": self._complete}.get(name)  # fmt: skip
        if operation is None or not operation(leg, str(number)):
            return _refused(2)
        return {"statusCode": 0}

    def _dial(self, agent: str, number: str, parent: str) -> None:
        callee = next(name for name, known in NUMBERS.items() if known == number)
        count = next(self._count)
        caller = Leg(agent, f"{count:032d}", "Dialing", [callee], number, parent)
        called = Leg(
            callee, f"{next(self._count) if self._separate_ids else count:032d}", "Ringing", [agent], number
        )
        caller.others, called.others = [called], [caller]
        self.legs += [caller, called]
        self._tell(caller)
        self._tell(called)

    def _answer(self, leg: Leg, number: str) -> bool:
        if leg.state != "Ringing":
            return False
        for each in (leg, *leg.others):
            each.state = "Established"
            self._tell(each)
        return True

    def _hold(self, leg: Leg, number: str) -> bool:
        return self._becomes(leg, "Established", "Held")

    def _retrieve(self, leg: Leg, number: str) -> bool:
        return self._becomes(leg, "Held", "Established")

    def _becomes(self, leg: Leg, before: str, after: str) -> bool:
        if leg.state != before:
            return False
        leg.state = after
        self._tell(leg)
        return True

    def _hang_up(self, leg: Leg, number: str) -> bool:
        leg.state = "Released"
        self._tell(leg)
        staying = [other for other in leg.others if other.state != "Released"]
        for other in staying:
            other.parties = [party for party in other.parties if party != leg.agent]
            if len(staying) == 1 and not other.parties:
                other.state = "Released"
            self._tell(other, "StatusChange" if other.state == "Released" else "ParticipantsUpdated")
        return True

    def _initiate(self, leg: Leg, number: str) -> bool:
        if leg.state not in ("Established", "Held") or leg.parent:
            return False
        self._becomes(leg, "Established", "Held")
        self._dial(leg.agent, number, leg.id)
        return True

    def _complete(self, leg: Leg, number: str) -> bool:
        consult = (
            leg
            if leg.parent
            else next((c for c in self.legs if c.parent == leg.id and c.state == "Established"), None)
        )
        if consult is None or consult.state != "Established":
            return False
        first = next(
            other for other in self.legs if other.agent == consult.agent and other.id == consult.parent
        )
        third = consult.others[0]
        consult.state, first.state = "Released", "Established"
        everybody = [first, *first.others, third]
        for each in everybody:
            each.others = [other for other in everybody if other is not each]
            each.parties = [other.agent for other in each.others]
        self._tell(consult)
        for each in everybody:
            self._tell(each, "ParticipantsUpdated")
        return True

    def _tell(self, leg: Leg, notification: str = "StatusChange") -> None:
        data: dict[str, Json] = {
            "notificationType": notification,
            "call": self._shown(leg),
            "phoneNumber": NUMBERS[leg.agent],
            "messageType": "CallStateChangeMessage",
        }
        self._news.append(Told(leg.agent, {"channel": "/v2/me/calls", "data": data}))

    def _shown(self, leg: Leg) -> dict[str, Json]:
        parties = [NUMBERS[party] for party in leg.parties]
        shown: dict[str, Json] = {
            "id": leg.id,
            "state": leg.state,
            "callUuid": leg.id,
            "connId": f"0071{leg.id[-12:]}",
            "deviceUri": f"{_BASE}/devices/device-{leg.agent}",
            "participants": [
                {"e164Number": "", "formattedPhoneNumber": n, "phoneNumber": n, "digits": n} for n in parties
            ],
            "dnis": leg.dialled,
            "callType": leg.kind,
            "capabilities": [
                *_OFFERS[leg.state],
                *(["CompleteConference"] if leg.parent and leg.state == "Established" else []),
            ],
            "duration": str(int(self._now - 1000)),
            "mute": "Off",
            "uri": f"{_BASE}/me/calls/{leg.id}",
            "path": f"/calls/{leg.id}",
        }
        if leg.parent:
            shown["parentCallUri"] = f"{_BASE}/me/calls/{leg.parent}"
            shown["parentCallPath"] = f"/calls/{leg.parent}"
        return shown


def _refused(code: int) -> dict[str, Json]:
    return {"statusCode": code, "statusMessage": "refused"}


def state_of(told: Told) -> str:
    """The state that a notification reports."""
    return Notification(told.agent, 0, told.message).state


def with_call(told: Told, **members: Json) -> Told:
    """The same notification with other members of its call."""
    data = told.message["data"]
    assert isinstance(data, dict)
    call = data["call"]
    assert isinstance(call, dict)
    return replace(told, message={**told.message, "data": {**data, "call": {**call, **members}}})
