"""What somebody may have meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches


def did_you_mean(word: str, known: Collection[str]) -> str:
    """`; did you mean X?` if one of the known words is near, else nothing. To be put at the end of a sentence."""
    lower = {name.lower(): name for name in sorted(known)}
    near = get_close_matches(word[:64].lower(), lower, n=1, cutoff=0.6)
    return f"; did you mean {lower[near[0]]}?" if near else ""
