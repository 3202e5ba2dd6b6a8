"""Reads a request body as JSON, strictly: anything that two readers could understand differently is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import NoReturn

from .json_values import Json, children, is_deeper
from .limits import JSON_LEVELS
from .refusals import BadValue
from .violations import place_of, shown

MOST_LEVELS = JSON_LEVELS.default
_HALF = re.compile("[\ud800-\udfff]")


def read_json(body: bytes) -> Json:
    """The value. Raises BadValue, which names the place and the rule."""
    try:
        value: Json = _STRICT.decode(body.decode("utf-8-sig"))
    except (ValueError, RecursionError, BadValue):
        return _explained(body)  # slower, so only for a body that is wrong
    _check_value(body, value)
    return value


def _check_value(body: bytes, value: Json) -> None:
    """The body is JSON, but not acceptable."""
    if body.count(b"[") + body.count(b"{") > MOST_LEVELS and is_deeper(value, MOST_LEVELS):
        raise BadValue("$", f"must not be nested deeper than {MOST_LEVELS} levels")
    if b"\\ud" in body.lower():
        _check_text(value)


def _explained(body: bytes) -> Json:
    """Read the body again. Raises BadValue with the place of the error, or returns the value if there is none."""
    twice: list[tuple[Json, str]] = []

    def make_object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        value = dict(pairs)
        if len(value) != len(pairs):
            names = [name for name, _ in pairs]
            twice.append((value, next(name for name in names if names.count(name) > 1)))
        return value

    value = _decoded(body, make_object)
    _check_value(body, value)
    if twice:
        holder, name = twice[0]
        raise BadValue(place_of((*(_steps_to(value, holder) or ()), name)), "must not be given twice")
    return value


def _decoded(body: bytes, make_object: Callable[[list[tuple[str, Json]]], Json]) -> Json:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadValue("$", f"must be UTF-8, but is not at byte {error.start}") from None
    try:
        value: Json = json.loads(
            text, object_pairs_hook=make_object, parse_constant=_no_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise BadValue(
            "$", f"must be JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    except RecursionError:
        raise BadValue("$", f"must not be nested deeper than {MOST_LEVELS} levels") from None
    except ValueError:  # the only other error that json raises: an integer too long for Python
        raise BadValue("$", "has a number with too many digits") from None
    return value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError
    return value


def _check_text(value: Json, steps: tuple[str | int, ...] = ()) -> None:
    """Refuse half of a surrogate pair: it is not a character and cannot be encoded again (RFC 8259, 8.2)."""
    if isinstance(value, str) and _HALF.search(value):
        raise BadValue(place_of(steps), "must be text, but holds half of a surrogate pair")
    for step, child in children(value):
        if isinstance(step, str) and _HALF.search(step):
            raise BadValue(place_of(steps), "has a name that holds half of a surrogate pair")
        _check_text(child, (*steps, step))


def _no_constant(constant: str) -> NoReturn:
    raise BadValue("$", f"must be JSON, which does not allow {constant}")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise BadValue("$", f"must hold numbers that a double can hold, but has {shown(text)}")
    return number


def _steps_to(value: Json, sought: Json) -> tuple[str | int, ...] | None:
    if value is sought:
        return ()
    for step, child in children(value):
        steps = _steps_to(child, sought)
        if steps is not None:
            return (step, *steps)
    return None


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
