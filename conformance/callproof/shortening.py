"""Long values in messages: marked where a message is made, cut where it is written.

A value that was cut first would show the beginning of a secret that nobody can recognise any more. So judge and validator put in the
whole value, between noncharacters of Unicode, which no text may use; `callproof.redaction` masks the secrets and then cuts.
"""

from __future__ import annotations

#: Longer values are kept only up to here; what is shown of them ends far before a secret that this cuts.
MOST_KEPT = 16_384

BEGIN, WHOLE, PART, END = "\ufdda", "\ufddb", "\ufddc", "\ufddd"
_DIGITS = str.maketrans("0123456789", "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7\ufdd8\ufdd9")
NUMBERS = {chr(0xFDD0 + digit): str(digit) for digit in range(10)}
_FOREIGN = dict.fromkeys(range(0xFDD0, 0xFDF0), "\N{REPLACEMENT CHARACTER}")


def to_show(text: str, most: int, ending: str) -> str:
    """The text, marked so that `most` characters of it are shown, then `ending`; the same text if it is not longer than that."""
    text = text if text.isascii() else text.translate(_FOREIGN)
    if len(text) <= most:
        return text
    kept = WHOLE if len(text) <= MOST_KEPT else PART
    return f"{BEGIN}{str(most).translate(_DIGITS)}{kept}{text[:MOST_KEPT]}{END}{ending}"
