"""What was played: requests with their replies, rounds, and a whole scenario as judges need it. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from callproof.catalogue.planning import Play, Round
from callproof.json_values import Json
from callproof.judge.log import Heard
from callproof.judge.matching import NO_LEGS, Leg, Legs
from callproof.judge.predicates import NO_SCOPE, Scope


@dataclass(frozen=True)
class Reply:
    """What came back for a request. `value` has status, headers, body, text and elapsed; of an unanswered one only elapsed."""

    value: Mapping[str, Json]
    answered: bool = True
    why: str = ""
    evidence: tuple[str, ...] = ()
    sent: float = 0.0
    received: float = 0.0

    @property
    def status_code(self) -> int | None:
        """The statusCode of the envelope; None when there is none."""
        body = self.value.get("body")
        code = body.get("statusCode") if isinstance(body, dict) else None
        return code if isinstance(code, int) and not isinstance(code, bool) else None


@dataclass(frozen=True)
class Session:
    """What is known of an agent's session over a stretch of time, and so what silence in it means."""

    alive: bool = True
    interrupted: bool = False
    strangers: int = 0

    @property
    def doubt(self) -> str:
        """Why nothing can be concluded from what did not come; empty when it can."""
        if self.interrupted:
            return "the session had to be made anew meanwhile"
        if self.strangers:
            return "a call that is not ours appeared meanwhile"
        return "" if self.alive else "the session gave no sign of life after the request"


@dataclass(frozen=True)
class Acted:
    """One round as it was played."""

    round: Round
    marks: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    reply: Reply | None = None
    answers: tuple[tuple[Heard, ...], ...] = ()
    legs: Legs = NO_LEGS
    sessions: Mapping[str, Session] = field(default_factory=dict)
    blocked_by: str = ""
    refusal: str = ""  # "" accepted, "at once", "by notification", "by release"
    offered: bool | None = None
    scope: Scope = NO_SCOPE
    wrong_request: str = ""
    request_body: Json = None
    answer_problems: tuple[str, ...] | None = None


def missed_calls(rounds: Sequence[Acted]) -> frozenset[tuple[str, str]]:
    """The calls, by agent and name, of which something was not told that had to be."""
    return frozenset(
        (hear.agent, hear.call)
        for acted in rounds
        for hear, answer in zip(acted.round.hears, acted.answers, strict=True)
        if len(answer) < hear.least
    )


@dataclass(frozen=True)
class Performance:
    """A scenario as it was played, with everything that its judgement needs."""

    play: Play
    rounds: tuple[Acted, ...]
    log: Mapping[str, tuple[Heard, ...]]
    legs: Legs
    scope: Scope
    earlier: Mapping[str, int]  # where each log stood when the scenario began
    teardown: Mapping[str, int]  # where it stood when the teardown began
    sessions: Mapping[str, Session]
    sentinels: frozenset[str] = frozenset()  # agents whose barrier arrived
    lost_sentinels: frozenset[str] = frozenset()
    known: frozenset[Leg] = frozenset()  # legs of earlier scenarios
