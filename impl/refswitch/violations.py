"""Turns the findings of a JSON Schema validator into sentences that name place and rule."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

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


Show: TypeAlias = Callable[[Sequence[str | int], object], str]


def violations(errors: Iterable[jsonschema_rs.ValidationError], show: Show | None = None) -> list[Violation]:
    """Every violation: missing members first, then by place. `show` says in words what stands at a place; by default, that is its value."""
    found = [violation for error in errors for violation in _found(error, show)]
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


def _found(error: jsonschema_rs.ValidationError, show: Show | None) -> list[Violation]:
    keyword, steps, facts = error.kind.name, tuple(error.instance_path), error.kind.as_dict()
    if keyword == "required":
        return [Violation((*steps, facts["property"]), keyword, "is required")]
    if keyword == "additionalProperties":
        return [Violation((*steps, name), keyword, "is not known here") for name in facts["unexpected"]]
    words = _RULES.get(keyword)
    said = shown(error.instance) if show is None else show(steps, error.instance)
    hint = ""
    if keyword == "enum" and isinstance(error.instance, str):
        hint = did_you_mean(error.instance, [str(option) for option in facts["options"]])
    rule = f"{words(facts)}, but is {said}{hint}" if words else f"is wrong: {error.message[:400]}"
    return [Violation(steps, keyword, rule)]


def _type(facts: dict[str, Any]) -> str:
    return f"must be of type {' or '.join(facts['types'])}"


def _enum(facts: dict[str, Any]) -> str:
    options = [str(option) for option in facts["options"]]
    return f"must be {' or '.join(options) if len(options) < 3 else 'one of ' + ', '.join(options)}"


def _limit(rule: str) -> Callable[[dict[str, Any]], str]:
    return lambda facts: f"must {rule.format(facts['limit'])}"


_RULES: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "type": _type,
    "enum": _enum,
    "pattern": lambda facts: f"must match {facts['pattern']}",
    "minimum": _limit("be {} or more"),
    "maximum": _limit("be {} or less"),
    "minLength": _limit("have {} or more characters"),
    "maxLength": _limit("have {} or fewer characters"),
    "minItems": _limit("have {} or more entries"),
    "maxItems": _limit("have {} or fewer entries"),
    "minProperties": _limit("have {} or more members"),
    "maxProperties": _limit("have {} or fewer members"),
    "anyOf": lambda _: "must fit one of the forms allowed here",
    "oneOf": lambda _: "must fit exactly one of the forms allowed here",
    "uniqueItems": lambda _: "must not contain an entry twice",
}
