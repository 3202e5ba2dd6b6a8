"""Turns the findings of a JSON Schema validator into sentences that name place and rule."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from .suggestions import did_you_mean

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation. `keyword` is the JSON Schema keyword that was violated; `steps` leads to the place."""

    steps: tuple[str | int, ...]
    keyword: str
    rule: str

    @property
    def place(self) -> str:
        return place_of(self.steps)

    def __str__(self) -> str:
        return f"{self.place} {self.rule}"


def violations(errors: Iterable[jsonschema_rs.ValidationError]) -> list[Violation]:
    """Every violation: missing members first, then by place."""
    found = [violation for error in errors for violation in _found(error)]
    return sorted(found, key=lambda one: (one.keyword != "required", one.place, one.rule))


def place_of(steps: Sequence[str | int]) -> str:
    """A place in a JSON value, such as $.seats[0].number."""
    return "$" + "".join(_step(step) for step in steps)


def shown(value: object) -> str:
    """A value as JSON, shortened if long, and safe to put in a sentence or a log."""
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _NAME.fullmatch(step) and len(step) <= _SHOWN else f"[{shown(step)}]"


def _found(error: jsonschema_rs.ValidationError) -> list[Violation]:
    keyword, steps, facts = error.kind.name, tuple(error.instance_path), error.kind.as_dict()
    if keyword == "required":
        return [Violation((*steps, facts["property"]), keyword, "is required")]
    if keyword == "additionalProperties":
        return [Violation((*steps, name), keyword, "is not known here") for name in facts["unexpected"]]
    words = _RULES.get(keyword)
    rule = words(facts, error.instance) if words else f"is wrong: {error.message[:400]}"
    return [Violation(steps, keyword, rule)]


def _type(facts: dict[str, Any], value: object) -> str:
    return f"must be of type {' or '.join(facts['types'])}, but is {shown(value)}"


def _enum(facts: dict[str, Any], value: object) -> str:
    options = [str(option) for option in facts["options"]]
    hint = did_you_mean(value, options) if isinstance(value, str) else ""
    return f"must be {' or '.join(options) if len(options) < 3 else 'one of ' + ', '.join(options)}, but is {shown(value)}{hint}"


def _limit(rule: str) -> Callable[[dict[str, Any], object], str]:
    return lambda facts, value: f"must {rule.format(facts['limit'])}, but is {shown(value)}"


_RULES: Mapping[str, Callable[[dict[str, Any], object], str]] = {
    "type": _type,
    "enum": _enum,
    "pattern": lambda facts, value: f"must match {facts['pattern']}, but is {shown(value)}",
    "minimum": _limit("be {} or more"),
    "maximum": _limit("be {} or less"),
    "minLength": _limit("have {} or more characters"),
    "maxLength": _limit("have {} or fewer characters"),
    "minItems": _limit("have {} or more entries"),
    "maxItems": _limit("have {} or fewer entries"),
    "minProperties": _limit("have {} or more members"),
    "maxProperties": _limit("have {} or fewer members"),
    "anyOf": lambda _, value: f"must fit one of the forms allowed here, but is {shown(value)}",
    "oneOf": lambda _, value: f"must fit exactly one of the forms allowed here, but is {shown(value)}",
    "uniqueItems": lambda _, value: f"must not contain an entry twice, but is {shown(value)}",
}
