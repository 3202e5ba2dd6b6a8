"""How much data a call may carry. Every notification of the call carries all of it, to every party."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

UserData: TypeAlias = Mapping[str, object]

#: Keys at the top, as the contract's UserData says.
MOST_KEYS = 1000
#: Characters of all keys and texts together, and a few for every other value.
MOST_CHARACTERS = 65_536


def is_too_much(user_data: UserData) -> bool:
    """Whether there are more keys or characters than a call may carry."""
    return len(user_data) > MOST_KEYS or _characters(user_data) > MOST_CHARACTERS


def _characters(value: object) -> int:
    """About the length of the value as JSON, without making that text: what is looked at grows with the value and nothing else."""
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
