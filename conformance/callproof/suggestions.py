"""Did you mean ...? Suggestions for mistyped words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: How similar two words must be, from 0 to 1: `Dail` suggests `Dial`; `telephone` does not suggest `phoneNumber`.
ALIKE = 0.75
_LONGEST = (
    60  # characters that are compared; a longer word is not a slip of the finger, and comparing takes time
)


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or an empty string. Case, `_` and `-` do not count."""
    by_letters: dict[str, str] = {}
    for candidate in known:
        by_letters.setdefault(_letters(candidate), candidate)
    letters = _letters(word[:_LONGEST])
    if letters in by_letters:
        return by_letters[letters]
    from difflib import get_close_matches  # only a mistake pays for it

    return next((by_letters[near] for near in get_close_matches(letters, by_letters, 1, ALIKE)), "")


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The remedy for an unknown word: the word that was probably meant, or `otherwise` if none is similar."""
    close = closest(word, known)
    return f"did you mean {close}?" if close else otherwise


def _letters(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()
