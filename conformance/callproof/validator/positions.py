"""The places of values and names of members in the text of a JSON document. Pure.

Used only for documents with findings, because a scan costs more than parsing. `json` has parsed the text before, so the scanner need not
judge it; a test holds both to agree on every document.
"""

from __future__ import annotations

import re
from json import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from callproof.validator.finding import Path

#: A string as it is written, to its end or that of the text. It never goes back, so it takes linear time on any text.
STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_TOKEN = re.compile(STRING + r'|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_NO_NAME = -1


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1. A column is a character, whatever its bytes or its width; a line ends with a
    line feed, with a carriage return, or with both.
    """
    return places(text, [offset])[0]


def places(text: str, offsets: list[int]) -> list[tuple[int, int]]:
    """Line and column of each offset, in one pass over the text and without a table of its lines."""
    found: dict[int, tuple[int, int]] = {}
    line, begin, done = 1, 0, 0
    for offset in sorted(set(offsets)):
        pairs = text.count("\r\n", done, offset + 1)  # their first character lies in this part
        line += text.count("\n", done, offset) + text.count("\r", done, offset) - pairs
        inside_pair = text.startswith("\r\n", offset - 1) if offset else False
        last_return = text.rfind("\r", done, offset - inside_pair)
        begin = max(begin, text.rfind("\n", done, offset) + 1, last_return + 1)
        found[offset] = line, offset - begin + 1
        done = offset
    return [found[offset] for offset in offsets]


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


def duplicates(text: str) -> Iterator[Path]:
    """Members that appear more than once in one object, each once; `located` gives the last of them.

    Only the names of objects that are still open are held: of each, whether it has been reported.
    """
    names: list[dict[str | int, bool]] = []
    for path, name_at, _ in spots(text):
        del names[len(path) :]
        if name_at != _NO_NAME:
            before = names[-1].get(path[-1])
            if before is False:
                yield path
            names[-1][path[-1]] = before is not None
        names.append({})


def strings(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[Path, bool, str]]:
    """Path, whether it is the member's name, and value of every string whose text as it is written has a match of `pattern`."""
    for path, name_at, value_at in spots(text):
        for offset, is_name in ((name_at, True), (value_at, False)):
            if offset == _NO_NAME or text[offset] != '"':
                continue
            token = _TOKEN.match(text, offset)
            if token is not None and pattern.search(token[0]):
                yield path, is_name, loads(token[0])


def numbers(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    """Path and text of every number whose text matches `pattern`."""
    for path, _, value_at in spots(text):
        if text[value_at] in "-0123456789":
            token = _TOKEN.match(text, value_at)
            if token is not None and pattern.search(token[0]):
                yield path, token[0]
