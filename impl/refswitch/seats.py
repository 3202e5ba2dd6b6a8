"""Reads seats and simulated numbers from YAML in the form of seats.schema.json."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema_rs

from .calls import Ability, AgentState, UserState
from .limits import SEATS_BYTES
from .masking import is_secret
from .numbers import Outcome, SimulatedNumber, read_numbers
from .strict_yaml import FileNotUsable, YamlDocument
from .stubs.operations import MeOperationTable
from .suggestions import did_you_mean
from .violations import Violation, shown, violations

#: What a seat's switch can do for it unless its seats file says otherwise: all of these, because the samples disagree.
#: The ability to supervise must be given explicitly.
ABILITIES: tuple[Ability, ...] = ("mute", "recording", "clear-call")
DEFAULT_SEATS = Path(__file__).with_name("default-seats.yaml")
_SCHEMA = json.loads(Path(__file__).with_name("seats.schema.json").read_text(encoding="utf-8"))
_VALIDATOR = jsonschema_rs.Draft202012Validator(_SCHEMA)
_NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 4122, appendix C: names that are URLs


@dataclass(frozen=True, slots=True)
class Seat:
    """An agent with credentials, a device and a number."""

    number: str
    login: str
    password: str = field(repr=False)
    device_id: str
    display_name: str
    abilities: frozenset[str] = frozenset(ABILITIES)

    @property
    def user_id(self) -> str:
        """32 hexadecimal digits, always the same for the same seat (GET /me in a capture of GWS 8.5.202.96)."""
        return uuid.uuid5(_NAMES, f"refswitch:user:{self.number}").hex

    @property
    def has_guessable_password(self) -> bool:
        return self.password in (self.number, self.login)


DOES_NOT_EXIST = SimulatedNumber("does-not-exist")


@dataclass(frozen=True)
class Seating:
    """Everybody who can be reached. A number is a seat, a listed number, a built-in simulated number, or any other.

    `agent_states` are the contact centre's own, in addition to those that every contact centre has. `settings` are what desktops are set
    to, in sections.
    """

    seats: tuple[Seat, ...]
    numbers: Mapping[str, SimulatedNumber] = field(default_factory=dict)
    other_numbers: SimulatedNumber = DOES_NOT_EXIST
    agent_states: tuple[AgentState, ...] = ()
    has_simulated_numbers: bool = True
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def simulated(self, number: str) -> SimulatedNumber:
        """How the party at a number that is not a seat behaves."""
        outcome = self.outcome(number)
        return outcome.party if outcome else self.numbers.get(number, self.other_numbers)

    def outcome(self, number: str) -> Outcome | None:
        """What a simulated number does; None if it is not one, or a seat or a listed number takes its place."""
        is_taken = number in self.numbers or not self.has_simulated_numbers
        return None if is_taken else read_numbers().by_number.get(number)


def new_seat(
    number: str,
    *,
    login: str = "",
    password: str = "",
    device_id: str = "",
    display_name: str = "",
    abilities: Iterable[str] = ABILITIES,
) -> Seat:
    """A seat; whatever was left out is derived from its number."""
    return Seat(
        number=number,
        login=login or number,
        password=password or number,
        device_id=device_id or str(uuid.uuid5(_NAMES, f"refswitch:device:{number}")),
        display_name=display_name or login or number,
        abilities=frozenset(abilities),
    )


def load_seating(file: Path = DEFAULT_SEATS, environment: Mapping[str, str] = os.environ) -> Seating:
    """Read seats and numbers. Raises FileNotUsable, which names file, line and place."""
    return read_seating(_text(file), str(file), environment)


def read_seating(text: str, name: str, environment: Mapping[str, str]) -> Seating:
    """Seats and numbers from YAML text. Violations refer to it as `name`."""
    document = YamlDocument(name, text, needs="seats:, a list of seats")
    found = violations(_VALIDATOR.iter_errors(document.value), _in_words)
    for violation in sorted(
        found, key=lambda one: one.keyword != "additionalProperties"
    ):  # typing errors first
        raise document.refusal(violation.steps, _advised(violation))
    value = document.value
    seats = [_seat(document, index, entry, environment) for index, entry in enumerate(value["seats"])]
    for steps, what, shared in _shared(seats):
        raise document.refusal(steps, f"{what} {shared} belongs to another seat")
    numbers = _numbers(document, value.get("numbers", []), {seat.number for seat in seats})
    return Seating(
        tuple(seats),
        numbers,
        SimulatedNumber(value.get("other_numbers", "does-not-exist")),
        _agent_states(document, value.get("agent_states", [])),
        value.get("simulated_numbers", True),
        value.get("settings", {}),
    )


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(SEATS_BYTES.default + 1)
        text = content.decode("utf-8")
    except FileNotFoundError:
        raise FileNotUsable(
            str(file), "there is no such file; name one with --seats, or leave --seats off"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileNotUsable(str(file), f"cannot be read ({error})") from None
    if len(content) > SEATS_BYTES.default:
        raise FileNotUsable(str(file), f"is longer than {SEATS_BYTES.default} bytes; leave seats out")
    return text


def _agent_states(document: YamlDocument, entries: Sequence[Mapping[str, str]]) -> tuple[AgentState, ...]:
    """The contact centre's own agent states. A name that every contact centre has, or that is taken, is refused."""
    taken = set(MeOperationTable.__annotations__)
    states = []
    for index, entry in enumerate(entries):
        name, state = entry["name"], entry.get("state", "NotReady")
        if name in taken:
            raise document.refusal(
                ("agent_states", index, "name"), f"{name} is the name of an operation already"
            )
        taken.add(name)
        shown = UserState(
            state,
            str(uuid.uuid5(_NAMES, f"refswitch:agent-state:{name}")).upper(),
            entry.get("display_name", name),
            entry.get("work_mode"),
            entry.get("reason"),
        )
        states.append(AgentState(name, shown, state))
    return tuple(states)


def _in_words(steps: Sequence[str | int], value: object) -> str:
    """What stands at a place of a seats file. Only single values of known members are repeated, and never a password: a mistake of
    indentation can put one anywhere."""
    is_member = bool(steps) and isinstance(steps[-1], str) and steps[0] != steps[-1]
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if is_member and not any(is_secret(str(step)) for step in steps):
        return shown(value)
    return (
        "text" if isinstance(value, str) else "a number" if isinstance(value, int | float) else shown(value)
    )


def _advised(violation: Violation) -> str:
    if violation.keyword == "additionalProperties":
        return violation.rule + did_you_mean(str(violation.steps[-1]), _known_beside(violation.steps))
    if violation.keyword == "type" and "string" in violation.rule:
        return violation.rule + "; write it in quotes"
    return violation.rule


def _known_beside(steps: Sequence[str | int]) -> list[str]:
    described = (
        {"seats": "seat", "numbers": "number", "agent_states": "agentState"}.get(str(steps[0]))
        if len(steps) > 1
        else None
    )
    return list(_SCHEMA["$defs"][described]["properties"] if described else _SCHEMA["properties"])


def _seat(
    document: YamlDocument, index: int, entry: Mapping[str, Any], environment: Mapping[str, str]
) -> Seat:
    steps = ("seats", index)
    facts = dict(entry)
    variable = facts.pop("password_env", None)
    if variable is not None:
        if "password" in facts:
            raise document.refusal(
                (*steps, "password_env"), "cannot be combined with password; keep one of the two"
            )
        if not environment.get(variable):
            raise document.refusal(
                (*steps, "password_env"), f"names {variable}, which is not set; export it before the start"
            )
        facts["password"] = environment[variable]
    return new_seat(**facts)


def _shared(seats: Sequence[Seat]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Every value that two seats share although it must be unique."""
    for attribute, what in (("number", "number"), ("login", "login name"), ("device_id", "device id")):
        seen: set[Hashable] = set()
        for index, seat in enumerate(seats):
            value = getattr(seat, attribute)
            if value in seen:
                yield ("seats", index, attribute), what, value
            seen.add(value)


def _numbers(
    document: YamlDocument, entries: Sequence[Mapping[str, Any]], seats: set[str]
) -> dict[str, SimulatedNumber]:
    numbers: dict[str, SimulatedNumber] = {}
    for index, entry in enumerate(entries):
        facts = dict(entry)
        number = facts.pop("number")
        steps = ("numbers", index)
        if number in seats or number in numbers:
            raise document.refusal(
                (*steps, "number"), f"{number} is a {'seat' if number in seats else 'number listed'} already"
            )
        if "hangs_up_after" in facts and facts["behaviour"] != "answers":
            raise document.refusal((*steps, "hangs_up_after"), "is for numbers whose behaviour is answers")
        if "after" in facts and facts["behaviour"] == "rings":
            raise document.refusal((*steps, "after"), "means nothing for a number that rings for ever")
        numbers[number] = SimulatedNumber(**facts)
    return numbers
