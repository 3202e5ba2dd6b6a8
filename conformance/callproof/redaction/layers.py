"""A text and what it says once its escapes are read: percent, JSON and HTML, in any mixture, several layers deep.

Idea: rather than listing every way to spell a secret, each layer reads the escapes of the one below, so a secret is looked for in plain.
Invariant: an escape becomes exactly one character, so a place in a layer has a place in the text. Cost: linear in the text for each layer;
there is no further layer once a text has no escapes.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from callproof import limits

_HEX = "[0-9a-fA-F]"
_ESCAPE = re.compile(
    rf"\\(?:u[dD][89abAB]{_HEX}{{2}}\\u[dD][c-fC-F]{_HEX}{{2}}|u{_HEX}{{4}}|U{_HEX}{{8}}|x{_HEX}{{2}}|[\"\\/bfnrt])"
    rf"|%(?:[c-dC-D]{_HEX}%[89abAB]{_HEX}|[eE]{_HEX}(?:%[89abAB]{_HEX}){{2}}|[fF][0-7](?:%[89abAB]{_HEX}){{3}}|{_HEX}{{2}})"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,7});"
)
#: The kinds of escapes: JSON, percent, HTML.
KINDS = "\\%&"
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class Layer:
    """A text; for all but the first layer, with the places of its escapes in the layer below."""

    def __init__(self, text: str, below: Layer | None = None) -> None:
        self.text = text
        self._below = below
        self._places = array("q")  # of the characters that were escapes, in this layer
        self._starts = array("q")  # of those escapes in the layer below
        self._ends = array("q")

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The part of the first layer that says the characters from `start` to `end`."""
        if self._below is None:
            return start, end
        return self._below.source(self._place(start)[0], self._place(end - 1)[1])

    def read(self, kinds: str = KINDS) -> Layer | None:
        """The layer above, in which the escapes of these kinds are read; None if there are none. A kind is its first character."""
        above = Layer("", self)
        pieces: list[str] = []
        at = place = 0
        for escape in _ESCAPE.finditer(self.text):
            start, end = escape.span()
            if escape[0][0] not in kinds:
                continue
            pieces += (self.text[at:start], _read(escape[0]))
            place += start - at
            above._places.append(place)
            above._starts.append(start)
            above._ends.append(end)
            place, at = place + 1, end
        if not pieces:
            return None
        above.text = "".join((*pieces, self.text[at:]))
        return above

    def _place(self, index: int) -> tuple[int, int]:
        """Where the character at this place begins and ends in the layer below."""
        known = bisect_right(self._places, index) - 1
        if known < 0:
            return index, index + 1
        if self._places[known] == index:
            return self._starts[known], self._ends[known]
        start = self._ends[known] + index - self._places[known] - 1
        return start, start + 1


def layers(text: str) -> Iterator[Layer]:
    """The text, then what it says with its escapes read, and so on."""
    layer: Layer | None = Layer(text)
    for _ in range(limits.ENCODINGS.default + 1):
        if layer is None:
            return
        yield layer
        layer = layer.read()


@lru_cache(maxsize=4096)
def _read(escape: str) -> str:
    """The one character that an escape stands for."""
    first, rest = escape[0], escape[1:]
    if first == "%":
        code = bytes.fromhex(rest.replace("%", ""))
        text = code.decode("latin-1" if len(code) == 1 else "utf-8", "replace")
    elif first == "&":
        text = _entity(rest[:-1])
    elif rest[0] in "uUx":
        text = _code_points([int(part, 16) for part in re.split(r"\\?[uUx]", rest)[1:]])
    else:
        text = _LETTERS.get(rest, rest)
    return text if len(text) == 1 else _UNREADABLE


def _entity(name: str) -> str:
    if name.startswith("#"):
        digits = name[1:]
        return _code_points([int(digits[1:], 16) if digits[0] in "xX" else int(digits)])
    if name in _ENTITIES:
        return _ENTITIES[name]
    from html.entities import name2codepoint  # a large table, rarely needed

    return chr(name2codepoint[name]) if name in name2codepoint else _UNREADABLE


def _code_points(numbers: list[int]) -> str:
    if len(numbers) == 2:  # a pair of surrogates
        return chr(0x10000 + ((numbers[0] & 0x3FF) << 10) + (numbers[1] & 0x3FF))
    return chr(numbers[0]) if numbers[0] < 0x110000 else _UNREADABLE
