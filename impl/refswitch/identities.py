"""Identifiers of new calls in the switch's formats: a base-32 callUuid and a hexadecimal connId that count up together.

InitiateConference, HTCC 8.5.2: the call ...000009 with connection ...0009 is followed by ...00000A with connection ...000a.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .calls import Identity

_BASE_32 = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
_COUNTER_DIGITS = 6


def counting_identities(prefix: str, connection: str, first: int = 1) -> Callable[[], Identity]:
    """A source of identities: `prefix` (26 characters of 0-9 and A-V) and `connection` (12 hex digits), then a counter from `first`."""
    counter = first - 1

    def new_identity() -> Identity:
        nonlocal counter
        counter += 1
        return Identity(prefix + _base_32(counter), f"{(int(connection, 16) << 16) + counter:016x}")

    return new_identity


def seeded_identities(seed: int, sandbox: str = "") -> Callable[[], Identity]:
    """A source that gives the same identities for the same seed and sandbox. They name calls and protect nothing."""
    random = Random(f"{seed}:{sandbox}" if sandbox else seed)  # noqa: S311  # repeatable on purpose: a call id is not secret; credentials protect the call
    prefix = "".join(random.choice(_BASE_32) for _ in range(32 - _COUNTER_DIGITS))
    connection = f"00{random.getrandbits(40):010x}"
    return counting_identities(prefix, connection)


def _base_32(number: int) -> str:
    digits = ""
    for _ in range(_COUNTER_DIGITS):
        number, digit = divmod(number, 32)
        digits = _BASE_32[digit] + digits
    return digits
