"""Suggestions for a mistyped or renamed word."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

#: Renamed words of files and options -> the new word.
_RENAMED = {"manner": "behaviour", "manners": "simulated_numbers"}


def did_you_mean(word: str, known: Collection[str]) -> str:
    """`; did you mean X?` to end a sentence, if X is known and is the word's new name or is spelled much like it; else an empty string."""
    meant = _RENAMED.get(word)
    if meant not in known:
        lower = {name.lower(): name for name in sorted(known)}
        meant = next((lower[near] for near in get_close_matches(word[:64].lower(), lower, n=1)), None)
    return f"; did you mean {meant}?" if meant else ""
