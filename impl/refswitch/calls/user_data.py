"""How much user data a call may carry. Every notification of the call sends all of it to every party."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from refswitch.limits import USER_DATA_CHARACTERS, USER_DATA_KEYS

UserData: TypeAlias = Mapping[str, object]

#: Most top-level keys.
MOST_KEYS = USER_DATA_KEYS.default
#: Most characters of all keys and texts together, with a few for every other value.
MOST_CHARACTERS = USER_DATA_CHARACTERS.default


def is_too_much(user_data: UserData) -> bool:
    """Whether there are more keys or characters than allowed."""
    return len(user_data) > MOST_KEYS or characters(user_data) > MOST_CHARACTERS


def characters(value: object) -> int:
    """The approximate length of the value as JSON, without making that text: the work grows only with the value."""
    total, values = 0, [value]
    while values:
        value = values.pop()
        if isinstance(value, Mapping):
            total += sum(len(key) + 4 for key in value) + 2
            values.extend(value.values())
        elif isinstance(value, list):
            total += len(value) + 2
            values.extend(value)
        else:
            total += len(value) if isinstance(value, str) else 8
    return total
