"""Which number may be dialled: a listed one. Whatever schemathesis has drawn, nothing else leaves in a body."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from zlib import crc32

#: Members of a body that a server may dial, or forward calls to.
DIALLED = frozenset({"destination", "phoneNumber"})


def only_listed(body: Any, listed: Sequence[str]) -> Any:
    """The body with a listed number in place of every other number that it might have dialled.

    A member of DIALLED counts wherever it stands and whatever is in it: a server may read more forms than the contract gives. The same
    drawn number always becomes the same listed one, so that a run can be repeated. Text that is no JSON value goes out only if it names
    no destination.
    """
    if isinstance(body, (str, bytes)):
        raw = body.encode(errors="replace") if isinstance(body, str) else body
        return type(body)() if any(name.encode() in raw for name in DIALLED) else body
    if isinstance(body, list):
        return [only_listed(item, listed) for item in body]
    if not isinstance(body, dict):
        return body
    return {
        name: _replaced(value, listed) if name in DIALLED else _inside(value, listed)
        for name, value in body.items()
    }


def _inside(value: Any, listed: Sequence[str]) -> Any:
    return only_listed(value, listed) if isinstance(value, (dict, list)) else value


def _replaced(value: Any, listed: Sequence[str]) -> Any:
    """The value with each number in it replaced; a number of JSON stays one, so that it is still wrong where it was."""
    if isinstance(value, dict):
        return {name: _replaced(member, listed) for name, member in value.items()}
    if isinstance(value, list):
        return [_replaced(item, listed) for item in value]
    if isinstance(value, bool) or value is None or value in listed:
        return value
    chosen = pick(str(value), listed)
    return chosen if isinstance(value, str) or not chosen.isdecimal() else int(chosen)


def pick(drawn: str, listed: Sequence[str], without: Collection[str] = ()) -> str:
    """A listed number for the drawn one, not one of `without` if there are others; always the same for the same."""
    choice = [number for number in listed if number not in without] or list(listed)
    return drawn if drawn in choice else choice[crc32(drawn.encode(errors="replace")) % len(choice)]
