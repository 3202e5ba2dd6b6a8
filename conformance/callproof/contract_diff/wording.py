"""Turns the differences of two schemas into changes, by the direction in which their values go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callproof.contract_diff.changes import Change, Direction, judged
from callproof.contract_diff.schemas import Branch, Difference


def changes_of(differences: Iterable[Difference], direction: Direction, place: str) -> Iterator[Change]:
    """The changes of a message that goes this way and is found at `place`."""
    for found in differences:
        effect, consequence = judged(direction, found.kind, found.values)
        at = ", ".join(filter(None, (place, shown_path(found.place.path))))
        yield Change(effect, at, found.what, consequence, found.place.subject, shown_path(found.place.inside))


def shown_path(path: Iterable[str]) -> str:
    """A path in words: ``Dial, destination.phoneNumber``, ``calls[].state``."""
    heads: list[str] = []
    text = ""
    for step in path:
        if isinstance(step, Branch):
            if text:
                text += f" ({step})"
            else:
                heads.append(step)
        elif step == "[]" or not text:
            text += step
        else:
            text += f".{step}"
    return ", ".join([*heads, text] if text else heads)
