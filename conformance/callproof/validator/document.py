"""One JSON document, read strictly; faults have their place. Pure.

Stricter than Python's `json`: UTF-8 only, no NaN or Infinity, no member twice, no depth beyond a limit.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

from callproof import limits
from callproof.validator.finding import Finding, shown
from callproof.validator.positions import STRING, line_and_column, located, places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from callproof.json_values import Json, JsonObject
    from callproof.validator.finding import Path

_DEEPEST = limits.DEEPEST.default
# how other files begin -> what they seem to be; the longer beginnings first
_OTHER_FILES = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x00": "UTF-16 or UTF-32",
    b"{\x00": "UTF-16 or UTF-32",
    b"[\x00": "UTF-16 or UTF-32",
    b"\x1f\x8b": "compressed with gzip",
}
_NOT_NUMBERS = re.compile(r"-?Infinity|NaN")
_STRING = re.compile(STRING, re.DOTALL)
_BRACKET = re.compile(STRING + r"|[{}\[\]]", re.DOTALL)
_VALUE = re.compile(STRING + r"|([{\[,])", re.DOTALL)
_LONG_NUMBER = re.compile(rf"[0-9]{{{limits.DIGITS.default + 1},}}")
_EXCERPT = re.compile(r"[\w.+-]{1,20}|.?", re.DOTALL)
# what json says -> what it should have found there
_EXPECTED = {
    "Expecting value": "a value",
    "Expecting property name enclosed in double quotes": "a member's name in double quotes",
    "Expecting ':' delimiter": "a colon",
    "Expecting ',' delimiter": "a comma or the end of the array or object",
    "Illegal trailing comma before end of object": "no comma before the end of the object",
    "Illegal trailing comma before end of array": "no comma before the end of the array",
}
# what json says -> what is wrong there, where that needs no expectation
_WRONG = {
    "Unterminated string starting at": "begins a string that does not end",
    "Invalid control character at": "has a control character inside a string, which must be written as an escape",
    "Invalid \\escape": "has an escape that JSON does not know",
    "Invalid \\uXXXX escape": "has a \\u without four hexadecimal digits",
    "Extra data": "goes on after its end, where one document is expected",
}


class NotJson(Exception):
    """The bytes are not a JSON document."""

    def __init__(self, line: int, column: int, finding: Finding) -> None:
        self.line = line
        self.column = column
        self.finding = finding
        super().__init__(f"{line}:{column}: {finding.message}")


class TooMuch(Exception):
    """The document holds more values than are judged."""


class Document:
    """The value, and the text it was read from, without a byte order mark. `line` is the line of its file that it begins on."""

    __slots__ = ("has_duplicates", "line", "text", "value")

    def __init__(self, text: str, value: Json, has_duplicates: bool, line: int = 1) -> None:
        self.text = text
        self.value = value
        self.has_duplicates = has_duplicates
        self.line = line

    def places(self, findings: list[Finding]) -> list[tuple[int, int]]:
        """Line and column of each finding. A finding whose path is not in the text gets the place of the nearest value around it."""
        wanted = {finding.path[:length] for finding in findings for length in range(len(finding.path) + 1)}
        offsets = located(self.text, wanted)
        found = places(self.text, [_offset(finding, offsets) for finding in findings])
        return [(self.line - 1 + line, column) for line, column in found]


def decoded(data: bytes | bytearray) -> str:
    """The text in the bytes, without a byte order mark. Raises NotJson."""
    for mark, what in _OTHER_FILES.items():
        if data.startswith(mark):
            expected = "UTF-8" if what.startswith("UTF") else "JSON"
            raise NotJson(1, 1, Finding((), "json", f"seems to be {what}", expected))
    try:
        return str(data, "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = str(data[: error.start], "utf-8").removeprefix("\ufeff")
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise NotJson(*line_and_column(before, len(before)), Finding((), "json", what)) from None


def read_document(text: str, line: int = 1) -> Document:
    """The document in the text, which begins on this line of its file. Raises NotJson, its line counted from the text, and TooMuch."""
    if text.count(",") + text.count("[") + text.count("{") >= limits.VALUES.default:
        _refuse_excess(text)
    twice = False

    def members(pairs: list[tuple[str, Json]]) -> JsonObject:
        nonlocal twice
        whole = dict(pairs)
        twice = twice or len(whole) != len(pairs)
        return whole

    try:
        value: Json = JSONDecoder(object_pairs_hook=members, parse_constant=_no_number).decode(text)
    except JSONDecodeError as error:
        raise _misspelt(text, error) from None
    except RecursionError:
        raise _too_deep(text) from None
    except _NoNumber:
        raise _marked(text, _NOT_NUMBERS, "has NaN or an infinity, which JSON does not have") from None
    except ValueError:  # an integer of more digits than Python converts
        raise _marked(text, _LONG_NUMBER, "has a number of more digits than can be read") from None
    if text.count("[") + text.count("{") > _DEEPEST:
        _refuse_depth(text)
    return Document(text, value, twice, line)


class _NoNumber(Exception):
    """NaN or an infinity, which Python's json accepts and JSON does not have."""


def _no_number(_: str) -> NoReturn:
    raise _NoNumber


def _misspelt(text: str, error: JSONDecodeError) -> NotJson:
    if not text.strip():
        return NotJson(1, 1, Finding((), "json", "is empty", "one JSON document"))
    message = error.msg.removesuffix(" at") if error.msg.startswith("Invalid \\") else error.msg
    message = next((known for known in (*_EXPECTED, *_WRONG) if message.startswith(known)), message)
    expected = _EXPECTED.get(message, "")
    rest = text[error.pos :]
    if expected and not rest.strip():
        what = "ends too early"
    elif expected:
        found = _EXCERPT.match(rest)
        what = f"finds {shown(found[0] if found else '')}"
    else:
        what = _WRONG.get(message, f"is not JSON ({message})")
    return NotJson(*line_and_column(text, error.pos), Finding((), "json", what, expected))


def _marked(text: str, pattern: re.Pattern[str], what: str) -> NotJson:
    """The finding at the first match outside strings."""
    masked = _STRING.sub(lambda string: "_" * len(string[0]), text)
    found = pattern.search(masked)
    place = line_and_column(text, found.start() if found else 0)
    return NotJson(*place, Finding((), "json", what))


def _too_deep(text: str) -> NotJson:
    try:
        _refuse_depth(text)
    except NotJson as error:
        return error
    return NotJson(1, 1, Finding((), "json", "is nested too deeply to be read"))


def _refuse_excess(text: str) -> None:
    """Count what can begin a value: a bracket, and a comma outside strings."""
    number = 0
    for token in _VALUE.finditer(text):
        number += token[1] is not None
        if number >= limits.VALUES.default:
            raise TooMuch


def _refuse_depth(text: str) -> None:
    depth = 0
    for token in _BRACKET.finditer(text):
        first = token[0][0]
        depth += (first in "{[") - (first in "}]")
        if depth > _DEEPEST:
            place = line_and_column(text, token.start())
            what = f"nests arrays and objects deeper than {_DEEPEST} levels"
            raise NotJson(*place, Finding((), "json", what))


def _offset(finding: Finding, offsets: dict[Path, tuple[int, int]]) -> int:
    for length in range(len(finding.path), -1, -1):
        if (found := offsets.get(finding.path[:length])) is not None:
            name_at, value_at = found
            return name_at if finding.at_name and length == len(finding.path) and name_at >= 0 else value_at
    return 0
