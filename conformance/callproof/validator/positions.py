"""The places of values and names of members in the text of a JSON document. Pure.

Used only for documents with findings, because a scan costs more than parsing. `json` has parsed the text before, so the scanner need not
judge it; a test holds both to agree on every document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from json import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from callproof.validator.finding import Path

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_NO_NAME = -1


class LineStarts:
    """Turns an offset into line and column, both counted from 1; a column is a character, whatever its bytes or its width."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def spots(text: str) -> Iterator[tuple[Path, int, int]]:
    """Path, offset of the name (-1 where there is none) and offset of the value, for every value in the order of the text.

    The path of a member that appears twice in its object comes twice. Nesting costs no stack.
    """
    path: list[str | int] = []
    in_object: list[bool] = []
    name_at = _NO_NAME
    name_is_next = False
    for token in _TOKEN.finditer(text):
        lexeme, first = token[0], token[0][0]
        if first in "}]":
            in_object.pop()
            path.pop()
            name_is_next = False
        elif first == ",":
            name_is_next = in_object[-1]
            if not name_is_next:
                path[-1] = int(path[-1]) + 1
                name_at = _NO_NAME
        elif name_is_next:
            path[-1] = loads(lexeme)
            name_at = token.start()
            name_is_next = False
        elif first != ":":
            yield tuple(path), name_at, token.start()
            if first in "{[":
                in_object.append(first == "{")
                name_is_next = in_object[-1]
                path.append("" if name_is_next else 0)
                name_at = _NO_NAME


def located(text: str, wanted: Collection[Path]) -> dict[Path, tuple[int, int]]:
    """Offsets of name and value of the wanted paths; of a member that appears twice, those of the last, which counts."""
    return {path: (name_at, value_at) for path, name_at, value_at in spots(text) if path in wanted}


def duplicates(text: str) -> list[Path]:
    """Members that appear more than once in one object; `located` gives the last of them."""
    found: dict[Path, None] = {}
    seen: set[Path] = set()
    again: Path | None = None
    for path, _, _ in spots(text):
        if again is not None and path[: len(again)] == again and len(path) > len(again):
            continue  # inside the second value nothing is compared with the first
        again = None
        if path in seen and path:
            found[path] = None
            again = path
        seen.add(path)
    return list(found)
