"""What was played: replies, steps, and a whole scenario, as the judge needs them. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from callproof.catalogue.planning import Play, Round
from callproof.json_values import Json, as_object, text_of
from callproof.judge.legs import NO_LEGS, Leg, Legs
from callproof.judge.notification import Notification
from callproof.judge.predicates import NO_SCOPE, Scope
from callproof.judge.sentences import NOTHING_SAID, Said, Sentence, say

#: How an operation was refused; empty if it was accepted.
Refusal: TypeAlias = Literal["", "at once", "by notification", "by release"]


@dataclass(frozen=True)
class Reply:
    """The answer to a request. `value` has status, headers, body, text and elapsed; without an answer only elapsed and reason."""

    value: Mapping[str, Json]
    answered: bool = True
    why: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def unreadable(self) -> str:
        """What the answer is if its body is not JSON, with status and media type; empty if it is."""
        return text_of(self.value.get("unreadable"))

    @property
    def status_code(self) -> int | None:
        """The statusCode of the envelope; None without one."""
        code = as_object(self.value.get("body")).get("statusCode")
        return code if isinstance(code, int) and not isinstance(code, bool) else None


@dataclass(frozen=True)
class SessionHealth:
    """What is known about an agent's session over a period, and therefore how much its silence proves."""

    alive: bool = True
    interrupted: bool = False
    strangers: int = 0
    flooded: bool = False
    foreign: Said = NOTHING_SAID

    @property
    def doubt(self) -> Said:
        """Why silence proves nothing; empty if it does."""
        if self.flooded:
            return say(Sentence.FLOODED)
        if self.interrupted:
            return say(Sentence.SESSION_RENEWED)
        if self.foreign:
            return self.foreign
        if self.strangers:
            return say(Sentence.STRANGERS_CALL)
        return NOTHING_SAID if self.alive else say(Sentence.NO_SIGN_OF_LIFE)


HEALTHY = SessionHealth()


@dataclass(frozen=True)
class PlayedStep:
    """One stimulus as it was played, and the notifications that answered its expectations.

    `marks` and `ends` are the lengths of the agents' logs before and after it; `answers` has an entry for each expectation.
    `answer_problems` is None if the answer was not validated.
    """

    round: Round
    marks: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    reply: Reply | None = None
    answers: tuple[tuple[Notification, ...], ...] = ()
    legs: Legs = NO_LEGS
    sessions: Mapping[str, SessionHealth] = field(default_factory=dict)
    blocked_by: str = ""
    refusal: Refusal = ""
    offered: bool | None = None
    scope: Scope = NO_SCOPE
    wrong_request: str = ""
    request_body: Json = None
    answer_problems: tuple[str, ...] | None = None

    @property
    def answer(self) -> Reply | None:
        """The reply, if a valid request was sent and answered."""
        if self.reply is None or not self.reply.answered or self.blocked_by or self.wrong_request:
            return None
        return self.reply

    @property
    def label(self) -> str:
        """The name of the stimulus in its scenario; empty if it has none."""
        return self.round.stimulus.label if self.round.stimulus else ""

    @property
    def evidence(self) -> tuple[str, ...]:
        return self.reply.evidence if self.reply else ()

    @property
    def missed(self) -> frozenset[Leg]:
        """The calls, by agent and name, for which an expected notification did not arrive."""
        pairs = zip(self.round.hears, self.answers, strict=True)
        return frozenset((hear.agent, hear.call) for hear, answer in pairs if len(answer) < hear.least)


def missed_calls(steps: Sequence[PlayedStep]) -> frozenset[Leg]:
    """The calls, by agent and name, for which an expected notification did not arrive in any of the steps."""
    return frozenset().union(*(step.missed for step in steps))


@dataclass(frozen=True)
class PlayedScenario:
    """A scenario as it was played, with everything that is needed to judge it."""

    play: Play
    steps: tuple[PlayedStep, ...]
    log: Mapping[str, tuple[Notification, ...]]
    legs: Legs
    scope: Scope
    earlier: Mapping[str, int]  # where each log stood when the scenario began
    teardown: Mapping[str, int]  # where it stood when the teardown began
    sessions: Mapping[str, SessionHealth]
    sentinels: frozenset[str] = frozenset()  # agents who received the last release
    lost_sentinels: frozenset[str] = frozenset()
    known: frozenset[Leg] = frozenset()  # legs of earlier scenarios
    foreign: Said = NOTHING_SAID  # what shows that somebody else used the agents meanwhile

    @property
    def notifications(self) -> tuple[Notification, ...]:
        """The notifications since the scenario began, agent by agent."""
        return tuple(
            each for agent, log in self.log.items() for each in log if each.position >= self.earlier[agent]
        )

    @property
    def own_notifications(self) -> tuple[Notification, ...]:
        """Those about calls that the scenario named."""
        return tuple(each for each in self.notifications if self.legs.name_of(each.leg))

    @property
    def labelled(self) -> Mapping[str, tuple[Notification, ...]]:
        """The answers to named expectations, by name, without those of given flows."""
        return {
            hear.label: answer
            for step in self.steps
            if not step.round.given
            for hear, answer in zip(step.round.hears, step.answers, strict=True)
            if hear.label
        }

    @property
    def consumed(self) -> frozenset[tuple[str, int]]:
        """The keys of the notifications that answered an expectation."""
        return frozenset(each.key for step in self.steps for answer in step.answers for each in answer)
