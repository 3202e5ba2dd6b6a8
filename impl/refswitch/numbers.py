"""Simulated numbers, read from numbers.yaml: how the party behaves, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from .strict_yaml import read_shipped_yaml
from .suggestions import did_you_mean

Behaviour = Literal["rings", "answers", "busy", "rejected", "does-not-exist"]
Layer = Literal["call", "http", "cometd", "payload", "legal"]

FILE = Path(__file__).with_name("numbers.yaml")
#: The user data key that requests an outcome at any number.
OUTCOME_KEY = "refswitch.outcome"


@dataclass(frozen=True, slots=True)
class SimulatedNumber:
    """A simulated party: what it does, and when, in seconds of the model's clock.

    `held_hangs_up_after` concerns another party: that of the call put on hold for this one.
    """

    behaviour: Behaviour
    after: float = 0.0
    hangs_up_after: float | None = None
    held_hangs_up_after: float | None = None


@dataclass(frozen=True, slots=True)
class HttpRefusal:
    """The HTTP answer to an operation that is not carried out."""

    status: int
    status_code: int
    message: str
    retry_after: int | None = None
    ends_session: bool = False


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """How the HTTP answer to a completed operation goes wrong: it is late, or the connection is cut instead."""

    after: float = 0.0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens to an operation that reaches this number."""

    name: str
    number: str
    layer: Layer
    text: str
    party: SimulatedNumber
    refusal: HttpRefusal | None = None
    answer: HttpAnswer | None = None
    events: str | None = None
    session: str | None = None
    defect: Mapping[str, Any] | None = None
    found: Mapping[str, str] = field(default_factory=dict)


class NoSuchOutcome(LookupError):
    """No number has an outcome with this name."""

    def __init__(self, name: str, known: Mapping[str, Outcome]) -> None:
        self.name = name
        super().__init__(f"is not an outcome of a simulated number{did_you_mean(name, list(known))}")


class Numbers:
    """The table, by number and by the name of the outcome."""

    def __init__(self, outcomes: Iterator[Outcome]) -> None:
        self.by_name: Mapping[str, Outcome] = {outcome.name: outcome for outcome in outcomes}
        self.by_number: Mapping[str, Outcome] = {one.number: one for one in self.by_name.values()}

    def named(self, name: str) -> Outcome:
        """The outcome with this name. Raises NoSuchOutcome."""
        if name not in self.by_name:
            raise NoSuchOutcome(name, self.by_name)
        return self.by_name[name]


@cache
def read_numbers() -> Numbers:
    """The table that ships with the server."""
    document = read_shipped_yaml(FILE)
    return Numbers(outcome for row in document["numbers"] for outcome in _outcomes(row))


def _outcomes(row: Mapping[str, Any]) -> Iterator[Outcome]:
    if "number" in row:
        yield _outcome(
            row, row["outcome"], row["number"], row.get("party", {"behaviour": "answers", "after": 1})
        )
        return
    for number in range(int(row["from"]), int(row["to"]) + 1):
        seconds = number % 100
        yield _outcome(row, f"{row['outcome']}-{seconds}", str(number), {**row["party"], "after": seconds})


def _outcome(row: Mapping[str, Any], name: str, number: str, party: Mapping[str, Any]) -> Outcome:
    return Outcome(
        name,
        number,
        row["layer"],
        row["text"],
        SimulatedNumber(**party),
        HttpRefusal(**row["refusal"]) if "refusal" in row else None,
        HttpAnswer(**row["answer"]) if "answer" in row else None,
        row.get("events"),
        row.get("session"),
        row.get("defect"),
        row.get("found", {}),
    )
